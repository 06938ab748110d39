// A FEEL value: null with its reason, boolean, number, string, temporal, list, context, range or function.
#pragma once

#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "engine/feel/decimal.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::feel {

class Context;
class Machine;
class Value;
struct Function;
struct Node;
struct Range;
struct Type;
using List = std::vector<Value>;

/// Values nest no deeper, so that printing, comparing and freeing them cannot exhaust the stack.
inline constexpr std::size_t kNestingMax = 500;

enum class Kind : std::uint8_t {
    null,
    boolean,
    number,
    string,
    date,
    time,
    date_time,
    years_months,
    days_time,
    list,
    context,
    range,
    function,
};
/// The kind as a clerk reads it (`数字`, `日期`).
std::string_view name_of(Kind kind);

/// Cheap to copy (strings, lists and contexts are shared and never change). Safe to read from several threads.
class Value {
  public:
    /// Null without a reason: the literal `null`.
    Value() = default;
    /// Null because something went wrong: `code` is stable (`feel.division_by_zero`), `reason` is for people, Chinese.
    static Value null(std::string code, std::string reason);

    template <std::same_as<bool> Bool>
    explicit Value(Bool value) : storage_(std::in_place_index<1>, value) {}
    /// Null with the reason `feel.number_out_of_range` when the number is not finite.
    explicit Value(Decimal value);
    template <std::same_as<int> Int>
    explicit Value(Int value) : Value(Decimal(value)) {}
    template <std::same_as<std::int64_t> Int>
    explicit Value(Int value) : Value(Decimal(value)) {}
    explicit Value(std::string value);
    explicit Value(std::string_view value) : Value(std::string(value)) {}
    explicit Value(const char* value) : Value(std::string(value)) {}
    explicit Value(Date value) : storage_(value) {}
    explicit Value(Time value);
    explicit Value(DateTime value);
    explicit Value(YearsMonths value) : storage_(value) {}
    explicit Value(DaysTime value) : storage_(value) {}
    explicit Value(List value);
    explicit Value(Context value);
    explicit Value(Range value);
    explicit Value(std::shared_ptr<const Function> value) : storage_(std::move(value)) {}

    Kind kind() const { return static_cast<Kind>(storage_.index()); }
    bool is(Kind kind_wanted) const { return kind() == kind_wanted; }
    bool is_null() const { return kind() == Kind::null; }
    bool is_true() const { return kind() == Kind::boolean && as_bool(); }
    bool is_false() const { return kind() == Kind::boolean && !as_bool(); }
    bool is_duration() const { return kind() == Kind::years_months || kind() == Kind::days_time; }

    /// Why this is null, as code and as a sentence; empty for the literal and for every other kind.
    std::string_view null_code() const;
    std::string_view null_reason() const;

    // The value of its kind; asking for another kind is a bug (std::bad_variant_access).
    bool as_bool() const { return std::get<1>(storage_); }
    const Decimal& as_number() const { return std::get<2>(storage_); }
    const std::string& as_string() const { return *std::get<3>(storage_); }
    const Date& as_date() const { return std::get<4>(storage_); }
    const Time& as_time() const { return *std::get<5>(storage_); }
    const DateTime& as_date_time() const { return *std::get<6>(storage_); }
    const YearsMonths& as_years_months() const { return std::get<7>(storage_); }
    const DaysTime& as_days_time() const { return std::get<8>(storage_); }
    const List& as_list() const { return std::get<9>(storage_)->items; }
    const Context& as_context() const { return *std::get<10>(storage_); }
    const Range& as_range() const { return *std::get<11>(storage_); }
    const std::shared_ptr<const Function>& as_function() const { return std::get<12>(storage_); }

    /// How deeply lists, contexts and closures nest; past kNestingMax a Value is null (`feel.limit_nesting`).
    std::size_t depth() const;

    /// As FEEL text: strings with quotes, dates as ISO 8601, lists and contexts in FEEL's notation.
    std::string to_text() const;

  private:
    struct Reason {
        std::string code;
        std::string message;
    };
    struct ListBox {
        List items;
        std::size_t depth;
    };
    struct Null {
        std::shared_ptr<const Reason> reason;
    };
    std::variant<Null, bool, Decimal, std::shared_ptr<const std::string>, Date, std::shared_ptr<const Time>,
                 std::shared_ptr<const DateTime>, YearsMonths, DaysTime, std::shared_ptr<const ListBox>,
                 std::shared_ptr<const Context>, std::shared_ptr<const Range>, std::shared_ptr<const Function>>
        storage_;
};

/// Entries in the order in which they were put; a key stands once.
class Context {
  public:
    using Entry = std::pair<std::string, Value>;

    const Value* find(std::string_view key) const;
    /// Replaces the value when the key is there, else adds at the end.
    void put(std::string key, Value value);
    void remove(std::string_view key);
    const std::vector<Entry>& entries() const { return entries_; }
    std::size_t depth() const { return depth_; }
    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

  private:
    std::size_t position_of(std::string_view key) const;

    std::vector<Entry> entries_;
    std::size_t depth_ = 1;
    std::unordered_map<std::string, std::size_t> index_;  // only once there are many
};

/// `[1..5]`, or one of the one-sided forms `(< 5)`, `(= 5)`, `(!= 5)`, which are ranges as values too.
struct Range {
    enum class Form : std::uint8_t { interval, less, less_or_equal, greater, greater_or_equal, equal, not_equal };
    Form form = Form::interval;
    bool start_included = true;
    bool end_included = true;
    Value start;
    Value end;
};

struct Builtin;

struct Parameter {
    std::string name;
    std::shared_ptr<const Type> type;  // null = Any
};

/// A function as a value: written in FEEL (`body` with what it captured), built in, or native (a BKM, a decision
/// service).
struct Function {
    using Native = std::function<Value(std::span<const Value> arguments, Machine& machine)>;

    std::string name;  // empty for an anonymous one; a named one can call itself
    std::vector<Parameter> parameters;
    std::shared_ptr<const Type> result;  // null = Any
    std::shared_ptr<const Node> body;
    Context captured;
    const Builtin* builtin = nullptr;
    Native native;
    std::string external;  // what runs outside FEEL and is refused: `java.lang.Math.max(int, int)`
};

}  // namespace kaigong::feel
