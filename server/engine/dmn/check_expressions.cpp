// Goes through the logic of every element: what is visible at each expression, and what type is wanted there.
#include <fmt/format.h>

#include <algorithm>

#include "engine/dmn/check_expression.hpp"
#include "engine/dmn/evaluation.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::dmn {

namespace {

using feel::Type;
using Severity = CheckProblem::Severity;

/// The type of a knowledge model, a service or a boxed function: what a call of it gives.
TypePtr function_giving(TypePtr result) {
    auto type = std::make_shared<Type>();
    type->kind = Type::Kind::function;
    type->result = std::move(result);
    return type;
}

class LogicCheck {
  public:
    LogicCheck(const ModelData& model, CheckReport& report) : model_(model), report_(report), check_(model, report) {}

    void run() {
        for (const Element& element : model_.elements) {
            if (element.logic) check_element(element);
        }
        check_constraints();
    }

  private:
    void check_element(const Element& element) {
        owner_ = &element;
        check_.forget_used();
        check_.back_to(0);
        for (const Element::Requirement& requirement : element.requirements) see(requirement);
        if (element.kind == ElementKind::knowledge) check_.see(element.variable, nullptr);  // it may call itself
        stand_at_owner();
        const TypePtr type = boxed(*element.logic);
        stand_at_owner();
        if (element.kind == ElementKind::decision) must_fit(type_of(element.type), type, "的结果", "its result");
        check_unused(element);
    }

    void see(const Element::Requirement& requirement) {
        const auto& elements = requirement.model ? requirement.model->elements : model_.elements;
        const Element& needed = elements[requirement.element];
        if (!requirement.import_name.empty()) return check_.see(requirement.import_name, nullptr);
        const bool called = needed.kind == ElementKind::knowledge || needed.kind == ElementKind::service;
        const TypePtr type = type_of(needed.type);
        const bool is_signature = type && type->kind == Type::Kind::function;
        check_.see(needed.variable, called && !is_signature ? function_giving(type) : type);
    }

    void check_unused(const Element& element) {
        // The text of an external function is not ours to read.
        if (!check_.all_known() || holds_external(*element.logic)) return;
        for (const Element::Requirement& requirement : element.requirements) {
            const auto& elements = requirement.model ? requirement.model->elements : model_.elements;
            const std::string& name =
                requirement.import_name.empty() ? elements[requirement.element].variable : requirement.import_name;
            if (check_.used().contains(name) || !reported_unused_.emplace(&element, name).second) continue;
            stand_at_owner();
            check_.report(Severity::warning, "dmn.unused_requirement", CheckReport::Place::kWhole,
                          fmt::format("连着“{}”，但表达式里没有用到它。不需要的连线请删去。", name),
                          fmt::format("requires “{}” but never uses it. Remove the requirement.", name));
        }
    }

    static bool holds_external(const Boxed& boxed) {
        return boxed.kind == Boxed::Kind::external ||
               (boxed.kind == Boxed::Kind::function && boxed.first && holds_external(*boxed.first));
    }

    /// Problems of the reader that no cell or expression has: constraints of item definitions.
    void check_constraints() {
        for (const Problem& problem : model_.problems) {
            if (!problem.element.empty()) continue;
            report_.add_at({}, feel::position_in(problem.error.message), "dmn.unreadable_expression",
                           fmt::format("类型定义里的允许取值“{}”读不懂。{}", problem.text, problem.error.message),
                           fmt::format("The allowed values “{}” of a type cannot be read.", problem.text));
        }
    }

    void stand_at_owner() {
        check_.stand_at({{owner_}, fmt::format("“{}”", owner_->name), fmt::format("“{}”", owner_->name)});
    }
    void stand_at(std::string_view id) {
        check_.stand_at({{owner_, id}, fmt::format("“{}”", owner_->name), fmt::format("“{}”", owner_->name)});
    }

    void must_fit(const TypePtr& wanted, const TypePtr& actual, std::string_view zh, std::string_view en) {
        if (!excludes(wanted, actual)) return;
        check_.report(Severity::error, "dmn.wrong_type", CheckReport::Place::kWhole,
                      fmt::format("{}应是{}，写的却是{}，会变成空值。请改正。", zh, zh_name(wanted), zh_name(actual)),
                      fmt::format("{} should be {} but is {}.", en, en_name(wanted), en_name(actual)));
    }

    TypePtr boxed(const Boxed& boxed) {
        const TypePtr actual = dispatch(boxed);
        const TypePtr declared = type_of(boxed.type);
        if (boxed.kind == Boxed::Kind::literal) must_fit(declared, actual, "的结果", "the result");
        return declared ? declared : actual;
    }

    TypePtr literal(const Literal& literal) {
        stand_at(literal.id);
        return check_.literal(literal);
    }

    TypePtr dispatch(const Boxed& one) {
        switch (one.kind) {
            case Boxed::Kind::literal: return literal(one.literal);
            case Boxed::Kind::table: return table(one.table);
            case Boxed::Kind::context: return context(one);
            case Boxed::Kind::function: return function(one);
            case Boxed::Kind::iteration:
            case Boxed::Kind::some:
            case Boxed::Kind::every: return iteration(one);
            case Boxed::Kind::filter: return filter(one);
            case Boxed::Kind::conditional: {
                condition(*one.first);
                boxed(*one.second);
                boxed(*one.third);
                return nullptr;
            }
            case Boxed::Kind::invocation:
                if (one.first) boxed(*one.first);
                for (const Entry& entry : one.entries) boxed(*entry.value);
                return nullptr;
            case Boxed::Kind::list:
            case Boxed::Kind::relation:
                for (const BoxedPtr& item : one.items) boxed(*item);
                return Type::list_of(Type::simple(Type::Kind::any));
            case Boxed::Kind::missing:
            case Boxed::Kind::external: return nullptr;
        }
        return nullptr;
    }

    void condition(const Boxed& one) {
        const TypePtr type = boxed(one);
        check_.must_be_boolean(type);
    }

    TypePtr context(const Boxed& one) {
        const std::size_t before = check_.mark();
        auto type = std::make_shared<Type>();
        type->kind = Type::Kind::context;
        TypePtr result;
        bool has_result = false;
        for (const Entry& entry : one.entries) {
            const TypePtr declared = type_of(entry.type);
            const TypePtr actual = boxed(*entry.value);
            must_fit(declared, actual, fmt::format("的“{}”", entry.name), fmt::format("“{}”", entry.name));
            const TypePtr held = declared ? declared : actual;
            if (entry.name.empty()) {
                has_result = true;
                result = held;
                continue;
            }
            check_.see(entry.name, held);
            type->fields.emplace_back(entry.name, held ? held : Type::simple(Type::Kind::any));
        }
        check_.back_to(before);
        return has_result ? result : TypePtr(type);
    }

    TypePtr function(const Boxed& one) {
        const std::size_t before = check_.mark();
        for (const FormalParameter& parameter : one.parameters) check_.see(parameter.name, type_of(parameter.type));
        const TypePtr result = one.first ? boxed(*one.first) : nullptr;
        check_.back_to(before);
        return function_giving(result);
    }

    TypePtr iteration(const Boxed& one) {
        const TypePtr domain = boxed(*one.first);
        const std::size_t before = check_.mark();
        check_.see(one.columns.front(), domain && domain->kind == Type::Kind::list ? known(domain->element) : nullptr);
        if (one.kind == Boxed::Kind::iteration) check_.see("partial", nullptr);
        if (one.kind == Boxed::Kind::iteration) {
            boxed(*one.second);
        } else {
            condition(*one.second);
        }
        check_.back_to(before);
        return one.kind == Boxed::Kind::iteration ? nullptr : Type::simple(Type::Kind::boolean);
    }

    TypePtr filter(const Boxed& one) {
        boxed(*one.first);
        const std::size_t before = check_.mark();
        check_.see("item", nullptr);
        check_.enter_open();
        const TypePtr type = boxed(*one.second);
        if (!is(type, Type::Kind::number)) check_.must_be_boolean(type);
        check_.leave_open();
        check_.back_to(before);
        return nullptr;
    }

    TypePtr table(const DecisionTable& table) {
        std::vector<TypePtr> inputs;
        inputs.reserve(table.inputs.size());
        for (const TableInput& input : table.inputs) inputs.push_back(column(input));
        for (const TableOutput& output : table.outputs) {
            stand_at(output.id);
            if (output.allowed) check_.tests(*output.allowed, type_of(output.type));
            if (output.otherwise)
                check_output(*output.otherwise, output, {owner_, output.otherwise->id}, "默认结果", "default");
        }
        std::size_t row = 0;
        for (const TableRule& rule : table.rules) check_rule(table, rule, ++row, inputs);
        if (table.outputs.size() != 1) return nullptr;
        const bool single = table.hit_policy == HitPolicy::unique || table.hit_policy == HitPolicy::any ||
                            table.hit_policy == HitPolicy::first || table.hit_policy == HitPolicy::priority;
        return single ? type_of(table.outputs.front().type) : nullptr;
    }

    TypePtr column(const TableInput& input) {
        const TypePtr declared = type_of(input.type);
        const TypePtr actual = literal(input.expression);
        must_fit(declared, actual, fmt::format("的输入“{}”", input.expression.text),
                 fmt::format("the input “{}”", input.expression.text));
        const TypePtr type = declared ? declared : actual;
        report_.know_type(input, type);
        if (input.allowed) {
            stand_at(input.allowed->id);
            check_.tests(*input.allowed, type);
        }
        return type;
    }

    void check_rule(const DecisionTable& table, const TableRule& rule, std::size_t row,
                    const std::vector<TypePtr>& inputs) {
        if (rule.inputs.size() != table.inputs.size() || rule.outputs.size() != table.outputs.size()) {
            report_.add(Severity::error, "dmn.wrong_cell_count", {owner_, rule.id, row},
                        fmt::format("“{}”第 {} 行的格数和列数不一致，请补齐或删去多余的格。", owner_->name, row),
                        fmt::format("“{}”: row {} does not have one cell a column.", owner_->name, row));
        }
        for (std::size_t at = 0; at < std::min(rule.inputs.size(), inputs.size()); ++at) {
            const std::string& label = name_of(table.inputs[at]);
            check_.stand_at({{owner_, rule.inputs[at].id, row},
                             fmt::format("“{}”第 {} 行“{}”列", owner_->name, row, label),
                             fmt::format("“{}”, row {}, column “{}”", owner_->name, row, label)});
            check_.tests(rule.inputs[at], inputs[at]);
        }
        for (std::size_t at = 0; at < std::min(rule.outputs.size(), table.outputs.size()); ++at) {
            check_output(rule.outputs[at], table.outputs[at], {owner_, rule.outputs[at].id, row},
                         fmt::format("第 {} 行“{}”列", row, table.outputs[at].name),
                         fmt::format("row {}, column “{}”", row, table.outputs[at].name));
        }
    }

    static const std::string& name_of(const TableInput& input) {
        return input.label.empty() ? input.expression.text : input.label;
    }

    void check_output(const Literal& cell, const TableOutput& column, const CheckReport::Place& place,
                      const std::string& zh, const std::string& en) {
        check_.stand_at({place, fmt::format("“{}”{}", owner_->name, zh), fmt::format("“{}”, {}", owner_->name, en)});
        const TypePtr actual = check_.literal(cell);
        must_fit(type_of(column.type), actual, "", "the cell");
        if (!column.allowed || !column.allowed->parsed || column.allowed->parsed->is_any() || !cell.parsed) return;
        const feel::Node& root = *cell.parsed->root();
        if (root.op != feel::Op::literal || root.value.is_null()) return;
        feel::Machine machine(environment_);
        if (!machine.run_tests(*column.allowed->parsed->root(), root.value, {}).is_false()) return;
        check_.report(Severity::error, "dmn.output_not_allowed", CheckReport::Place::kWhole,
                      fmt::format("的 {} 不在这一列允许的取值（{}）里，请改正。", cell.text, column.allowed->text),
                      fmt::format("{} is not among the allowed values ({}).", cell.text, column.allowed->text));
    }

    const ModelData& model_;
    CheckReport& report_;
    ExpressionCheck check_;
    const Element* owner_ = nullptr;
    feel::Environment environment_;
    std::set<std::pair<const Element*, std::string>> reported_unused_;
};

}  // namespace

void check_expressions(const ModelData& model, CheckReport& report) {
    LogicCheck(model, report).run();
}

}  // namespace kaigong::dmn
