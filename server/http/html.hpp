// Writes HTML for pages that must be useful without script. Text and attribute values are always escaped; there is no
// way to write a script, a style or an event handler, and an address must be relative or https.
//
//     Html page;
//     page.open("main", {{"class", "card"}});
//     page.element("h1", {}, works_name);
//     page.element("a", {{"href", "/permits/" + number}}, "查看许可证");
//     page.close();
//     return page_reply(page_shell("施工许可证", page));
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaigong::http {

/// `&`, `<`, `>`, `"` and `'` as entities; control characters that HTML forbids are left out.
std::string escape_html(std::string_view text);

/// Percent-encodes everything but unreserved characters (RFC 3986): for path segments and query values.
std::string encode_component(std::string_view text);

class Html {
  public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Opens an element. A name outside `[a-z0-9-]`, a script, style or iframe element, an `on…` or `style` attribute,
    /// an address that is neither relative nor https: bugs, throw std::logic_error.
    Html& open(std::string_view name, Attributes attributes = {});
    /// Closes the innermost open element.
    Html& close();
    Html& text(std::string_view text);
    /// An element with text alone; void elements (`input`, `br`, `meta`, `link`) with empty text have no end tag.
    Html& element(std::string_view name, Attributes attributes = {}, std::string_view text = {});
    /// All of another piece, whose elements must be closed.
    Html& add(const Html& piece);

    /// Throws std::logic_error while an element is open.
    const std::string& str() const;

  private:
    void start(std::string_view name, Attributes attributes);

    std::string out_;
    std::vector<std::string> open_;
};

struct PageHead {
    std::string title;
    /// Paths of style sheets on this host.
    std::vector<std::string> style_sheets = {};
    std::string description = {};
    /// Path of the icon in the browser's tab; without one browsers ask for /favicon.ico.
    std::string icon = {};
};

/// A whole document: doctype, language zh-CN, viewport, title, style sheets, body.
std::string html_document(const PageHead& head, const Html& body);

}  // namespace kaigong::http
