// Whether some boxes (one set of pieces a column) cover a space, and if not, a part of it that none covers.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "engine/dmn/check_bits.hpp"

namespace kaigong::dmn {

using Box = std::vector<Bits>;

/// Work that a check may still do, counted in words of sets. Shared by all questions about a table.
struct CheckBudget {
    std::size_t left = 40'000'000;
    bool spend(std::size_t words) {
        left -= std::min(left, words);
        return left > 0;
    }
};

class CoverSearch {
  public:
    CoverSearch(const Box& space, const std::vector<Box>& boxes, CheckBudget& budget);
    /// Nothing when all is covered, or when the budget is used up (ask the budget then).
    std::optional<Box> uncovered();

  private:
    bool find(std::size_t column, const Bits& active);
    bool is_covered_by_one(std::size_t column, const Bits& active) const;

    const Box& space_;
    CheckBudget& budget_;
    std::vector<std::vector<Bits>> covering_;  // by column and piece: which boxes hold it
    std::vector<std::size_t> whole_from_;      // by box: from this column on it covers the space
    std::set<std::pair<std::size_t, Bits>> covered_;
    std::size_t boxes_ = 0;
    Box found_;
};

}  // namespace kaigong::dmn
