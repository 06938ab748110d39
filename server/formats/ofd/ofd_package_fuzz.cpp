// Any bytes as a package: refused, or files whose names stay inside, and which are the same after writing and reading.
#include "formats/ofd/package.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace kaigong;

namespace {

void must(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto package = ofd::Package::read({reinterpret_cast<const char*>(bytes), size});
    if (!package) return 0;
    for (const auto& file : package->files()) {
        must(!file.path.empty() && file.path.front() != '/' && file.path.find('\\') == std::string::npos);
        must(("/" + file.path + "/").find("/../") == std::string::npos);
        must(package->find(file.path) == &file);
    }
    const auto again = ofd::Package::read(package->zip());
    must(again.has_value() && again->files().size() == package->files().size());
    return 0;
}
