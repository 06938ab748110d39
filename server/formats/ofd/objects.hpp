// Elements of the page model as graphic objects of a layer (GB/T 33190-2016, 9–11): their XML, all but the ID.
#pragma once

#include "formats/ofd/fonts.hpp"

#include <string>
#include <vector>

namespace kaigong::ofd {

struct Object {
    /// `TextObject`, `PathObject`, `ImageObject`.
    std::string_view kind;
    /// Attributes but the ID, and content: ` Boundary="…">…`. Or, without content, ` Boundary="…"/>`.
    std::string rest;

    bool operator==(const Object&) const = default;
};

/// Fill and stroke are two objects: readers do not agree which of them lies on top.
void append_objects(std::vector<Object>& into, const layout::Path& path);

/// Each repetition is a path of its own with the same data: patterns and composite objects are drawn by few readers,
/// and deflate makes the repeated data small.
void append_objects(std::vector<Object>& into, const layout::Tile& tile);

void append_objects(std::vector<Object>& into, const layout::TextRun& run, const std::vector<Piece>& pieces,
                    const EmbeddedFont& font);

void append_object(std::vector<Object>& into, const layout::Image& image, std::uint32_t resource_id);

}  // namespace kaigong::ofd
