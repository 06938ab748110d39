// A FEEL value: null with its reason, boolean, number, string, temporal, list, context, range or function.
#pragma once

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/decimal.hpp"
#include "engine/feel/key.hpp"
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
/// Values weigh no more: a list of lists of one list is small in memory and endless to print or compare.
inline constexpr std::size_t kWeightMax = 1'000'000;

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
inline constexpr std::size_t kKinds = static_cast<std::size_t>(Kind::function) + 1;
/// The kind as a clerk reads it (`数字`, `日期`).
std::string_view name_of(Kind kind);

/// What a Value shares with its copies: counted by itself, so that a Value is three words and copies at once.
class Shared {
  public:
    Shared() = default;
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    virtual ~Shared() = default;

    void share() const { owners_.fetch_add(1, std::memory_order_relaxed); }
    void release() const {
        // Nobody else can share what has one owner: that costs no locked instruction.
        if (is_sole() || owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }
    bool is_sole() const { return owners_.load(std::memory_order_acquire) == 1; }

  private:
    mutable std::atomic<std::uint32_t> owners_{1};
};

template <class Content>
struct Box final : Shared {
    explicit Box(Content held) : content(std::move(held)) {}
    Content content;
};

/// Cheap to copy (strings, lists and contexts are shared and never change). Safe to read from several threads.
class Value {
  public:
    /// Null without a reason: the literal `null`.
    Value() : data_{} {}
    /// Null because something went wrong: `code` is stable (`feel.division_by_zero`), `reason` is for people, Chinese.
    static Value null(std::string code, std::string reason);

    Value(const Value& other) : kind_(other.kind_), is_shared_(other.is_shared_), data_(other.data_) {
        if (is_shared_) data_.shared->share();
    }
    Value(Value&& other) noexcept : kind_(other.kind_), is_shared_(other.is_shared_), data_(other.data_) {
        other.is_shared_ = false;
        other.kind_ = Kind::null;
    }
    Value& operator=(const Value& other) {
        Value copy(other);
        swap(copy);
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        Value taken(std::move(other));
        swap(taken);
        return *this;
    }
    ~Value() {
        if (is_shared_) data_.shared->release();
    }

    template <std::same_as<bool> Bool>
    explicit Value(Bool value) : kind_(Kind::boolean), data_{} {
        data_.boolean = value;
    }
    /// Null with the reason `feel.number_out_of_range` when the number is not finite.
    explicit Value(Decimal value);
    template <std::same_as<int> Int>
    explicit Value(Int value) : Value(Decimal(value)) {}
    template <std::same_as<std::int64_t> Int>
    explicit Value(Int value) : Value(Decimal(value)) {}
    explicit Value(std::string value);
    explicit Value(std::string_view value) : Value(std::string(value)) {}
    explicit Value(const char* value) : Value(std::string(value)) {}
    explicit Value(Date value);
    explicit Value(Time value);
    explicit Value(DateTime value);
    explicit Value(YearsMonths value);
    explicit Value(DaysTime value);
    explicit Value(List value);
    explicit Value(Context value);
    explicit Value(Range value);
    explicit Value(std::shared_ptr<const Function> value);

    Kind kind() const { return kind_; }
    bool is(Kind kind_wanted) const { return kind_ == kind_wanted; }
    bool is_null() const { return kind_ == Kind::null; }
    bool is_true() const { return kind_ == Kind::boolean && data_.boolean; }
    bool is_false() const { return kind_ == Kind::boolean && !data_.boolean; }
    bool is_duration() const { return kind_ == Kind::years_months || kind_ == Kind::days_time; }

    /// Why this is null, as code and as a sentence; empty for the literal and for every other kind.
    std::string_view null_code() const;
    std::string_view null_reason() const;
    bool has_reason() const { return kind_ == Kind::null && is_shared_; }

    // The value of its kind; asking for another kind is a bug (std::logic_error).
    bool as_bool() const { return must_be(Kind::boolean).data_.boolean; }
    const Decimal& as_number() const { return must_be(Kind::number).data_.number; }
    const std::string& as_string() const { return content<std::string>(Kind::string); }
    const Date& as_date() const { return must_be(Kind::date).data_.date; }
    const Time& as_time() const { return content<Time>(Kind::time); }
    const DateTime& as_date_time() const { return content<DateTime>(Kind::date_time); }
    const YearsMonths& as_years_months() const { return must_be(Kind::years_months).data_.years_months; }
    const DaysTime& as_days_time() const { return must_be(Kind::days_time).data_.days_time; }
    const List& as_list() const { return content<ListBox>(Kind::list).items; }
    const Context& as_context() const { return content<Context>(Kind::context); }
    const Range& as_range() const { return content<Range>(Kind::range); }
    const std::shared_ptr<const Function>& as_function() const {
        return content<std::shared_ptr<const Function>>(Kind::function);
    }
    /// The string, taken out when nobody else holds it; else a copy. This is null afterwards.
    std::string take_string();

    /// How deeply lists, contexts and closures nest; past kNestingMax a Value is null (`feel.limit_nesting`).
    std::size_t depth() const;
    /// What walking through all of it costs: one for each value within and for each 64 bytes of text; past kWeightMax a
    /// Value is null (`feel.limit_list`).
    std::size_t weight() const;

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
        std::size_t weight;
    };
    union Data {
        std::uint64_t nothing;
        bool boolean;
        Decimal number;
        Date date;
        YearsMonths years_months;
        DaysTime days_time;
        const Shared* shared;
    };

    Value(Kind kind, const Shared* shared) : kind_(kind), is_shared_(true), data_{} { data_.shared = shared; }
    template <class Content>
    static Value boxed(Kind kind, Content content) {
        return {kind, new Box<Content>(std::move(content))};
    }
    const Value& must_be(Kind kind) const {
        if (kind_ != kind) wrong_kind();
        return *this;
    }
    [[noreturn]] static void wrong_kind();
    template <class Content>
    const Content& content(Kind kind) const {
        return static_cast<const Box<Content>*>(must_be(kind).data_.shared)->content;
    }
    void swap(Value& other) noexcept {
        std::swap(kind_, other.kind_);
        std::swap(is_shared_, other.is_shared_);
        std::swap(data_, other.data_);
    }

    Kind kind_ = Kind::null;
    bool is_shared_ = false;
    Data data_;
};

/// Where an entry stood the last time it was looked for: contexts of one kind have their entries in the same order. A
/// hint only, so threads may write it as they like.
class Place {
  public:
    Place() = default;
    Place(const Place&) {}  // a copy begins anew
    Place& operator=(const Place&) { return *this; }
    std::size_t get() const { return at_.load(std::memory_order_relaxed); }
    void set(std::size_t at) const { at_.store(static_cast<std::uint32_t>(at), std::memory_order_relaxed); }

  private:
    mutable std::atomic<std::uint32_t> at_{0};
};

/// Entries in the order in which they were put; a key stands once.
class Context {
  public:
    using Entry = std::pair<Key, Value>;

    const Value* find(std::string_view key) const;
    /// As `find`, for who has the key at hand.
    const Value* get(const Key& key) const { return (letters_ & bit_of(key)) == 0 ? nullptr : search(key, nullptr); }
    const Value* get(const Key& key, const Place& place) const {
        if ((letters_ & bit_of(key)) == 0) return nullptr;
        const std::size_t at = place.get();
        if (at < entries_.size() && entries_[at].first == key) return &entries_[at].second;
        return search(key, &place);
    }
    /// Replaces the value when the key is there, else adds at the end.
    void put(Key key, Value value);
    /// Adds at the end a key that is known not to be there.
    void append(Key key, Value value);
    /// Replaces the value of the entry at that position.
    void replace_at(std::size_t position, Value value);
    void reserve(std::size_t entries) { entries_.reserve(entries); }
    void remove(std::string_view key);
    const std::vector<Entry>& entries() const { return entries_; }
    std::size_t depth() const { return depth_; }
    std::size_t weight() const { return weight_; }
    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

  private:
    static std::uint64_t bit_of(const Key& key) { return std::uint64_t{1} << (key.hash() >> 58U); }
    const Value* search(const Key& key, const Place* place) const;
    template <class Is>
    std::size_t position_of(std::size_t hash, const Is& is) const;
    void index(std::size_t position);
    void rebuild_index();

    std::vector<Entry> entries_;
    std::size_t depth_ = 1;
    std::size_t weight_ = 1;
    std::uint64_t letters_ = 0;         // a bit for each hash: most names that are not here are known at once
    std::vector<std::uint32_t> slots_;  // positions + 1 by hash, once there are many entries; twice as many as entries
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

/// What a function is called with; few enough to need no memory of their own.
using Arguments = boost::container::small_vector<Value, 4>;

struct Parameter {
    Key name;
    std::shared_ptr<const Type> type;  // null = Any
};

/// A function as a value: written in FEEL (`body` with what it captured), built in, or native (a BKM, a decision
/// service).
struct Function {
    using Native = std::function<Value(std::span<const Value> arguments, Machine& machine)>;

    Key name;  // empty for an anonymous one; a named one can call itself
    std::vector<Parameter> parameters;
    std::shared_ptr<const Type> result;  // null = Any
    std::shared_ptr<const Node> body;
    Context captured;
    const Builtin* builtin = nullptr;
    Native native;
    std::string external;  // what runs outside FEEL and is refused: `java.lang.Math.max(int, int)`
};

}  // namespace kaigong::feel
