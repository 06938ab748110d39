// Any bytes as a decision model: what can be read can also be checked, within its budget.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/dmn/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong;
    const auto model = dmn::parse({reinterpret_cast<const char*>(bytes), size});
    if (!model) return 0;
    for (const auto& problem : dmn::check(*model)) {
        if (problem.code.empty() || problem.zh.empty() || problem.en.empty()) __builtin_trap();
    }
    return 0;
}
