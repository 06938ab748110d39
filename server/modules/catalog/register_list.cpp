#include "modules/catalog/register_list.hpp"

#include "base/json_reader.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kFreshHoursMax = 10'000;

}  // namespace

Result<std::vector<Register>> read_registers(const value& file) {
    JsonReader reader(file);
    auto registers = reader.list<Register>("registers", {.count_max = 100}, [](JsonReader& item) {
        Register one;
        one.register_code = item.text("register", {.length_max = 60});
        one.name = item.text("name");
        one.fresh_hours = item.integer("fresh_hours", {.min = 1, .max = kFreshHoursMax});
        if (item.text("when_unavailable") != "unchecked") {
            item.refuse("when_unavailable", "catalog.register_outcome", "只能写 unchecked。");
        }
        return one;
    });
    if (const auto whole = reader.finish(); !whole) {
        const auto& fields = whole.error().fields;
        return error(
            Errc::invalid_input, "catalog.matter_malformed",
            "目录文件 shared/registers.json 有误：" +
                (fields.empty() ? whole.error().message : fields.front().field + " " + fields.front().message));
    }
    return registers;
}

object register_inputs(const std::vector<Register>& registers, const RegisterSource& source, const PrecheckInput& input,
                       std::int64_t now_ms) {
    object all;
    for (const auto& one : registers) {
        auto answer = source.ask(one.register_code, input);
        object seen;
        const bool stale = answer.status != "unavailable" && now_ms - answer.as_of_at_ms > one.fresh_hours * kHourMs;
        if (!stale && answer.status != "unavailable") seen = std::move(answer.facts);
        seen["status"] = stale ? "unavailable" : answer.status;
        if (answer.as_of_at_ms != 0) seen["as_of_at_ms"] = answer.as_of_at_ms;
        if (!answer.source.empty()) seen["source"] = answer.source;
        if (stale) seen["stale"] = true;
        all[one.register_code] = std::move(seen);
    }
    return all;
}

}  // namespace kaigong::catalog
