#include "engine/dmn/check_report.hpp"

#include <algorithm>

#include "engine/feel/names.hpp"

namespace kaigong::dmn {

namespace {

/// A table that is wrong everywhere says so a few times, not a thousand.
constexpr std::size_t kOfOneKindMax = 50;

void collect_tables(const Element& owner, const Boxed& boxed, std::vector<OwnedTable>& tables) {
    if (boxed.kind == Boxed::Kind::table) tables.push_back({&owner, &boxed.table});
    for (const Entry& entry : boxed.entries) {
        if (entry.value) collect_tables(owner, *entry.value, tables);
    }
    for (const BoxedPtr& item : boxed.items) collect_tables(owner, *item, tables);
    for (const BoxedPtr& part : {boxed.first, boxed.second, boxed.third}) {
        if (part) collect_tables(owner, *part, tables);
    }
}

}  // namespace

void CheckReport::add(Severity severity, std::string code, const Place& place, std::string zh, std::string en) {
    const feel::Position position =
        place.offset == Place::kWhole ? feel::Position{} : feel::position_of(place.text, place.offset);
    keep(severity, std::move(code), place, position, std::move(zh), std::move(en));
}

void CheckReport::add_at(const Place& place, feel::Position position, std::string code, std::string zh,
                         std::string en) {
    keep(Severity::error, std::move(code), place, position, std::move(zh), std::move(en));
}

void CheckReport::keep(Severity severity, std::string code, const Place& place, feel::Position position, std::string zh,
                       std::string en) {
    if (++counts_[{place.owner, code}] > kOfOneKindMax) return;
    CheckProblem problem;
    problem.severity = severity;
    problem.code = std::move(code);
    problem.element = place.id;
    if (place.owner != nullptr) {
        problem.decision = place.owner->id;
        problem.decision_name = place.owner->name;
        if (problem.element.empty()) problem.element = place.owner->id;
    }
    problem.rule = place.rule;
    problem.line = position.line;
    problem.column = position.column;
    problem.zh = std::move(zh);
    problem.en = std::move(en);
    known_.emplace(problem.element, problem.rule);
    problems_.push_back(std::move(problem));
}

bool CheckReport::knows(std::string_view id, std::size_t rule) const {
    return !id.empty() && known_.contains({std::string(id), rule});
}

std::vector<CheckProblem> CheckReport::take() {
    return std::move(problems_);
}

TypePtr CheckReport::type_of(const TableInput& input) const {
    const auto found = input_types_.find(&input);
    return found == input_types_.end() ? nullptr : found->second;
}

std::vector<OwnedTable> tables_of(const ModelData& model) {
    std::vector<OwnedTable> tables;
    for (const Element& element : model.elements) {
        if (element.logic) collect_tables(element, *element.logic, tables);
    }
    return tables;
}

std::string nearest_name(std::string_view unknown, const std::vector<std::string>& names) {
    feel::Names known;
    for (const std::string& name : names) known.add(name);
    feel::Names::Nearest nearest;
    known.find_nearest(unknown, nearest);
    return nearest.name;
}

std::vector<CheckProblem> check(const Model& model) {
    CheckReport report;
    check_structure(*model.data(), report);
    check_expressions(*model.data(), report);
    check_tables(*model.data(), report);
    return report.take();
}

bool has_errors(const std::vector<CheckProblem>& problems) {
    return std::ranges::any_of(problems,
                               [](const CheckProblem& one) { return one.severity == CheckProblem::Severity::error; });
}

}  // namespace kaigong::dmn
