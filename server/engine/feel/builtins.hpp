// The built-in functions of FEEL. One table a topic (builtins_string.cpp …); how arguments are matched to parameters
// and checked is here.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

struct Environment;

/// What a built-in function is called with. `arguments` has one value a parameter of the signature that matched; a
/// missing optional one is null.
struct Call {
    std::span<const Value> arguments;
    std::size_t signature = 0;  // which of the builtin's signatures
    Machine& machine;

    const Value& operator[](std::size_t index) const { return arguments[index]; }
    bool has(std::size_t index) const { return !arguments[index].is_null(); }
};

struct Signature {
    struct Slot {
        std::string name;
        char type = 'a';          // see `Definition`
        bool optional = false;    // may be left out
        bool nullable = false;    // may be null
        std::uint32_t kinds = 0;  // a bit for each Kind that it takes as it stands; not of `p`, which looks deeper
    };
    std::vector<Slot> slots;
    /// The last slot takes one list, or all remaining arguments as one list.
    bool gathers = false;
    /// The last slot takes all remaining arguments (at least one) as one list, also a single list.
    bool rest = false;
};

struct Builtin {
    std::string name;
    std::vector<Signature> signatures;
    Value (*body)(const Call&) = nullptr;
};

/// How a table writes a function. Signatures are separated by `|`, parameters by `,`; a parameter is its name and a
/// type: s string, n number, b boolean, l list (a single value becomes a list of one), c context, r range, f function,
/// t date, e date or date-time, D date-time, m time, d duration, p a value with an order or a range of them, a any
/// value but null. `?` after the type: may be left out or null; `0`: may be null; `*`: one list or all remaining
/// arguments;
/// `+`: all remaining arguments.
struct Definition {
    std::string_view name;
    std::string_view signatures;
    Value (*body)(const Call&);
};

std::span<const Definition> string_builtins();
std::span<const Definition> number_builtins();
std::span<const Definition> list_builtins();
std::span<const Definition> aggregate_builtins();
std::span<const Definition> context_builtins();
std::span<const Definition> temporal_builtins();
std::span<const Definition> range_builtins();
std::span<const Definition> conversion_builtins();

const Builtin* find_builtin(std::string_view name);
/// All names, sorted.
std::span<const std::string_view> builtin_names();

/// Calls it; arguments that match no signature give null with `feel.wrong_arguments`. `names` is empty for positional
/// ones.
Value call_builtin(const Builtin& builtin, Arguments& arguments, std::span<const std::string> names, Machine& machine);

}  // namespace kaigong::feel
