// From a column of strips to pages. A strip (one line of text, one table row, a whole box) is never cut; everything
// that may be cut comes as several strips.
#pragma once

#include "base/result.hpp"
#include "formats/layout/document.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kaigong::layout {

struct Strip {
    double height_mm = 0;
    /// Left out at the top of a page.
    double space_before_mm = 0;
    double space_after_mm = 0;
    /// Stays on the page of the strip that follows (headings, first of several lines).
    bool keep_with_next = false;
    bool break_before = false;
    /// Places are relative to the left edge of the column and the top of the strip.
    std::vector<Element> elements;
    /// Drawn again when this strip begins a page (headings of a table).
    std::shared_ptr<const Strip> repeated_heading;
    /// What to name when the strip is taller than a page: the placeholder that fills it.
    std::string field;
    bool is_table_row = false;
};

/// Pages of one size with one column.
struct PageShape {
    double width_mm = kA4WidthMm;
    double height_mm = kA4HeightMm;
    Rect column;
    std::size_t pages_max = 20;
};

/// Fails with layout.row_too_tall, layout.block_too_tall (a strip taller than the column; the field is named),
/// layout.too_many_pages. There is always at least one page.
Result<std::vector<Page>> flow(std::vector<Strip> strips, const PageShape& shape);

/// All strips below each other as one (boxes, columns, page feet).
Strip stack(std::vector<Strip> strips);

}  // namespace kaigong::layout
