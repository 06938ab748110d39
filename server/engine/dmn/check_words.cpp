#include "engine/dmn/check_words.hpp"

#include <fmt/format.h>

namespace kaigong::dmn {

namespace {

using feel::Kind;
using feel::Value;

/// As a clerk writes it: texts in quotation marks, the rest plain.
std::string shown(const Value& value) {
    switch (value.kind()) {
        case Kind::string: return "“" + value.as_string() + "”";
        case Kind::date: return feel::to_string(value.as_date());
        case Kind::time: return feel::to_string(value.as_time());
        case Kind::date_time: return feel::to_string(value.as_date_time());
        case Kind::years_months: return feel::to_string(value.as_years_months());
        case Kind::days_time: return feel::to_string(value.as_days_time());
        default: return value.to_text();
    }
}

bool is_in_time(const Value& value) {
    return value.is(Kind::date) || value.is(Kind::date_time) || value.is(Kind::time);
}

/// A run of pieces on a line, by its ends; a null end is open.
struct Run {
    Value low, high;
    bool low_included = false, high_included = false;
};

bool is_on_a_line(const Piece& piece) {
    if (piece.kind == Piece::Kind::gap) return true;
    return piece.kind == Piece::Kind::point && !piece.low.is(Kind::string) && !piece.low.is(Kind::boolean);
}

/// Whether `next` begins where `piece` ends.
bool touches(const Piece& piece, const Piece& next) {
    if (!is_on_a_line(next)) return false;
    const Value& end = piece.kind == Piece::Kind::point ? piece.low : piece.high;
    return !end.is_null() && next.low.kind() == end.kind();
}

Run run_from(const std::vector<Piece>& pieces, const Bits& held, std::size_t at) {
    Run run;
    run.low = pieces[at].low;
    run.low_included = pieces[at].kind == Piece::Kind::point;
    while (at + 1 < pieces.size() && touches(pieces[at], pieces[at + 1]) &&
           (held.test(at + 1) || !pieces[at + 1].is_possible)) {
        ++at;
    }
    run.high_included = pieces[at].kind == Piece::Kind::point;
    run.high = run.high_included ? pieces[at].low : pieces[at].high;
    return run;
}

Words words_of_run(const Run& run) {
    if (run.low.is_null() && run.high.is_null()) return {};
    const bool time = is_in_time(run.low.is_null() ? run.high : run.low);
    if (run.low_included && run.high_included && run.low.to_text() == run.high.to_text()) {
        return {(time ? "为 " : "等于 ") + shown(run.low), "is " + shown(run.low)};
    }
    if (run.low.is_null()) {
        const std::string_view zh = run.high_included ? (time ? "不晚于" : "不大于") : (time ? "早于" : "小于");
        const std::string_view en = run.high_included ? (time ? "not after" : "at most") : (time ? "before" : "below");
        return {fmt::format("{} {}", zh, shown(run.high)), fmt::format("is {} {}", en, shown(run.high))};
    }
    if (run.high.is_null()) {
        const std::string_view zh = run.low_included ? (time ? "不早于" : "不小于") : (time ? "晚于" : "大于");
        const std::string_view en = run.low_included ? (time ? "not before" : "at least") : (time ? "after" : "above");
        return {fmt::format("{} {}", zh, shown(run.low)), fmt::format("is {} {}", en, shown(run.low))};
    }
    const auto zh_end = [](bool included) { return included ? "（含）" : "（不含）"; };
    const auto en_end = [](bool included) { return included ? "" : " (excluded)"; };
    return {fmt::format("从 {}{}到 {}{}", shown(run.low), zh_end(run.low_included), shown(run.high),
                        zh_end(run.high_included)),
            fmt::format("from {}{} to {}{}", shown(run.low), en_end(run.low_included), shown(run.high),
                        en_end(run.high_included))};
}

Words words_of(const std::vector<Piece>& pieces, const Bits& held) {
    const std::size_t at = held.next(0);
    if (at == held.count()) return {};
    const Piece& piece = pieces[at];
    switch (piece.kind) {
        case Piece::Kind::null: return {"没有填写", "is not filled in"};
        case Piece::Kind::alien: return {};
        case Piece::Kind::text_under: return {"以" + shown(piece.low) + "开头", "begins with " + shown(piece.low)};
        case Piece::Kind::other_text: return {"为表里没有写到的值", "is a value that the table does not name"};
        case Piece::Kind::gap: return words_of_run(run_from(pieces, held, at));
        case Piece::Kind::point: break;
    }
    if (is_on_a_line(piece)) return words_of_run(run_from(pieces, held, at));
    if (piece.low.is(Kind::boolean)) {
        return {piece.low.as_bool() ? "为“是”" : "为“否”", piece.low.as_bool() ? "is true" : "is false"};
    }
    return {"为" + shown(piece.low), "is " + shown(piece.low)};
}

}  // namespace

Words words_of(const std::vector<CheckColumn>& columns, const Box& box) {
    Words all;
    for (std::size_t at = 0; at < columns.size(); ++at) {
        if (columns[at].domain().is_within(box[at])) continue;
        Bits held = box[at] & columns[at].domain();
        if (held.none()) held = box[at];
        const Words one = words_of(columns[at].pieces(), held);
        if (one.empty()) continue;
        all.zh += fmt::format("{}“{}”{}", all.zh.empty() ? "" : "、", columns[at].label(), one.zh);
        all.en += fmt::format("{}“{}” {}", all.en.empty() ? "" : ", ", columns[at].label(), one.en);
    }
    return all;
}

}  // namespace kaigong::dmn
