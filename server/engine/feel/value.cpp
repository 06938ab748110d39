#include "engine/feel/value.hpp"

#include <algorithm>
#include <array>

#include "engine/feel/text.hpp"
#include "engine/feel/value_text.hpp"

namespace kaigong::feel {

namespace {

constexpr std::size_t kIndexFrom = 17;

}  // namespace

std::string_view name_of(Kind kind) {
    static constexpr std::array<std::string_view, 13> kNames{"空值",   "是否",     "数字",     "文字",     "日期",
                                                             "时间",   "日期时间", "年月时长", "日时时长", "列表",
                                                             "上下文", "区间",     "函数"};
    return kNames[static_cast<std::size_t>(kind)];
}

Value Value::null(std::string code, std::string reason) {
    Value value;
    value.storage_.emplace<0>(Null{std::make_shared<const Reason>(Reason{std::move(code), std::move(reason)})});
    return value;
}

Value::Value(Decimal value) : storage_(value) {
    if (!value.is_finite())
        *this = null("feel.number_out_of_range", "计算结果超出数字范围或没有意义，请检查除数和指数。");
}

Value::Value(std::string value) : storage_(std::make_shared<const std::string>(std::move(value))) {}
Value::Value(Time value) : storage_(std::make_shared<const Time>(std::move(value))) {}
Value::Value(DateTime value) : storage_(std::make_shared<const DateTime>(std::move(value))) {}
Value::Value(Range value) : storage_(std::make_shared<const Range>(std::move(value))) {}

Value::Value(List value) {
    std::size_t depth = 1;
    for (const Value& item : value) depth = std::max(depth, item.depth() + 1);
    if (depth > kNestingMax) {
        *this = null("feel.limit_nesting", "列表嵌套太深，请改用平铺的列表。");
    } else {
        storage_ = std::make_shared<const ListBox>(ListBox{std::move(value), depth});
    }
}

Value::Value(Context value) {
    if (value.depth() > kNestingMax) {
        *this = null("feel.limit_nesting", "上下文嵌套太深，请减少层数。");
    } else {
        storage_ = std::make_shared<const Context>(std::move(value));
    }
}

std::size_t Value::depth() const {
    switch (kind()) {
        case Kind::list: return std::get<9>(storage_)->depth;
        case Kind::context: return as_context().depth();
        case Kind::function: return as_function()->captured.depth() + 1;
        default: return 0;
    }
}

std::string_view Value::null_code() const {
    const Null* value = std::get_if<0>(&storage_);
    return value != nullptr && value->reason ? std::string_view(value->reason->code) : std::string_view();
}

std::string_view Value::null_reason() const {
    const Null* value = std::get_if<0>(&storage_);
    return value != nullptr && value->reason ? std::string_view(value->reason->message) : std::string_view();
}

std::string Value::to_text() const {
    std::string text;
    append_text(*this, true, text);
    return text;
}

std::size_t Context::position_of(std::string_view key) const {
    if (!index_.empty()) {
        const auto found = index_.find(std::string(key));
        return found == index_.end() ? entries_.size() : found->second;
    }
    const auto found = std::ranges::find(entries_, key, &Entry::first);
    return static_cast<std::size_t>(found - entries_.begin());
}

const Value* Context::find(std::string_view key) const {
    const std::size_t position = position_of(key);
    return position == entries_.size() ? nullptr : &entries_[position].second;
}

void Context::put(std::string key, Value value) {
    depth_ = std::max(depth_, value.depth() + 1);
    const std::size_t position = position_of(key);
    if (position < entries_.size()) {
        entries_[position].second = std::move(value);
        return;
    }
    entries_.emplace_back(std::move(key), std::move(value));
    if (entries_.size() == kIndexFrom) {
        for (std::size_t at = 0; at < entries_.size(); ++at) index_.emplace(entries_[at].first, at);
    } else if (entries_.size() > kIndexFrom) {
        index_.emplace(entries_.back().first, position);
    }
}

void Context::remove(std::string_view key) {
    const std::size_t position = position_of(key);
    if (position == entries_.size()) return;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(position));
    index_.clear();
    if (entries_.size() < kIndexFrom) return;
    for (std::size_t at = 0; at < entries_.size(); ++at) index_.emplace(entries_[at].first, at);
}

}  // namespace kaigong::feel
