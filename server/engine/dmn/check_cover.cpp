#include "engine/dmn/check_cover.hpp"

#include <algorithm>
#include <map>

namespace kaigong::dmn {

CoverSearch::CoverSearch(const Box& space, const std::vector<Box>& boxes, CheckBudget& budget)
    : space_(space), budget_(budget), boxes_(boxes.size()) {
    for (std::size_t column = 0; column < space.size(); ++column) {
        const Bits& pieces = space[column];
        std::vector<Bits> rows(pieces.count());
        for (std::size_t at = pieces.next(0); at < pieces.count(); at = pieces.next(at + 1)) {
            Bits row(boxes_);
            for (std::size_t box = 0; box < boxes_; ++box) {
                if (boxes[box][column].test(at)) row.set(box);
            }
            budget_.spend(boxes_ / 8);
            rows[at] = std::move(row);
        }
        covering_.push_back(std::move(rows));
    }
    for (const Box& box : boxes) {
        std::size_t from = space.size();
        while (from > 0 && space[from - 1].is_within(box[from - 1])) --from;
        whole_from_.push_back(from);
    }
}

std::optional<Box> CoverSearch::uncovered() {
    if (std::ranges::any_of(space_, &Bits::none)) return std::nullopt;
    found_ = space_;
    if (find(0, Bits(boxes_, true))) return found_;
    return std::nullopt;
}

bool CoverSearch::is_covered_by_one(std::size_t column, const Bits& active) const {
    for (std::size_t box = active.next(0); box < boxes_; box = active.next(box + 1)) {
        if (whole_from_[box] <= column) return true;
    }
    return false;
}

/// True when within the columns from `column` on something is left that no active box covers; it stands in `found_`.
bool CoverSearch::find(std::size_t column, const Bits& active) {
    if (active.none()) return true;
    if (column == space_.size() || is_covered_by_one(column, active)) return false;
    if (covered_.contains({column, active})) return false;
    // Pieces that the same boxes hold are one: the fewer boxes, the sooner something is found that none covers.
    std::map<Bits, Bits> groups;
    const Bits& pieces = space_[column];
    for (std::size_t at = pieces.next(0); at < pieces.count(); at = pieces.next(at + 1)) {
        if (!budget_.spend(active.words() + 1)) return false;
        groups.try_emplace(covering_[column][at] & active, pieces.count()).first->second.set(at);
    }
    std::vector<std::pair<Bits, Bits>> ordered(groups.begin(), groups.end());
    std::ranges::sort(ordered, {},
                      [](const auto& group) { return std::pair(group.first.size(), group.second.next(0)); });
    for (const auto& [still_active, group] : ordered) {
        found_[column] = group;
        if (find(column + 1, still_active)) return true;
        if (budget_.left == 0) return false;
    }
    found_[column] = space_[column];
    covered_.emplace(column, active);
    return false;
}

}  // namespace kaigong::dmn
