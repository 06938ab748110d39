// Any bytes as a TOML file: read or refused, never a crash; unknown keys are always named.
#include <cstdlib>

#include "base/settings.hpp"

using namespace kaigong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    auto settings = Settings::parse({reinterpret_cast<const char*>(bytes), size});
    if (!settings) return settings.error().reason == "settings.file_malformed" ? 0 : (std::abort(), 0);
    settings->text("a", "");
    settings->integer("b", 1, {0, 9});
    settings->texts("c.d", {});
    settings->boolean("e.f", false);
    if (const auto finished = settings->finish(); !finished && finished.error().fields.empty()) std::abort();
    return 0;
}
