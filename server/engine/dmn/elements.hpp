// What a decision model consists of once it is read.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/dmn/dmn.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::dmn {

struct ItemType;
using ItemTypePtr = std::shared_ptr<const ItemType>;

/// A FEEL type with the values that the model allows. A missing ItemTypePtr is Any.
struct ItemType {
    std::shared_ptr<const feel::Type> type;
    std::optional<feel::UnaryTests> allowed;                  // about the whole value
    std::vector<std::pair<std::string, ItemTypePtr>> fields;  // of a context
    ItemTypePtr element;                                      // of a list
};

/// A literal expression; where it could not be parsed, `failure` says why.
struct Literal {
    std::string text;
    std::optional<feel::Expression> parsed;
    feel::Value failure;
    std::string id;  // of the XML element it stands in
};

/// One cell of unary tests, likewise.
struct Cell {
    std::string text;
    std::optional<feel::UnaryTests> parsed;
    feel::Value failure;
    std::string id;
};

enum class HitPolicy { unique, any, priority, first, rule_order, output_order, collect };
enum class Aggregation { none, sum, count, min, max };

struct TableInput {
    Literal expression;
    ItemTypePtr type;
    std::optional<Cell> allowed;
    std::string id;
    std::string label;  // what people read above the column
};

struct TableOutput {
    std::string name;
    ItemTypePtr type;
    std::optional<Cell> allowed;  // in the order of their priority
    std::optional<Literal> otherwise;
    std::string id;
    std::string label;  // what people read above the column
};

struct TableRule {
    std::string id;
    std::vector<Cell> inputs;
    std::vector<Literal> outputs;
    std::vector<std::string> annotations;
    /// Of a table with several outputs: what is the same at each evaluation stands in `constant`, null at the positions
    /// in `open`, which an evaluation fills.
    feel::Context constant;
    std::vector<std::size_t> open;
};

struct DecisionTable {
    std::string id;
    HitPolicy hit_policy = HitPolicy::unique;
    Aggregation aggregation = Aggregation::none;
    std::vector<TableInput> inputs;
    std::vector<TableOutput> outputs;
    std::vector<TableRule> rules;
    std::vector<feel::Key> output_keys;  // beside `outputs`
};

struct Boxed;
using BoxedPtr = std::shared_ptr<const Boxed>;

struct Entry {
    std::string name;  // empty: the result of a context
    ItemTypePtr type;
    BoxedPtr value;
};

struct FormalParameter {
    std::string name;
    ItemTypePtr type;
};

/// A boxed expression. Which members are used is said beside each kind.
struct Boxed {
    enum class Kind {
        missing,      // nothing stands there: null
        literal,      // literal
        table,        // table
        context,      // entries
        invocation,   // first = the function; entries = named arguments
        list,         // items
        relation,     // columns, items row by row
        function,     // parameters, first = body
        external,     // parameters (Java, PMML: not executed); literal.text = what it calls
        conditional,  // first, second, third = if, then, else
        iteration,    // columns[0] = variable, first = in, second = return
        filter,       // first = in, second = match
        some,         // columns[0] = variable, first = in, second = satisfies
        every,
    };
    Kind kind = Kind::missing;
    ItemTypePtr type;
    Literal literal;
    DecisionTable table;
    std::vector<Entry> entries;
    std::vector<BoxedPtr> items;
    std::vector<std::string> columns;
    std::vector<FormalParameter> parameters;
    BoxedPtr first, second, third;
    std::vector<feel::Key> keys;  // of the columns, entries or parameters, with their hashes

    bool has_typed_parameter() const {
        return std::ranges::any_of(parameters,
                                   [](const FormalParameter& parameter) { return parameter.type != nullptr; });
    }
};

enum class ElementKind { input, decision, knowledge, service };

/// Input data, a decision, a business knowledge model or a decision service.
struct Element {
    ElementKind kind = ElementKind::input;
    std::string id;
    std::string name;
    std::string variable;  // the name under which others see it
    std::string description;
    ItemTypePtr type;
    BoxedPtr logic;
    /// What it requires, of this model or (with the import's name) of another.
    struct Requirement {
        std::string import_name;
        std::shared_ptr<const ModelData> model;  // null = this model
        std::size_t element = 0;
    };
    std::vector<Requirement> requirements;
    /// Under which names its value may be given, from the surest on: `<namespace>#<name>`, the variable, the name.
    feel::Key qualified_key, variable_key, name_key;
    // Of a decision service: positions in `requirements`' style, by part.
    std::vector<Requirement> outputs, input_decisions, input_data;
};

struct ImportedModel {
    std::string name;
    std::shared_ptr<const ModelData> model;
};

struct ModelData {
    std::string name;
    std::string namespace_uri;
    std::vector<ImportedModel> imports;
    std::vector<Element> elements;
    std::map<std::string, ItemTypePtr> types;
    std::vector<std::string> member_names;
    std::vector<Problem> problems;

    const Element* find(ElementKind kind, std::string_view name_or_id) const;
};

}  // namespace kaigong::dmn
