// PDFs of strangers. Whole files first; then the input as the parts that are parsed inside one (page, map to Unicode,
// metadata, extra objects of the form), so that the fuzzer need not invent tables.
#include "formats/pdf/pdf_file.hpp"
#include "formats/pdf/reader.hpp"

#include <array>
#include <cstdlib>

using namespace kaigong;

namespace {

std::string file_of_parts(std::string_view input) {
    std::array<std::string_view, 4> parts;
    for (std::string_view& part : parts) {
        const std::size_t end = input.find('\xFF');
        part = input.substr(0, end);
        input = end == std::string_view::npos ? std::string_view() : input.substr(end + 1);
    }
    pdf::FileWriter file;
    const int catalog = file.reserve();
    const int pages = file.reserve();
    const int page = file.reserve();
    const int content = file.reserve();
    const int font = file.reserve();
    const int map = file.reserve();
    const int metadata = file.reserve();
    const int field = file.reserve();
    file.put(catalog, "<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R /AcroForm << /Fields [8 0 R] >> >>");
    file.put(pages, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
    file.put(page,
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
             "/XObject << /X 4 0 R >> >> >>");
    file.put_stream(content,
                    "/Type /XObject /Subtype /Form /Resources << /Font << /F 5 0 R >> /XObject << /X 4 0 R >> >>",
                    parts[0], pdf::Packing::plain);
    file.put(font, "<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>");
    file.put_stream(map, "", parts[1], pdf::Packing::plain);
    file.put_stream(metadata, "", parts[2], pdf::Packing::plain);
    file.put(field, "<< /FT /Sig /T (a) /V << " + std::string(parts[3]) + " >> >>");
    return file.finish(catalog, page);
}

void look(std::string_view bytes) {
    const auto stored = pdf::read(bytes);
    if (!stored) return;
    if (stored->revisions == 0) std::abort();
    for (const auto& signature : stored->signatures) {
        const auto parts = pdf::signed_parts(bytes, signature.byte_range);
        if (signature.covers_whole_file && !signature.range_sound) std::abort();
        if (signature.range_sound && parts[0].empty()) std::abort();
    }
}

}  // namespace

/// fontconfig keeps its caches to the end of the process.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libfontconfig\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    look(bytes);
    look(file_of_parts(bytes));
    return 0;
}
