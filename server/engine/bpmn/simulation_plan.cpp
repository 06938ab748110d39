// Reads what a plan is given as text.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "engine/bpmn/simulation.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

Error malformed_entry(std::size_t number) {
    return error(
        Errc::invalid_input, "bpmn.script_malformed",
        fmt::format("脚本第{}项不合要求，应写成 "
                    R"({{"element":"元素编号","variables":{{…}}}} 或 {{"element":"元素编号","error":"错误代码"}}。)",
                    number));
}

Result<Completion> completion_from_json(const json::value& json, std::size_t number) {
    const auto* entry = json.if_object();
    if (entry == nullptr) return malformed_entry(number);
    Completion completion;
    for (const auto& [name, value] : *entry) {
        if (name == "element" && value.is_string()) {
            completion.element = value.get_string();
        } else if (name == "variables" && value.is_object()) {
            completion.variables = value.get_object();
        } else if (name == "error" && value.is_string()) {
            completion.error_code = std::string(value.get_string());
        } else {
            return malformed_entry(number);
        }
    }
    if (completion.element.empty()) return malformed_entry(number);
    return completion;
}

constexpr std::int64_t kAdvanceSecondsMax = 1'000LL * 366 * 86'400;
constexpr std::int64_t kAdvanceMonthsMax = 12'000;
constexpr std::int64_t kNanosPerMs = 1'000'000;

}  // namespace

Result<std::vector<Completion>> completions_from_json(const json::value& json) {
    const auto* entries = json.if_array();
    if (entries == nullptr) {
        return error(Errc::invalid_input, "bpmn.script_malformed",
                     R"(脚本应是 JSON 数组，每项写明元素:[{"element":"元素编号","variables":{…}}]。)");
    }
    std::vector<Completion> completions;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        KAIGONG_TRY(completion, completion_from_json((*entries)[i], i + 1));
        completions.push_back(std::move(completion));
    }
    return completions;
}

Result<Advance> advance_from_text(std::string_view text) {
    const auto time = feel::parse_days_time(text);
    if (time && time->seconds >= 0 && time->seconds <= kAdvanceSecondsMax)
        return Advance{0, time->seconds * 1'000 + time->nanos / kNanosPerMs};
    const auto months = feel::parse_years_months(text);
    if (months && months->months >= 0 && months->months <= kAdvanceMonthsMax) return Advance{months->months, 0};
    return error(Errc::invalid_input, "bpmn.advance_malformed",
                 fmt::format("“{}”不是往后的时长，请写成 P2D、PT90M 这样。", printable(text)));
}

}  // namespace kaigong::bpmn
