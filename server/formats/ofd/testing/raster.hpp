// Draws a page of an OFD package from what stands in the package: its XML, its fonts, its images. For tests and for
// looking: it knows nothing of the page model, so what it shows is what the file says. No patterns, no composites.
#pragma once

#include "formats/ofd/package.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace kaigong::ofd::testing {

struct Raster {
    int width = 0;
    int height = 0;
    /// Three bytes a pixel, row by row.
    std::vector<std::uint8_t> rgb;
};

/// `page` from 0. Throws for whatever is wrong with the package: a test wants to know.
Raster draw_page(const Package& package, std::size_t page, double dpi);

struct Difference {
    /// Of all channels, 0–255.
    double mean = 0;
    /// Pixels of which a channel differs by more than a third of the range.
    double strong_share = 0;
    /// Blocks of 4 × 4 pixels that differ by more than a sixth of it: edges that are smoothed in another way are gone,
    /// what is missing or elsewhere stays.
    double block_share = 0;
};

/// Throws when the sizes differ.
Difference compare(const Raster& left, const Raster& right);

std::string png_of(const Raster& raster);
Raster from_png(std::string_view bytes);

}  // namespace kaigong::ofd::testing
