#include <cstddef>
#include <cstdint>

#include "engine/calendar/calendar.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong::calendar;
    const auto table = year_table_from_text({reinterpret_cast<const char*>(bytes), size});
    if (!table) return 0;
    const auto calendar = Calendar::of({*table}).value();
    const auto due = calendar.add_working_days({table->year, 1, 1}, 30);
    if (calendar.working_days_between({table->year, 1, 1}, due.value).value != 30) __builtin_trap();
    return 0;
}
