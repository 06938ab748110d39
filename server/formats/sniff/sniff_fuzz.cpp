#include "formats/sniff/sniff.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

using namespace kaigong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto pages = sniff::page_count(bytes);
    if (pages && *pages < 0) std::abort();
    if (sniff::file_kind(bytes) == sniff::FileKind::unknown && pages) std::abort();
    // Marks around the input bring the fuzzer to the page tree at once.
    const std::string as_pdf = "%PDF-1.5\n" + std::string(bytes) + "\n%%EOF";
    (void)sniff::pdf_page_count(as_pdf);
    const std::string as_zip = "PK\x03\x04" + std::string(bytes);
    (void)sniff::file_kind(as_zip);
    return 0;
}
