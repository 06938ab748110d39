// One evaluation of one model: remembers each decision's value, and what the tables did when that is asked for.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/dmn/elements.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::dmn {

/// Shared by all evaluations that one question causes (imported models, decision services).
struct Session {
    feel::Machine& machine;
    std::shared_ptr<Explanation> explanation;  // null: nobody asked
};

class Evaluation {
  public:
    /// `given` holds values for input data, and for decisions that shall not be computed (a service's input decisions).
    Evaluation(std::shared_ptr<const ModelData> model, const feel::Context& given, Session session)
        : model_(std::move(model)), given_(given), session_(std::move(session)) {}

    feel::Value decision(const Element& element);
    feel::Value service(const Element& element);
    feel::Value knowledge(const Element& element);
    /// A knowledge model or a decision service as a function value.
    static feel::Value function_of(const std::shared_ptr<const ModelData>& model, const Element& element,
                                   const Session& session);

  private:
    feel::Value input(const Element& element) const;
    const feel::Value* given(const Element& element) const;
    feel::Value required(const Element& element);
    feel::Context requirements_of(const Element& element);
    const feel::Value& knowledge_of(const Element& element);
    Evaluation& of_import(const Element::Requirement& requirement);

    std::shared_ptr<const ModelData> model_;
    const feel::Context& given_;
    Session session_;
    std::unordered_map<const Element*, feel::Value> values_;
    std::set<const Element*> in_progress_;
    std::unordered_map<const ModelData*, std::unique_ptr<Evaluation>> imports_;
};

/// Evaluates boxed expressions of one element.
class BoxedEvaluator {
  public:
    /// For the length of one evaluation: session and model are the caller's.
    BoxedEvaluator(const Session& session, std::string_view element, const std::shared_ptr<const ModelData>& model)
        : session_(session), element_(element), model_(model) {}

    feel::Value run(const Boxed& boxed, const feel::Frame& frame);

  private:
    feel::Value dispatch(const Boxed& boxed, const feel::Frame& frame);
    feel::Value literal(const Literal& literal, const feel::Frame& frame);
    feel::Value context(const Boxed& boxed, const feel::Frame& frame);
    feel::Value invocation(const Boxed& boxed, const feel::Frame& frame);
    feel::Value relation(const Boxed& boxed, const feel::Frame& frame);
    feel::Value function(const Boxed& boxed, const feel::Frame& frame);
    feel::Value iteration(const Boxed& boxed, const feel::Frame& frame);
    feel::Value quantified(const Boxed& boxed, const feel::Frame& frame);
    feel::Value filter(const Boxed& boxed, const feel::Frame& frame);

    // decision_table.cpp
    feel::Value table(const DecisionTable& table, const feel::Frame& frame);
    feel::Value decide(const DecisionTable& table, const std::vector<std::size_t>& matched, const feel::Frame& frame,
                       TableExplanation* explained);
    bool input_values(const DecisionTable& table, const feel::Frame& frame, std::vector<feel::Value>& values,
                      feel::Value& failure, TableExplanation* explained);
    bool matches(const TableRule& rule, const std::vector<feel::Value>& values, const feel::Frame& frame);
    feel::Value rule_output(const DecisionTable& table, const TableRule& rule, const feel::Frame& frame,
                            TableExplanation::Match* explained);
    feel::Value explained_literal(const Literal& literal, const feel::Frame& frame, std::vector<Read>& reads);
    feel::Value default_output(const DecisionTable& table, const feel::Frame& frame);
    feel::Value any_of(const feel::List& outputs) const;
    feel::Value collect(const DecisionTable& table, feel::List outputs) const;
    feel::List by_priority(const DecisionTable& table, feel::List outputs, const feel::Frame& frame);
    std::size_t priority_of(const TableOutput& column, const feel::Value& value, const feel::Frame& frame);

    const Session& session_;
    std::string_view element_;
    const std::shared_ptr<const ModelData>& model_;
};

/// As `conform`, for a value and a type that are there.
feel::Value conform_to(const ItemTypePtr& type, feel::Value value, feel::Machine& machine);
/// The value held to the type: FEEL's conversions, then the allowed values; what does not fit is null with a reason.
inline feel::Value conform(feel::Value value, const ItemTypePtr& type, feel::Machine& machine) {
    if (!type || value.is_null()) return value;
    return conform_to(type, std::move(value), machine);
}

/// Holds the arguments to the types of the function's parameters. Null with a code when one does not fit: then the
/// function must not run.
feel::Value conform_all(const Boxed& function, feel::Arguments& arguments, feel::Machine& machine);

}  // namespace kaigong::dmn
