#include "engine/bpmn/scenario_test.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "engine/bpmn/office_days.hpp"
#include "engine/bpmn/returning.hpp"
#include "engine/bpmn/xml.hpp"
#include "engine/calendar/published_years_test.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

std::string text_of(const std::vector<Event>& events) {
    std::string text;
    for (const Event& event : events) text += json::serialize(event_to_json(event)) + "\n";
    return text;
}

const OfficeDays& office_days() {
    static const calendar::Calendar calendar = calendar::published_years();
    static const OfficeDays days(calendar);
    return days;
}

State restored(const State& state) {
    return state_from_json(json::parse(json::serialize(state_to_json(state)))).value();
}

Event restored(const Event& event) {
    return event_from_json(json::parse(json::serialize(event_to_json(event)))).value();
}

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '&') {
            result += "&amp;";
        } else if (c == '<') {
            result += "&lt;";
        } else {
            result += c;
        }
    }
    return result;
}

/// `a -> b -> c when x`: the condition belongs to the last flow.
std::string flows_xml(std::string_view line) {
    std::string condition;
    if (const std::size_t when = line.find(" when "); when != std::string_view::npos) {
        condition = escaped(trimmed(line.substr(when + 6)));
        line = line.substr(0, when);
    }
    std::vector<std::string> nodes;
    for (std::size_t arrow = 0; arrow != std::string_view::npos;) {
        arrow = line.find("->");
        nodes.emplace_back(trimmed(line.substr(0, arrow)));
        if (arrow != std::string_view::npos) line.remove_prefix(arrow + 2);
    }
    std::string xml;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const bool last = i + 1 == nodes.size() && !condition.empty();
        xml += fmt::format(R"(<sequenceFlow id="{0}_{1}" sourceRef="{0}" targetRef="{1}">{2}</sequenceFlow>)",
                           nodes[i - 1], nodes[i],
                           last ? "<conditionExpression>=" + condition + "</conditionExpression>" : "");
    }
    return xml;
}

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream stream{std::string(text)};
    return {std::istream_iterator<std::string>(stream), {}};
}

/// `day_six on accept at =due_at`
std::string timer_xml(std::string_view text, bool interrupting) {
    const auto words = words_of(text);
    if (words.size() < 5 || words[1] != "on" || (words[3] != "at" && words[3] != "after")) {
        throw std::runtime_error("a timer is: timer ID on ELEMENT at|after WHEN");
    }
    const std::string_view when = text.substr(text.find(" " + words[3] + " ") + words[3].size() + 2);
    return fmt::format(
        R"(<boundaryEvent id="{0}" attachedToRef="{1}" cancelActivity="{2}"><timerEventDefinition><time{3}>{4}</time{3}>)"
        R"(</timerEventDefinition></boundaryEvent>)",
        words[0], words[2], interrupting, words[3] == "at" ? "Date" : "Duration", escaped(when));
}

struct Line {
    int number = 0;
    bool indented = false;
    std::string word;
    std::string rest;
};

std::vector<Line> lines_of(std::string_view text) {
    std::vector<Line> lines;
    std::istringstream stream{std::string(text)};
    std::string raw;
    for (int number = 1; std::getline(stream, raw); ++number) {
        const std::string_view content = trimmed(raw);
        if (content.empty() || content.front() == '#') continue;
        const std::size_t space = content.find_first_of(" \t");
        Line line{number, raw.front() == ' ' || raw.front() == '\t', std::string(content.substr(0, space)), ""};
        if (space != std::string_view::npos) line.rest = trimmed(content.substr(space));
        lines.push_back(std::move(line));
    }
    return lines;
}

class Runner {
  public:
    std::string run(std::string_view text) {
        const std::vector<Line> lines = lines_of(text);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            line_ = lines[i].number;
            try {
                if (lines[i].word == "deploy") {
                    i = deploy(lines, i);
                } else {
                    step(lines[i]);
                }
            } catch (const std::exception& problem) {
                fail(problem.what());
            }
        }
        settle_last();
        if (cases_ == 0) fail("there is no case");
        return std::move(failures_);
    }

  private:
    void fail(const std::string& what) { failures_ += fmt::format("{}, line {}: {}\n", case_, line_, what); }

    /// The line before must have gone well unless an `error` line took note of it.
    void settle_last() {
        if (refusal_) failures_ += fmt::format("{}, line {}: refused with {}\n", case_, refused_line_, *refusal_);
        refusal_.reset();
    }

    std::size_t deploy(const std::vector<Line>& lines, std::size_t i) {
        settle_last();
        std::string xml;
        if (lines[i].rest.starts_with("file ")) {
            xml = file_text(lines[i].rest.substr(5));
        } else {
            std::string block;
            for (; i + 1 < lines.size() && lines[i + 1].indented; ++i) {
                block.append(lines[i + 1].word).append(" ").append(lines[i + 1].rest).append("\n");
            }
            xml = model_xml(block);
        }
        judgement_ = check(xml);
        instance_.reset();
        if (!judgement_.deployable()) return i;
        instance_.emplace(parse(xml).value());
        now_ms_ = office_midnight_ms({2026, 11, 23}) + 9 * kHourMs;
        return i;
    }

    static std::string file_text(std::string_view path) {
        std::ifstream file(std::filesystem::path(KAIGONG_SOURCE_DIR) / trimmed(path));
        if (!file) throw std::runtime_error("no such file");
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void step(const Line& line) {
        if (line.word == "error") return expect_error(line.rest);
        settle_last();
        if (line.word == "case") {
            case_ = line.rest;
            ++cases_;
            instance_.reset();
            judgement_ = {};
        } else if (line.word == "warning") {
            expect_problem(Problem::Severity::warning, line.rest);
        } else if (line.word == "advance") {
            advance_to(instant_after(line.rest));
        } else if (line.word == "expect") {
            expect(line.rest);
        } else if (line.word == "return") {
            send_back(words_of(line.rest));
        } else {
            send(command_of(line));
        }
    }

    TwinInstance& instance() {
        if (!instance_) {
            std::string codes;
            for (const Problem& problem : judgement_.problems) codes += " " + problem.code + "@" + problem.element;
            throw std::runtime_error("nothing is deployed:" + codes);
        }
        return *instance_;
    }

    void send(const Command& command) {
        const auto events = instance().carry_out(command, now_ms_);
        events_.clear();
        if (events) {
            events_ = *events;
        } else {
            refusal_ = events.error().reason;
            refused_line_ = line_;
        }
    }

    /// `decide to check why` or `decide straight to check why`
    void send_back(const std::vector<std::string>& words) {
        const bool straight = words.at(1) == "straight";
        const std::size_t to = straight ? 3 : 2;
        const std::string reason = words.size() > to + 1 ? words[to + 1] : "returned";
        const auto planned = plan_return(instance().definition(), instance().state(), task_of(words.at(0)),
                                         words.at(to), straight ? Onward::straight : Onward::again, reason);
        if (planned) return send(*planned);
        refusal_ = planned.error().reason;
        refused_line_ = line_;
    }

    std::int64_t task_of(const std::string& element) {
        return key_of(waiting_for(instance().state()).tasks, element, &OpenTask::token);
    }

    static json::object variables_of(std::string_view text) {
        return text.empty() ? json::object{} : json::parse(text).as_object();
    }

    Command command_of(const Line& line) {
        if (line.word == "start") return start_of(line.rest);
        if (line.word == "message") return message_of(line.rest);
        if (line.word == "suspend") return Suspend{line.rest};
        if (line.word == "resume") return Resume{};
        if (line.word == "set") return SetVariables{variables_of(line.rest)};
        if (line.word == "cancel") return Cancel{line.rest};
        const std::size_t space = line.rest.find(' ');
        const std::string element = line.rest.substr(0, space);
        const std::string more = space == std::string::npos ? "" : line.rest.substr(space + 1);
        if (line.word == "signal") return BroadcastSignal{element, variables_of(more)};
        if (line.word == "throw" || line.word == "escalate") return thrown(line.word, element, more);
        if (line.word == "move") return move_of(words_of(line.rest));
        if (line.word == "add") return AddInstance{token_of(element, false), json::parse(more)};
        if (line.word == "remove") return RemoveInstance{token_of(element, true), more};
        const Waiting waiting = waiting_for(instance().state());
        if (line.word == "fail") return FailJob{key_of(waiting.jobs, element, &OpenJob::token), more};
        if (line.word == "fire") return FireTimer{key_of(waiting.timers, element, &OpenTimer::timer)};
        if (line.word == "resolve") {
            return ResolveIncident{key_of(waiting.incidents, element, &OpenIncident::incident), variables_of(more)};
        }
        if (line.word != "complete") throw std::runtime_error("unknown word " + line.word);
        if (const std::int64_t job = key_of(waiting.jobs, element, &OpenJob::token)) {
            return CompleteJob{job, variables_of(more)};
        }
        return CompleteTask{key_of(waiting.tasks, element, &OpenTask::token), variables_of(more)};
    }

    /// `at ELEMENT {…}` or only the variables.
    static Command start_of(const std::string& rest) {
        if (!rest.starts_with("at ")) return Start{variables_of(rest), ""};
        const auto words = words_of(rest);
        const std::size_t brace = rest.find('{');
        return Start{variables_of(brace == std::string::npos ? "" : rest.substr(brace)), words.at(1)};
    }

    /// `paid {…}` or `paid key 42 {…}`.
    static Command message_of(const std::string& rest) {
        const auto words = words_of(rest);
        const std::size_t brace = rest.find('{');
        const auto variables = variables_of(brace == std::string::npos ? "" : rest.substr(brace));
        const bool keyed = words.size() > 2 && words[1] == "key";
        return CorrelateMessage{words.at(0), keyed ? words[2] : "", variables};
    }

    Command thrown(const std::string& word, const std::string& element, const std::string& more) {
        const Waiting waiting = waiting_for(instance().state());
        std::int64_t token = key_of(waiting.tasks, element, &OpenTask::token);
        if (token == 0) token = key_of(waiting.jobs, element, &OpenJob::token);
        const std::string code = more.substr(0, more.find(' '));
        const std::size_t brace = more.find('{');
        auto variables = variables_of(brace == std::string::npos ? "" : more.substr(brace));
        if (word == "escalate") return Escalate{token, code, std::move(variables)};
        return ThrowError{token, code, std::move(variables)};
    }

    /// `A B to C because`
    Command move_of(const std::vector<std::string>& words) {
        MoveTokens move;
        std::size_t i = 0;
        for (; i < words.size() && words[i] != "to"; ++i) move.tokens.push_back(token_of(words[i], false));
        move.element = words.at(i + 1);
        if (i + 2 < words.size()) move.reason = words[i + 2];
        return move;
    }

    /// The oldest token of an element: an instance of it, or one that is no instance.
    std::int64_t token_of(const std::string& element, bool instances) {
        const State& state = instance().state();
        for (const auto& [key, token] : state.tokens) {
            if (token.element == element && state.is_instance(key) == instances) return key;
        }
        return 0;
    }

    /// 0, a key that nothing has, when the element waits for nothing of the kind.
    template <class Open>
    static std::int64_t key_of(const std::vector<Open>& list, const std::string& element, std::int64_t Open::* key) {
        for (const Open& open : list) {
            if (open.element == element) return open.*key;
        }
        return 0;
    }

    std::int64_t instant_after(const std::string& text) const {
        const auto words = words_of(text);
        if (words.size() == 2 && words[0] == "to") {
            const auto moment = feel::parse_date_time(words[1], nullptr);
            if (!moment || moment->zone.kind == feel::TimeZone::Kind::local)
                throw std::runtime_error("no instant with offset");
            return feel::instant_of(*moment).seconds * 1'000;
        }
        if (words.size() == 2 && words[1] == "days") return now_ms_ + std::stoi(words[0]) * kDayMs;
        if (words.size() == 2 && words[1] == "working_days") {
            const CivilDate today = office_date(now_ms_);
            const CivilDate day = calendar::published_years().add_working_days(today, std::stoi(words[0])).value;
            return now_ms_ + (days_of(day) - days_of(today)) * kDayMs;
        }
        const auto duration = feel::parse_days_time(text);
        if (!duration) throw std::runtime_error("advance by what?");
        return now_ms_ + duration->seconds * 1'000;
    }

    /// Time passes from one due timer to the next.
    void advance_to(std::int64_t target_ms) {
        if (target_ms < now_ms_) throw std::runtime_error("time does not go back");
        std::vector<Event> all;
        for (;;) {
            const Waiting waiting = waiting_for(instance().state());
            if (waiting.timers.empty() || waiting.timers.front().due_at_ms > target_ms) break;
            now_ms_ = std::max(now_ms_, waiting.timers.front().due_at_ms);
            send(FireTimer{waiting.timers.front().timer});
            settle_last();
            all.insert(all.end(), events_.begin(), events_.end());
        }
        now_ms_ = target_ms;
        events_ = std::move(all);
    }

    void expect_error(const std::string& rest) {
        if (!instance_) return expect_problem(Problem::Severity::error, rest);
        if (refusal_ != rest) fail(fmt::format("refusal is {}, not {}", refusal_.value_or("none"), rest));
        refusal_.reset();
    }

    void expect_problem(Problem::Severity severity, const std::string& rest) {
        std::string seen;
        for (const Problem& problem : judgement_.problems) {
            if (problem.severity != severity) continue;
            const std::string told = problem.code + " " + problem.element;
            if (told == rest && problem.line > 0 && !problem.zh.empty() && !problem.en.empty()) return;
            seen += told + "; ";
        }
        fail(fmt::format("no problem {}, but: {}", rest, seen));
    }

    void expect(const std::string& text) {
        std::vector<std::string> words = words_of(text);
        if (words.empty()) throw std::runtime_error("expect what?");
        const std::string what = words.front();
        words.erase(words.begin());
        if (what == "running" || what == "completed" || what == "cancelled") return compare({what}, {status()}, what);
        if (what == "variable") return expect_variable(text.substr(8));
        if (what == "returns") return expect_returns(words);
        if (what == "passed" || what == "events") return compare(words, seen(what), what);
        std::sort(words.begin(), words.end());
        std::vector<std::string> found = seen(what);
        std::sort(found.begin(), found.end());
        compare(words, found, what);
    }

    /// The first word is the task.
    void expect_returns(std::vector<std::string> words) {
        const std::string task = words.at(0);
        words.erase(words.begin());
        compare(words, return_targets(instance().definition(), instance().state(), task_of(task)), "returns");
    }

    std::string status() { return std::string(to_string(instance().state().status)); }

    void expect_variable(std::string_view text) {
        text = trimmed(text);
        const std::size_t space = text.find(' ');
        const std::string name(text.substr(0, space));
        const json::value* value = instance().state().variables.if_contains(name);
        const std::string found = value == nullptr ? "nothing" : json::serialize(*value);
        compare({std::string(trimmed(text.substr(space)))}, {found}, name);
    }

    std::vector<std::string> seen(const std::string& what) {
        const State& state = instance().state();
        const Waiting waiting = waiting_for(state);
        std::vector<std::string> found;
        if (what == "tasks") {
            for (const OpenTask& task : waiting.tasks) found.push_back(task.element);
        } else if (what == "jobs") {
            for (const OpenJob& job : waiting.jobs) found.push_back(job.element);
        } else if (what == "timers") {
            for (const OpenTimer& timer : waiting.timers) found.push_back(timer.element);
        } else if (what == "waits") {
            for (const OpenSubscription& one : waiting.subscriptions) found.push_back(one.element);
        } else if (what == "incidents") {
            for (const OpenIncident& incident : waiting.incidents)
                found.push_back(incident.element + ":" + incident.code);
        } else if (what == "passed") {
            found = state.completed;
        } else if (what == "events") {
            for (const Event& event : events_) found.emplace_back(event_name(event));
        } else {
            throw std::runtime_error("unknown expectation " + what);
        }
        return found;
    }

    void compare(const std::vector<std::string>& wanted, const std::vector<std::string>& found,
                 const std::string& what) {
        if (wanted == found) return;
        fail(fmt::format("{}: expected [{}], found [{}]", what, fmt::join(wanted, " "), fmt::join(found, " ")));
    }

    std::string case_ = "before any case";
    int cases_ = 0;
    int line_ = 0;
    Judgement judgement_;
    std::optional<TwinInstance> instance_;
    std::int64_t now_ms_ = 0;
    std::vector<Event> events_;
    std::optional<std::string> refusal_;
    int refused_line_ = 0;
    std::string failures_;
};

}  // namespace

Result<std::vector<Event>> TwinInstance::carry_out(const Command& command, std::int64_t now_ms, const Limits& limits) {
    const State before = state_;
    const auto events = decide(definition_, state_, command, now_ms, limits, &office_days());
    const auto twin_events = decide(definition_, restored(state_), command, now_ms, limits, &office_days());
    if (!(state_ == before)) throw std::logic_error("decide changed the state");
    if (!events) {
        if (twin_events || twin_events.error().reason != events.error().reason)
            throw std::logic_error("the twin judged otherwise");
        return events;
    }
    if (!twin_events || text_of(*events) != text_of(*twin_events)) throw std::logic_error("the twin's events differ");
    if (events->empty()) throw std::logic_error("a command without an event");
    State twin = restored(state_);
    for (const Event& event : *events) {
        apply(state_, event);
        history_.push_back(event);
        apply(twin, restored(event));
    }
    if (!(twin == state_)) throw std::logic_error("the twin's state differs");
    crash();
    check_waiting();
    return events;
}

Result<std::vector<Event>> TwinInstance::carry_out_alone(const Command& command, std::int64_t now_ms,
                                                         const Limits& limits) {
    auto events = decide(definition_, state_, command, now_ms, limits, &office_days());
    if (!events) return events;
    for (const Event& event : *events) {
        apply(state_, event);
        history_.push_back(event);
    }
    check_waiting();
    return events;
}

void TwinInstance::crash() {
    State saved = restored(state_);
    if (!(saved == state_)) throw std::logic_error("the saved state differs");
    State replayed;
    for (const Event& event : history_) apply(replayed, restored(event));
    if (!(replayed == state_)) throw std::logic_error("the replayed state differs");
    state_ = std::move(saved);
}

void TwinInstance::check_waiting() const {
    if ((state_.status == Status::running) == waiting_for(state_).empty()) {
        throw std::logic_error("a running instance waits for nothing, or an ended one for something");
    }
}

std::string model_xml(std::string_view lines) {
    std::string xml =
        R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1" )"
        R"(xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">)"
        R"(<process id="p" isExecutable="true">)";
    std::string root;
    for (const Line& line : lines_of(lines)) {
        const std::string whole = line.word + " " + line.rest;
        xml += "\n";
        if (line.word.front() == '<') {
            xml += whole;
        } else if (line.rest == "{") {
            xml += fmt::format(R"(<subProcess id="{}">)", line.word);
        } else if (line.word == "}") {
            xml += "</subProcess>";
        } else if (line.rest.starts_with("->")) {
            xml += flows_xml(whole);
        } else if (line.word == "root") {
            root += line.rest;
        } else if (line.word == "timer" || line.word == "reminder") {
            xml += timer_xml(line.rest, line.word == "timer");
        } else {
            throw std::runtime_error("neither XML nor a flow: " + whole);
        }
    }
    return xml + "</process>" + root + "</definitions>";
}

std::string run_scenarios(std::string_view text) {
    return Runner().run(text);
}

}  // namespace kaigong::bpmn

using namespace kaigong::bpmn;

TEST_CASE("the stories in tests/engine come out as written, also when saved and restored after each step") {
    const std::filesystem::path folder = std::filesystem::path(KAIGONG_SOURCE_DIR) / "tests/engine";
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".test") files.insert(entry.path());
    }
    REQUIRE(files.size() >= 6);
    for (const auto& path : files) {
        CAPTURE(path.filename().string());
        std::ifstream file(path);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const std::string failures = run_scenarios(text);
        CHECK(failures == "");
    }
}

TEST_CASE("a story that does not come out as written fails") {
    const std::string_view model = R"(case c
deploy
  <startEvent id="start"/> <userTask id="a"/>
  start -> a
start
)";
    for (const char* wrong :
         {"expect completed", "expect tasks b", "expect tasks", "error bpmn.not_running", "complete b",
          "expect variable x 1", "warning unreachable a", "advance back", "nonsense"}) {
        CAPTURE(wrong);
        const std::string failures = run_scenarios(std::string(model) + wrong);
        CHECK(std::count(failures.begin(), failures.end(), '\n') == 1);
    }
    CHECK(run_scenarios(model).empty());
    CHECK_FALSE(run_scenarios("").empty());
}
