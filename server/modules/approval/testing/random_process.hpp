// Draws processes of the office: blocks inside blocks, with every place in which a task may stand. Beside the file it
// says where each element stands, so that a rule about joins needs nothing of the engine.
#pragma once

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/bpmn/random_test.hpp"
#include "modules/approval/testing/episode_case.hpp"

namespace kaigong::approval::testing {

/// One step down from the whole process to an element: which block, which part of it, and whether its parts run beside
/// each other.
struct Descent {
    int block = 0;
    int part = 0;
    bool parallel = false;

    bool operator==(const Descent&) const = default;
};
using Path = std::vector<Descent>;

/// May tokens stand at both at once? Only in different branches of one parallel block.
inline bool may_be_beside(const Path& one, const Path& other) {
    for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
        if (one[i] == other[i]) continue;
        return one[i].block == other[i].block && one[i].parallel;
    }
    return false;
}

struct DrawnProcess {
    ProcessFiles files;
    std::map<std::string, Path> paths;
    /// Done by several.
    std::set<std::string> repeated;
    /// Outcomes of each task.
    std::map<std::string, std::vector<std::string>> outcomes;
};

class ProcessDrawing {
  public:
    explicit ProcessDrawing(bpmn::Random& random) : random_(random) {}

    DrawnProcess draw() {
        add(R"(<startEvent id="start"/>)");
        const auto intake_end = intake();
        const auto reviewed = reviews(intake_end);
        const auto last = decision(reviewed);
        add(R"(<endEvent id="ended"/>)");
        flow(last, "ended");
        drawn_.files = episode_files([](boost::json::object& matter) {
            const std::array departments{"housing", "fire", "civil_defence"};
            for (std::size_t i = 0; i < departments.size(); ++i) {
                matter["items"].as_array()[i].as_object()["department"] = departments[i];
            }
            auto& offices = matter["departments"].as_array();
            offices.push_back({{"department", "fire"}, {"name", "消防"}});
            offices.push_back({{"department", "civil_defence"}, {"name", "人防"}});
            matter["tolerated_omission"] = boost::json::object{{"materials", {"N-01"}}, {"working_days_max", 5}};
            matter["commitment"] =
                boost::json::object{{"supplement_working_days", 5}, {"not_in_regions", boost::json::array{}}};
            matter["decision_extension"] = boost::json::object{{"working_days_max", 10}};
        });
        drawn_.files["materials.json"] = kMaterialToPromise;
        drawn_.files["issue.bpmn"] = file("issue", lines_);
        if (called_taken_) drawn_.files["called.bpmn"] = file("called", called_);
        return std::move(drawn_);
    }

  private:
    struct Item {
        const char* code;
        const char* department;
    };

    static std::string file(const char* id, const std::string& content) {
        return fmt::format(
            R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
                 xmlns:kaigong="https://kaigong.example/bpmn/1" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
                 id="{0}_file" targetNamespace="https://kaigong.example/test">
               <message id="m_report" name="report"><extensionElements>
                 <zeebe:subscription correlationKey="=region_code"/></extensionElements></message>
               <message id="m_remark" name="remark"><extensionElements>
                 <zeebe:subscription correlationKey="=application_id"/></extensionElements></message>
               <signal id="s_halt" name="halt"/>
               <process id="{0}" name="办理" isExecutable="true">{1}</process></definitions>)",
            id, content);
    }

    std::string name(const char* prefix) { return fmt::format("{}{}", prefix, ++count_); }
    void add(const std::string& line) { *target_ += line + "\n"; }
    void place(const std::string& id) { drawn_.paths[id] = path_; }
    void flow(const std::string& from, const std::string& to, const std::string& when = "") {
        add(fmt::format(R"(<sequenceFlow id="f{0}" sourceRef="{1}" targetRef="{2}">{3}</sequenceFlow>)", ++count_, from,
                        to, when.empty() ? "" : "<conditionExpression>=" + when + "</conditionExpression>"));
    }
    /// What stands behind what came before, in the block that is being drawn.
    void next() { path_.back().part = ++count_; }

    void task(const std::string& id, const std::string& attributes,
              const std::vector<std::pair<std::string, std::string>>& outcomes, const std::string& more = "",
              const std::string& extensions = "") {
        std::string list;
        for (const auto& [code, text] : outcomes) {
            list += fmt::format(R"(<kaigong:outcome code="{0}" label="{0}" {1}/>)", code, text);
            drawn_.outcomes[target_ == &called_ ? "called/" + id : id].push_back(code);
        }
        add(fmt::format(
            R"(<userTask id="{0}" name="{0}"><extensionElements><kaigong:task {1}/>{2}{3}</extensionElements>
                           {4}</userTask>)",
            id, attributes, extensions, list, more));
        place(target_ == &called_ ? "called/" + id : id);
    }

    void record(const std::string& id, const char* event, const char* letter = "") {
        add(fmt::format(R"(<serviceTask id="{}"><extensionElements><kaigong:job type="approval.record"/>
                           <kaigong:event name="{}"{}/></extensionElements></serviceTask>)",
                        id, event, *letter == 0 ? "" : fmt::format(R"( letter="{}")", letter)));
    }

    std::string job(const std::string& from) {
        const auto id = name("job");
        next();
        add(fmt::format(R"(<serviceTask id="{0}" name="{0}"><extensionElements><kaigong:job type="letters.issue"/>
                           <kaigong:event letter="materials_receipt"/></extensionElements></serviceTask>)",
                        id));
        place(id);
        flow(from, id);
        return id;
    }

    std::string intake() {
        path_ = {{0, 0, false}};
        add(R"(<exclusiveGateway id="intake"/><exclusiveGateway id="told"/>)");
        task("accept", R"(kind="accept" department="housing" role="acceptance_officer")",
             {{"accept", R"(tone="primary")"},
              {"accept_with_omission", R"(omissionsRequired="true")"},
              {"request_correction", R"(pointsRequired="true")"}});
        add(R"(<exclusiveGateway id="acceptance" default="f_accept"/>)");
        record("record_correction", "request_correction", "correction_notice");
        next();
        add(R"(<userTask id="correct" name="补正"><extensionElements><kaigong:task kind="correct" group="applicant"/>
               </extensionElements></userTask>)");
        place("correct");
        record("record_resubmit", "resubmit", "materials_receipt");
        record("record_accept", "accept", "acceptance_notice");
        flow("start", "intake");
        flow("intake", "accept");
        flow("accept", "acceptance");
        flow("acceptance", "record_correction", R"(accept_outcome = "request_correction")");
        add(R"(<sequenceFlow id="f_accept" sourceRef="acceptance" targetRef="record_accept"/>)");
        flow("record_correction", "correct");
        flow("correct", "record_resubmit");
        flow("record_resubmit", random_.chance(50) ? "intake" : "record_accept");
        flow("record_accept", "told");
        if (random_.chance(60)) {
            record("record_default", "accept_by_default", "acceptance_notice");
            add(R"(<boundaryEvent id="intake_due" attachedToRef="accept"><timerEventDefinition>
                   <timeDate>=intake_due_at</timeDate></timerEventDefinition></boundaryEvent>)");
            flow("intake_due", "record_default");
            flow("record_default", "told");
        }
        if (random_.chance(40)) return job("told");
        return "told";
    }

    std::string reviews(const std::string& from) {
        const std::vector<Item> items{{"planning", "housing"}, {"fire", "fire"}, {"civil", "civil_defence"}};
        std::string last = from;
        if (random_.chance(30)) last = some_block(last, 1);
        const bool at_once = random_.chance(75);
        if (!at_once) {
            for (const auto& item : items) last = review(last, item);
        } else {
            std::vector<std::function<std::string(const std::string&)>> branches;
            branches.reserve(items.size());
            for (const auto& item : items) {
                branches.emplace_back([this, item](const std::string& start) { return review(start, item); });
            }
            last = parallel(last, branches);
        }
        record("record_concluded", "all_items_concluded");
        flow(last, "record_concluded");
        return "record_concluded";
    }

    std::string parallel(const std::string& from,
                         const std::vector<std::function<std::string(const std::string&)>>& branches) {
        const auto fork = name("fork");
        const auto join = name("join");
        add(fmt::format(R"(<parallelGateway id="{}"/><parallelGateway id="{}"/>)", fork, join));
        flow(from, fork);
        next();
        const int block = ++count_;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            path_.push_back({block, static_cast<int>(i), true});
            path_.push_back({++count_, 0, false});
            flow(branches[i](fork), join);
            path_.pop_back();
            path_.pop_back();
        }
        next();
        return join;
    }

    /// A department's branch: its review in whatever form, with steps before and behind it.
    std::string review(const std::string& from, const Item& item) {
        auto last = from;
        if (random_.chance(25)) last = some_block(last, 1);
        next();
        const int form = random_.below(10);
        const std::string id = fmt::format("review_{}", item.code);
        const auto attributes = fmt::format(R"(kind="review" item="{}" department="{}")", item.code, item.department);
        const std::vector<std::pair<std::string, std::string>> votes{
            {"agree", R"(tone="primary" event="conclude_agree")"},
            {"disagree", R"(tone="danger" event="conclude_disagree")"}};
        auto outcomes = votes;
        outcomes.emplace_back(
            "agree_on_commitment",
            fmt::format(R"(event="conclude_agree" when='list contains(committed_items, "{}")' blockedText="没有承诺")",
                        item.code));
        if (form < 4) {
            task(id, attributes + R"( role="reviewer")", outcomes);
            flow(last, id);
            last = id;
            if (random_.chance(30)) reminder(id);
        } else if (form < 7) {
            countersign(id, attributes, votes);
            flow(last, id);
            last = id;
        } else if (form < 8 || called_taken_) {
            const auto part = name("part");
            add(fmt::format(R"(<subProcess id="{0}"><startEvent id="{0}_s"/><endEvent id="{0}_e"/>)", part));
            task(id, attributes + R"( role="reviewer")", outcomes);
            flow(part + "_s", id);
            flow(id, part + "_e");
            add("</subProcess>");
            flow(last, part);
            last = part;
        } else {
            called_taken_ = true;
            const auto call = name("call");
            add(fmt::format(R"(<callActivity id="{}" calledElement="called"/>)", call));
            flow(last, call);
            target_ = &called_;
            add(R"(<startEvent id="cs"/><endEvent id="ce"/>)");
            task(id, attributes + R"( role="reviewer")", outcomes);
            flow("cs", id);
            flow(id, "ce");
            target_ = &lines_;
            last = call;
        }
        if (random_.chance(25)) last = some_block(last, 1);
        return last;
    }

    void countersign(const std::string& id, const std::string& attributes,
                     std::vector<std::pair<std::string, std::string>> outcomes) {
        static constexpr std::array kRules{R"(rule="count" value="2")", R"(rule="all")", R"(rule="first")",
                                           R"(rule="share" value="60" vetoRoles="section_head")"};
        outcomes.emplace_back("abstain", "");
        const auto rule = kRules[static_cast<std::size_t>(random_.below(4))];
        drawn_.repeated.insert(id);
        task(id, attributes + R"( role="=voter" fallbackRole="reviewer")", outcomes,
             fmt::format(R"(<multiInstanceLoopCharacteristics isSequential="{}"><extensionElements>
                   <zeebe:loopCharacteristics inputCollection="=[&quot;reviewer&quot;,&quot;reviewer&quot;,
                     &quot;section_head&quot;]" inputElement="voter"/></extensionElements>
                   <completionCondition>={}_vote.fixed</completionCondition></multiInstanceLoopCharacteristics>)",
                         random_.chance(40), id),
             fmt::format("<kaigong:countersign {}/>", rule));
    }

    std::string some_block(const std::string& from, int depth) {
        switch (random_.below(depth > 0 ? 7 : 3)) {
            case 0: return job(from);
            case 1: return heard(from);
            case 2: return thrown(from);
            case 3: return loop(from);
            case 4:
                return parallel(from, {[&](const std::string& at) { return check(at); },
                                       [&](const std::string& at) { return some_block(at, depth - 1); }});
            default: return check(from);
        }
    }

    std::string check(const std::string& from) {
        next();
        auto id = name("check");
        last_check_ = id;
        const bool by_two = random_.chance(25);
        if (by_two) drawn_.repeated.insert(id);
        task(id, R"(kind="check" department="housing" role="reviewer")",
             {{"agree", R"(tone="primary")"}, {"disagree", R"(tone="danger")"}},
             by_two ? fmt::format(R"(<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>2
                                     </loopCardinality></multiInstanceLoopCharacteristics>)",
                                  random_.chance(50))
                    : "");
        flow(from, id);
        if (random_.chance(30)) reminder(id);
        if (random_.chance(20)) remarked(id);
        if (random_.chance(20)) return given_up(id);
        return id;
    }

    /// Does not take the task away.
    void reminder(const std::string& activity) {
        const auto id = name("remind");
        add(fmt::format(R"(<boundaryEvent id="{0}" attachedToRef="{1}" cancelActivity="false"><timerEventDefinition>
                           {2}</timerEventDefinition></boundaryEvent><endEvent id="{0}_e"/>)",
                        id, activity,
                        random_.chance(50) ? "<timeDuration>P2D</timeDuration>" : "<timeCycle>R3/P1D</timeCycle>"));
        flow(id, id + "_e");
    }

    void remarked(const std::string& activity) {
        const auto id = name("remarked");
        add(fmt::format(R"(<boundaryEvent id="{0}" attachedToRef="{1}" cancelActivity="false">
                           <messageEventDefinition messageRef="m_remark"/></boundaryEvent><endEvent id="{0}_e"/>)",
                        id, activity));
        flow(id, id + "_e");
    }

    /// Takes the task away when nobody does it in three days.
    std::string given_up(const std::string& activity) {
        const auto id = name("late");
        const auto merge = name("merge");
        add(fmt::format(R"(<boundaryEvent id="{0}" attachedToRef="{1}"><timerEventDefinition>
                           <timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>
                           <exclusiveGateway id="{2}"/>)",
                        id, activity, merge));
        flow(id, merge);
        flow(activity, merge);
        return merge;
    }

    std::string loop(const std::string& from) {
        const auto begin = name("begin");
        const auto choice = name("choice");
        const auto out = name("out");
        add(fmt::format(R"(<exclusiveGateway id="{}"/><exclusiveGateway id="{}" default="{}"/>)", begin, choice, out));
        flow(from, begin);
        flow(check(begin), choice);
        flow(choice, begin, fmt::format(R"({}_outcome = "disagree")", last_check_));
        const auto merge = name("after");
        add(fmt::format(R"(<exclusiveGateway id="{}"/>)", merge));
        add(fmt::format(R"(<sequenceFlow id="{}" sourceRef="{}" targetRef="{}"/>)", out, choice, merge));
        return merge;
    }

    /// Whatever comes first: a message, a signal, two days.
    std::string heard(const std::string& from) {
        next();
        const auto id = name("hear");
        add(fmt::format(
            R"(<eventBasedGateway id="{0}"/><exclusiveGateway id="{0}_x"/>
               <intermediateCatchEvent id="{0}_m"><messageEventDefinition messageRef="m_report"/></intermediateCatchEvent>
               <intermediateCatchEvent id="{0}_s"><signalEventDefinition signalRef="s_halt"/></intermediateCatchEvent>
               <intermediateCatchEvent id="{0}_t"><timerEventDefinition><timeDuration>P2D</timeDuration>
                 </timerEventDefinition></intermediateCatchEvent>)",
            id));
        place(id);
        flow(from, id);
        for (const char* event : {"_m", "_s", "_t"}) {
            flow(id, id + event);
            flow(id + event, id + "_x");
        }
        return id + "_x";
    }

    std::string thrown(const std::string& from) {
        const auto id = name("throw");
        add(fmt::format(R"(<intermediateThrowEvent id="{}">{}</intermediateThrowEvent>)", id,
                        random_.chance(50) ? R"(<messageEventDefinition messageRef="m_report"/>)"
                                           : R"(<signalEventDefinition signalRef="s_halt"/>)"));
        flow(from, id);
        return id;
    }

    std::string decision(const std::string& from) {
        auto last = from;
        if (random_.chance(50)) {
            next();
            task("recheck", R"(kind="recheck" department="housing" role="section_head")",
                 {{"agree", R"(tone="primary")"}, {"disagree", R"(tone="danger")"}});
            flow(last, "recheck");
            last = "recheck";
        }
        next();
        task("decide", R"(kind="decide" department="housing" role="deciding_leader")",
             {{"grant", R"(tone="primary")"}, {"refuse", R"(tone="danger")"}});
        if (random_.chance(50)) reminder("decide");
        flow(last, "decide");
        add(R"(<exclusiveGateway id="decided" default="f_grant"/><exclusiveGateway id="told_result"/>)");
        record("record_refuse", "decide_refuse", "refusal_decision");
        record("record_grant", "decide_grant", "grant_decision");
        flow("decide", "decided");
        flow("decided", "record_refuse", R"(decide_outcome = "refuse")");
        add(R"(<sequenceFlow id="f_grant" sourceRef="decided" targetRef="record_grant"/>)");
        flow("record_refuse", "told_result");
        flow("record_grant", "told_result");
        last = "told_result";
        if (random_.chance(50)) last = job(last);
        if (random_.chance(40)) {
            next();
            task("certificate", R"(kind="certificate" department="housing" role="certificate_officer")",
                 {{"agree", R"(tone="primary")"}});
            flow(last, "certificate");
            last = "certificate";
        }
        return last;
    }

    bpmn::Random& random_;
    DrawnProcess drawn_;
    std::string lines_;
    /// What another process file holds.
    std::string called_;
    std::string* target_ = &lines_;
    std::string last_check_;
    Path path_;
    int count_ = 0;
    bool called_taken_ = false;
};

}  // namespace kaigong::approval::testing
