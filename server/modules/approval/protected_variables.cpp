#include "modules/approval/protected_variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "modules/approval/task_model.hpp"

namespace kaigong::approval {
namespace {

using boost::json::object;
using boost::json::value;

/// What the program writes at the opening, in record steps and with a new round.
constexpr std::array<std::string_view, 7> kWrittenByProgram{
    "application_id", "region_code", "required_items", "findings_block", "intake_due_at", "state", "round"};
constexpr std::array<std::string_view, 4> kResultSuffixes{"_outcome", "_by", "_vote", "_chosen"};

object variables_of(const bpmn::Command& command) {
    return std::visit(
        []<class T>(const T& one) -> object {
            if constexpr (requires { one.variables; }) return one.variables;
            return {};
        },
        command);
}

Error refused_from_outside(std::string_view name) {
    return invalid_field("variables", "approval.variable_protected",
                         fmt::format("变量“{}”记录的是办理结果或申请本身，只能由办理过程写入。请去掉它再试。", name));
}

Error refused_to_process(std::string_view name) {
    return error(Errc::conflict, "approval.variable_protected",
                 fmt::format("流程文件要改写变量“{}”，它记录的是办理结果或申请本身。请联系管理员修改流程文件。", name));
}

bool has(const object& variables, std::string_view name, const value& wanted) {
    const auto* found = variables.if_contains(name);
    return found != nullptr && *found == wanted;
}

/// Tasks of that name in the process and in what it calls: a call must not bring back another task's result as its own.
bool belongs_to_several(const bpmn::Definition& definition, std::string_view name) {
    int tasks = 0;
    for (const auto& element : definition.elements()) {
        if (element.kind != bpmn::Kind::user_task) continue;
        const auto stem = variable_stem(element.id);
        tasks += std::ranges::any_of(kResultSuffixes, [&](auto suffix) { return stem + std::string(suffix) == name; })
                     ? 1
                     : 0;
    }
    return tasks > 1;
}

class Judge {
  public:
    Judge(const bpmn::Definition& definition, const bpmn::State& before, object own)
        : definition_(definition), before_(before), own_(std::move(own)) {}

    Result<void> check(const bpmn::Fact& fact) {
        if (const auto* set = std::get_if<bpmn::VariablesSet>(&fact)) {
            return check_all(set->variables, before_.variables, true);
        }
        if (const auto* set = std::get_if<bpmn::ScopeVariablesSet>(&fact)) {
            const auto scope = before_.tokens.find(set->scope);
            return check_all(set->variables, scope == before_.tokens.end() ? object{} : scope->second.variables, false);
        }
        // What a message carries is somebody else's to take, and nobody may.
        if (const auto* thrown = std::get_if<bpmn::EventThrown>(&fact)) return check_carried(thrown->variables);
        // Each instance of a repetition begins without the result that it is to have.
        if (const auto* arrived = std::get_if<bpmn::InstanceArrived>(&fact)) {
            object given;
            for (const auto& [name, one] : arrived->variables) {
                if (!one.is_null()) given[name] = one;
            }
            return check_all(given, {}, false);
        }
        return {};
    }

  private:
    Result<void> check_all(const object& written, const object& home, bool at_top) {
        for (const auto& [name, one] : written) {
            if (!is_protected(name) || has(home, name, one)) continue;
            const bool of_several = belongs_to_several(definition_, name);
            const bool is_own = has(own_, name, one);
            // First where the task stands; what its call brings further out comes after that.
            if (is_own && (!of_several || recorded_.insert(name).second)) continue;
            const bool empties = one.is_null() && at_top;
            const bool stands_in = of_several && (at_top || home.contains(name));
            if (empties || stands_in || (!is_own && !is_known(name, one))) return refused_to_process(name);
        }
        return {};
    }

    static Result<void> check_carried(const object& variables) {
        for (const auto& variable : variables) {
            if (is_protected(variable.key())) return refused_to_process(variable.key());
        }
        return {};
    }

    bool is_known(std::string_view name, const value& one) const {
        if (has(before_.variables, name, one)) return true;
        const auto holds = [&](const auto& entry) { return has(entry.second.variables, name, one); };
        return std::ranges::any_of(before_.tokens, holds) || std::ranges::any_of(before_.compensable, holds);
    }

    const bpmn::Definition& definition_;
    const bpmn::State& before_;
    const object own_;
    std::set<std::string, std::less<>> recorded_;
};

}  // namespace

bool is_protected(std::string_view variable) {
    return std::ranges::find(kWrittenByProgram, variable) != kWrittenByProgram.end() ||
           std::ranges::any_of(kResultSuffixes, [&](auto suffix) { return variable.ends_with(suffix); });
}

std::vector<std::string> protected_variables(const bpmn::Definition& process) {
    std::vector<std::string> names(kWrittenByProgram.begin(), kWrittenByProgram.end());
    for (const auto& element : process.elements()) {
        if (element.kind != bpmn::Kind::user_task) continue;
        for (const auto suffix : kResultSuffixes) names.push_back(variable_stem(element.id) + std::string(suffix));
    }
    return names;
}

Result<void> check_command(const bpmn::Command& command, Writer writer) {
    if (writer == Writer::office) return {};
    for (const auto& variable : variables_of(command)) {
        if (is_protected(variable.key())) return refused_from_outside(variable.key());
    }
    return {};
}

Result<void> check_events(const bpmn::Definition& definition, const bpmn::State& before, const bpmn::Command& command,
                          Writer writer, const std::vector<bpmn::Event>& events) {
    Judge judge(definition, before, writer == Writer::office ? variables_of(command) : object{});
    for (const auto& event : events) KAIGONG_CHECK(judge.check(event.fact));
    return {};
}

}  // namespace kaigong::approval
