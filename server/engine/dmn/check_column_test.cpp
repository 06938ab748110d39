// A cell as a set of pieces says what the engine says of a value out of each piece.
#include "engine/dmn/check_column.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace kaigong::dmn {
namespace {

using feel::Value;
using TypeKind = feel::Type::Kind;

Value between(const Value& low, const Value& high) {
    const auto number = [](const Value& value) { return value.as_number(); };
    if (low.is_null() && high.is_null()) return Value(7);
    if (low.is(feel::Kind::number) || high.is(feel::Kind::number)) {
        if (low.is_null()) return Value(number(high) - feel::Decimal(1));
        if (high.is_null()) return Value(number(low) + feel::Decimal(1));
        return Value((number(low) + number(high)) / feel::Decimal(2));
    }
    if (low.is_null()) return Value(feel::date_of_days(feel::days_of(high.as_date()) - 1));
    return Value(feel::date_of_days(feel::days_of(low.as_date()) + 1));
}

/// A value out of the piece; nothing for one that no value of these columns is in.
std::optional<Value> value_in(const Piece& piece) {
    switch (piece.kind) {
        case Piece::Kind::null: return Value();
        case Piece::Kind::alien: return std::nullopt;
        case Piece::Kind::point: return piece.low;
        case Piece::Kind::gap: return piece.is_possible ? std::optional(between(piece.low, piece.high)) : std::nullopt;
        case Piece::Kind::text_under: return Value(piece.low.as_string() + "~");
        case Piece::Kind::other_text: return Value("something else");
    }
    return std::nullopt;
}

void check_agreement(TypeKind type, const std::vector<std::string>& texts) {
    TableInput input;
    input.expression.text = "x";
    std::vector<Cell> cells(texts.size());
    std::vector<const Cell*> pointers;
    for (std::size_t at = 0; at < texts.size(); ++at) {
        auto parsed = feel::parse_unary_tests(texts[at]);
        REQUIRE(parsed.has_value());
        cells[at].text = texts[at];
        cells[at].parsed = std::move(*parsed);
        pointers.push_back(&cells[at]);
    }
    const CheckColumn column(input, feel::Type::simple(type), pointers);
    std::size_t compared = 0;
    for (const Cell& cell : cells) {
        const CellSet& set = column.set_of(cell);
        for (std::size_t at = 0; at < column.pieces().size(); ++at) {
            const auto value = value_in(column.pieces()[at]);
            if (!value) continue;
            const bool matches = feel::evaluate(*cell.parsed, *value, {}).is_true();
            INFO(cell.text, " about ", value->to_text());
            if (set.holds.test(at)) CHECK(matches);
            if (!set.possible.test(at)) CHECK(!matches);
            if (!set.is_opaque) CHECK(set.holds.test(at) == matches);
            ++compared;
        }
    }
    CHECK(compared > 20);
}

TEST_CASE("cells about numbers") {
    check_agreement(TypeKind::number, {"-",
                                       "1",
                                       "1,2,5",
                                       "not(1,2)",
                                       "< 3",
                                       "<= 3",
                                       "> 3",
                                       ">= 3",
                                       "= 3",
                                       "!= 3",
                                       "[1..5]",
                                       "(1..5)",
                                       "[1..5)",
                                       "]1..5[",
                                       "not([1..5])",
                                       "[5..3]",
                                       "null",
                                       "not(null)",
                                       "? > 1 and ? < 4",
                                       "? < 1 or ? = 5",
                                       "not(? > 1)",
                                       "? between 2 and 4",
                                       "? in (1, [3..5])",
                                       "2 <= ?",
                                       "[1, 2]",
                                       "-3",
                                       "2 * 4",
                                       "? != null",
                                       "null, 5",
                                       "< 1, > 5",
                                       "? = 2 and ? != 2",
                                       "modulo(?, 2) = 1",
                                       "? > 1 and odd(?)"});
}

TEST_CASE("cells about texts") {
    check_agreement(TypeKind::string,
                    {"-", "\"a\"", "\"a\",\"b\"", "not(\"a\")", "not(\"a\",\"b\")", "starts with(?, \"33\")",
                     "not(starts with(?, \"33\"))", "starts with(?, \"3301\")", "\"330106\"",
                     "starts with(?, \"33\") and ? != \"330106\"", "null", "? = \"a\"", "? != \"a\"", "not(null)",
                     "? in (\"a\", \"b\")", "matches(?, \"^3\")", "string length(?) > 3", "[\"a\", \"b\"]"});
}

TEST_CASE("cells about days") {
    check_agreement(
        TypeKind::date,
        {"-", "date(\"2018-01-01\")", "< date(\"2018-01-01\")", ">= date(\"2018-01-01\")", "<= date(\"2017-12-31\")",
         "[date(\"2018-01-01\")..date(\"2018-12-31\")]", "not(> @\"2018-06-01\")", "null",
         "? < date(\"2018-01-01\") or ? > date(\"2018-12-31\")", "> date(\"2018-01-01\") + duration(\"P1M\")"});
}

TEST_CASE("cells about yes and no") {
    check_agreement(TypeKind::boolean, {"-", "true", "false", "not(true)", "not(false)", "true,false", "null",
                                        "not(null)", "? = true", "not(?)", "? = false", "null,true"});
}

}  // namespace
}  // namespace kaigong::dmn
