// How the writers of this folder put numbers and words into XML.
#pragma once

#include "formats/layout/document.hpp"

#include <string>
#include <string_view>

namespace kaigong::ofd {

inline constexpr std::string_view kXmlHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
inline constexpr std::string_view kNamespace = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";

/// Rounded to that many decimals, without zeros at the end: `4.2333`, `-0.5`, `12`.
void append_number(std::string& into, double value, int decimals);

/// Millimetres to the micrometre.
inline void append_mm(std::string& into, double mm) {
    append_number(into, mm, 3);
}

/// `x y w h`, the type ST_Box.
void append_box(std::string& into, const layout::Rect& box);

/// Escaped for elements and attributes. What XML 1.0 cannot carry becomes U+FFFD.
void append_escaped(std::string& into, std::string_view text);
std::string escaped(std::string_view text);

}  // namespace kaigong::ofd
