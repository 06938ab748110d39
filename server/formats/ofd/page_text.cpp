#include "formats/ofd/page_text.hpp"

#include "formats/ofd/xml_parts.hpp"

#include <cmath>
#include <numeric>

namespace kaigong::ofd {

void PageText::add_content(const pugi::xml_node& page) {
    for (const pugi::xml_node& layer : children(child(page, "Content"), "Layer")) add_block(layer, 0);
}

void PageText::add_block(const pugi::xml_node& block, int depth) {
    if (depth > kNestingMax) return;
    for (const pugi::xml_node& object : block.children()) {
        const std::string_view name = local_name(object);
        if (name == "PageBlock") add_block(object, depth + 1);
        if (name == "TextObject" && object.attribute("Visible").as_bool(true)) add_object(object);
    }
}

void PageText::add_object(const pugi::xml_node& object) {
    const std::vector<double> box = numbers_of(object.attribute("Boundary").value());
    if (box.size() != 4) return;
    const double size = std::max(object.attribute("Size").as_double(), 0.1);
    for (const pugi::xml_node& code : children(object, "TextCode")) {
        const std::string text = code.text().get();
        if (text.empty()) continue;
        const double x = box[0] + code.attribute("X").as_double();
        const double y = box[1] + code.attribute("Y").as_double();
        const std::vector<double> steps = numbers_of(code.attribute("DeltaX").value());
        const bool same_line = std::abs(y - line_y_) < 0.5 * std::max(size, size_) && x >= begin_x_;
        if (!text_.empty() && !same_line) text_ += '\n';
        if (!text_.empty() && same_line && x - end_x_ > 0.3 * size) text_ += ' ';
        text_ += text;
        const bool narrow = static_cast<unsigned char>(text.back()) < 0x80;
        begin_x_ = x;
        end_x_ = std::accumulate(steps.begin(), steps.end(), x) + (narrow ? size / 2 : size);
        line_y_ = y;
        size_ = size;
    }
}

}  // namespace kaigong::ofd
