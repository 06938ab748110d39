#include "engine/dmn/evaluation.hpp"

#include <fmt/format.h>

namespace kaigong::dmn {

namespace {

using feel::Context;
using feel::Frame;
using feel::Kind;
using feel::List;
using feel::Value;

/// Each waits on the stack for the one that it requires.
constexpr std::size_t kDecisionsInARowMax = 200;

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
            if (problem.has_reason()) return problem;
        }
    }
    if (!value.is(Kind::context)) return {};
    for (const auto& [name, field] : type.fields) {
        const Value* part = value.as_context().find(name);
        if (part == nullptr || !field) continue;
        Value problem = first_not_allowed(*part, *field, machine);
        if (problem.has_reason()) return problem;
    }
    return {};
}

}  // namespace

Value conform_to(const ItemTypePtr& type, Value value, feel::Machine& machine) {
    if (!feel::is_instance(value, *type->type)) value = feel::coerced(value, *type->type);
    if (value.is_null()) return value;
    Value problem = first_not_allowed(value, *type, machine);
    return problem.has_reason() ? std::move(problem) : std::move(value);
}

const Value* Evaluation::given(const Element& element) const {
    if (const Value* value = given_.get(element.qualified_key)) return value;
    if (const Value* value = given_.get(element.variable_key)) return value;
    return given_.get(element.name_key);
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
    if (in_progress_.contains(&element)) {
        return Value::null("dmn.cycle", fmt::format("决策“{}”绕了一圈又依赖自己，请改正模型的连线。", element.name));
    }
    if (in_progress_.size() >= kDecisionsInARowMax) {
        return Value::null("dmn.limit_depth", "决策一个依赖一个，层次太多，请合并几个。");
    }
    in_progress_.insert(&element);
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
        case ElementKind::service: return function_of(model_, element, session_);
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
    variables.reserve(element.requirements.size() + 1);
    Context imported;  // a context for each import, in which its elements stand
    for (const Element::Requirement& requirement : element.requirements) {
        if (!requirement.model) {
            const Element& needed = model_->elements[requirement.element];
            variables.put(needed.variable_key, required(needed));
            continue;
        }
        const Element& needed = requirement.model->elements[requirement.element];
        Value value = of_import(requirement).required(needed);
        if (requirement.import_name.empty()) {
            variables.put(needed.variable_key, std::move(value));
            continue;
        }
        const Value* before = imported.find(requirement.import_name);
        Context members = before == nullptr ? Context() : before->as_context();
        members.put(needed.variable_key, std::move(value));
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
    Value function = function_of(model_, element, session_);
    if (!function.is(Kind::function)) return function;
    feel::Arguments arguments;
    for (const feel::Parameter& parameter : function.as_function()->parameters) {
        const Value* value = given_.get(parameter.name);
        arguments.push_back(value == nullptr ? Value() : *value);
    }
    return session_.machine.call(function, std::move(arguments));
}

namespace {

/// What a decision service is called with: its input data, then its input decisions.
Boxed service_parameters(const ModelData& model, const Element& element) {
    Boxed parameters;
    for (const auto* part : {&element.input_data, &element.input_decisions}) {
        for (const Element::Requirement& requirement : *part) {
            const ModelData& owner = requirement.model ? *requirement.model : model;
            const Element& needed = owner.elements[requirement.element];
            parameters.parameters.push_back({needed.variable, needed.type});
            parameters.keys.push_back(needed.variable_key);
        }
    }
    return parameters;
}

}  // namespace

Value conform_all(const Boxed& function, feel::Arguments& arguments, feel::Machine& machine) {
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        if (!function.parameters[at].type || arguments[at].is_null()) continue;
        arguments[at] = conform(std::move(arguments[at]), function.parameters[at].type, machine);
        if (arguments[at].is_null()) return arguments[at];
    }
    return {};
}

/// What a knowledge model sees beside its parameters: other functions and itself, the same at each of its calls.
const Value& Evaluation::knowledge_of(const Element& element) {
    // The function of an element is kept under its own address, what it sees under that of its requirements.
    Context knowledge = requirements_of(element);
    knowledge.put(element.variable_key, function_of(model_, element, session_));
    return session_.machine.keep(&element.requirements, Value(std::move(knowledge)));
}

Value Evaluation::function_of(const std::shared_ptr<const ModelData>& model, const Element& element,
                              const Session& session) {
    if (const Value* known = session.machine.kept(&element)) return *known;
    auto function = std::make_shared<feel::Function>();
    function->name = element.variable_key;
    const bool is_service = element.kind == ElementKind::service;
    const Boxed* logic = is_service ? nullptr : element.logic.get();
    if (logic != nullptr && logic->kind == Boxed::Kind::missing) return {};
    auto shared = is_service ? std::make_shared<const Boxed>(service_parameters(*model, element)) : element.logic;
    for (const feel::Key& name : shared->keys) function->parameters.push_back({name, nullptr});
    if (logic != nullptr && logic->kind == Boxed::Kind::external) {
        function->external = logic->literal.text;
        return Value(std::shared_ptr<const feel::Function>(std::move(function)));
    }
    function->native = [model, &element, explanation = session.explanation, parameters = std::move(shared)](
                           std::span<const Value> given, feel::Machine& machine) -> Value {
        std::span<const Value> arguments = given;
        feel::Arguments held;
        if (parameters->has_typed_parameter()) {
            held.assign(given.begin(), given.end());
            Value misfit = conform_all(*parameters, held, machine);
            if (misfit.has_reason()) return misfit;
            arguments = held;
        }
        const Session inside{machine, explanation};
        if (element.kind == ElementKind::service) {
            Context variables;
            for (std::size_t at = 0; at < arguments.size(); ++at) variables.put(parameters->keys[at], arguments[at]);
            return Evaluation(model, variables, inside).service(element);
        }
        const Value* knowledge = machine.kept(&element.requirements);
        if (knowledge == nullptr) knowledge = &Evaluation(model, {}, inside).knowledge_of(element);
        const Frame outer{.context = &knowledge->as_context()};
        const feel::NamedFrames frames(outer, parameters->keys, arguments);
        BoxedEvaluator boxed(inside, element.name, model);
        return conform(boxed.run(*element.logic->first, frames.innermost()), element.type, machine);
    };
    return session.machine.keep(&element, Value(std::shared_ptr<const feel::Function>(std::move(function))));
}

}  // namespace kaigong::dmn
