// bpmn run: a process in virtual time, without a server.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "app/bpmn_run_verb.hpp"
#include "app/decision_files.hpp"
#include "app/process_files.hpp"
#include "app/rule_verbs.hpp"
#include "base/clock.hpp"
#include "base/json_reader.hpp"
#include "engine/bpmn/office_days.hpp"
#include "engine/bpmn/simulation.hpp"
#include "engine/dmn/dmn.hpp"
#include "engine/feel/json.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::app {
namespace {

namespace json = boost::json;
namespace bpmn = kaigong::bpmn;

constexpr std::array<std::string_view, 10> kOptions{"--process",   "--vars",    "--context", "--input",
                                                    "--message",   "--signal",  "--advance", "--complete",
                                                    "--decisions", "--start-at"};

/// Values of an option that may stand several times, in order.
std::vector<std::string> options(const Arguments& arguments, std::string_view name) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] == name) values.push_back(arguments[i + 1]);
    }
    return values;
}

Error option_malformed(std::string_view name, std::string_view shape) {
    return error(Errc::invalid_input, "app.option_malformed", fmt::format("{} 应写成 {}。", name, shape));
}

/// The text itself, or `@file`.
Result<json::value> json_of(const std::string& argument) {
    KAIGONG_TRY(text, text_or_file(argument));
    return parse_json(text);
}

Result<json::object> object_of(const std::string& argument, std::string_view name) {
    KAIGONG_TRY(value, json_of(argument));
    if (auto* object = value.if_object()) return std::move(*object);
    return option_malformed(name, "JSON 对象，如 {\"x\":1}");
}

Result<json::object> variables_as_json(const Arguments& arguments) {
    std::string given = "{}";
    for (const char* name : {"--vars", "--context", "--input"}) {
        if (auto text = option(arguments, name); !text.empty()) given = std::move(text);
    }
    return object_of(given, "--vars");
}

/// `NAME=JSON`; a name alone carries nothing.
Result<std::vector<bpmn::Delivery>> deliveries_of(const Arguments& arguments, std::string_view name) {
    std::vector<bpmn::Delivery> deliveries;
    for (const std::string& text : options(arguments, name)) {
        const std::size_t equals = text.find('=');
        bpmn::Delivery delivery{text.substr(0, equals), {}};
        if (delivery.name.empty()) return option_malformed(name, "NAME=JSON");
        if (equals != std::string::npos) {
            KAIGONG_TRY(variables, object_of(text.substr(equals + 1), name));
            delivery.variables = std::move(variables);
        }
        deliveries.push_back(std::move(delivery));
    }
    return deliveries;
}

Result<void> read_completing(const std::string& completing, bpmn::SimulationPlan& plan) {
    plan.completes_all = completing == "all";
    if (completing.empty() || plan.completes_all) return {};
    const bool is_text = completing.starts_with('[') || completing.starts_with('@');
    KAIGONG_TRY(script, json_of(is_text ? completing : "@" + completing));
    KAIGONG_TRY(completions, bpmn::completions_from_json(script));
    plan.script = std::move(completions);
    return {};
}

/// The first model that knows the decision decides.
Result<json::value> evaluate_decision(const std::vector<dmn::Model>& models, const bpmn::Element& task,
                                      const json::object& variables, std::int64_t now_ms) {
    feel::Environment environment = rule_environment();
    environment.now_at_ms = now_ms;
    const feel::Context inputs = feel::context_from_json(variables, variable_reading());
    for (const dmn::Model& model : models) {
        auto outcome = dmn::evaluate(model, task.decision_id, inputs, environment);
        if (outcome) return feel::to_json(outcome->value);
    }
    return error(Errc::not_found, "bpmn.decision_unknown",
                 fmt::format("--decisions 的模型中没有决策 {}，请核对决策编号。", task.decision_id));
}

Result<bpmn::EvaluateDecision> decisions_of(const Arguments& arguments) {
    std::vector<dmn::Model> models;
    for (const std::string& file : options(arguments, "--decisions")) {
        KAIGONG_TRY(model, load_model(file));
        models.push_back(std::move(model));
    }
    if (models.empty()) return bpmn::EvaluateDecision();
    return bpmn::EvaluateDecision(
        [models = std::move(models)](const bpmn::Element& task, const json::object& variables, std::int64_t now_ms) {
            return evaluate_decision(models, task, variables, now_ms);
        });
}

Result<bpmn::SimulationPlan> plan_of(const Arguments& arguments) {
    bpmn::SimulationPlan plan;
    KAIGONG_TRY(variables, variables_as_json(arguments));
    KAIGONG_TRY(messages, deliveries_of(arguments, "--message"));
    KAIGONG_TRY(signals, deliveries_of(arguments, "--signal"));
    KAIGONG_TRY(decide, decisions_of(arguments));
    plan.variables = std::move(variables);
    plan.messages = std::move(messages);
    plan.signals = std::move(signals);
    plan.evaluate_decision = std::move(decide);
    KAIGONG_CHECK(read_completing(option(arguments, "--complete"), plan));
    for (const std::string& text : options(arguments, "--advance")) {
        KAIGONG_TRY(advance, bpmn::advance_from_text(text));
        plan.advances.push_back(advance);
    }
    plan.ends_at_incident = flag(arguments, "--incident-is-error");
    return plan;
}

/// A local time is the office's. Without the option the run begins now.
Result<std::int64_t> start_of(const std::string& text) {
    if (text.empty()) return SystemClock().now_ms();
    constexpr std::int64_t kOfficeOffsetSeconds = 8LL * 3'600;
    const auto moment = feel::parse_date_time(text, nullptr);
    if (!moment) return option_malformed("--start-at", "2026-11-23T09:00:00+08:00");
    const bool is_local = moment->zone.kind == feel::TimeZone::Kind::local;
    const feel::DaysTime instant = feel::instant_of(*moment);
    const std::int64_t seconds = instant.seconds - (is_local ? kOfficeOffsetSeconds : 0);
    if (seconds < 0 || moment->date.year > 9'000) return option_malformed("--start-at", "1970年到9000年之间的时刻");
    return seconds * 1'000 + instant.nanos / 1'000'000;
}

/// The named one, or all of the file together.
Result<std::vector<bpmn::Definition>> processes_of(const std::string& xml, const std::string& named,
                                                   const bpmn::Library& library) {
    if (named.empty()) return bpmn::parse_all(xml, library);
    KAIGONG_TRY(definition, bpmn::parse(xml, named, library));
    return std::vector{std::move(definition)};
}

json::object last_line(const bpmn::SimulationEnd& end) {
    json::object line{{"end", end.end}, {"variables", end.variables}};
    for (const bpmn::ProcessEnd& one : end.processes) {
        json::value& list = line["processes"];
        if (!list.is_array()) list.emplace_array();
        list.get_array().push_back({{"process", one.process}, {"end", one.end}, {"variables", one.variables}});
    }
    if (!end.unused.empty()) line["unused"] = json::array(end.unused.begin(), end.unused.end());
    if (!end.undelivered.empty()) line["undelivered"] = json::array(end.undelivered.begin(), end.undelivered.end());
    if (end.error) {
        line["reason"] = end.error->reason;
        line["message"] = end.error->message;
    }
    return line;
}

}  // namespace

bool has_wrong_run_option(const Arguments& arguments) {
    const auto takes_value = [](const std::string& name) { return std::ranges::count(kOptions, name) > 0; };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i].starts_with("--")) continue;
        if (takes_value(arguments[i])) {
            if (++i == arguments.size()) return true;
        } else if (std::ranges::count(kRunFlags, arguments[i]) == 0) {
            return true;
        }
    }
    return false;
}

int run_process(const std::string& file, const Arguments& arguments) {
    const auto text = text_or_file("@" + file);
    if (!text) return refuse(text.error());
    auto plan = plan_of(arguments);
    if (!plan) return refuse(plan.error());
    const auto calendar = shipped_calendar();
    if (!calendar) return refuse(calendar.error());
    const bpmn::OfficeDays working_days(*calendar);
    plan->working_days = &working_days;
    const auto start_ms = start_of(option(arguments, "--start-at"));
    if (!start_ms) return refuse(start_ms.error());
    const auto processes = processes_of(*text, option(arguments, "--process"), library_of({file}));
    if (!processes) return refuse(processes.error());
    const bool traces = flag(arguments, "--trace");
    const auto end = bpmn::simulate(*processes, *plan, *start_ms, [traces](const json::object& line) {
        if (traces) fmt::print("{}\n", json::serialize(line));
    });
    fmt::print("{}\n", json::serialize(last_line(end)));
    return end.end == "completed" || end.end == "waiting" ? kDone : kNegative;
}

}  // namespace kaigong::app
