#include "engine/dmn/check_column.hpp"

#include <algorithm>

#include "engine/feel/compare.hpp"

namespace kaigong::dmn {

namespace {

using feel::Kind;
using feel::Value;
using Form = feel::Range::Form;

constexpr std::size_t kNull = 0;
constexpr std::size_t kAlien = 1;

std::optional<Kind> kind_of(const TypePtr& type) {
    using TypeKind = feel::Type::Kind;
    if (!type) return std::nullopt;
    switch (type->kind) {
        case TypeKind::boolean: return Kind::boolean;
        case TypeKind::number: return Kind::number;
        case TypeKind::string: return Kind::string;
        case TypeKind::date: return Kind::date;
        case TypeKind::time: return Kind::time;
        case TypeKind::date_time: return Kind::date_time;
        case TypeKind::years_months: return Kind::years_months;
        case TypeKind::days_time: return Kind::days_time;
        default: return std::nullopt;
    }
}

bool is_before(const Value& left, const Value& right) {
    return feel::order(left, right).value_or(0) < 0;
}

/// Whether a value lies between the two neighbours.
bool has_room(const Value& low, const Value& high) {
    if (low.is(Kind::date)) return feel::days_of(high.as_date()) - feel::days_of(low.as_date()) > 1;
    if (low.is(Kind::years_months)) return high.as_years_months().months - low.as_years_months().months > 1;
    return true;
}

}  // namespace

CheckColumn::CheckColumn(const TableInput& input, TypePtr type, const std::vector<const Cell*>& cells)
    : label_(input.label.empty() ? input.expression.text : input.label),
      type_(std::move(type)),
      allowed_(input.allowed),
      item_(input.type) {
    std::map<std::string, const Cell*> distinct;
    for (const Cell* cell : cells) distinct.emplace(cell->text, cell);
    for (const auto& [text, cell] : distinct) {
        if (cell->parsed) collect(form_of_tests(*cell->parsed->root()));
    }
    if (allowed_ && allowed_->parsed) collect(form_of_tests(*allowed_->parsed->root()));
    if (item_ && item_->allowed) collect(form_of_tests(*item_->allowed->root()));
    build_pieces();
    build_domain();
    for (const auto& [text, cell] : distinct) sets_.emplace(text, make_set(*cell));
    unread_ = {Bits(pieces_.size()), reachable_, true};
}

const CellSet& CheckColumn::set_of(const Cell& cell) const {
    const auto found = sets_.find(cell.text);
    return found == sets_.end() ? unread_ : found->second;
}

void CheckColumn::collect(const CellForm& form) {
    if (form.kind == CellForm::Kind::equal || form.kind == CellForm::Kind::order) {
        if (!form.value.is_null()) constants_[form.value.kind()].push_back(form.value);
    }
    if (form.kind == CellForm::Kind::prefix) {
        constants_[Kind::string];
        beginnings_.push_back(form.value.as_string());
    }
    for (const CellForm& part : form.parts) collect(part);
}

void CheckColumn::build_pieces() {
    if (const auto only = kind_of(type_)) {
        // What is not of the type never arrives: it becomes null on its way in.
        std::erase_if(constants_, [&](const auto& one) { return one.first != *only; });
        if (*only != Kind::string) beginnings_.clear();
        constants_[*only];
    }
    pieces_.resize(2);
    pieces_[kAlien].kind = Piece::Kind::alien;
    for (auto& [kind, values] : constants_) {
        const std::size_t from = pieces_.size();
        if (kind == Kind::boolean) {
            for (const bool value : {true, false}) pieces_.push_back({Piece::Kind::point, Value(value), {}, true});
        } else if (kind == Kind::string) {
            add_texts();
        } else {
            add_ordered(values);
        }
        spans_[kind] = {from, pieces_.size()};
    }
}

void CheckColumn::add_ordered(std::vector<Value> points) {
    for (const Value& point : points) is_ordered_ = is_ordered_ && feel::order(points.front(), point).has_value();
    if (!is_ordered_) points.clear();
    std::ranges::sort(points, is_before);
    const auto [first, last] =
        std::ranges::unique(points, [](const Value& one, const Value& other) { return !is_before(one, other); });
    points.erase(first, last);
    Value low;
    for (const Value& point : points) {
        const bool possible = low.is_null() || has_room(low, point);
        pieces_.push_back({Piece::Kind::gap, low, point, possible});
        pieces_.push_back({Piece::Kind::point, point, {}, true});
        low = point;
    }
    pieces_.push_back({Piece::Kind::gap, low, {}, true});
}

void CheckColumn::add_texts() {
    std::vector<std::string> texts;
    for (const Value& value : constants_[Kind::string]) texts.push_back(value.as_string());
    for (auto* list : {&texts, &beginnings_}) {
        std::ranges::sort(*list);
        list->erase(std::ranges::unique(*list).begin(), list->end());
    }
    for (std::string& text : texts) pieces_.push_back({Piece::Kind::point, Value(std::move(text)), {}, true});
    for (const std::string& beginning : beginnings_) {
        pieces_.push_back({Piece::Kind::text_under, Value(beginning), {}, true});
    }
    pieces_.push_back({Piece::Kind::other_text, {}, {}, true});
}

CheckColumn::Sets CheckColumn::nothing_known() const {
    return {Bits(pieces_.size()), Bits(pieces_.size()), Bits(pieces_.size())};
}

/// Comparing with a value of that kind: all others come to null, which does not match.
CheckColumn::Sets CheckColumn::of_kind(Kind kind) const {
    Sets sets = nothing_known();
    sets.never.set_range(0, pieces_.size());
    if (const auto span = spans_.find(kind); span != spans_.end()) {
        for (std::size_t at = span->second.from; at < span->second.to; ++at) sets.never.reset(at);
    }
    return sets;
}

/// The piece that is exactly the value.
std::size_t CheckColumn::point_of(const Value& value) const {
    const auto span = spans_.find(value.kind());
    if (span == spans_.end()) return pieces_.size();
    const auto begin = pieces_.begin() + static_cast<std::ptrdiff_t>(span->second.from);
    const auto end = pieces_.begin() + static_cast<std::ptrdiff_t>(span->second.to);
    if (value.is(Kind::boolean)) return span->second.from + (value.as_bool() ? 0 : 1);
    const auto found = value.is(Kind::string)
                           ? std::ranges::partition_point(begin, end,
                                                          [&](const Piece& piece) {
                                                              return piece.kind == Piece::Kind::point &&
                                                                     piece.low.as_string() < value.as_string();
                                                          })
                           : std::ranges::partition_point(begin, end, [&](const Piece& piece) {
                                 const Value& last = piece.kind == Piece::Kind::point ? piece.low : piece.high;
                                 if (last.is_null()) return false;
                                 const auto sign = feel::order(last, value).value_or(1);
                                 return piece.kind == Piece::Kind::point ? sign < 0 : sign <= 0;
                             });
    return static_cast<std::size_t>(found - pieces_.begin());
}

CheckColumn::Sets CheckColumn::equal(const Value& value) const {
    if (value.is_null()) {
        Sets sets = nothing_known();
        sets.holds.set(kNull);
        sets.fails.set_range(kAlien, pieces_.size());
        sets.never = sets.fails;
        return sets;
    }
    Sets sets = of_kind(value.kind());
    sets.never.set(kNull);
    sets.fails.set(kNull);  // null equals nothing but null
    const auto span = spans_.find(value.kind());
    if (span == spans_.end()) return sets;
    sets.fails.set_range(span->second.from, span->second.to);
    const std::size_t point = point_of(value);
    if (point < span->second.to) {
        sets.holds.set(point);
        sets.fails.reset(point);
    }
    sets.never |= sets.fails;
    return sets;
}

CheckColumn::Sets CheckColumn::ordered(Form relation, const Value& value) const {
    Sets sets = of_kind(value.kind());
    const auto span = spans_.find(value.kind());
    if (span == spans_.end()) return sets;
    const auto [from, to] = span->second;
    const std::size_t point = point_of(value);
    const std::size_t behind = std::min(point + 1, to);
    switch (relation) {
        case Form::less: sets.holds.set_range(from, point); break;
        case Form::less_or_equal: sets.holds.set_range(from, behind); break;
        case Form::greater: sets.holds.set_range(behind, to); break;
        default: sets.holds.set_range(point, to); break;
    }
    sets.fails.set_range(from, to);
    sets.fails.subtract(sets.holds);
    sets.never |= sets.fails;
    return sets;
}

CheckColumn::Sets CheckColumn::under(const std::string& beginning) const {
    Sets sets = of_kind(Kind::string);
    const auto span = spans_.find(Kind::string);
    if (span == spans_.end()) return sets;
    for (std::size_t at = span->second.from; at < span->second.to; ++at) {
        const Piece& piece = pieces_[at];
        const bool is_under = piece.low.is(Kind::string) && piece.low.as_string().starts_with(beginning);
        (is_under ? sets.holds : sets.fails).set(at);
    }
    sets.never |= sets.fails;
    return sets;
}

CheckColumn::Sets CheckColumn::sets_of(const CellForm& form) const {
    switch (form.kind) {
        case CellForm::Kind::anything: {
            Sets sets = nothing_known();
            sets.holds.set_range(0, pieces_.size());
            return sets;
        }
        case CellForm::Kind::equal: return is_ordered_ ? equal(form.value) : nothing_known();
        case CellForm::Kind::order: return is_ordered_ ? ordered(form.form, form.value) : nothing_known();
        case CellForm::Kind::prefix: return under(form.value.as_string());
        case CellForm::Kind::opaque: return nothing_known();
        default: break;
    }
    const bool all = form.kind == CellForm::Kind::all_of;
    Sets sets = nothing_known();
    if (all) sets.holds.set_range(0, pieces_.size());
    if (!all) sets.fails.set_range(0, pieces_.size());
    if (!all) sets.never.set_range(0, pieces_.size());
    for (const CellForm& part : form.parts) {
        const Sets inner = sets_of(part);
        if (all) {
            sets.holds &= inner.holds;
            sets.fails |= inner.fails;
            sets.never |= inner.never;
        } else {
            sets.holds |= inner.holds;
            sets.fails &= inner.fails;
            sets.never &= inner.never;
        }
    }
    if (form.kind != CellForm::Kind::none_of) return sets;
    // Null stays null when it is turned round; nothing here is opaque, so all is known.
    std::swap(sets.holds, sets.fails);
    sets.never = sets.holds.complement();
    return sets;
}

CellSet CheckColumn::make_set(const Cell& cell) const {
    if (!cell.parsed) return {Bits(pieces_.size()), reachable_, true};
    const CellForm form = form_of_tests(*cell.parsed->root());
    const Sets sets = sets_of(form);
    const bool opaque = form.holds_opaque() || (!is_ordered_ && form.kind != CellForm::Kind::anything);
    Bits possible = reachable_;
    possible.subtract(sets.never);
    return {sets.holds & reachable_, std::move(possible), opaque};
}

void CheckColumn::build_domain() {
    reachable_ = Bits(pieces_.size(), true);
    for (std::size_t at = 0; at < pieces_.size(); ++at) {
        if (!pieces_[at].is_possible) reachable_.reset(at);
    }
    if (kind_of(type_)) reachable_.reset(kAlien);
    const auto hold_to = [&](const CellForm& form) {
        const Sets sets = sets_of(form);
        Bits never = sets.never;
        never.reset(kNull);  // a null is not asked
        reachable_.subtract(never);
        if (form.holds_opaque()) domain_certain_ = false;
    };
    if (allowed_ && allowed_->parsed) hold_to(form_of_tests(*allowed_->parsed->root()));
    if (item_ && item_->allowed) hold_to(form_of_tests(*item_->allowed->root()));
    domain_ = reachable_;
    domain_.reset(kNull);
    if (!constants_.empty()) domain_.reset(kAlien);
}

}  // namespace kaigong::dmn
