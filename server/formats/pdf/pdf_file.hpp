// The bytes of a PDF file while it is written: numbered objects, a classic cross-reference table, an identifier made
// of the content (ISO 32000-1, 7.5). Knows nothing of pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::pdf {

/// At most so many decimals, without trailing zeros: `12.5`, `-0.25`, `3`.
void append_number(std::string& text, double value, int decimals);

/// `12 0 R`.
std::string reference(int object);

/// UTF-8 as a text string: `<FEFF…>`, UTF-16 with the highest byte first (ISO 32000-1, 7.9.2.2).
std::string text_string(std::string_view utf8);

/// UTF-8 as the hexadecimal digits of UTF-16, without brackets and byte order mark.
std::string utf16_hex(std::string_view utf8);

/// `(D:20261202082640Z)` for UTC milliseconds (ISO 32000-1, 7.9.4).
std::string date_string(std::int64_t at_ms);

/// `2026-12-02T08:26:40Z` for UTC milliseconds, as XMP wants it.
std::string iso_instant(std::int64_t at_ms);

/// zlib format; the same bytes for the same input.
std::string deflated(std::string_view bytes);

enum class Packing : std::uint8_t { plain, deflate, already_deflated };

class FileWriter {
  public:
    FileWriter();

    /// The number of an object that `put` or `put_stream` writes later. Every reserved number must be written.
    int reserve();
    void put(int object, std::string_view body);
    /// `entries` of the dictionary besides /Length and /Filter, such as `/Type /XObject`.
    void put_stream(int object, std::string_view entries, std::string_view content, Packing packing);
    /// The whole file. The writer is used up.
    std::string finish(int catalog, int information);

  private:
    std::string bytes_;
    std::vector<std::size_t> offsets_{0};

    void begin(int object);
};

}  // namespace kaigong::pdf
