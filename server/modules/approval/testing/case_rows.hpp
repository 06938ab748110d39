// Everything that the tables hold of one case, read at once: for tests that compare what was with what is.
#pragma once

#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "modules/approval/asides.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/approval/store_task_acts.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval::testing {

struct CaseRows {
    store::ProcedureRow procedure;
    bpmn::State state;
    std::vector<store::TaskRow> tasks;
    std::vector<store::ActRow> acts;
    std::vector<store::SignerRow> signers;
    std::vector<store::ItemRow> items;
    std::vector<store::ClockRow> ledger;
    std::map<std::string, std::vector<store::ClockRow>> item_ledgers;
    std::vector<store::EpisodeRow> episodes;
    std::vector<store::PointRow> points;
    /// Rows that are only ever added to, as text: the audit, the timeline, facts for others, returns.
    std::vector<std::string> record;
    /// Kind and round of each.
    std::vector<std::string> letters;
    std::vector<std::string> jobs;
    std::vector<std::string> waiting_events;
    std::vector<std::string> open_orders;
    /// All of it, and what a command may write besides.
    std::string digest;

    const store::TaskRow* task(const std::string& task_id) const {
        const auto found = std::ranges::find(tasks, task_id, &store::TaskRow::task_id);
        return found == tasks.end() ? nullptr : &*found;
    }
    const store::SignerRow* question(const std::string& task_id) const {
        const auto found = std::ranges::find(signers, task_id, &store::SignerRow::task_id);
        return found == signers.end() ? nullptr : &*found;
    }
    /// Of the process, not of who was asked beside.
    bool is_of_process(const store::TaskRow& task) const {
        return question(task.task_id) == nullptr && !is_aside(task.element_id);
    }
};

class CaseReader {
  public:
    CaseReader(db::Session& session, std::string id) : session_(session), id_(std::move(id)) {}

    CaseRows read() {
        CaseRows one;
        one.procedure = *store::find_procedure(session_, id_);
        one.state = bpmn::state_from_json(boost::json::parse(one.procedure.instance)).value();
        one.tasks = store::tasks_of(session_, id_);
        // Ids are drawn anew in each run: a run is the same again only in an order of its own.
        std::ranges::sort(one.tasks, {}, [](const store::TaskRow& task) {
            return std::tuple(task.element_id, task.token, task.created_at_ms, task.name, task.assignee_id);
        });
        one.acts = store::acts_of(session_, id_);
        one.signers = store::signers_of(session_, id_);
        one.items = store::items_of(session_, id_);
        one.ledger = store::clock_of(session_, id_);
        one.item_ledgers = store::item_clocks_of(session_, id_);
        one.episodes = store::episodes_of(session_, id_);
        one.points = store::points_of(session_, id_);
        read_record(one);
        one.letters = list("SELECT payload FROM events WHERE aggregate_id = ? AND event_type = 'LetterDue'");
        one.jobs = list("SELECT job_id || ' ' || state || ' ' || token FROM jobs WHERE application_id = ?");
        one.waiting_events = list("SELECT subscription || ' ' || name FROM waiting_events WHERE application_id = ?");
        one.open_orders =
            list("SELECT open_task_id FROM expedite_orders WHERE application_id = ? AND open_task_id IS NOT NULL");
        one.digest = digest_of(one);
        return one;
    }

  private:
    std::vector<std::string> list(const char* sql) {
        auto rows = session_.rows<std::string>(sql, id_);
        std::ranges::sort(rows);
        return rows;
    }

    void read_record(CaseRows& one) {
        for (const char* sql :
             {"SELECT entry_id || ' ' || aggregate_version || ' ' || act || ' ' || actor_id || ' ' || at_ms || ' ' || "
              "summary FROM audit_entries WHERE aggregate_kind = 'application' AND aggregate_id = ?",
              "SELECT 'line ' || entry_no || ' ' || at_ms || ' ' || kind || ' ' || title FROM timeline_entries WHERE "
              "application_id = ?",
              "SELECT event_id || ' ' || event_type FROM events WHERE aggregate_id = ?",
              "SELECT 'return ' || task_id || ' ' || reason FROM task_returns WHERE application_id = ?",
              "SELECT 'warning ' || task_id || ' ' || step_no FROM warnings WHERE application_id = ?",
              "SELECT 'deputy ' || act_no || ' ' || absent_id FROM deputy_acts WHERE application_id = ?",
              "SELECT 'order ' || order_id || ' ' || order_number FROM expedite_orders WHERE application_id = ?",
              "SELECT 'copy ' || copy_id || ' ' || to_id FROM case_copies WHERE application_id = ?",
              "SELECT 'section ' || review_no || ' ' || section || ' ' || verdict || ' ' || task_version || ' ' || "
              "actor_id || ' ' || at_ms || ' ' || wording FROM section_reviews WHERE application_id = ?"}) {
            std::ranges::move(list(sql), std::back_inserter(one.record));
        }
        std::ranges::sort(one.record);
    }

    std::string digest_of(const CaseRows& one) {
        const auto& p = one.procedure;
        auto text = fmt::format("v{} {} {} {} {} {} {} {} {} {} {}\n{}\n", p.version, p.state,
                                p.correction_opened_at_ms.value_or(0), p.round, p.accepted_at_ms.value_or(0),
                                p.decided_at_ms.value_or(0), p.due_at_ms.value_or(0), p.timer_due_at_ms.value_or(0),
                                p.waits, p.permit_number.value_or(""), p.decision_reason, p.instance);
        for (const auto& t : one.tasks) {
            text += fmt::format("{} v{} {} {} {} {} {} {} {} {}\n", t.task_id, t.version, t.state,
                                t.assignee_id.value_or(""), t.actor_id.value_or(""), t.outcome.value_or(""),
                                t.opinion.value_or(""), t.cancel_cause.value_or(""), t.completed_at_ms.value_or(0),
                                t.due_at_ms);
        }
        for (const auto& i : one.items) text += fmt::format("{} {} {}\n", i.item, i.state, i.opinion.value_or(""));
        for (const auto& e : one.episodes) {
            text += fmt::format("{} {} {} {}\n", e.episode_no, e.kind, e.state, e.result.value_or(""));
        }
        for (const auto& x : one.points) text += fmt::format("{} {} {}\n", x.point_id, x.state, x.answer.value_or(""));
        for (const auto* rows : {&one.record, &one.letters, &one.jobs, &one.waiting_events, &one.open_orders}) {
            for (const auto& row : *rows) text += row + "\n";
        }
        text += fmt::format("{} acts, {} signers, {} lines of the clock, {}\n", one.acts.size(), one.signers.size(),
                            one.ledger.size(), one.item_ledgers.size());
        for (const auto& [item, lines] : one.item_ledgers) text += fmt::format("{} {}\n", item, lines.size());
        for (const auto& row : list("SELECT order_id || ' ' || state || ' ' || coalesce(answer, '') FROM "
                                    "expedite_orders WHERE application_id = ?")) {
            text += row + "\n";
        }
        return text;
    }

    db::Session& session_;
    std::string id_;
};

inline CaseRows snapshot_of(db::Database& database, const std::string& id) {
    return database.read([&](db::Session& session) { return CaseReader(session, id).read(); }).value();
}

}  // namespace kaigong::approval::testing
