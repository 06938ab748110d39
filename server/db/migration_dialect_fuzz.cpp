// Any text falls into statements without end, and an unknown word is refused, never passed on.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "db/migrations.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong::db;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    try {
        const auto sql = in_dialect(text, size % 2 == 0 ? DatabaseKind::sqlite : DatabaseKind::mariadb);
        for (const auto& statement : split_statements(sql)) {
            if (statement.empty()) std::abort();
        }
    } catch (const std::invalid_argument&) {
        return 0;  // a migration with a mistake: the developer is told
    }
    return 0;
}
