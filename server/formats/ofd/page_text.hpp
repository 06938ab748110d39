// The text of a page in the order of its objects.
#pragma once

#include <pugixml.hpp>
#include <string>

namespace kaigong::ofd {

/// Puts pieces of text together: what goes on where the last one ended joins it, a gap is a space, another base line a
/// new line.
class PageText {
  public:
    /// The content of a page or of a template page: all layers and blocks in them, but not what is invisible.
    void add_content(const pugi::xml_node& page);

    std::size_t size() const { return text_.size(); }
    std::string take() && { return std::move(text_); }

  private:
    std::string text_;
    double line_y_ = 0;
    double begin_x_ = 0;
    double end_x_ = 0;
    double size_ = 0;

    void add_block(const pugi::xml_node& block, int depth);
    void add_object(const pugi::xml_node& object);
};

}  // namespace kaigong::ofd
