// The values of one input column, cut into pieces at every constant that its cells name: within a piece no cell can
// tell two values apart, so each cell is a set of pieces and all questions about rules become questions about sets.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/dmn/check_bits.hpp"
#include "engine/dmn/check_form.hpp"
#include "engine/dmn/check_types.hpp"

namespace kaigong::dmn {

/// For whom a piece stands.
struct Piece {
    enum class Kind : std::uint8_t {
        null,
        alien,       // a value of a kind that no cell speaks of
        point,       // exactly `low`
        gap,         // between `low` and `high`, without them; a null end is open
        text_under,  // a text that begins with `low`, but is none of the points and under no longer beginning
        other_text,
    };
    Kind kind = Kind::null;
    feel::Value low, high;
    bool is_possible = true;  // false: nothing lies between two neighbouring days
};

/// A cell over the pieces. What may but need not match depends on something else.
struct CellSet {
    Bits holds;     // it certainly matches
    Bits possible;  // it may match; without what never reaches a rule
    bool is_opaque = false;
};

class CheckColumn {
  public:
    /// `type` is what is known of the values (may be null).
    CheckColumn(const TableInput& input, TypePtr type, const std::vector<const Cell*>& cells);

    const std::vector<Piece>& pieces() const { return pieces_; }
    const std::string& label() const { return label_; }
    const CellSet& set_of(const Cell& cell) const;
    /// The pieces that a form may hold: of the type, allowed, filled in.
    const Bits& domain() const { return domain_; }
    /// The same with null: what a rule can meet at all.
    const Bits& reachable() const { return reachable_; }
    /// False when the allowed values cannot be told in pieces, so that a gap would not be certain.
    bool is_domain_certain() const { return domain_certain_; }
    const std::optional<Cell>& allowed() const { return allowed_; }

  private:
    struct Sets {
        Bits holds, fails, never;  // true, false, not true
    };

    void collect(const CellForm& form);
    void build_pieces();
    void add_ordered(std::vector<feel::Value> points);
    void add_texts();
    void build_domain();
    Sets sets_of(const CellForm& form) const;
    Sets equal(const feel::Value& value) const;
    Sets ordered(feel::Range::Form relation, const feel::Value& value) const;
    Sets under(const std::string& beginning) const;
    Sets nothing_known() const;
    Sets of_kind(feel::Kind kind) const;
    CellSet make_set(const Cell& cell) const;
    std::size_t point_of(const feel::Value& value) const;

    struct Span {
        std::size_t from = 0, to = 0;
    };
    std::string label_;
    TypePtr type_;
    std::optional<Cell> allowed_;
    ItemTypePtr item_;
    std::map<feel::Kind, std::vector<feel::Value>> constants_;
    std::vector<std::string> beginnings_;
    std::map<feel::Kind, Span> spans_;
    std::vector<Piece> pieces_;
    std::map<std::string, CellSet, std::less<>> sets_;
    CellSet unread_;
    Bits domain_, reachable_;
    bool domain_certain_ = true;
    bool is_ordered_ = true;  // false: local and zoned times stand side by side, nothing can be said
};

}  // namespace kaigong::dmn
