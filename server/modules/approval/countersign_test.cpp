// 会签: what votes come to, and that a case goes on by them. approval-operations: decided as soon as nothing can change
// it, the rest cancelled, counters begin anew on re-entry, each kind of vote counted for itself.
#include "modules/approval/countersign.hpp"

#include "modules/approval/testing/stand_in.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using Rule = Countersign::Rule;
using testing::Office;

struct Line {
    Rule rule;
    int value;
    Tally tally;
    const char* verdict;
};

const char* word(const Verdict& verdict) {
    return !verdict.fixed ? "open" : verdict.approved ? "approved" : "rejected";
}

/// Five voters, a section head among them, who may veto; three approvals are needed.
constexpr const char* kThreeOfFive = R"(
  <userTask id="review" name="集体审查">
    <extensionElements>
      <kaigong:task kind="review" department="housing" role="=voter" fallbackRole="section_head"/>
      <kaigong:countersign {}/>
      <kaigong:outcome code="agree" label="同意" tone="primary"/>
      <kaigong:outcome code="disagree" label="不同意" tone="danger"/>
      <kaigong:outcome code="abstain" label="弃权"/>
    </extensionElements>
    <multiInstanceLoopCharacteristics {}>
      <extensionElements><zeebe:loopCharacteristics inputCollection="{}" inputElement="voter"/></extensionElements>
      <completionCondition>=review_vote.fixed</completionCondition>
    </multiInstanceLoopCharacteristics>
  </userTask>)";
constexpr const char* kVoters =
    R"(=[&quot;reviewer&quot;,&quot;reviewer&quot;,&quot;reviewer&quot;,&quot;reviewer&quot;,&quot;section_head&quot;])";

testing::ProcessFiles countersigned_process(const std::string& rule, const std::string& sequential = "",
                                            const std::string& voters = kVoters) {
    const auto task = fmt::format(fmt::runtime(kThreeOfFive), rule, sequential, voters);
    return {{"issue.bpmn",
             R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                  xmlns:kaigong="https://kaigong.example/bpmn/1" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
                  id="f" targetNamespace="https://kaigong.example/test">
                <process id="issue" name="会签" isExecutable="true"><startEvent id="start"/>)" +
                 task +
                 R"(<exclusiveGateway id="result" default="no"/>
                 <userTask id="agreed" name="同意之后"><extensionElements>
                   <kaigong:task kind="certificate" department="housing" role="certificate_officer"/>
                   <kaigong:outcome code="done" label="办结" tone="primary"/></extensionElements></userTask>
                 <userTask id="refused" name="不同意之后"><extensionElements>
                   <kaigong:task kind="certificate" department="housing" role="certificate_officer"/>
                   <kaigong:outcome code="done" label="办结" tone="primary"/></extensionElements></userTask>
                 <endEvent id="ended"/>
                 <sequenceFlow id="f1" sourceRef="start" targetRef="review"/>
                 <sequenceFlow id="f2" sourceRef="review" targetRef="result"/>
                 <sequenceFlow id="yes" sourceRef="result" targetRef="agreed">
                   <conditionExpression>=review_outcome = "agree"</conditionExpression></sequenceFlow>
                 <sequenceFlow id="no" sourceRef="result" targetRef="refused"/>
                 <sequenceFlow id="f3" sourceRef="agreed" targetRef="ended"/>
                 <sequenceFlow id="f4" sourceRef="refused" targetRef="ended"/></process></definitions>)"}};
}

class Session {
  public:
    explicit Session(Office& office) : office_(office), id_(office.open_case()) {}

    std::vector<store::TaskRow> at(const std::string& element, const std::string& state = "open") const {
        std::vector<store::TaskRow> found;
        for (auto& task : office_.read(&store::tasks_of, id_)) {
            if (task.element_id == element && task.state == state) found.push_back(std::move(task));
        }
        return found;
    }
    std::string vote(int number, const std::string& outcome, Role role = Role::reviewer) {
        return vote(Office::officer(role, number), outcome);
    }
    std::string vote(const operations::Officer& voter, const std::string& outcome) {
        const auto group = "housing:" + std::string(to_string(voter.holder().roles.front()));
        for (const auto& task : at("review")) {
            if (task.candidate_group != group) continue;
            office_.clock.set(office_.clock.now_ms() + 1'000);
            const auto done = office_.database.transact(
                [&](db::Session& session) { return office_.complete(session, id_, task, voter, outcome); });
            return done ? "" : done.error().reason;
        }
        return "nothing to vote on";
    }
    void return_to_vote() {
        const auto task = at("agreed").front();
        office_.act([&](db::Session& session) {
            return operations::return_task(session, *office_.around, office_.permissions,
                                           Office::officer(Role::certificate_officer, 9), office_.on(id_, task),
                                           {"review", bpmn::Onward::again, "重新会签"});
        });
    }

  private:
    Office& office_;
    std::string id_;
};

}  // namespace

TEST_CASE("what votes come to") {
    constexpr std::array kLines{
        Line{Rule::count, 3, {2, 1, 0, 5, false}, "open"},      Line{Rule::count, 3, {3, 1, 0, 5, false}, "approved"},
        Line{Rule::count, 3, {2, 2, 0, 5, false}, "open"},      Line{Rule::count, 3, {2, 2, 1, 5, false}, "rejected"},
        Line{Rule::count, 3, {0, 3, 0, 5, false}, "rejected"},  Line{Rule::count, 3, {2, 1, 0, 5, true}, "rejected"},
        Line{Rule::count, 3, {3, 0, 0, 5, true}, "rejected"},   Line{Rule::count, 6, {1, 0, 0, 5, false}, "rejected"},
        Line{Rule::share, 60, {3, 0, 0, 5, false}, "approved"}, Line{Rule::share, 61, {3, 0, 0, 5, false}, "open"},
        Line{Rule::share, 50, {2, 0, 0, 5, false}, "open"},     Line{Rule::share, 50, {3, 2, 0, 5, false}, "approved"},
        Line{Rule::share, 50, {1, 0, 3, 5, false}, "rejected"}, Line{Rule::share, 100, {4, 0, 1, 5, false}, "rejected"},
        Line{Rule::all, 0, {4, 0, 0, 5, false}, "open"},        Line{Rule::all, 0, {5, 0, 0, 5, false}, "approved"},
        Line{Rule::all, 0, {0, 1, 0, 5, false}, "rejected"},    Line{Rule::all, 0, {0, 0, 1, 5, false}, "rejected"},
        Line{Rule::first, 0, {0, 0, 2, 5, false}, "open"},      Line{Rule::first, 0, {1, 0, 2, 5, false}, "approved"},
        Line{Rule::first, 0, {0, 1, 0, 5, false}, "rejected"},  Line{Rule::first, 0, {0, 0, 5, 5, false}, "rejected"},
    };
    for (const auto& line : kLines) {
        CAPTURE(std::string(to_string(line.rule)));
        CAPTURE(line.value);
        CAPTURE(line.tally.approve);
        CAPTURE(line.tally.reject);
        CAPTURE(line.tally.abstain);
        CHECK(std::string(word(verdict_of({line.rule, line.value, {}}, line.tally))) == line.verdict);
    }
}

TEST_CASE("once fixed, a verdict never changes, whatever the others would have said") {
    for (const auto rule : {Rule::share, Rule::count, Rule::all}) {
        for (int value = 1; value <= 5; ++value) {
            const Countersign how{rule, rule == Rule::share ? value * 20 : value, {}};
            for (int votes = 0; votes < 243; ++votes) {
                Tally tally{0, 0, 0, 5, false};
                std::optional<Verdict> fixed;
                for (int rest = votes, voter = 0; voter < 5; rest /= 3, ++voter) {
                    (rest % 3 == 0 ? tally.approve : rest % 3 == 1 ? tally.reject : tally.abstain) += 1;
                    const auto verdict = verdict_of(how, tally);
                    if (fixed) CHECK((verdict.fixed && verdict.approved == fixed->approved));
                    if (verdict.fixed) fixed = verdict;
                }
                CHECK(fixed);
            }
        }
    }
}

TEST_CASE("three of five approve: the rest are not asked any more, and see why") {
    testing::on_each(
        [](Office& office) {
            Session session(office);
            CHECK(session.at("review").size() == 5);
            CHECK(session.vote(11, "agree") == "");
            CHECK(session.vote(11, "agree") == "approval.has_voted");
            CHECK(session.vote(12, "abstain") == "");
            CHECK(session.vote(13, "agree") == "");
            CHECK(session.at("review").size() == 2);
            CHECK(session.vote(40, "agree", Role::section_head) == "");
            CHECK(session.at("agreed").size() == 1);
            REQUIRE(session.at("review", "cancelled").size() == 1);
            CHECK(session.at("review", "cancelled").front().cancel_cause.value_or("") != "");
        },
        countersigned_process(R"(rule="count" value="3" vetoRoles="section_head")"));
}

TEST_CASE("who may veto decides alone when he rejects") {
    testing::on_each(
        [](Office& office) {
            Session session(office);
            CHECK(session.vote(11, "disagree") == "");
            CHECK(session.at("review").size() == 4);
            CHECK(session.vote(40, "disagree", Role::section_head) == "");
            CHECK(session.at("refused").size() == 1);
            CHECK(session.at("review", "cancelled").size() == 3);
        },
        countersigned_process(R"(rule="count" value="3" vetoRoles="section_head")"));
}

TEST_CASE("the counters begin anew when the task is entered again, and everybody may vote again") {
    testing::on_each(
        [](Office& office) {
            Session session(office);
            for (const int voter : {11, 12, 13}) CHECK(session.vote(voter, "agree") == "");
            session.return_to_vote();
            CHECK(session.at("review").size() == 5);
            for (const int voter : {11, 12, 13}) CHECK(session.vote(voter, "disagree") == "");
            CHECK(session.at("refused").size() == 1);
        },
        countersigned_process(R"(rule="count" value="3")"));
}

TEST_CASE("a deputy has one vote with the absent officer's, whoever of both votes first") {
    testing::on_each(
        [](Office& office) {
            const auto deputy = Office::officer(Role::reviewer, 11);
            const auto away = Office::officer(Role::reviewer, 12);
            Session first(office);
            CHECK(first.vote(testing::standing_in(office, deputy, away), "agree") == "");
            CHECK(first.vote(away, "agree") == "approval.has_voted");
            CHECK(first.vote(deputy, "agree") == "approval.has_voted");
            CHECK(first.vote(13, "agree") == "");
            CHECK(first.at("review").size() == 3);
            Session second(office);
            CHECK(second.vote(deputy, "agree") == "");
            CHECK(second.vote(testing::standing_in(office, deputy, away), "agree") == "approval.has_voted");
            CHECK(second.vote(away, "agree") == "");
        },
        countersigned_process(R"(rule="count" value="3")"));
}

TEST_CASE("或签: the first who decides decides for all") {
    testing::on_each(
        [](Office& office) {
            Session session(office);
            CHECK(session.vote(12, "abstain") == "");
            CHECK(session.at("review").size() == 4);
            CHECK(session.vote(13, "disagree") == "");
            CHECK(session.at("refused").size() == 1);
        },
        countersigned_process(R"(rule="first")"));
}

TEST_CASE("依次审批: in their order, and no further once it is decided") {
    testing::on_each(
        [](Office& office) {
            Session session(office);
            CHECK(session.vote(11, "agree") == "");
            CHECK(session.at("review").size() == 1);
            CHECK(session.vote(40, "agree", Role::section_head) == "");
            CHECK(session.at("review").front().candidate_group == "housing:deciding_leader");
            CHECK(session.vote(50, "disagree", Role::deciding_leader) == "");
            CHECK(session.at("refused").size() == 1);
        },
        countersigned_process(
            R"(rule="all")", R"(isSequential="true")",
            R"(=[&quot;reviewer&quot;,&quot;section_head&quot;,&quot;deciding_leader&quot;,&quot;reviewer&quot;])"));
}

TEST_CASE("where nobody is found, who is named for that votes") {
    testing::on_sqlite(
        [](Office& office) {
            const Session session(office);
            for (const auto& task : session.at("review")) CHECK(task.candidate_group == "housing:section_head");
        },
        countersigned_process(R"(rule="all")", "", R"(=[&quot;nobody&quot;, null])"));
}

TEST_CASE("a countersign that can't come to a result is refused before a case meets it") {
    const auto reason = [](const testing::ProcessFiles& files) {
        const auto parsed = bpmn::parse(files.at("issue.bpmn"));
        REQUIRE(parsed);
        const auto models = read_task_models(*parsed);
        return models ? std::string() : models.error().message;
    };
    CHECK(reason(countersigned_process(R"(rule="count" value="3")")) == "");
    CHECK(reason(countersigned_process(R"(rule="most")")).find("rule 只能是") != std::string::npos);
    CHECK(reason(countersigned_process(R"(rule="share" value="101")")).find("1 到 100") != std::string::npos);
    CHECK(reason(countersigned_process(R"(rule="count")")).find("value") != std::string::npos);
    CHECK(reason(countersigned_process(R"(rule="all" vetoRoles="mayor")")).find("mayor") != std::string::npos);
}

}  // namespace kaigong::approval
