// What people and the program do in a random bureau: each a request that can be sent once more.
#pragma once

#include <optional>

#include "modules/approval/asides.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/testing/random_bureau.hpp"

namespace kaigong::approval::testing {

struct Request {
    std::string name;
    /// The case that it is about; empty where it may be about several.
    std::string application_id = {};
    /// Of an officer's act on a case: who leaves the record of it.
    std::string actor_id = {};
    /// Of an act on paper that is entered later: who decided, and when; else nobody, and 0.
    std::string done_by = {};
    std::int64_t happened_at_ms = 0;
    /// With a key: a repeated one gives the first answer. Without: it is refused, by the version that it saw.
    bool keyed = true;
    /// May come twice by its nature (news of other modules, sweeps): then nothing else changes but the version.
    bool news = false;
    std::function<Result<void>()> run;
    /// The same by somebody who saw an earlier version; nothing where it has none.
    std::function<Result<void>()> stale = {};
};

class RandomActs {
  public:
    RandomActs(RandomBureau& bureau, bpmn::Random& random) : bureau_(bureau), random_(random) {}

    /// Nothing where there is nothing of the kind to do.
    std::optional<Request> draw() {
        if (bureau_.cases.empty() || (bureau_.cases.size() < 3 && random_.chance(4))) return open();
        const auto id = one_of(bureau_.cases);
        auto look = bureau_.look(id);
        const bool held = !look.state.suspended.empty();
        if (held && random_.chance(25)) return resume(look);
        if (look.procedure.correction_opened_at_ms && random_.chance(30)) return resubmit(look);
        const int kind = random_.below(100);
        if (kind < 62) return on_task(look);
        if (kind < 70) return job(look);
        if (kind < 82) return on_item(look);
        if (kind < 88) return on_case(look);
        if (kind < 92) return message(look);
        if (kind < 95) return incident(look);
        return beside(look);
    }

    /// Time goes on; what is due then is done.
    Request later() {
        static constexpr std::array<std::int64_t, 6> kSteps{60'000,     3'600'000,        28'800'000,
                                                            86'400'000, 3 * 86'400'000LL, 9 * 86'400'000LL};
        const auto by_ms = kSteps[static_cast<std::size_t>(random_.chance(75) ? random_.below(4) : random_.below(6))];
        bureau_.set_clock(bureau_.now_ms() + by_ms + random_.below(1000));
        return {.name = fmt::format("{} minutes later", by_ms / 60'000), .news = true, .run = [this]() -> Result<void> {
                    auto& services = bureau_.services();
                    services.approval.fire_due_timers(bureau_.now_ms());
                    services.oversight.keep_watch(bureau_.now_ms());
                    return {};
                }};
    }

  private:
    template <class List>
    const typename List::value_type& one_of(const List& list) {
        return list[static_cast<std::size_t>(random_.below(static_cast<int>(list.size())))];
    }

    Retryable key(const std::string& route) {
        return {new_uuid(bureau_.now_ms()), "POST " + route, std::string(64, 'a')};
    }

    Request open() {
        return {.name = "open a case", .news = true, .run = [this, promised = random_.chance(50)]() -> Result<void> {
                    bureau_.open_case(promised);
                    return {};
                }};
    }

    const authz::Actor& anybody() { return one_of(bureau_.actors); }

    /// Who may, more often than not.
    const authz::Actor& somebody_for(const store::TaskRow& task) {
        if (random_.chance(12)) return anybody();
        if (task.assignee_id && task.kind != "correct" && random_.chance(85)) return bureau_.person(*task.assignee_id);
        return somebody_of(task.candidate_group);
    }
    const authz::Actor& somebody_of(const std::string& group) {
        std::vector<const authz::Actor*> fit;
        for (const auto& one : bureau_.actors) {
            if (bureau_.groups_of_person.at(one.account_id.text).contains(group)) fit.push_back(&one);
        }
        return fit.empty() ? anybody() : *one_of(fit);
    }
    const authz::Actor& leader_of(const std::string& department) {
        return random_.chance(15)   ? anybody()
               : random_.chance(70) ? somebody_of(department + ":section_head")
                                    : somebody_of("housing:deciding_leader");
    }

    using TaskCall = std::function<Result<boost::json::object>(ApprovalService&, const TaskRequest&)>;

    std::optional<Request> act(const char* name, const CaseRows& look, const store::TaskRow& task,
                               const authz::Actor& who, const TaskCall& call, int keyed_percent = 60) {
        const auto route = fmt::format("{}/{}", task.task_id, name);
        const bool keyed = random_.chance(keyed_percent);
        const auto retryable = keyed ? std::optional(key(route)) : std::nullopt;
        const auto send = [this, call](const TaskRequest& request) -> Result<void> {
            KAIGONG_CHECK(call(bureau_.services().approval, request));
            return {};
        };
        Request request{
            .name = fmt::format("{} {} by {} ({})", name, task.element_id, who.account_id.text.substr(34), task.name),
            .application_id = look.procedure.application_id,
            .actor_id = who.account_id.text,
            .keyed = keyed,
            .run = [=] { return send({task.task_id, task.version, retryable}); }};
        if (std::string_view(name) != "urge") {
            const auto stale_key = keyed ? std::optional(key(route)) : std::nullopt;
            request.stale = [=] { return send({task.task_id, task.version - 1, stale_key}); };
        }
        return request;
    }

    std::optional<Request> on_task(const CaseRows& look) {
        std::vector<const store::TaskRow*> open;
        for (const auto& task : look.tasks) {
            if (task.state == "open" && task.kind != "correct") open.push_back(&task);
        }
        if (look.tasks.empty()) return std::nullopt;
        if (random_.chance(6)) return take_back(look);
        const bool any = random_.chance(3);
        if (open.empty() && !any) return job(look);
        const auto& task = any ? one_of(look.tasks) : *one_of(open);
        const auto& who = somebody_for(task);
        const int kind = random_.below(100);
        if (kind < 18) {
            return act("claim", look, task, who, [who](auto& to, const auto& it) { return to.claim(who, it); });
        }
        if (kind < 21) {
            return act("release", look, task, who, [who](auto& to, const auto& it) { return to.release(who, it); });
        }
        if (kind < 55) return complete(look, task, who);
        if (kind < 60) return on_paper(look, task, who);
        if (kind < 70) return send_back(look, task, who);
        if (kind < 85) return hand_on(look, task, who);
        if (kind < 92) return ask_others(look, task, who);
        if (kind < 95) return remove_signer(look, task, who);
        if (kind < 97 || task.kind == "decide") return sections(look, task, who);
        return press(look, task, who);
    }

    std::string outcome_for(const CaseRows& look, const store::TaskRow& task) {
        if (random_.chance(2)) return "no_such_outcome";
        if (task.kind == "withdrawal") return "confirm_withdrawal";
        if (task.kind == kCommitmentCheck) return std::string(random_.chance(60) ? kCommitmentTrue : kCommitmentFalse);
        if (task.kind == "owed_paper") return random_.chance(60) ? "accept_paper" : "refuse_paper";
        if (const auto* question = look.question(task.task_id)) {
            if (question->relation == "delegate") return "answered";
            return random_.chance(75) ? "agree" : "disagree";
        }
        const auto known = bureau_.drawn().outcomes.find(task.element_id);
        if (known == bureau_.drawn().outcomes.end()) return "agree";
        return random_.chance(65) ? known->second.front() : one_of(known->second);
    }

    operations::Completion completion_of(const CaseRows& look, const store::TaskRow& task) {
        operations::Completion done;
        done.outcome = outcome_for(look, task);
        done.opinion = random_.chance(95) ? "意见" : "";
        if (done.outcome == "request_correction") done.points = {{"", "", "缺图", "补图", "办法 4"}};
        if (done.outcome == "accept_with_omission") done.omissions = {{"N-01", 1 + random_.below(5), "随后补交"}};
        return done;
    }

    std::optional<Request> complete(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        const auto done = completion_of(look, task);
        return act(("complete:" + done.outcome).c_str(), look, task, who,
                   [who, done](auto& to, const auto& it) { return to.complete(who, it, done, ""); });
    }

    /// 补录: after all that was done on the case since, more often than not.
    std::optional<Request> on_paper(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        auto last_ms = task.created_at_ms;
        for (const auto& one : look.acts) last_ms = std::max(last_ms, one.at_ms);
        const auto now_ms = bureau_.now_ms();
        const auto between = [&](std::int64_t from_ms) {
            return from_ms + (now_ms - from_ms) * random_.below(1001) / 1000;
        };
        operations::PaperAct paper;
        paper.happened_at_ms = between(random_.chance(85) ? std::min(last_ms, now_ms) : look.procedure.received_at_ms);
        paper.reference = random_.chance(97) ? "档案室 3 柜" : "";
        paper.completion = completion_of(look, task);
        const auto& enters =
            random_.chance(30) ? who : leader_of(task.candidate_group.substr(0, task.candidate_group.find(':')));
        const auto done_by = who.account_id.text;
        auto request = act(("enter on paper:" + paper.completion.outcome).c_str(), look, task, enters,
                           [enters, paper, done_by](auto& to, const auto& it) {
                               return to.enter_paper_act(enters, it, paper, done_by, "");
                           },
                           100);
        request->done_by = done_by;
        request->happened_at_ms = paper.happened_at_ms;
        return request;
    }

    /// 分节审签, as the page shows the sections.
    std::optional<Request> sections(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        if (random_.chance(20)) {
            return act("return the sections", look, task, who,
                       [who](auto& to, const auto& it) { return to.return_sections(who, it); });
        }
        const auto page = bureau_.services().approval.sections(who, task.task_id);
        if (!page || page->at("sections").as_array().empty()) return std::nullopt;
        const auto& shown = one_of(page->at("sections").as_array()).as_object();
        static constexpr std::array kVerdicts{kSectionAccepted, kSectionAccepted, kSectionEdited, kSectionReturned};
        const operations::SectionVerdict said{
            std::string(shown.at("section").as_string()), std::string(one_of(kVerdicts)),
            std::string(shown.at("version").as_string()), "改为：符合要求", "依据不足"};
        return act(fmt::format("section {} {}", said.section, said.verdict).c_str(), look, task, who,
                   [who, said](auto& to, const auto& it) { return to.review_section(who, it, said); });
    }

    std::optional<Request> send_back(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        const auto& past = look.state.completed;
        if (past.empty()) return std::nullopt;
        const operations::Return back{one_of(past), random_.chance(50) ? bpmn::Onward::again : bpmn::Onward::straight,
                                      random_.chance(95) ? "重新核实" : ""};
        return act(("return to " + back.target).c_str(), look, task, who,
                   [who, back](auto& to, const auto& it) { return to.send_back(who, it, back); });
    }

    std::optional<Request> take_back(const CaseRows& look) {
        std::vector<const store::TaskRow*> done;
        for (const auto& task : look.tasks) {
            if (task.actor_id && task.kind != "correct") done.push_back(&task);
        }
        if (done.empty()) return std::nullopt;
        const auto& task = *one_of(done);
        if (!bureau_.groups_of_person.contains(*task.actor_id)) return std::nullopt;
        const auto& who = random_.chance(90) ? bureau_.person(*task.actor_id) : anybody();
        return act("take_back", look, task, who,
                   [who](auto& to, const auto& it) { return to.take_back(who, it, "看错了"); });
    }

    std::optional<Request> hand_on(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        const auto group = random_.chance(85) ? task.candidate_group : one_of(bureau_.actors).department + ":reviewer";
        const auto to_whom = somebody_of(group).account_id.text;
        switch (random_.below(3)) {
            case 0:
                return act("transfer", look, task, who, [who, to_whom](auto& to, const auto& it) {
                    return to.transfer(who, it, to_whom, "请代为办理");
                });
            case 1: {
                const auto boss = leader_of(task.candidate_group.substr(0, task.candidate_group.find(':')));
                return act("assign", look, task, boss, [boss, to_whom](auto& to, const auto& it) {
                    return to.assign(boss, it, to_whom, "请您办理");
                });
            }
            default:
                return act("delegate", look, task, who, [who, to_whom](auto& to, const auto& it) {
                    return to.delegate(who, it, to_whom, "请提意见");
                });
        }
    }

    std::optional<Request> ask_others(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        const std::string relation = random_.chance(50) ? "before" : "after";
        std::vector<std::string> asked;
        for (int i = 1 + random_.below(2); i > 0; --i) asked.push_back(anybody().account_id.text);
        return act("add_signers", look, task, who, [who, relation, asked](auto& to, const auto& it) {
            return to.add_signers(who, it, relation, asked, "请会签");
        });
    }

    std::optional<Request> remove_signer(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        if (look.signers.empty()) return std::nullopt;
        auto signers = look.signers;
        std::ranges::sort(signers, {}, &store::SignerRow::signer_no);
        const auto& signer = one_of(signers);
        const auto* parent = random_.chance(90) ? look.task(signer.parent_task_id) : &task;
        const auto& holder = parent->assignee_id && bureau_.groups_of_person.contains(*parent->assignee_id)
                                 ? bureau_.person(*parent->assignee_id)
                                 : who;
        return act("remove_signer", look, *parent, holder, [holder, id = signer.task_id](auto& to, const auto& it) {
            return to.remove_signer(holder, it, id, "已有意见");
        });
    }

    /// 催办, 督办.
    std::optional<Request> press(const CaseRows& look, const store::TaskRow& task, const authz::Actor& who) {
        const auto boss = leader_of(task.candidate_group.substr(0, task.candidate_group.find(':')));
        const auto number = random_.below(3);
        if (number == 0) {
            return act("urge", look, task, boss,
                       [boss](auto& to, const auto& it) { return to.urge(boss, it, "请尽快"); });
        }
        const auto retryable = key(task.task_id + "/expedite");
        auto request = [&](const char* name, const authz::Actor& by, const auto& call) {
            return Request{.name = fmt::format("{} {}", name, task.element_id),
                           .application_id = look.procedure.application_id,
                           .actor_id = by.account_id.text,
                           .run = [=, this]() -> Result<void> {
                               KAIGONG_CHECK(call(bureau_.services().oversight,
                                                  TaskRequest{task.task_id, task.version, retryable}));
                               return {};
                           }};
        };
        if (number == 1) {
            return request("expedite", boss, [boss](OversightService& to, const TaskRequest& it) {
                return to.issue_order(boss, it, {"请尽快办理", "报领导", 2});
            });
        }
        return request("answer the order", who, [who](OversightService& to, const TaskRequest& it) {
            return to.answer_order(who, it, "已在办理");
        });
    }

    Request on_this(const char* name, const CaseRows& look, const authz::Actor& who,
                    const ApprovalService::CaseAct& call) {
        const auto id = look.procedure.application_id;
        return {.name = fmt::format("{} by {}", name, who.account_id.text.substr(34)),
                .application_id = id,
                .actor_id = who.account_id.text,
                .run = [this, id, who, call, retryable = key(id + "/" + name)]() -> Result<void> {
                    KAIGONG_CHECK(bureau_.services().approval.act_on_case(who, id, retryable, call));
                    return {};
                }};
    }
    template <class Operation, class About, class... Arguments>
    ApprovalService::CaseAct body(Operation operation, const About& about, const Arguments&... arguments) {
        return [=](db::Session& session, const Surroundings& around, const authz::Permissions& permissions,
                   const operations::Officer& officer, std::int64_t now_ms) {
            auto on = about;
            on.now_ms = now_ms;
            return operation(session, around, permissions, officer, on, arguments...);
        };
    }

    std::optional<Request> on_item(const CaseRows& look) {
        const auto& item = one_of(look.items);
        const operations::OnItem on{look.procedure.application_id, item.item, 0};
        const auto& boss = leader_of(item.department);
        const auto* task = [&]() -> const store::TaskRow* {
            for (const auto& one : look.tasks) {
                if (one.item == item.item && one.state == "open" && one.assignee_id && look.is_of_process(one))
                    return &one;
            }
            return nullptr;
        }();
        const auto& judge = task != nullptr && random_.chance(70) ? bureau_.person(*task->assignee_id) : boss;
        if (item.state == "special_procedure" && random_.chance(70)) {
            return on_this("end the special procedure", look, judge,
                           body(operations::end_special_procedure, on, std::string("符合要求")));
        }
        const int kind = random_.below(10);
        if (kind < 5) {
            static constexpr std::array kProcedures{"hearing", "expert_review", "site_check", "public_notice",
                                                    "testing"};
            const operations::SpecialProcedure begun{one_of(kProcedures), "需要专家意见", 1 + random_.below(20)};
            return on_this("special procedure", look, judge, body(operations::start_special_procedure, on, begun));
        }
        if (kind < 7) {
            const operations::LateCorrection asked{"受理时看不出", {{"", "", "缺图", "补图", "办法 4"}}};
            return on_this("late correction", look, boss, body(operations::request_late_correction, on, asked));
        }
        return on_this("reopen", look, boss, body(operations::reopen_item, on, std::string("结论有误")));
    }

    Request resume(const CaseRows& look) {
        return on_this("resume", look, leader_of("housing"),
                       body(operations::resume_case, operations::OnCase{look.procedure.application_id, 0},
                            std::string("争议已经解决")));
    }

    std::optional<Request> on_case(const CaseRows& look) {
        const operations::OnCase on{look.procedure.application_id, 0};
        const auto& boss = leader_of("housing");
        switch (random_.below(6)) {
            case 0:
            case 1:
                return on_this("hold", look, boss,
                               body(operations::hold_case, on, operations::Hold{"court", "法院来函"}));
            case 2:
                return on_this(
                    "extend", look, somebody_of("housing:deciding_leader"),
                    body(operations::extend_decision, on, operations::Extension{1 + random_.below(11), "案情复杂"}));
            case 3:
                return on_this("order the paper", look, boss,
                               body(operations::order_supplement, on, operations::SupplementOrder{"N-01", "逾期未补"}));
            case 4:
                return news("an owed paper comes in", look, [this, id = on.application_id](db::Session& session) {
                    return operations::take_owed_paper(session, bureau_.services().surroundings, id, "N-01",
                                                       bureau_.now_ms());
                });
            default:
                if (!random_.chance(15)) return resume(look);
                return news("the applicant asks to withdraw", look,
                            [this, id = on.application_id](db::Session& session) {
                                return operations::ask_withdrawal(session, bureau_.services().surroundings, id,
                                                                  bureau_.now_ms());
                            });
        }
    }

    Request news(const char* name, const CaseRows& look, const std::function<Result<void>(db::Session&)>& take) {
        return {.name = name, .application_id = look.procedure.application_id, .news = true, .run = [this, take] {
                    return bureau_.database().transact(take);
                }};
    }

    Request resubmit(const CaseRows& look) {
        const auto answer =
            filed_round(look.procedure.application_id, static_cast<int>(look.procedure.round) + 1, random_.chance(50));
        applications::RoundChanges changes;
        changes.round = answer.round;
        for (const char* field : {"works.works_name", "works.works_address", "night.reason"}) {
            if (random_.chance(30)) changes.fields.push_back({field, "旧", "新"});
        }
        return news("the applicant answers", look, [this, answer, changes](db::Session& session) {
            return operations::take_resubmission(session, bureau_.services().surroundings, answer, changes,
                                                 bureau_.now_ms());
        });
    }

    std::optional<Request> job(const CaseRows& look) {
        if (look.jobs.empty()) return std::nullopt;
        // By the key of its token, which every run gives alike.
        auto jobs = look.jobs;
        std::ranges::sort(jobs, {}, [](const std::string& row) { return std::stoll(row.substr(row.rfind(' '))); });
        const auto job_id = one_of(jobs).substr(0, 36);
        const bool fails = random_.chance(15);
        return Request{.name = fails ? "a job fails" : "a job is done",
                       .application_id = look.procedure.application_id,
                       .news = true,
                       .run = [this, id = look.procedure.application_id, job_id, fails]() -> Result<void> {
                           auto& approval = bureau_.services().approval;
                           return fails ? approval.fail_job(id, job_id, "letters.template_missing", "没有模板")
                                        : approval.complete_job(id, job_id);
                       }};
    }

    std::optional<Request> incident(const CaseRows& look) {
        if (look.state.incidents.empty()) return std::nullopt;
        const auto number = std::to_string(look.state.incidents.begin()->first);
        const auto& who = somebody_of("housing:section_head");
        const auto id = look.procedure.application_id;
        return Request{
            .name = "resolve an incident",
            .application_id = id,
            .actor_id = who.account_id.text,
            .run = [this, id, who, number, retryable = key(id + "/resolve")]() -> Result<void> {
                KAIGONG_CHECK(bureau_.services().approval.resolve(who, id, {number, {}, "已改好设置"}, retryable));
                return {};
            }};
    }

    /// A message from outside, or one that was sent comes to who has waited longest; a signal reaches a case.
    std::optional<Request> message(const CaseRows& look) {
        const auto id = look.procedure.application_id;
        if (random_.chance(40)) {
            const bool remark = random_.chance(50);
            const Message sent{
                "register", new_uuid(bureau_.now_ms()), remark ? "remark" : "report", remark ? id : "330106", {}};
            return Request{.name = "a message comes", .news = true, .run = [this, sent]() -> Result<void> {
                               return bureau_.services().approval.send_message(sent);
                           }};
        }
        if (random_.chance(40)) {
            return news("a signal", look, [this, id](db::Session& session) {
                return operations::take_signal(session, bureau_.services().surroundings, id, "halt", bureau_.now_ms(),
                                               bureau_.now_ms());
            });
        }
        return Request{
            .name = "a message is taken", .news = true, .run = [this, id]() -> Result<void> {
                return bureau_.database().transact([this, &id](db::Session& session) -> Result<void> {
                    for (const auto& row :
                         session.rows<std::string>("SELECT message_id FROM messages ORDER BY sent_at_ms LIMIT 20")) {
                        KAIGONG_TRY(taken, operations::correlate_message(session, bureau_.services().surroundings, id,
                                                                         row, bureau_.now_ms()));
                        if (taken) break;
                    }
                    return {};
                });
            }};
    }

    /// Beside the case: copies, deputies.
    std::optional<Request> beside(const CaseRows& look) {
        const auto& who = anybody();
        const auto id = look.procedure.application_id;
        if (random_.chance(40)) {
            const std::vector<std::string> to{anybody().account_id.text};
            return Request{.name = "copy",
                           .run = [this, who, id, to, retryable = key(id + "/copies")]() -> Result<void> {
                               KAIGONG_CHECK(bureau_.services().copies.give(who, id, to, "供参考", retryable));
                               return {};
                           }};
        }
        const auto today = office_date(bureau_.now_ms());
        DeputyWish wish;
        wish.deputy_id = somebody_of(who.department + ":" + std::string(to_string(who.roles.front()))).account_id.text;
        wish.from_on = today;
        wish.through_on = add_days(today, random_.below(4));
        wish.reason = "外出";
        return Request{.name = "name a deputy",
                       .run = [this, who, wish, retryable = key("deputies")]() -> Result<void> {
                           KAIGONG_CHECK(bureau_.services().deputies.name(who, wish, retryable));
                           return {};
                       }};
    }

    RandomBureau& bureau_;
    bpmn::Random& random_;
};

}  // namespace kaigong::approval::testing
