// A case that stands at one task, `work`, of every kind and in every place of a process: for tables of operations. Each
// act is done by another program on the same database, as after a restart.
#pragma once

#include <array>
#include <set>
#include <utility>

#include "modules/approval/signers.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval::testing {

using authz::Role;
using operations::Officer;

struct Kind {
    const char* name;
    Role role;
};
inline constexpr std::array kKinds{
    Kind{"check", Role::reviewer},
    Kind{"review", Role::reviewer},
    Kind{"accept", Role::acceptance_officer},
    Kind{"recheck", Role::section_head},
    Kind{"decide", Role::deciding_leader},
    Kind{"certificate", Role::certificate_officer},
};

inline std::string user_task(const std::string& id, std::string_view kind, Role role, std::string_view more = "") {
    return fmt::format(
        R"(<userTask id="{}" name="{}"><extensionElements>
             <kaigong:task kind="{}" department="housing" role="{}"/>
             <kaigong:outcome code="agree" label="同意" tone="primary"/>
             <kaigong:outcome code="disagree" label="不同意" tone="danger"/>
           </extensionElements>{}</userTask>)",
        id, id, kind, to_string(role), more);
}

inline std::string flows(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string text;
    for (const auto& [from, to] : pairs) {
        text += fmt::format(R"(<sequenceFlow id="{0}_{1}" sourceRef="{0}" targetRef="{1}"/>)", from, to);
    }
    return text;
}

inline std::string process(std::string_view id, const std::string& content) {
    return fmt::format(
        R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1"
             id="{0}_file" targetNamespace="https://kaigong.example/test">
             <process id="{0}" name="办理" isExecutable="true">{1}</process></definitions>)",
        id, content);
}

inline std::string twice(std::string_view sequential) {
    return fmt::format(
        R"(<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>2</loopCardinality>
           </multiInstanceLoopCharacteristics>)",
        sequential);
}

/// The task before `work`: done once, or by two.
enum class First { once, by_two };

/// From `first` to `last`, and `work` between them.
inline std::string around(First first, const std::string& middle, const std::string& entry, const std::string& exit) {
    const auto before = user_task("first", "check", Role::reviewer, first == First::once ? "" : twice("false"));
    return process(
        "issue",
        R"(<startEvent id="start"/>)" + before + middle + user_task("last", "certificate", Role::certificate_officer) +
            R"(<serviceTask id="record"><extensionElements><kaigong:job type="approval.record"/>
                                     <kaigong:event name="refuse_acceptance"/></extensionElements></serviceTask>
                                   <endEvent id="ended"/>)" +
            flows({{"start", "first"}, {"first", entry}, {exit, "last"}, {"last", "record"}, {"record", "ended"}}));
}

struct Place {
    std::string name;
    ProcessFiles files;
    bool several = false;
};

inline std::vector<Place> places(const Kind& kind, First first = First::once) {
    const auto work = user_task("work", kind.name, kind.role);
    const auto repeated = [&](const char* sequential) {
        return user_task("work", kind.name, kind.role, twice(sequential));
    };
    const auto gateways = R"(<parallelGateway id="fork"/><parallelGateway id="join"/>)";
    const auto side = user_task("side", "check", Role::reviewer);
    const auto branches =
        work + side + gateways + flows({{"fork", "work"}, {"fork", "side"}, {"work", "join"}, {"side", "join"}});
    const auto joined =
        work + side + user_task("other", "check", Role::reviewer) + gateways +
        flows({{"fork", "side"}, {"fork", "other"}, {"side", "join"}, {"other", "join"}, {"join", "work"}});
    const auto inner = R"(<startEvent id="in"/><endEvent id="out"/>)" + work + flows({{"in", "work"}, {"work", "out"}});
    return {
        {"plain", {{"issue.bpmn", around(first, work, "work", "work")}}},
        {"several at once", {{"issue.bpmn", around(first, repeated("false"), "work", "work")}}, true},
        {"several in turn", {{"issue.bpmn", around(first, repeated("true"), "work", "work")}}, true},
        {"a branch", {{"issue.bpmn", around(first, branches, "fork", "join")}}},
        {"behind a join", {{"issue.bpmn", around(first, joined, "fork", "work")}}},
        {"a sub-process",
         {{"issue.bpmn", around(first, R"(<subProcess id="part">)" + inner + "</subProcess>", "part", "part")}}},
        {"a called process",
         {{"issue.bpmn", around(first, R"(<callActivity id="part" calledElement="called"/>)", "part", "part")},
          {"called.bpmn", process("called", inner)}}},
    };
}

/// A case at `work`, which an officer holds. Each act is another program's.
class Case {
  public:
    Case(std::array<Office*, 2> offices, const Kind& kind) : offices_(offices), kind_(kind), id_(office().open_case()) {
        for (const char* element : {"first", "side", "other"}) {
            // Of a branch beside `work` nothing is done yet.
            if (!is_open("work")) complete_all(element);
        }
        claim(the("work"), holder());
    }

    /// Each by somebody else.
    void complete_all(std::string_view element) {
        while (is_open(element)) complete(the(element), person(Role::reviewer, 60 + next_++), "agree");
    }
    /// Elements with an open task of the process, each as often as it has one.
    std::multiset<std::string> open() {
        std::multiset<std::string> found;
        for (const auto& task : tasks()) {
            if (task.state == "open") found.insert(task.element_id);
        }
        return found;
    }

    Officer holder() const { return person(kind_.role, 11); }
    Officer colleague(int number) const { return person(kind_.role, number); }
    /// Of another group, who may only be asked.
    Officer expert(int number) const { return person(Role::reviewer, number); }
    Officer head() const { return person(Role::section_head, 40); }
    const Kind& kind() const { return kind_; }

    std::vector<store::TaskRow> tasks() { return office().read(&store::tasks_of, id_); }
    std::vector<store::TaskRow> open_at(std::string_view element) {
        std::vector<store::TaskRow> found;
        for (auto& task : tasks()) {
            if (task.state == "open" && task.element_id.ends_with(element) && task.name.find("：") == std::string::npos)
                found.push_back(std::move(task));
        }
        return found;
    }
    store::TaskRow the(std::string_view element) {
        auto found = open_at(element);
        if (found.empty()) FAIL("not open: " << element);
        return found.front();
    }
    store::TaskRow by_id(const std::string& task_id) {
        for (auto& task : tasks()) {
            if (task.task_id == task_id) return task;
        }
        FAIL("no such task");
        return {};
    }
    store::TaskRow signer(const Officer& who) {
        for (auto& task : tasks()) {
            const bool pending = task.state == "open" || task.state == "planned";
            if (pending && task.assignee_id == who.actor.account_id.text && task.name.find("：") != std::string::npos)
                return task;
        }
        FAIL("not asked: " << who.name);
        return {};
    }
    std::vector<store::ActRow> acts() { return office().read(&store::acts_of, id_); }
    bool is_open(std::string_view element) { return !open_at(element).empty(); }

    /// Commits nothing where it fails.
    template <class Operation, class... Arguments>
    std::string attempt(Operation operation, const store::TaskRow& task, const Officer& who,
                        const Arguments&... arguments) {
        return attempt_at(offices_[0]->clock.now_ms() + 60'000, operation, task, who, arguments...);
    }
    template <class Operation, class... Arguments>
    std::string attempt_at(std::int64_t at_ms, Operation operation, const store::TaskRow& task, const Officer& who,
                           const Arguments&... arguments) {
        auto& at = office();
        for (auto* each : offices_) each->clock.set(at_ms);
        const auto done = at.database.transact([&](db::Session& session) {
            return operation(session, *at.around, at.permissions, who, at.on(id_, task), arguments...);
        });
        CHECK(at.approval->stuck_cases().empty());
        return done ? "" : done.error().reason;
    }
    template <class Operation, class... Arguments>
    void act(Operation operation, const store::TaskRow& task, const Officer& who, const Arguments&... arguments) {
        const auto before = acts().size();
        REQUIRE(attempt(operation, task, who, arguments...) == "");
        const auto after = acts();
        REQUIRE(after.size() > before);
        CHECK(after.back().actor_id == who.actor.account_id.text);
        CHECK(after.back().task_version == task.version);
        // The page that he had open can't act again.
        CHECK(attempt(operation, task, who, arguments...) != "");
        CHECK(acts().size() == after.size());
    }
    std::string try_complete(const store::TaskRow& task, const Officer& who, const std::string& outcome) {
        return attempt(operations::complete_task, task, who, operations::Completion{outcome, "意见", {}, {}});
    }
    void complete(const store::TaskRow& task, const Officer& who, const std::string& outcome) {
        act(operations::complete_task, task, who, operations::Completion{outcome, "意见", {}, {}});
    }
    void claim(const store::TaskRow& task, const Officer& who) {
        REQUIRE(attempt(operations::claim_task, task, who) == "");
    }

    /// All else that stands before `last` is agreed to; `last` is then open once, whatever was cancelled before.
    void must_come_to_its_end() {
        for (int round = 0; round < 6 && !is_open("last"); ++round) {
            for (const char* element : {"first", "side", "other", "work"}) {
                for (const auto& task : open_at(element)) {
                    if (by_id(task.task_id).state != "open") continue;
                    const auto who =
                        task.assignee_id
                            ? whose(task)
                            : person(element == std::string("work") ? kind_.role : Role::reviewer, 60 + next_++);
                    if (is_decided(task)) FAIL("waits for signers");
                    complete(task, who, "agree");
                }
            }
        }
        CHECK(open_at("last").size() == 1);
        CHECK(std::ranges::count_if(tasks(), [](const auto& task) {
                  return task.element_id == "last" && task.state != "cancelled";
              }) == 1);
        for (const auto& task : tasks()) {
            if (task.state == "cancelled") CHECK(task.cancel_cause.value_or("") != "");
        }
        complete(the("last"), person(Role::certificate_officer, 90), "agree");
        CHECK(office().state(id_).status == bpmn::Status::completed);
        for (const auto& task : tasks()) CHECK((task.state == "completed" || task.state == "cancelled"));
    }

  private:
    static Officer person(Role role, int number) { return Office::officer(role, number); }
    Officer whose(const store::TaskRow& task) const {
        return person(task.element_id.ends_with("work") ? kind_.role : Role::reviewer,
                      std::stoi(task.assignee_id->substr(24)));
    }
    Office& office() { return *offices_[turn_++ % 2]; }

    std::array<Office*, 2> offices_;
    Kind kind_;
    std::size_t turn_ = 0;
    int next_ = 0;
    std::string id_;
};

}  // namespace kaigong::approval::testing
