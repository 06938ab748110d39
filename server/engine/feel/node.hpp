// The typed tree of a parsed expression. Made once, never changed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/feel/builtins.hpp"
#include "engine/feel/key.hpp"
#include "engine/feel/value.hpp"

namespace kaigong::feel {

using NodePtr = std::shared_ptr<const Node>;

/// What stands in `children` and `names` is said beside each.
enum class Op : std::uint8_t {
    literal,     // value
    name,        // names[0]
    at_literal,  // names[0] = the text; kept because it names a zone, which only evaluation knows
    list,        // items
    context,     // one child a key in names
    interval,    // start, end; start_included, end_included
    one_sided,   // operand; form: (< 5)
    path,        // object; names[0] = member
    filter,      // list, condition
    call,        // callee, arguments…; names = argument names when named; builtin when the callee names one
    negate,      // operand
    add,         // left, right: and so on to greater_or_equal
    subtract,
    multiply,
    divide,
    power,
    equal,
    not_equal,
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    logical_and,
    logical_or,
    between,      // value, low, high
    in,           // value, tests…
    instance_of,  // value; types[0]
    condition,    // if, then, else
    iteration,    // for: one child a name in names, then the body; free_names = {partial} when it is spoken of
    some,         // as iteration
    every,
    iteration_range,    // start, end: the `1..n` of a for
    function,           // body; names = parameters, types beside them; free_names = what it captures
    external_function,  // names = parameters
    tests_any,          // the unary test `-`
    tests,              // tests…
    tests_not,          // tests…
};

/// A tree is read far more often than made, and large: what each step reads stands in the first cache lines.
struct alignas(64) Node {
    Op op = Op::literal;
    bool start_included = true;
    bool end_included = true;
    bool uses_input = false;  // of an expression within unary tests: it speaks of `?`
    bool is_known = false;    // of a name: the scope knows it, so that it may hide a built-in function
    /// Nothing around it can change its value, which stands in `value`: a literal, a list of literals,
    /// `date("2026-01-01")`.
    bool is_constant = false;
    Range::Form form = Range::Form::interval;
    std::uint32_t offset = 0;
    std::uint32_t height = 0;  // of the tree below it, itself included; 0 while nobody has asked
    Value value;
    const Node* left = nullptr;   // children[0], once prepared
    const Node* right = nullptr;  // children[1]
    const Builtin* builtin = nullptr;
    Key key;      // keys[0], once prepared
    Place place;  // of a name's or member's value
    std::vector<NodePtr> children;
    std::vector<std::string> names;
    std::vector<std::shared_ptr<const Type>> types;
    std::vector<std::string> free_names;
    /// Of a path that consists of names only: `works.floor_area`; of an external function: what it calls.
    std::string spelling;
    // Made by `prepare` when the parse is done.
    std::vector<Key> keys;  // `names`, or the free names of a function, with their hashes
    Value absent;           // of a name that nobody gives, and of a path whose object is null
    Value unknown;          // of a path whose object is a context without that entry
};

/// Makes the tree quick to evaluate: hashes of names, constants, and the nulls that it may give.
void prepare(Node& root);

}  // namespace kaigong::feel
