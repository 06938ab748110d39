// Templates are written by people and sent through the configuration pages: any text may come. What is read must fill.
#include "formats/layout/template.hpp"

#include <string_view>

using namespace kaigong;

/// fontconfig keeps its caches to the end of the process.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libfontconfig\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = layout::Template::parse(text);
    if (parsed) (void)parsed->fill(parsed->example_values(), 0).has_value();
    return 0;
}
