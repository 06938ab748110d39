#include <cstddef>
#include <cstdint>

#include "engine/calendar/notice.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong::calendar;
    const auto notice = read_notice({reinterpret_cast<const char*>(bytes), size});
    // What is without problems can be published.
    if (notice && notice->problems.empty() && !Calendar::of({notice->table})) __builtin_trap();
    return 0;
}
