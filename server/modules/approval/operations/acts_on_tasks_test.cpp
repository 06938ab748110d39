// Every operation on a task × every kind of task × every place of the process that a task can stand in. Each step is
// done by another program on the same database, as after a restart; both databases.
#include <array>
#include <set>

#include "modules/approval/signers.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Office;

struct Kind {
    const char* name;
    Role role;
};
constexpr std::array kKinds{
    Kind{"check", Role::reviewer},
    Kind{"review", Role::reviewer},
    Kind{"accept", Role::acceptance_officer},
    Kind{"recheck", Role::section_head},
    Kind{"decide", Role::deciding_leader},
    Kind{"certificate", Role::certificate_officer},
};

std::string user_task(const std::string& id, std::string_view kind, Role role, std::string_view more = "") {
    return fmt::format(
        R"(<userTask id="{}" name="{}"><extensionElements>
             <kaigong:task kind="{}" department="housing" role="{}"/>
             <kaigong:outcome code="agree" label="同意" tone="primary"/>
             <kaigong:outcome code="disagree" label="不同意" tone="danger"/>
           </extensionElements>{}</userTask>)",
        id, id, kind, to_string(role), more);
}

std::string flows(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string text;
    for (const auto& [from, to] : pairs) {
        text += fmt::format(R"(<sequenceFlow id="{0}_{1}" sourceRef="{0}" targetRef="{1}"/>)", from, to);
    }
    return text;
}

std::string process(std::string_view id, const std::string& content) {
    return fmt::format(
        R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1"
             id="{0}_file" targetNamespace="https://kaigong.example/test">
             <process id="{0}" name="办理" isExecutable="true">{1}</process></definitions>)",
        id, content);
}

/// From `first` to `last`, and `work` between them.
std::string around(const std::string& middle, const std::string& entry, const std::string& exit) {
    return process(
        "issue",
        R"(<startEvent id="start"/>)" + user_task("first", "check", Role::reviewer) + middle +
            user_task("last", "certificate", Role::certificate_officer) +
            R"(<serviceTask id="record"><extensionElements><kaigong:job type="approval.record"/>
                                     <kaigong:event name="refuse_acceptance"/></extensionElements></serviceTask>
                                   <endEvent id="ended"/>)" +
            flows({{"start", "first"}, {"first", entry}, {exit, "last"}, {"last", "record"}, {"record", "ended"}}));
}

struct Place {
    std::string name;
    testing::ProcessFiles files;
    bool several = false;
};

std::vector<Place> places(const Kind& kind) {
    const auto work = user_task("work", kind.name, kind.role);
    const auto repeated = [&](const char* sequential) {
        return user_task("work", kind.name, kind.role,
                         fmt::format(R"(<multiInstanceLoopCharacteristics isSequential="{}">
                                          <loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>)",
                                     sequential));
    };
    const auto branches = work + user_task("side", "check", Role::reviewer) +
                          R"(<parallelGateway id="fork"/><parallelGateway id="join"/>)" +
                          flows({{"fork", "work"}, {"fork", "side"}, {"work", "join"}, {"side", "join"}});
    const auto inner = R"(<startEvent id="in"/><endEvent id="out"/>)" + work + flows({{"in", "work"}, {"work", "out"}});
    return {
        {"plain", {{"issue.bpmn", around(work, "work", "work")}}},
        {"several at once", {{"issue.bpmn", around(repeated("false"), "work", "work")}}, true},
        {"several in turn", {{"issue.bpmn", around(repeated("true"), "work", "work")}}, true},
        {"a branch", {{"issue.bpmn", around(branches, "fork", "join")}}},
        {"a sub-process",
         {{"issue.bpmn", around(R"(<subProcess id="part">)" + inner + "</subProcess>", "part", "part")}}},
        {"a called process",
         {{"issue.bpmn", around(R"(<callActivity id="part" calledElement="called"/>)", "part", "part")},
          {"called.bpmn", process("called", inner)}}},
    };
}

/// A case at `work`, which an officer holds. Each act is another program's.
class Case {
  public:
    Case(std::array<Office*, 2> offices, const Kind& kind) : offices_(offices), kind_(kind), id_(office().open_case()) {
        complete(the("first"), person(Role::reviewer, 2), "agree");
        claim(the("work"), holder());
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
        auto& at = office();
        for (auto* each : offices_) each->clock.set(each->clock.now_ms() + 60'000);
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
            for (const char* element : {"first", "side", "work"}) {
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

operations::Handover to(const Officer& who) {
    return {who, "出差，请代为办理"};
}

void transfers_twice(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto second = one.colleague(12);
    const auto third = one.colleague(13);
    CHECK(one.attempt(operations::transfer_task, task, second, to(third)) == "approval.task_held_by_other");
    CHECK(one.attempt(operations::transfer_task, task, one.holder(), to(one.holder())) ==
          "approval.person_not_suitable");
    one.act(operations::transfer_task, task, one.holder(), to(second));
    one.act(operations::transfer_task, one.by_id(task.task_id), second, to(third));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_held_by_other");
    std::vector<std::string> from;
    for (const auto& act : one.acts()) {
        if (act.act == "transfer") from.push_back(*act.from_id);
    }
    CHECK(from == std::vector<std::string>{one.holder().actor.account_id.text, second.actor.account_id.text});
    one.complete(one.by_id(task.task_id), third, "agree");
}

void is_assigned(Case& one, const Place&) {
    const auto task = one.the("work");
    CHECK(one.attempt(operations::assign_task, task, one.expert(30), to(one.colleague(12))) == "authz.not_permitted");
    one.act(operations::assign_task, task, one.head(), to(one.colleague(12)));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_held_by_other");
    one.complete(one.by_id(task.task_id), one.colleague(12), "agree");
}

void is_delegated(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto expert = one.expert(30);
    one.act(operations::delegate_task, task, one.holder(), to(expert));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.waits_for_signers");
    const auto question = one.signer(expert);
    CHECK(one.attempt(operations::delegate_task, question, expert, to(one.colleague(12))) ==
          "approval.signer_only_answers");
    one.complete(question, expert, "answered");
    CHECK(one.by_id(task.task_id).state == "open");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
}

void others_sign_before(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.colleague(12);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {first, second}, "请核对"});
    CHECK(one.attempt(operations::add_signers, one.by_id(task.task_id), one.holder(),
                      operations::NewSigners{std::string(kBefore), {first}, "请核对"}) == "approval.signer_twice");
    one.complete(one.signer(first), first, "disagree");
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.waits_for_signers");
    one.complete(one.signer(second), second, "agree");
    // What they say does not bind him.
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
}

void others_sign_after(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {first, second}, "请会签"});
    CHECK(one.try_complete(one.signer(first), first, "agree") == "approval.task_not_open");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_decided");
    one.complete(one.signer(first), first, "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    one.complete(one.signer(second), second, "agree");
    CHECK(one.by_id(task.task_id).outcome == "agree");
    CHECK(one.by_id(task.task_id).actor_id == one.holder().actor.account_id.text);
}

void one_who_signs_after_disagrees(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {first, second}, "请会签"});
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    const auto other = one.signer(second).task_id;
    one.complete(one.signer(first), first, "disagree");
    CHECK(one.by_id(task.task_id).outcome == "disagree");
    CHECK(one.by_id(task.task_id).actor_id == first.actor.account_id.text);
    CHECK(one.by_id(other).cancel_cause == "signer_not_needed");
}

void a_signer_is_removed(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto before = one.expert(30);
    const auto after = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {before}, "请核对"});
    one.act(operations::add_signers, one.by_id(task.task_id), one.holder(),
            operations::NewSigners{std::string(kAfter), {after}, "请会签"});
    const auto removed = one.signer(before).task_id;
    one.act(operations::remove_signer, one.by_id(task.task_id), one.holder(), removed, std::string("已电话核实"));
    CHECK(one.by_id(removed).cancel_cause == "signer_removed");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    // Judged again: nobody is left to sign, so his decision counts.
    one.act(operations::remove_signer, one.by_id(task.task_id), one.holder(), one.signer(after).task_id,
            std::string("不在岗"));
    CHECK(one.by_id(task.task_id).state == "completed");
}

void is_returned_with_its_signers(Case& one, const Place&) {
    const auto task = one.the("work");
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {one.expert(30)}, "请核对"});
    const auto asked = one.signer(one.expert(30)).task_id;
    one.act(operations::return_task, one.by_id(task.task_id), one.holder(),
            operations::Return{"first", bpmn::Onward::again, "资料不全"});
    CHECK(one.by_id(asked).state == "cancelled");
    CHECK_FALSE(one.is_open("work"));
    CHECK(one.is_open("first"));
}

void is_taken_back(Case& one, const Place& place) {
    const auto task = one.the("work");
    one.complete(task, one.holder(), "agree");
    const std::string why = "看错了图纸";
    if (place.several) {
        CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.holder(), why) ==
              "approval.take_back_impossible");
        return;
    }
    CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.colleague(12), why) ==
          "approval.take_back_not_yours");
    if (one.is_open("last") && place.name != "plain") {
        // What was inside a part that has ended can't be begun again by itself.
        CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.holder(), why) ==
              "approval.take_back_impossible");
        return;
    }
    one.act(operations::take_back_task, one.by_id(task.task_id), one.holder(), why);
    CHECK_FALSE(one.is_open("last"));
    CHECK(one.the("work").assignee_id == one.holder().actor.account_id.text);
    one.complete(one.the("work"), one.holder(), "disagree");
}

void a_decision_that_waits_is_taken_back(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto signer = one.expert(30);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {signer}, "请会签"});
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    one.act(operations::take_back_task, one.by_id(task.task_id), one.holder(), std::string("看错了"));
    CHECK(one.try_complete(one.signer(signer), signer, "agree") == "approval.task_not_open");
    one.complete(one.by_id(task.task_id), one.holder(), "disagree");
    CHECK(one.by_id(task.task_id).state == "completed");
}

void is_released(Case& one, const Place&) {
    const auto task = one.the("work");
    one.act(operations::release_task, task, one.holder());
    CHECK(one.attempt(operations::transfer_task, one.by_id(task.task_id), one.holder(), to(one.colleague(12))) ==
          "approval.task_not_held");
    one.act(operations::claim_task, one.by_id(task.task_id), one.colleague(12));
}

void is_urged(Case& one, const Place&) {
    const auto task = one.the("work");
    const std::string note = "请今天办理";
    CHECK(one.attempt(operations::urge_task, task, one.expert(30), note) == "authz.not_permitted");
    one.act(operations::urge_task, task, one.head(), note);
    CHECK(one.acts().back().to_id == one.holder().actor.account_id.text);
    for (const int head : {41, 42})
        one.act(operations::urge_task, task, Office::officer(Role::section_head, head), note);
    CHECK(one.attempt(operations::urge_task, task, Office::officer(Role::section_head, 43), note) ==
          "approval.urged_enough");
    // It takes nothing from who works on it.
    one.complete(task, one.holder(), "agree");
}

struct Scenario {
    const char* name;
    void (*play)(Case&, const Place&);
};
constexpr std::array kScenarios{
    Scenario{"transfers twice", transfers_twice},
    Scenario{"is assigned", is_assigned},
    Scenario{"is delegated", is_delegated},
    Scenario{"others sign before", others_sign_before},
    Scenario{"others sign after", others_sign_after},
    Scenario{"one who signs after disagrees", one_who_signs_after_disagrees},
    Scenario{"a signer is removed", a_signer_is_removed},
    Scenario{"is returned with its signers", is_returned_with_its_signers},
    Scenario{"is taken back", is_taken_back},
    Scenario{"a decision that waits is taken back", a_decision_that_waits_is_taken_back},
    Scenario{"is released", is_released},
    Scenario{"is urged", is_urged},
};

}  // namespace

TEST_CASE("every operation on every kind of task, in every place of a process, each step by another program") {
    for (const auto& kind : kKinds) {
        for (const auto& place : places(kind)) {
            testing::on_each_pair(
                [&](Office& left, Office& right) {
                    for (const auto& scenario : kScenarios) {
                        CAPTURE(std::string(kind.name));
                        CAPTURE(place.name);
                        CAPTURE(std::string(scenario.name));
                        Case one({&left, &right}, kind);
                        scenario.play(one, place);
                        one.must_come_to_its_end();
                    }
                },
                place.files);
        }
    }
}

}  // namespace kaigong::approval
