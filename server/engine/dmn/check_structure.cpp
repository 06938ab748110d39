// Checks of the model around its expressions: ids and names, requirements that run in a circle, decisions that say
// nothing.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/dmn/check_report.hpp"

namespace kaigong::dmn {

namespace {

using Severity = CheckReport::Severity;

/// Longer chains of requirements are not followed: the stack is bounded.
constexpr std::size_t kPathMax = 1'000;

class StructureCheck {
  public:
    StructureCheck(const ModelData& model, CheckReport& report) : model_(model), report_(report) {}

    void run() {
        for (const Element& element : model_.elements) {
            check_name(element);
            check_element_id(element);
            check_logic(element);
        }
        for (const OwnedTable& owned : tables_of(model_)) check_ids(owned);
        for (std::size_t at = 0; at < model_.elements.size(); ++at) find_cycle(at);
    }

  private:
    void check_name(const Element& element) {
        if (element.name.empty()) {
            report_.add(Severity::error, "dmn.missing_name", {&element},
                        fmt::format("元素 {} 没有名称，别的表达式无法引用它，请起一个名称。", element.id),
                        fmt::format("Element {} has no name, so nothing can refer to it. Name it.", element.id));
            return;
        }
        if (names_.emplace(element.variable, &element).second) return;
        report_.add(Severity::error, "dmn.duplicate_name", {&element},
                    fmt::format("名称“{}”用了不止一次，引用时分不清，请改名。", element.variable),
                    fmt::format("The name “{}” is used more than once. Rename one of them.", element.variable));
    }

    void check_element_id(const Element& element) {
        if (!element.id.empty()) return check_id(element.id, {&element, element.id});
        report_.add(Severity::warning, "dmn.missing_id", {&element},
                    fmt::format("“{}”没有标识（id），连线无法指向它，请在编辑器里重新保存。", element.name),
                    fmt::format("“{}” has no id, so no connection can point to it. Save it again.", element.name));
    }

    void check_id(const std::string& id, const CheckReport::Place& place) {
        if (id.empty() || ids_.insert(id).second) return;
        report_.add(Severity::error, "dmn.duplicate_id", place,
                    fmt::format("标识“{}”用了不止一次，请改成不同的标识。", id),
                    fmt::format("The id “{}” is used more than once. Ids must differ.", id));
    }

    void check_ids(const OwnedTable& owned) {
        std::size_t row = 0;
        for (const TableRule& rule : owned.table->rules) {
            ++row;
            const auto check_one = [&](const std::string& id) { check_id(id, {owned.owner, id, row}); };
            check_one(rule.id);
            for (const Cell& cell : rule.inputs) check_one(cell.id);
            for (const Literal& cell : rule.outputs) check_one(cell.id);
        }
    }

    void check_logic(const Element& element) {
        const bool needs_logic = element.kind == ElementKind::decision || element.kind == ElementKind::knowledge;
        if (!needs_logic) return;
        const Boxed* logic = element.logic.get();
        if (logic != nullptr && logic->kind == Boxed::Kind::function && logic->first) logic = logic->first.get();
        const bool empty_literal =
            logic != nullptr && logic->kind == Boxed::Kind::literal && logic->literal.text.empty();
        if (logic != nullptr && logic->kind != Boxed::Kind::missing && !empty_literal) return;
        report_.add(Severity::error, "dmn.decision_without_logic", {&element},
                    fmt::format("“{}”里没有写决策表或表达式，结果总是空。请补上，或删去它。", element.name),
                    fmt::format("“{}” has neither a table nor an expression and is always null.", element.name));
    }

    /// Depth first from `at` along the requirements; a circle is reported once, at its first element.
    void find_cycle(std::size_t at) {
        if (done_.contains(at) || path_.size() > kPathMax) return;
        path_.push_back(at);
        for (const Element::Requirement& requirement : model_.elements[at].requirements) {
            if (requirement.model) continue;
            const auto begin = std::ranges::find(path_, requirement.element);
            if (begin == path_.end()) {
                find_cycle(requirement.element);
            } else if (!is_recursion(std::distance(begin, path_.end()), at)) {
                report_cycle({begin, path_.end()});
            }
        }
        path_.pop_back();
        done_.insert(at);
    }

    /// A knowledge model may call itself.
    bool is_recursion(std::ptrdiff_t length, std::size_t at) const {
        return length == 1 && model_.elements[at].kind == ElementKind::knowledge;
    }

    void report_cycle(const std::vector<std::size_t>& cycle) {
        std::string names;
        for (const std::size_t at : cycle) names += model_.elements[at].name + " → ";
        const Element& first = model_.elements[cycle.front()];
        names += first.name;
        report_.add(Severity::error, "dmn.requirement_cycle", {&first},
                    fmt::format("决策互相引用成了圈：{}，谁也算不出来。请去掉其中一条连线。", names),
                    fmt::format("Requirements run in a circle: {}. Remove one of them.", names));
    }

    const ModelData& model_;
    CheckReport& report_;
    std::map<std::string, const Element*> names_;
    std::set<std::string> ids_;
    std::set<std::size_t> done_;
    std::vector<std::size_t> path_;
};

}  // namespace

void check_structure(const ModelData& model, CheckReport& report) {
    StructureCheck(model, report).run();
}

}  // namespace kaigong::dmn
