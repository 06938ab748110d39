#include "engine/feel/value.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "engine/feel/text.hpp"
#include "engine/feel/value_text.hpp"

namespace kaigong::feel {

namespace {

/// Fewer are compared hash by hash, one after the other.
constexpr std::size_t kIndexFrom = 33;

Value too_heavy() {
    return Value::null("feel.limit_list", "列表和其中的内容太多，请缩小范围。");
}

}  // namespace

std::string_view name_of(Kind kind) {
    static constexpr std::array<std::string_view, kKinds> kNames{"空值",   "是否",     "数字",     "文字",     "日期",
                                                                 "时间",   "日期时间", "年月时长", "日时时长", "列表",
                                                                 "上下文", "区间",     "函数"};
    return kNames[static_cast<std::size_t>(kind)];
}

Value Value::null(std::string code, std::string reason) {
    return boxed(Kind::null, Reason{std::move(code), std::move(reason)});
}

void Value::wrong_kind() {
    throw std::logic_error("a FEEL value was taken for another kind");
}

Value::Value(Decimal value) : kind_(Kind::number), data_{} {
    data_.number = value;
    if (!value.is_finite()) {
        *this = null("feel.number_out_of_range", "计算结果超出数字范围或没有意义，请检查除数和指数。");
    }
}

Value::Value(Date value) : kind_(Kind::date), data_{} {
    data_.date = value;
}
Value::Value(YearsMonths value) : kind_(Kind::years_months), data_{} {
    data_.years_months = value;
}
Value::Value(DaysTime value) : kind_(Kind::days_time), data_{} {
    data_.days_time = value;
}
Value::Value(std::string value) : Value(boxed(Kind::string, std::move(value))) {}
Value::Value(Time value) : Value(boxed(Kind::time, std::move(value))) {}
Value::Value(DateTime value) : Value(boxed(Kind::date_time, std::move(value))) {}
Value::Value(Range value) : Value(boxed(Kind::range, std::move(value))) {}
Value::Value(std::shared_ptr<const Function> value) : Value(boxed(Kind::function, std::move(value))) {}

Value::Value(List value) : data_{} {
    std::size_t depth = 1;
    std::size_t weight = 1;
    for (const Value& item : value) {
        depth = std::max(depth, item.depth() + 1);
        weight += item.weight();
    }
    if (depth > kNestingMax) {
        *this = null("feel.limit_nesting", "列表嵌套太深，请改用平铺的列表。");
    } else if (weight > kWeightMax) {
        *this = too_heavy();
    } else {
        *this = boxed(Kind::list, ListBox{std::move(value), depth, weight});
    }
}

Value::Value(Context value) : data_{} {
    if (value.depth() > kNestingMax) {
        *this = null("feel.limit_nesting", "上下文嵌套太深，请减少层数。");
    } else if (value.weight() > kWeightMax) {
        *this = too_heavy();
    } else {
        *this = boxed(Kind::context, std::move(value));
    }
}

std::string Value::take_string() {
    // Made as a Box that is not const; nobody else can see it when this is its only owner.
    const auto* box = static_cast<const Box<std::string>*>(must_be(Kind::string).data_.shared);
    std::string text;
    if (box->is_sole()) {
        text = std::move(const_cast<Box<std::string>*>(box)->content);
    } else {
        text = box->content;
    }
    *this = Value();
    return text;
}

std::size_t Value::depth() const {
    switch (kind()) {
        case Kind::list: return content<ListBox>(Kind::list).depth;
        case Kind::context: return as_context().depth();
        case Kind::function: return as_function()->captured.depth() + 1;
        default: return 0;
    }
}

std::size_t Value::weight() const {
    switch (kind()) {
        case Kind::string: return 1 + as_string().size() / 64;
        case Kind::list: return content<ListBox>(Kind::list).weight;
        case Kind::context: return as_context().weight();
        case Kind::function: return 1 + as_function()->captured.weight();
        default: return 1;
    }
}

std::string_view Value::null_code() const {
    return has_reason() ? std::string_view(content<Reason>(Kind::null).code) : std::string_view();
}

std::string_view Value::null_reason() const {
    return has_reason() ? std::string_view(content<Reason>(Kind::null).message) : std::string_view();
}

std::string Value::to_text() const {
    std::string text;
    append_text(*this, true, text);
    return text;
}

template <class Is>
std::size_t Context::position_of(std::size_t hash, const Is& is) const {
    if (slots_.empty()) {
        for (std::size_t at = 0; at < entries_.size(); ++at) {
            if (is(entries_[at].first)) return at;
        }
        return entries_.size();
    }
    for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
        if (slots_[slot] == 0) return entries_.size();
        if (is(entries_[slots_[slot] - 1].first)) return slots_[slot] - 1;
    }
}

const Value* Context::find(std::string_view key) const {
    const std::size_t hash = Key::hash_of(key);
    const std::size_t position = position_of(hash, [&](const Key& own) { return own.is(hash, key); });
    return position == entries_.size() ? nullptr : &entries_[position].second;
}

const Value* Context::search(const Key& key, const Place* place) const {
    const std::size_t position = position_of(key.hash(), [&](const Key& own) { return own == key; });
    if (position == entries_.size()) return nullptr;
    if (place != nullptr) place->set(position);
    return &entries_[position].second;
}

void Context::put(Key key, Value value) {
    if ((letters_ & bit_of(key)) == 0) return append(std::move(key), std::move(value));
    const std::size_t position = position_of(key.hash(), [&](const Key& own) { return own == key; });
    if (position == entries_.size()) return append(std::move(key), std::move(value));
    replace_at(position, std::move(value));
}

void Context::replace_at(std::size_t position, Value value) {
    depth_ = std::max(depth_, value.depth() + 1);
    weight_ += value.weight() - entries_[position].second.weight();
    entries_[position].second = std::move(value);
}

void Context::append(Key key, Value value) {
    depth_ = std::max(depth_, value.depth() + 1);
    weight_ += value.weight() + 1 + key.text().size() / 64;
    letters_ |= bit_of(key);
    entries_.emplace_back(std::move(key), std::move(value));
    if (entries_.size() < kIndexFrom) return;
    if (entries_.size() * 2 > slots_.size()) {
        rebuild_index();
    } else {
        index(entries_.size() - 1);
    }
}

void Context::remove(std::string_view key) {
    const std::size_t hash = Key::hash_of(key);
    const std::size_t position = position_of(hash, [&](const Key& own) { return own.is(hash, key); });
    if (position == entries_.size()) return;
    weight_ -= entries_[position].second.weight() + 1 + key.size() / 64;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
    slots_.clear();
    if (entries_.size() >= kIndexFrom) rebuild_index();
}

void Context::index(std::size_t position) {
    std::size_t slot = entries_[position].first.hash() & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(position + 1);
}

void Context::rebuild_index() {
    slots_.assign(std::bit_ceil(entries_.size() * 4), 0);
    for (std::size_t at = 0; at < entries_.size(); ++at) index(at);
}

}  // namespace kaigong::feel
