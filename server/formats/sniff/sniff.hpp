// What a file is, by its content: names and declared types of strangers' files are not believed. Reads a bounded part
// of the bytes and never fails: what is not surely one of the known kinds is `unknown`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kaigong::sniff {

enum class FileKind : std::uint8_t { pdf, jpeg, png, ofd, zip, unknown };

/// A PDF has its mark in the first 1024 bytes and an end mark; an OFD is a ZIP with an entry `OFD.xml` at its root; the
/// others have their marks at the beginning. A file that says one thing at the beginning and is cut off is `unknown`.
FileKind file_kind(std::string_view bytes);

/// `application/pdf`, `image/jpeg` …; `application/octet-stream` for `unknown`.
std::string_view media_type(FileKind kind);
/// `pdf`, `jpg`, `png`, `ofd`, `zip`: the words of the material list; empty for `unknown`.
std::string_view format_name(FileKind kind);

/// Pages of a PDF, best effort: the largest /Count of a page tree node, also inside compressed object streams. Nothing
/// when none is found (encrypted, broken, or past the limits). A later edit that removed pages may leave the old
/// number.
std::optional<int> pdf_page_count(std::string_view bytes);

/// 1 for images, `pdf_page_count` for PDF, nothing for the others.
std::optional<int> page_count(std::string_view bytes);

}  // namespace kaigong::sniff
