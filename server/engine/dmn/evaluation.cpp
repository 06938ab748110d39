#include "engine/dmn/evaluation.hpp"

#include <fmt/format.h>

namespace kaigong::dmn {

namespace {

using feel::Context;
using feel::Frame;
using feel::Kind;
using feel::List;
using feel::Value;

Value not_allowed(const Value& value) {
    return Value::null("dmn.value_not_allowed",
                       fmt::format("{} 不在模型允许的取值里，请改正填写的内容。", value.to_text()));
}

/// Null when all parts are allowed, else the part that is not.
Value first_not_allowed(const Value& value, const ItemType& type, feel::Machine& machine) {
    if (value.is_null()) return {};
    if (type.allowed && !machine.run_tests(*type.allowed->root(), value, Frame{}).is_true()) return not_allowed(value);
    if (type.element && value.is(Kind::list)) {
        for (const Value& item : value.as_list()) {
            Value problem = first_not_allowed(item, *type.element, machine);
            if (!problem.null_code().empty()) return problem;
        }
    }
    if (!value.is(Kind::context)) return {};
    for (const auto& [name, field] : type.fields) {
        const Value* part = value.as_context().find(name);
        if (part == nullptr || !field) continue;
        Value problem = first_not_allowed(*part, *field, machine);
        if (!problem.null_code().empty()) return problem;
    }
    return {};
}

}  // namespace

Value conform(const Value& value, const ItemTypePtr& type, feel::Machine& machine) {
    if (!type || value.is_null()) return value;
    Value held = feel::coerced(value, *type->type);
    if (held.is_null()) return held;
    const Value problem = first_not_allowed(held, *type, machine);
    return problem.null_code().empty() ? held : problem;
}

const Value* Evaluation::given(const Element& element) const {
    if (const Value* value = given_.find(model_->namespace_uri + "#" + element.name)) return value;
    if (const Value* value = given_.find(element.variable)) return value;
    return given_.find(element.name);
}

Value Evaluation::input(const Element& element) const {
    const Value* value = given(element);
    if (value == nullptr) {
        return Value::null("dmn.missing_input", fmt::format("没有提供“{}”，请填写后再判断。", element.name));
    }
    return conform(*value, element.type, session_.machine);
}

Value Evaluation::decision(const Element& element) {
    if (const auto known = values_.find(&element); known != values_.end()) return known->second;
    if (!in_progress_.insert(&element).second) {
        return Value::null("dmn.cycle", fmt::format("决策“{}”绕了一圈又依赖自己，请改正模型的连线。", element.name));
    }
    const Context variables = requirements_of(element);
    BoxedEvaluator boxed(session_, element.name, model_);
    Value value = boxed.run(*element.logic, Frame{.context = &variables});
    value = conform(value, element.type, session_.machine);
    in_progress_.erase(&element);
    if (session_.explanation != nullptr) session_.explanation->decisions.push_back({element.name, value});
    return values_.emplace(&element, std::move(value)).first->second;
}

Value Evaluation::required(const Element& element) {
    switch (element.kind) {
        case ElementKind::input: return input(element);
        case ElementKind::decision: return decision(element);
        case ElementKind::knowledge:
        case ElementKind::service: return function_of(model_, element, session_.explanation);
    }
    return {};
}

Evaluation& Evaluation::of_import(const Element::Requirement& requirement) {
    auto& evaluation = imports_[requirement.model.get()];
    if (!evaluation) evaluation = std::make_unique<Evaluation>(requirement.model, given_, session_);
    return *evaluation;
}

Context Evaluation::requirements_of(const Element& element) {
    Context variables;
    Context imported;  // a context for each import, in which its elements stand
    for (const Element::Requirement& requirement : element.requirements) {
        if (!requirement.model) {
            const Element& needed = model_->elements[requirement.element];
            variables.put(needed.variable, required(needed));
            continue;
        }
        const Element& needed = requirement.model->elements[requirement.element];
        Value value = of_import(requirement).required(needed);
        if (requirement.import_name.empty()) {
            variables.put(needed.variable, std::move(value));
            continue;
        }
        const Value* before = imported.find(requirement.import_name);
        Context members = before == nullptr ? Context() : before->as_context();
        members.put(needed.variable, std::move(value));
        imported.put(requirement.import_name, Value(std::move(members)));
    }
    for (const auto& [name, members] : imported) variables.put(name, members);
    return variables;
}

Value Evaluation::service(const Element& element) {
    // Input decisions are given, not computed.
    for (const Element::Requirement& requirement : element.input_decisions) {
        if (requirement.model) continue;
        const Element& given_decision = model_->elements[requirement.element];
        const Value* value = given(given_decision);
        values_.emplace(
            &given_decision,
            value == nullptr
                ? Value::null("dmn.missing_input", fmt::format("没有提供“{}”，请填写后再判断。", given_decision.name))
                : conform(*value, given_decision.type, session_.machine));
    }
    const auto output = [&](const Element::Requirement& requirement) {
        if (!requirement.model) return decision(model_->elements[requirement.element]);
        return of_import(requirement).decision(requirement.model->elements[requirement.element]);
    };
    if (element.outputs.size() == 1) return conform(output(element.outputs.front()), element.type, session_.machine);
    Context results;
    for (const Element::Requirement& requirement : element.outputs) {
        const ModelData& model = requirement.model ? *requirement.model : *model_;
        results.put(model.elements[requirement.element].variable, output(requirement));
    }
    return conform(Value(std::move(results)), element.type, session_.machine);
}

Value Evaluation::knowledge(const Element& element) {
    Value function = function_of(model_, element, session_.explanation);
    if (!function.is(Kind::function)) return function;
    std::vector<Value> arguments;
    for (const feel::Parameter& parameter : function.as_function()->parameters) {
        const Value* value = given_.find(parameter.name);
        arguments.push_back(value == nullptr ? Value() : *value);
    }
    return session_.machine.call(function, std::move(arguments));
}

namespace {

std::vector<FormalParameter> service_parameters(const ModelData& model, const Element& element) {
    std::vector<FormalParameter> parameters;
    for (const auto* part : {&element.input_data, &element.input_decisions}) {
        for (const Element::Requirement& requirement : *part) {
            const ModelData& owner = requirement.model ? *requirement.model : model;
            const Element& needed = owner.elements[requirement.element];
            parameters.push_back({needed.variable, needed.type});
        }
    }
    return parameters;
}

}  // namespace

Value bound(const std::vector<FormalParameter>& parameters, std::span<const Value> arguments, feel::Machine& machine,
            Context& variables) {
    for (std::size_t at = 0; at < parameters.size(); ++at) {
        Value value = conform(arguments[at], parameters[at].type, machine);
        if (value.is_null() && !arguments[at].is_null()) return value;
        variables.put(parameters[at].name, std::move(value));
    }
    return {};
}

Value Evaluation::function_of(const std::shared_ptr<const ModelData>& model, const Element& element,
                              const std::shared_ptr<Explanation>& explanation) {
    auto function = std::make_shared<feel::Function>();
    function->name = element.variable;
    const bool is_service = element.kind == ElementKind::service;
    const Boxed* logic = is_service ? nullptr : element.logic.get();
    if (logic != nullptr && logic->kind == Boxed::Kind::missing) return {};
    auto parameters = is_service ? service_parameters(*model, element) : logic->parameters;
    for (const FormalParameter& parameter : parameters) function->parameters.push_back({parameter.name, nullptr});
    if (logic != nullptr && logic->kind == Boxed::Kind::external) {
        function->external = logic->literal.text;
        return Value(std::shared_ptr<const feel::Function>(std::move(function)));
    }
    function->native = [model, &element, explanation, parameters = std::move(parameters)](
                           std::span<const Value> arguments, feel::Machine& machine) -> Value {
        Context variables;
        Value misfit = bound(parameters, arguments, machine, variables);
        if (!misfit.null_code().empty()) return misfit;
        const Session session{machine, explanation};
        Evaluation evaluation(model, variables, session);
        if (element.kind == ElementKind::service) return evaluation.service(element);
        Context knowledge = evaluation.requirements_of(element);
        knowledge.put(element.variable, function_of(model, element, explanation));
        const Frame outer{.context = &knowledge};
        BoxedEvaluator boxed(session, element.name, model);
        return conform(boxed.run(*element.logic->first, Frame{.parent = &outer, .context = &variables}), element.type,
                       machine);
    };
    return Value(std::shared_ptr<const feel::Function>(std::move(function)));
}

}  // namespace kaigong::dmn
