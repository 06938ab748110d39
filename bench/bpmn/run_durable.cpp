// A process whose every command is a transaction of its own: the case's row is locked, its saved state read, the engine
// asked, and what follows written with task, timeline, outbox and audit by the program's own stores. Without what an
// office adds (forms, items, clocks, permissions), which `complete_tasks` has.
//
//   run_durable start DATABASE MODEL.bpmn INSTANCES
//       starts them; prints case, its number and first task, a line each
//   run_durable run DATABASE MODEL.bpmn CLIENTS CASES
//       completes every task of the listed cases, each client one case after the other; prints
//       {"tasks","commits","seconds","cpu_seconds"}. Where `bare_loop watch` notes rows, each completion is an act
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <deque>
#include <span>

#include "base/id.hpp"
#include "bpmn/measuring.hpp"
#include "db/database.hpp"
#include "db/migrations.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "events/outbox.hpp"
#include "generator/sqlite_file.hpp"
#include "modules/approval/store.hpp"
#include "modules/audit/audit.hpp"
#include "submit/recording.hpp"

namespace kaigong::bench {
namespace {

namespace json = boost::json;
namespace store = approval::store;

constexpr std::int64_t kBeginMs = 1'795'000'000'000;
constexpr std::int64_t kRefusedEvery = 10;
constexpr const char* kEvent = "UserTaskCompleted";
constexpr const char* kOfficer = "officer";

bpmn::State restored(const std::string& text) {
    return must(bpmn::state_from_json(json::parse(text)));
}

/// What one transaction works with.
class Work {
  public:
    Work(db::Session& session, const bpmn::Definition& definition, store::ProcedureRow& row, std::int64_t now_ms)
        : session_(session), definition_(definition), row_(row), now_ms_(now_ms) {
        if (!row.instance.empty()) state_ = restored(row.instance);
    }

    /// Gives the tasks that it opened.
    Result<std::vector<store::TaskRow>> run(const bpmn::Command& command) {
        std::vector<store::TaskRow> opened;
        KAIGONG_TRY(events, bpmn::decide(definition_, state_, command, now_ms_));
        for (const auto& event : events) {
            bpmn::apply(state_, event);
            const auto* task = std::get_if<bpmn::TaskOpened>(&event.fact);
            if (task != nullptr) opened.push_back(open(*task));
        }
        row_.waits = !bpmn::waiting_for(state_).empty();
        row_.instance = json::serialize(bpmn::state_to_json(state_));
        return opened;
    }

  private:
    store::TaskRow open(const bpmn::TaskOpened& fact) {
        store::TaskRow task;
        task.task_id = new_uuid(now_ms_);
        task.application_id = row_.application_id;
        task.token = fact.token;
        task.element_id = fact.element;
        task.name = fact.element;
        task.kind = "review";
        task.candidate_group = fact.element;
        task.region_code = row_.region_code;
        task.state = "open";
        task.created_at_ms = now_ms_;
        task.application_number = row_.application_number;
        task.matter_code = row_.matter_code;
        store::insert_task(session_, task);
        return task;
    }

    db::Session& session_;
    const bpmn::Definition& definition_;
    store::ProcedureRow& row_;
    std::int64_t now_ms_;
    bpmn::State state_;
};

class Cases {
  public:
    Cases(const std::string& file, const std::string& model) : definition_(must(bpmn::parse(text_of(model)))) {
        db::Settings settings;
        settings.url = "sqlite:" + file;
        database_ = must(db::Database::open(settings));
        must(db::migrate(*database_, db::embedded_migrations(), kBeginMs));
        audit_ = audit::make_audit(*database_);
        outbox_.subscribe({"bench.take_completed", {kEvent}, {}});
    }

    db::Database& database() { return *database_; }

    Subject start(std::int64_t number) {
        store::ProcedureRow row;
        row.application_id = new_uuid(kBeginMs);
        row.application_number = fmt::format("330106-2026-{:05}", number);
        row.matter_code = definition_.process_id();
        row.region_code = "330106";
        row.state = "accepted";
        return must(database_->transact([&](db::Session& session) -> Result<Subject> {
            Work work(session, definition_, row, kBeginMs);
            KAIGONG_TRY(opened, work.run(bpmn::Start{{{"approved", number % kRefusedEvery != 0}}}));
            store::insert_procedure(session, row);
            return Subject{row.application_id, row.application_number, opened.at(0).task_id};
        }));
    }

    /// Gives the tasks that are open afterwards and were not before.
    std::vector<std::string> complete(const std::string& application_id, const std::string& task_id) {
        const auto now_ms = kBeginMs + ++tick_;
        return must(database_->transact([&](db::Session& session) -> Result<std::vector<std::string>> {
            store::lock_procedure(session, application_id);
            auto row = store::find_procedure(session, application_id).value();
            auto task = store::find_task(session, task_id).value();
            KAIGONG_CHECK(close(session, task, now_ms));
            Work work(session, definition_, row, now_ms);
            KAIGONG_TRY(opened, work.run(bpmn::CompleteTask{task.token, {{"ok", true}}}));
            record(session, row, task, now_ms);
            store::save_procedure(session, row);
            std::vector<std::string> ids(opened.size());
            std::ranges::transform(opened, ids.begin(), &store::TaskRow::task_id);
            return ids;
        }));
    }

    /// From its open task to its end; the number of completed tasks.
    std::int64_t run_to_end(const Subject& subject, bool noted) {
        std::deque<std::string> open{subject.at(2)};
        std::int64_t completed = 0;
        for (; !open.empty(); open.pop_front(), ++completed) {
            std::ranges::copy(complete(subject.front(), open.front()), std::back_inserter(open));
            if (noted) must(database_->transact(end_act));
        }
        return completed;
    }

  private:
    static Result<void> close(db::Session& session, store::TaskRow& task, std::int64_t now_ms) {
        if (task.state != "open") return error(Errc::conflict, "bench.task_not_open", "task is not open");
        task.state = "completed";
        task.actor_name = kOfficer;
        task.outcome = "ok";
        task.completed_at_ms = now_ms;
        return store::save_task(session, task);
    }

    void record(db::Session& session, const store::ProcedureRow& row, const store::TaskRow& task, std::int64_t now_ms) {
        store::append_timeline(session, row.application_id,
                               {0, now_ms, "task_completed", task.name, std::nullopt, kOfficer, false});
        outbox_.append(
            session,
            {.event_id = new_uuid(now_ms),
             .event_type = kEvent,
             .aggregate_kind = "application",
             .aggregate_id = row.application_id,
             .payload = json::serialize(json::object{{"application_id", row.application_id}, {"element", task.name}}),
             .occurred_at_ms = now_ms});
        audit_->write(session, {"application", row.application_id, row.version, "approval.complete_task", kOfficer,
                                kOfficer, task.name, now_ms});
    }

    static void end_act(db::Session& session) { session.execute(kEndOfAct); }

    bpmn::Definition definition_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<audit::Audit> audit_;
    events::Outbox outbox_;
    std::atomic<std::int64_t> tick_{0};
};

void start(const std::string& database, const std::string& model, std::int64_t instances) {
    Cases cases(database, model);
    for (std::int64_t number = 0; number < instances; ++number) {
        fmt::print("{}\n", fmt::join(cases.start(number), "\t"));
    }
}

void run_all(const std::string& database, const std::string& model, int clients, const std::string& list) {
    const bool noted = notes_rows(database);
    Cases cases(database, model);
    const auto subjects = read_subjects(list);
    const Meter meter(cases.database());
    std::atomic<std::int64_t> tasks{0};
    in_clients(clients, subjects.size(), [&](std::size_t at) { tasks += cases.run_to_end(subjects[at], noted); });
    fmt::print("{}\n", json::serialize(meter.figures(tasks)));
}

int run(std::span<char*> arguments) {
    const std::string verb = arguments.size() > 1 ? arguments[1] : "";
    if (verb == "start" && arguments.size() == 5) {
        start(arguments[2], arguments[3], std::atoll(arguments[4]));
        return 0;
    }
    if (verb == "run" && arguments.size() == 6) {
        run_all(arguments[2], arguments[3], std::atoi(arguments[4]), arguments[5]);
        return 0;
    }
    fmt::print(stderr, "run_durable start DATABASE MODEL INSTANCES · run_durable run DATABASE MODEL CLIENTS CASES\n");
    return 2;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        return kaigong::bench::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& failure) {
        fmt::print(stderr, "run_durable: {}\n", failure.what());
        return 1;
    }
}
