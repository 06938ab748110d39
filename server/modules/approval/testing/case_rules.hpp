// The invariants of the office (approval-operations), each by a rule of its own over what the tables hold: nothing here
// asks the code that wrote them.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "modules/approval/commitments.hpp"
#include "modules/approval/testing/case_rows.hpp"
#include "modules/approval/testing/random_process.hpp"

namespace kaigong::approval::testing {

class CaseRules {
  public:
    /// `groups` have somebody who works in them.
    CaseRules(const DrawnProcess& drawn, const std::set<std::string>& groups,
              const std::map<std::string, std::set<std::string>>& groups_of_person)
        : drawn_(drawn), groups_(groups), groups_of_person_(groups_of_person) {}

    /// What does not hold; empty when all does. `before` is nothing for a case that is new.
    std::vector<std::string> broken(const CaseRows* before, const CaseRows& now, std::int64_t now_ms) {
        broken_.clear();
        remember_tokens(now);
        tasks_stand_at_tokens(now);
        somebody_is_waited_for(now);
        cancelled_keep_their_cause(now);
        joins_fire_once(now);
        votes_count_one_activation(now);
        items_and_tasks_agree(now);
        clocks_follow_pauses(now);
        promises_are_checked(now);
        signers_hang_on_open_tasks(now);
        duties_are_apart(now);
        restored_is_the_same(now);
        holds("each letter once", std::ranges::adjacent_find(now.letters) == now.letters.end(), "");
        for (const auto& order : now.open_orders) {
            const auto* task = now.task(order);
            holds("an order ends with its task", task != nullptr && task->state == "open", order);
        }
        if (before != nullptr) only_forward(*before, now, now_ms);
        return std::move(broken_);
    }

  private:
    void holds(const char* rule, bool it_does, const std::string& where) {
        if (!it_does) broken_.push_back(std::string(rule) + (where.empty() ? "" : " — " + where));
    }

    /// Scopes of tokens that are gone are still asked for.
    void remember_tokens(const CaseRows& now) {
        auto& known = scopes_[now.procedure.application_id];
        for (const auto& [key, token] : now.state.tokens) known[key] = token.scope;
    }

    void tasks_stand_at_tokens(const CaseRows& now) {
        std::map<std::int64_t, int> open;
        for (const auto& task : now.tasks) {
            if (task.state != "open" || !now.is_of_process(task)) continue;
            ++open[task.token];
            const auto token = now.state.tokens.find(task.token);
            holds("an open task has its token",
                  token != now.state.tokens.end() && token->second.element == task.element_id &&
                      token->second.phase == bpmn::Phase::task,
                  task.element_id);
        }
        for (const auto& [key, token] : now.state.tokens) {
            if (token.phase != bpmn::Phase::task) continue;
            holds("a token at a task has one open task", open[key] == 1, token.element);
        }
    }

    /// 6.
    void somebody_is_waited_for(const CaseRows& now) {
        const bool runs = now.state.status == bpmn::Status::running;
        for (const auto& task : now.tasks) {
            if (task.state != "open") continue;
            const bool outlives = task.kind == "owed_paper" || task.kind == kCommitmentCheck;
            if (!runs) holds("only what is owed or promised is open after the end", outlives, task.element_id);
            if (task.kind == "correct") continue;
            holds("an open task has people", groups_.contains(task.candidate_group), task.candidate_group);
            if (!task.assignee_id) continue;
            const auto person = groups_of_person_.find(*task.assignee_id);
            holds("who holds a task may do it",
                  person != groups_of_person_.end() && person->second.contains(task.candidate_group),
                  task.element_id + " " + task.candidate_group);
        }
        const bool open_job =
            std::ranges::any_of(now.jobs, [](const auto& job) { return job.find(" open ") != std::string::npos; });
        const bool task = std::ranges::any_of(
            now.tasks, [&](const auto& one) { return one.state == "open" && now.is_of_process(one); });
        const bool waits = task || open_job || !now.state.timers.empty() || !now.waiting_events.empty() ||
                           !now.state.incidents.empty();
        if (runs) holds("a running case waits for somebody or something", waits, "");
        holds("what is written of waiting is so", now.procedure.waits == (runs && waits), "");
        if (!runs) {
            holds("nothing is left behind an end",
                  now.state.tokens.empty() && now.state.timers.empty() && now.waiting_events.empty() && !open_job &&
                      !now.procedure.timer_due_at_ms,
                  "");
            holds("a process ends with its case",
                  now.procedure.state != "submitted" && now.procedure.state != "accepted" &&
                      now.procedure.state != "awaiting_decision",
                  now.procedure.state);
        }
        holds("events waited for are listed", now.waiting_events.size() <= now.state.subscriptions.size(), "");
    }

    /// 3.
    void cancelled_keep_their_cause(const CaseRows& now) {
        std::set<std::int64_t> standing;
        for (const auto& [key, token] : now.state.tokens) standing.insert(key);
        for (const auto& task : now.tasks) {
            const bool ended = task.state == "cancelled" || task.state == "completed";
            holds("an ended task says when", !ended || task.completed_at_ms.has_value(), task.element_id);
            if (task.state == "cancelled") {
                holds("a cancelled task keeps its cause", !task.cancel_cause.value_or("").empty(), task.element_id);
            }
            if (task.state == "completed") {
                holds("a completed task says how", task.outcome.has_value(), task.element_id);
            }
            if (!ended || !now.is_of_process(task)) continue;
            holds("the token of an ended task is gone", !standing.contains(task.token), task.element_id);
        }
        for (const auto& [key, timer] : now.state.timers) {
            holds("a timer sits on what stands", timer.token == 0 || standing.contains(timer.token), timer.element);
        }
    }

    /// 5.
    void joins_fire_once(const CaseRows& now) {
        std::vector<std::string> standing;
        for (const auto& [key, token] : now.state.tokens) {
            const bool acts = token.phase == bpmn::Phase::task || token.phase == bpmn::Phase::job ||
                              token.phase == bpmn::Phase::waiting;
            if (acts && drawn_.paths.contains(token.element)) standing.push_back(token.element);
        }
        for (std::size_t i = 0; i < standing.size(); ++i) {
            for (std::size_t j = i + 1; j < standing.size(); ++j) {
                const bool same = standing[i] == standing[j];
                holds("a join fires once",
                      same ? drawn_.repeated.contains(standing[i])
                           : may_be_beside(drawn_.paths.at(standing[i]), drawn_.paths.at(standing[j])),
                      standing[i] + " and " + standing[j]);
            }
        }
    }

    /// 4.
    void votes_count_one_activation(const CaseRows& now) {
        const auto& known = scopes_[now.procedure.application_id];
        const auto check = [&](const boost::json::object& variables) {
            for (const auto& [name, value] : variables) {
                if (!name.ends_with("_vote") || !value.is_object()) continue;
                const auto& vote = value.as_object();
                const auto activation = vote.at("activation").to_number<std::int64_t>();
                const std::string element(name.substr(0, name.size() - 5));
                std::int64_t counted = 0;
                for (const auto& task : now.tasks) {
                    const auto scope = known.find(task.token);
                    const bool voted = task.state == "completed" && task.element_id == element &&
                                       task.outcome != "returned" && now.is_of_process(task);
                    if (voted && scope != known.end() && scope->second == activation) ++counted;
                }
                const auto told = vote.at("approve").to_number<std::int64_t>() +
                                  vote.at("reject").to_number<std::int64_t>() +
                                  vote.at("abstain").to_number<std::int64_t>();
                holds("votes are those of this activation", told == counted,
                      fmt::format("{}: {} told, {} given", element, told, counted));
            }
        };
        check(now.state.variables);
    }

    void items_and_tasks_agree(const CaseRows& now) {
        const bool runs = now.state.status == bpmn::Status::running;
        const bool runs_again = runs && std::ranges::any_of(now.acts, [](const auto& act) {
                                    return act.act == "return" || act.act == "take_back" || act.act == "reopen";
                                });
        for (const auto& item : now.items) {
            const bool in_work = item.state == "in_review" || item.state == "special_procedure" ||
                                 item.state == "waiting_prerequisite" ||
                                 (item.state == "needs_correction" && now.procedure.state == "accepted");
            const bool open = std::ranges::any_of(now.tasks, [&](const auto& task) {
                return task.state == "open" && task.item == item.item && task.kind == "review" &&
                       now.is_of_process(task);
            });
            holds("only an item that is judged has a task", in_work || !open, item.item + " " + item.state);
            // Sent back to a step before its review it stays under review (states.md I13).
            holds("an item that is judged has a task", open || !in_work || runs_again, item.item + " " + item.state);
            if (!runs) holds("no item is under way after the end", !in_work, item.item + " " + item.state);
        }
        holds("a correction that is open has points that were asked",
              !now.procedure.correction_opened_at_ms ||
                  std::ranges::any_of(now.points, [](const auto& point) { return point.state == "asked"; }),
              "");
    }

    void ledger_is_sound(const std::vector<store::ClockRow>& ledger, const std::string& whose, bool paused) {
        std::string last = "none";
        std::int64_t last_ms = 0;
        std::int64_t number = 0;
        for (const auto& row : ledger) {
            holds("lines of a clock are numbered", row.entry_no == ++number, whose);
            holds("no pause is negative", row.at_ms >= last_ms, whose);
            last_ms = row.at_ms;
            if (row.kind == "extend") continue;
            const bool follows = row.kind == "start"    ? last == "none"
                                 : row.kind == "pause"  ? last == "start" || last == "resume"
                                 : row.kind == "resume" ? last == "pause"
                                                        : last != "stop" && last != "none";
            holds("pause and resume come by turns", follows, fmt::format("{}: {} after {}", whose, row.kind, last));
            last = row.kind;
        }
        if (last != "stop" && last != "none")
            holds("a clock stands when it must, and only then", paused == (last == "pause"), whose);
    }

    void clocks_follow_pauses(const CaseRows& now) {
        const auto is_open = [](const store::EpisodeRow& one) { return one.state == "open"; };
        const bool held =
            std::ranges::any_of(now.episodes, [&](const auto& one) { return is_open(one) && one.kind == "hold"; });
        const bool not_counted = std::ranges::any_of(now.episodes, [&](const auto& one) {
            return is_open(one) && one.kind == "special_procedure" && one.procedure_kind != "site_check" &&
                   one.procedure_kind != "public_notice";
        });
        const bool correcting = now.procedure.correction_opened_at_ms.has_value();
        ledger_is_sound(now.ledger, "case", held || not_counted || correcting);
        if (now.state.status == bpmn::Status::running) {
            holds("a held case is suspended", held == !now.state.suspended.empty(), "");
        }
        holds("a held case has no timer that is due", !held || !now.procedure.timer_due_at_ms, "");
        for (const auto& [item, ledger] : now.item_ledgers) {
            const auto row = std::ranges::find(now.items, item, &store::ItemRow::item);
            const bool judged = row->state == "in_review";
            const bool counted = std::ranges::any_of(now.episodes, [&](const auto& one) {
                return is_open(one) && one.kind == "special_procedure" && one.item == item &&
                       (one.procedure_kind == "site_check" || one.procedure_kind == "public_notice");
            });
            const bool runs = (judged && !held) || (row->state == "special_procedure" && counted);
            ledger_is_sound(ledger, item, !runs);
        }
    }

    /// states.md A25, A26.
    void promises_are_checked(const CaseRows& now) {
        const auto& state = now.procedure.state;
        const bool is_granted = state == "granted";
        std::set<std::string> promised;
        std::set<std::string> awaited;
        for (const auto& one : now.episodes) {
            if (one.kind != kCommitment) continue;
            holds("a promise waits for the acceptance", one.state != kChosen || state == "submitted", state);
            if (one.state != "open" && one.state != kChosen) continue;
            holds("a material is promised once", promised.insert(one.material_code).second, one.material_code);
            if (one.state == "open") {
                holds("what is promised stands in an accepted case or in a permit",
                      state == "accepted" || state == "awaiting_decision" || is_granted, state);
            }
            holds("the day of a check is known from the grant on", one.due_on.has_value() == is_granted, state);
            if (is_granted) awaited.insert(aside_element(kCommitmentCheck, one.episode_no));
        }
        std::set<std::string> checks;
        for (const auto& task : now.tasks) {
            if (task.kind != kCommitmentCheck || task.state != "open") continue;
            holds("a promise is checked by one task", checks.insert(task.element_id).second, task.element_id);
        }
        holds("a promise has its check from the grant on", checks == awaited, state);
    }

    void signers_hang_on_open_tasks(const CaseRows& now) {
        for (const auto& signer : now.signers) {
            const auto* own = now.task(signer.task_id);
            const auto* parent = now.task(signer.parent_task_id);
            const bool pending = own->state == "open" || own->state == "planned";
            holds("who is asked is asked about an open task", !pending || parent->state == "open", own->name);
            if (own->state == "planned") {
                holds("who signs after waits for the decision", !parent->outcome && signer.relation == "after",
                      own->name);
            }
        }
        for (const auto& task : now.tasks) {
            holds("only who signs after is planned", task.state != "planned" || now.question(task.task_id) != nullptr,
                  task.element_id);
        }
    }

    /// 回避.
    void duties_are_apart(const CaseRows& now) {
        std::map<std::string, std::set<std::string>> kinds;
        for (const auto& task : now.tasks) {
            if (task.state == "completed" && task.actor_id) kinds[*task.actor_id].insert(task.kind);
        }
        for (const auto& [person, did] : kinds) {
            holds("who accepted does not judge or decide",
                  !did.contains("accept") ||
                      (!did.contains("review") && !did.contains("recheck") && !did.contains("decide")),
                  person);
            holds("who reviewed does not decide", !did.contains("review") || !did.contains("decide"), person);
        }
    }

    /// 7.
    void restored_is_the_same(const CaseRows& now) {
        holds("a saved instance reads back the same",
              boost::json::serialize(bpmn::state_to_json(now.state)) == now.procedure.instance, "");
        std::int64_t next = 0;
        for (const auto& [key, timer] : now.state.timers) {
            if (next == 0 || timer.due_at_ms < next) next = timer.due_at_ms;
        }
        if (next != 0 && now.state.suspended.empty() && now.procedure.timer_due_at_ms) {
            holds("the next timer is looked for in time, or was put off", *now.procedure.timer_due_at_ms >= next, "");
        }
        if (next != 0 && now.state.suspended.empty()) {
            holds("the next timer is looked for", now.procedure.timer_due_at_ms.has_value(), "");
        }
    }

    /// 1, and that nothing runs back.
    void only_forward(const CaseRows& before, const CaseRows& now, std::int64_t now_ms) {
        holds("the version of a case never falls", now.procedure.version >= before.procedure.version, "");
        if (now.digest != before.digest) {
            holds("what changes a case counts its version up", now.procedure.version > before.procedure.version, "");
        }
        holds("the record is only added to", std::ranges::includes(now.record, before.record), "");
        holds("letters are only added to", std::ranges::includes(now.letters, before.letters), "");
        holds("acts are only added to", now.acts.size() >= before.acts.size(), "");
        for (std::size_t i = 0; i < before.acts.size() && i < now.acts.size(); ++i) {
            holds("an act stays as it was",
                  now.acts[i].at_ms == before.acts[i].at_ms && now.acts[i].act == before.acts[i].act &&
                      now.acts[i].actor_id == before.acts[i].actor_id,
                  before.acts[i].act);
        }
        is_prefix(before.ledger, now.ledger, "case");
        for (const auto& [item, ledger] : before.item_ledgers) is_prefix(ledger, now.item_ledgers.at(item), item);
        for (const auto& task : before.tasks) {
            const auto* later = now.task(task.task_id);
            holds("no task is lost", later != nullptr, task.element_id);
            if (later == nullptr) continue;
            holds("the version of a task never falls", later->version >= task.version, task.element_id);
            if (task.state == "cancelled" || task.state == "completed") {
                holds("an ended task stays as it ended",
                      later->state == task.state && later->outcome == task.outcome &&
                          later->actor_id == task.actor_id && later->completed_at_ms == task.completed_at_ms &&
                          later->cancel_cause == task.cancel_cause,
                      task.element_id);
            }
        }
        for (const auto& task : now.tasks) {
            if (before.task(task.task_id) != nullptr) continue;
            holds("a new task is of now", task.created_at_ms == now_ms, task.element_id);
            if (!now.is_of_process(task)) continue;
            holds("a re-opened task is a new token", task.token >= before.state.next_key, task.element_id);
        }
        for (const auto& [key, timer] : now.state.timers) {
            const auto held = before.state.timers.find(key);
            if (held == before.state.timers.end()) {
                holds("a new timer is fresh", key >= before.state.next_key, timer.element);
            } else {
                holds("a timer stays where it is", held->second.token == timer.token, timer.element);
            }
        }
        holds("a round never falls", now.procedure.round >= before.procedure.round, "");
        if (before.procedure.permit_number) {
            holds("a permit number stays", now.procedure.permit_number == before.procedure.permit_number, "");
        }
        if (before.procedure.due_at_ms && now.procedure.due_at_ms) {
            holds("a limit never comes nearer", *now.procedure.due_at_ms >= *before.procedure.due_at_ms,
                  fmt::format("{} → {}", *before.procedure.due_on, *now.procedure.due_on));
        }
    }

    void is_prefix(const std::vector<store::ClockRow>& before, const std::vector<store::ClockRow>& now,
                   const std::string& whose) {
        bool same = now.size() >= before.size();
        for (std::size_t i = 0; same && i < before.size(); ++i) {
            same =
                now[i].kind == before[i].kind && now[i].at_ms == before[i].at_ms && now[i].reason == before[i].reason;
        }
        holds("a clock's lines are only added to", same, whose);
    }

    const DrawnProcess& drawn_;
    const std::set<std::string>& groups_;
    const std::map<std::string, std::set<std::string>>& groups_of_person_;
    std::map<std::string, std::map<std::int64_t, std::int64_t>> scopes_;
    std::vector<std::string> broken_;
};

}  // namespace kaigong::approval::testing
