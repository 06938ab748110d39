#include "modules/catalog/commitment_terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "modules/catalog/matter_checks.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr int kSupplementDaysMax = 60;
constexpr int kCheckDaysMax = 250;

bool is_text(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_string() && !found->get_string().empty();
}

bool is_list_of_texts(const object& of, std::string_view name) {
    const auto* list = of.if_contains(name);
    return list != nullptr && list->is_array() && std::ranges::all_of(list->get_array(), [](const value& one) {
               return one.is_string() && !one.get_string().empty();
           });
}

Result<void> check_terms(const object& material, const std::vector<Item>& items) {
    const auto wrong = [&](std::string_view what) {
        const auto code = std::string(material.at("material_code").as_string());
        return malformed("materials.json", fmt::format("{} 可以告知承诺，它的 commitment {}", code, what));
    };
    const auto* found = material.if_contains("commitment");
    if (found == nullptr || !found->is_object()) return wrong("没有写");
    const auto& terms = found->get_object();
    for (const char* name : {"replaces", "check", "consequence"}) {
        if (!is_text(terms, name)) return wrong(fmt::format("缺少 {}", name));
    }
    if (!is_list_of_texts(terms, "conditions") || terms.at("conditions").as_array().empty()) {
        return wrong("缺少 conditions：要逐条写全许可条件");
    }
    if (!is_between(terms, "check_within_working_days", kCheckDaysMax)) {
        return wrong(fmt::format("的 check_within_working_days 要写 1 到 {} 的整数", kCheckDaysMax));
    }
    const bool has_item = is_text(terms, "item") && std::ranges::any_of(items, [&](const Item& item) {
                              return terms.at("item").as_string() == item.item;
                          });
    return has_item ? Result<void>() : Result<void>(wrong("的 item 不是本事项的部门事项"));
}

Result<void> check_setting(const value& setting) {
    if (!setting.is_object()) return malformed("matter.json", "commitment 不是对象");
    if (!is_between(setting.get_object(), "supplement_working_days", kSupplementDaysMax)) {
        return malformed("matter.json",
                         fmt::format("commitment.supplement_working_days 要写 1 到 {} 的整数", kSupplementDaysMax));
    }
    if (is_list_of_texts(setting.get_object(), "not_in_regions")) return {};
    return malformed("matter.json", "commitment.not_in_regions 要列出不实行告知承诺的地区代码，没有的写 []");
}

}  // namespace

Result<void> check_commitments(const object& settings, const std::vector<Item>& items, const array& materials) {
    // Versions of before the terms were told are kept for the cases that were begun with them.
    const auto* setting = settings.if_contains("commitment");
    if (setting == nullptr) return {};
    KAIGONG_CHECK(check_setting(*setting));
    for (const auto& one : materials) {
        const auto* may_commit = one.as_object().if_contains("may_commit");
        if (may_commit != nullptr && *may_commit == true) KAIGONG_CHECK(check_terms(one.as_object(), items));
    }
    return {};
}

bool commitments_allowed(const object& settings, std::string_view region_code) {
    const auto* setting = settings.if_contains("commitment");
    if (setting == nullptr) return false;
    return std::ranges::none_of(setting->at("not_in_regions").as_array(),
                                [&](const value& region) { return region.as_string() == region_code; });
}

}  // namespace kaigong::catalog
