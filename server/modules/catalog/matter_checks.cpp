#include "modules/catalog/matter_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;

constexpr int kExtensionDaysMax = 10;
constexpr int kOmissionDaysMax = 60;

const Item* find(const std::vector<Item>& items, const std::string& name) {
    const auto found = std::ranges::find(items, name, &Item::item);
    return found == items.end() ? nullptr : &*found;
}

/// Whether `from` waits for `to`, by however many steps. No deeper than there are items.
bool waits_for(const std::vector<Item>& items, const Item& from, const std::string& to, std::size_t depth) {
    if (depth == 0) return false;
    return std::ranges::any_of(from.prerequisites, [&](const std::string& name) {
        const auto* next = find(items, name);
        return name == to || (next != nullptr && waits_for(items, *next, to, depth - 1));
    });
}

bool is_in(const array& materials, const boost::json::value& code) {
    return std::ranges::any_of(materials, [&](const auto& one) { return one.as_object().at("material_code") == code; });
}

Result<void> check_omission(const object& omission, const array& materials) {
    if (!is_between(omission, "working_days_max", kOmissionDaysMax)) {
        return malformed("matter.json",
                         fmt::format("tolerated_omission.working_days_max 要写 1 到 {} 的整数", kOmissionDaysMax));
    }
    const auto* named = omission.if_contains("materials");
    if (named == nullptr || !named->is_array()) {
        return malformed("matter.json", "tolerated_omission.materials 要列出可以容缺的材料编号");
    }
    for (const auto& code : named->get_array()) {
        if (!code.is_string() || !is_in(materials, code)) {
            return malformed("matter.json", "tolerated_omission.materials 中有材料清单里没有的编号");
        }
    }
    return {};
}

}  // namespace

bool is_between(const object& of, std::string_view name, std::int64_t most) {
    const auto* days = of.if_contains(name);
    return days != nullptr && days->is_int64() && days->get_int64() >= 1 && days->get_int64() <= most;
}

Error malformed(std::string_view file, std::string_view what) {
    return error(Errc::invalid_input, "catalog.matter_malformed",
                 fmt::format("目录文件 {} 有误：{}。请改正后重新发布。", file, what));
}

Result<void> check_prerequisites(const std::vector<Item>& items) {
    for (const auto& item : items) {
        for (const auto& name : item.prerequisites) {
            if (find(items, name) != nullptr) continue;
            return malformed("matter.json", fmt::format("事项 {} 的前置事项 {} 不存在", item.item, name));
        }
        if (waits_for(items, item, item.item, items.size())) {
            return malformed("matter.json", fmt::format("事项 {} 的前置事项绕成了圈，谁也开始不了", item.item));
        }
    }
    return {};
}

Result<void> check_episode_settings(const object& settings, const array& materials) {
    if (const auto* omission = settings.if_contains("tolerated_omission")) {
        if (!omission->is_object()) return malformed("matter.json", "tolerated_omission 不是对象");
        KAIGONG_CHECK(check_omission(omission->get_object(), materials));
    }
    const auto* extension = settings.if_contains("decision_extension");
    if (extension == nullptr) return {};
    if (!extension->is_object()) return malformed("matter.json", "decision_extension 不是对象");
    const auto* why_not = extension->get_object().if_contains("not_allowed_because");
    if (why_not != nullptr && why_not->is_string()) return {};
    if (is_between(extension->get_object(), "working_days_max", kExtensionDaysMax)) return {};
    return malformed(
        "matter.json",
        fmt::format("decision_extension.working_days_max 要写 1 到 {} 的整数（行政许可法 42）", kExtensionDaysMax));
}

}  // namespace kaigong::catalog
