// Decision models (DMN 1.2–1.5): read XML once, evaluate decisions many times, explain the result. Pure.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/feel/feel.hpp"
#include "engine/feel/reads.hpp"

namespace kaigong::dmn {

struct ModelData;

struct Limits {
    std::size_t xml_bytes_max = std::size_t{8} * 1024 * 1024;
    std::size_t xml_depth_max = 100;
    std::size_t elements_max = 200'000;
};

/// An expression of the model that could not be read. The model still loads; where the expression stands, the value is
/// null with this reason. Publication refuses a model with problems.
struct Problem {
    std::string element;  // name of the decision or knowledge model
    std::string text;     // the expression as written
    Error error;
    feel::ParseFailure place;  // within the text
};

struct NamedElement {
    std::string id;
    std::string name;
};

/// A model that has been read. Immutable, cheap to copy, safe to evaluate from several threads at once.
class Model {
  public:
    const std::string& name() const;
    const std::string& namespace_uri() const;
    std::vector<NamedElement> decisions() const;
    std::vector<NamedElement> inputs() const;
    std::vector<NamedElement> decision_services() const;
    std::vector<NamedElement> knowledge_models() const;
    const std::vector<Problem>& problems() const;
    const std::shared_ptr<const ModelData>& data() const { return data_; }

    explicit Model(std::shared_ptr<const ModelData> data) : data_(std::move(data)) {}

  private:
    std::shared_ptr<const ModelData> data_;
};

/// `imports` are the models that this one may import, found by their namespace.
/// Fails with `dmn.xml_invalid`, `dmn.xml_forbidden` (DOCTYPE), `dmn.xml_too_large`, `dmn.unknown_version`,
/// `dmn.missing_import`, `dmn.missing_element` (a reference to nothing).
Result<Model> parse(std::string_view xml, const std::vector<Model>& imports = {}, const Limits& limits = {});

/// The namespaces that the model imports, so that a caller can load them first. Fails like `parse`.
Result<std::vector<std::string>> imported_namespaces(std::string_view xml, const Limits& limits = {});

using Read = feel::Read;

/// What one decision table did.
struct TableExplanation {
    struct Input {
        std::string text;  // the column's expression
        feel::Value value;
        std::vector<Read> reads;
    };
    struct Output {
        std::string name;  // of the column
        std::string text;  // the cell's expression
        feel::Value value;
        std::vector<Read> reads;
    };
    struct Match {
        std::size_t rule = 0;  // from 1, as the table shows it
        std::string rule_id;
        std::vector<std::string> annotations;
        std::vector<Output> outputs;  // none when several rules matched a table that allows one
    };
    std::string element;  // the decision or knowledge model that holds the table
    std::vector<Input> inputs;
    std::vector<Match> matches;
    feel::Value result;  // a null says why
};

struct DecisionExplanation {
    std::string decision;
    feel::Value value;
};

struct Explanation {
    std::vector<TableExplanation> tables;        // in the order in which they were evaluated
    std::vector<DecisionExplanation> decisions;  // likewise, the asked one last
};

struct Outcome {
    feel::Value value;
    Explanation explanation;  // empty unless it was asked for
    /// External functions (Java, PMML) that the evaluation called. Policy: none is ever run; a call is null with
    /// `feel.external_function`, and is named here.
    std::vector<std::string> refused_functions;
};

struct Options {
    bool explain = false;
};

/// Evaluates one decision by name or id. `inputs` holds a value for each input by its name; an input of an imported
/// model is found by `<namespace>#<name>` or by its name. A missing one is null. What cannot be computed is null with a
/// reason. Fails with `dmn.unknown_decision` only.
Result<Outcome> evaluate(const Model& model, std::string_view decision, const feel::Context& inputs,
                         const feel::Environment& environment = {}, const Options& options = {});

/// Evaluates a decision service: `inputs` holds its input data and input decisions by name.
/// Fails with `dmn.unknown_service`.
Result<Outcome> evaluate_service(const Model& model, std::string_view service, const feel::Context& inputs,
                                 const feel::Environment& environment = {}, const Options& options = {});

/// Calls a business knowledge model: `inputs` holds its parameters by name; a missing one is null.
/// Fails with `dmn.unknown_knowledge_model`.
Result<Outcome> evaluate_knowledge_model(const Model& model, std::string_view name, const feel::Context& inputs,
                                         const feel::Environment& environment = {}, const Options& options = {});

}  // namespace kaigong::dmn
