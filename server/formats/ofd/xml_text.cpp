#include "formats/ofd/xml_text.hpp"

#include "formats/text/decimal.hpp"

namespace kaigong::ofd {

void append_number(std::string& into, double value, int decimals) {
    text::append_decimal(into, value, decimals);
}

void append_box(std::string& into, const layout::Rect& box) {
    append_mm(into, box.x_mm);
    into += ' ';
    append_mm(into, box.y_mm);
    into += ' ';
    append_mm(into, box.width_mm);
    into += ' ';
    append_mm(into, box.height_mm);
}

void append_escaped(std::string& into, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': into += "&amp;"; break;
            case '<': into += "&lt;"; break;
            case '>': into += "&gt;"; break;
            case '"': into += "&quot;"; break;
            case '\t':
            case '\n': into += c; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    into += "\xEF\xBF\xBD";
                } else {
                    into += c;
                }
        }
    }
}

std::string escaped(std::string_view text) {
    std::string result;
    append_escaped(result, text);
    return result;
}

}  // namespace kaigong::ofd
