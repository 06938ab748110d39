// Evaluates the tree. One Machine an evaluation: it counts steps and depth, so that every evaluation ends.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/feel/feel.hpp"
#include "engine/feel/node.hpp"
#include "engine/feel/reads.hpp"

namespace kaigong::feel {

/// Names that are visible at a place, from the innermost outwards. Lives on the stack of the evaluation.
struct Frame {
    const Frame* parent = nullptr;
    const Context* context = nullptr;  // its entries are visible
    const Key* name = nullptr;         // or one name …
    const Value* value = nullptr;      // … with its value
    const Value* item = nullptr;       // or a filter's item: its members, and `item`
};

/// What a power, logarithm or exponential costs, in steps of an evaluation.
inline constexpr std::size_t kTranscendentalSteps = 12;

class Machine {
  public:
    explicit Machine(const Environment& environment) : environment_(environment) {}

    const Environment& environment() const { return environment_; }
    Value run(const Node& node, const Frame& frame);
    /// The unary tests of `tests` about `input`: true, false or null.
    Value run_tests(const Node& tests, const Value& input, const Frame& frame);
    /// Calls a function value with positional arguments; null when it is not a function or they do not fit.
    Value call(const Value& function, Arguments arguments);
    /// Where the value stands, without a copy where it stands somewhere already; else it is put into `made`.
    const Value& look(const Node& node, const Frame& frame, Value& made) {
        return node.is_constant ? node.value : look_further(node, frame, made);
    }

    /// What a native function wants to make only once an evaluation, by an address that is its own.
    const Value* kept(const void* owner) const;
    const Value& keep(const void* owner, Value value);

    /// Counts work that is done outside `run`; false once the evaluation has met a limit.
    bool spend(std::size_t steps) {
        steps_ += steps;
        if (steps_ > environment_.limits.evaluation_steps_max) exhausted_ = true;
        return !exhausted_;
    }
    bool is_exhausted() const { return exhausted_; }
    /// The result as it may leave the evaluation: what was computed past a limit is worth nothing.
    Value finished(Value result) const { return exhausted_ ? exhausted() : std::move(result); }
    Value exhausted() const;
    /// Keeps what is read from now on in `log` (null: nowhere); gives back who kept it before. Bodies of functions are
    /// not kept: what they were given is.
    ReadLog* keep_reads(ReadLog* log) { return std::exchange(reads_, log); }
    /// The external functions (Java, PMML) that were called; each call was refused.
    const std::vector<std::string>& refused_functions() const { return refused_functions_; }
    /// A list or text as a value, or null when it is longer than the limits allow.
    Value list(List items);
    Value text(std::string text);

  private:
    /// Names and paths are looked at where they stand, unless somebody asks what is read.
    bool stands_in_place(const Node& node) const {
        return (node.op == Op::name || node.op == Op::path) && reads_ == nullptr;
    }
    Value compute(const Node& node, const Frame& frame);
    Value dispatch(const Node& node, const Frame& frame);
    Value within_limits(Value made);
    /// The evaluation has met a limit: its result is this null, whatever other parts would still give.
    Value end_with(Value limit);
    const Value& look_further(const Node& node, const Frame& frame, Value& made);
    Value name(const Node& node, const Frame& frame);
    Value at_literal(const Node& node) const;
    Value build_list(const Node& node, const Frame& frame);
    Value build_context(const Node& node, const Frame& frame);
    Value build_range(const Node& node, const Frame& frame);
    Value build_one_sided(const Node& node, const Frame& frame);
    Value arithmetic(const Node& node, const Frame& frame);
    Value comparison(const Node& node, const Frame& frame);
    Value connective(const Node& node, const Frame& frame);
    Value between(const Node& node, const Frame& frame);
    Value in(const Node& node, const Frame& frame);
    Value test(const Node& node, const Value& input, const Frame& frame);
    Value test_interval(const Node& node, const Value& input, const Frame& frame);
    Value test_one_sided(const Node& node, const Value& input, const Frame& frame);
    Value path(const Node& node, const Frame& frame);
    const Value& look_at_member(const Node& node, const Frame& frame, Value& made);
    void note_read(const Node& node, const Frame& frame, const Value& value);
    Value filter(const Node& node, const Frame& frame);
    Value item_at(const List& items, const Value& position) const;

    // machine_iteration.cpp
    template <class Body>
    bool each_combination(const Node& node, std::size_t iterator, const Frame& frame, const Body& body);
    template <class Visit>
    bool each_value(const Node& domain, const Frame& frame, const Visit& visit);
    Value iteration(const Node& node, const Frame& frame);
    Value quantified(const Node& node, const Frame& frame);

    // machine_calls.cpp
    Value function(const Node& node, const Frame& frame, std::string_view own_name);
    Value call(const Node& node, const Frame& frame);
    Value call_function(const Value& callee, Arguments& arguments, std::span<const std::string> names);
    Value call_body(const Value& callee, const Arguments& arguments);

    const Environment& environment_;
    std::size_t steps_ = 0;
    std::size_t depth_ = 0;
    bool exhausted_ = false;
    Value limit_;  // which limit that was, when it is not the number of steps
    ReadLog* reads_ = nullptr;
    std::vector<std::string> refused_functions_;
    std::unordered_map<const void*, Value> kept_;
    Value failed_domain_;  // why the last iteration could not begin
};

/// The value that the name has at that place; null pointer when nobody knows it.
const Value* find(const Frame& frame, const Key& name, const Place& place = {});

/// Names with their values, one frame each, over an outer frame.
class NamedFrames {
  public:
    NamedFrames(const Frame& outer, std::span<const Key> names, std::span<const Value> values) : innermost_(&outer) {
        frames_.reserve(names.size());
        for (std::size_t at = 0; at < names.size(); ++at) {
            innermost_ = &frames_.emplace_back(Frame{.parent = innermost_, .name = &names[at], .value = &values[at]});
        }
    }
    NamedFrames(const NamedFrames&) = delete;
    NamedFrames& operator=(const NamedFrames&) = delete;
    const Frame& innermost() const { return *innermost_; }

  private:
    boost::container::small_vector<Frame, 4> frames_;
    const Frame* innermost_;
};

// Names that FEEL gives itself.
inline const Key kInputName("?");
inline const Key kItemName("item");
inline const Key kPartialName("partial");

}  // namespace kaigong::feel
