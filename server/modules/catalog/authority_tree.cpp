#include "modules/catalog/authority_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Past days stay: so many Saturdays are nineteen years.
constexpr std::size_t kDaysMax = 1'000;
constexpr std::size_t kMattersMax = 50;

Error malformed_authority(std::string_view which, std::string_view what) {
    return error(Errc::invalid_input, "catalog.authorities_malformed",
                 fmt::format("目录文件 shared/authorities.json 有误：{}{}。请改正后重新启动。",
                             which.empty() ? std::string() : fmt::format("机关 {}：", which), what));
}

bool is_division(const array& divisions, std::string_view code) {
    return std::ranges::any_of(divisions, [&](const value& one) { return text_of(one.as_object(), "code") == code; });
}

/// How much of the country an authority's area is: a county's code has more digits of its own than its city's.
std::size_t depth_of(const Authority& authority) {
    return authz::region_prefix(authority.region_code).size();
}

Error of_days(std::size_t at, std::string reason, std::string message) {
    return invalid_field(fmt::format("settings.days[{}]", at), std::move(reason), std::move(message));
}

}  // namespace

bool AuthoritySettings::operator==(const AuthoritySettings& other) const {
    return to_json(*this) == to_json(other);
}

const calendar::Calendar& OfficeCalendar::days_in(const std::string& region_code) const {
    const auto found = local.find(region_code);
    return found == local.end() ? days : found->second.days;
}

const calendar::Calendar& OfficeCalendar::promise_days_in(const std::string& region_code) const {
    const auto found = local.find(region_code);
    return found == local.end() ? days : found->second.promise_days;
}

Result<void> AuthorityTree::take(const object& one, const array& divisions) {
    Authority authority{text_of(one, "region_code"),
                        text_of(one, "name"),
                        text_of(one, "short_name"),
                        text_of(one, "credit_code"),
                        text_of(one, "phone"),
                        text_of(one, "address"),
                        text_of(one, "reconsideration_body"),
                        text_of(one, "court"),
                        {},
                        text_of(one, "parent"),
                        {}};
    const auto& code = authority.region_code;
    if (!is_division(divisions, code)) return malformed_authority(code, "region_code 不在 divisions.json 中");
    if (authority.name.empty()) return malformed_authority(code, "没有写 name");
    if (find(code) != nullptr) return malformed_authority(code, "写了两次");
    const auto* codes = one.if_contains("region_codes");
    if (codes == nullptr || !codes->is_array()) return malformed_authority(code, "region_codes 不是列表");
    for (const auto& each : codes->get_array()) {
        const auto region = each.is_string() ? std::string(each.get_string()) : std::string();
        if (!is_division(divisions, region) || !authz::region_contains(code, region)) {
            return malformed_authority(code, "region_codes 中有不在本机关辖区内的行政区划");
        }
        if (const auto* other = issuing_in(region)) {
            return malformed_authority(code, fmt::format("{} 已由机关 {} 发证", region, other->region_code));
        }
        authority.region_codes.push_back(region);
    }
    if (const auto* settings = one.if_contains("settings")) {
        auto read = settings_from_json(*settings);
        if (!read) {
            const auto& fields = read.error().fields;
            return malformed_authority(
                code, fields.empty() ? std::string("settings 不是对象")
                                     : fmt::format("settings.{} {}", fields.front().field, fields.front().message));
        }
        authority.settings = std::move(*read);
    }
    all_.push_back(std::move(authority));
    return {};
}

Result<void> AuthorityTree::link() {
    for (auto& one : all_) {
        const auto is_above = [&](const Authority& other) {
            return other.region_code != one.region_code && authz::region_contains(other.region_code, one.region_code);
        };
        if (!one.parent.empty()) {
            const auto* named = find(one.parent);
            if (named == nullptr) return malformed_authority(one.region_code, "parent 不是文件中的机关");
            if (!is_above(*named)) return malformed_authority(one.region_code, "parent 的辖区不包含本机关的辖区");
            continue;
        }
        const Authority* nearest = nullptr;
        for (const auto& other : all_) {
            if (is_above(other) && (nearest == nullptr || depth_of(other) > depth_of(*nearest))) nearest = &other;
        }
        if (nearest != nullptr) one.parent = nearest->region_code;
    }
    return {};
}

Result<AuthorityTree> AuthorityTree::read(const value& file, const array& divisions) {
    const auto* list = file.is_object() ? file.get_object().if_contains("authorities") : nullptr;
    if (list == nullptr || !list->is_array()) return malformed_authority("", "没有 authorities 列表");
    AuthorityTree tree;
    for (const auto& one : list->get_array()) {
        if (!one.is_object()) return malformed_authority("", "authorities 中有一项不是对象");
        KAIGONG_CHECK(tree.take(one.get_object(), divisions));
    }
    KAIGONG_CHECK(tree.link());
    return tree;
}

const Authority* AuthorityTree::find(const std::string& region_code) const {
    const auto found = std::ranges::find(all_, region_code, &Authority::region_code);
    return found == all_.end() ? nullptr : &*found;
}

const Authority* AuthorityTree::issuing_in(const std::string& region_code) const {
    const auto found = std::ranges::find_if(all_, [&](const Authority& one) {
        return std::ranges::find(one.region_codes, region_code) != one.region_codes.end();
    });
    return found == all_.end() ? nullptr : &*found;
}

const Authority* AuthorityTree::parent_of(const Authority& authority) const {
    return authority.parent.empty() ? nullptr : find(authority.parent);
}

Promise promise_in(const AuthorityTree& tree, const SettingsOf& settings_of, const Authority& authority,
                   const Matter& matter) {
    Promise promise{matter.promised_working_days(), ""};
    // Each step goes to a larger area, so it ends.
    bool is_said = false;
    for (const auto* at = &authority; at != nullptr; at = tree.parent_of(*at)) {
        const auto& settings = settings_of(*at);
        const auto found = settings.promised_working_days.find(matter.matter_code());
        if (found == settings.promised_working_days.end()) continue;
        const bool counts = !is_said || settings.promise_binds_area;
        if (counts && found->second < promise.working_days) promise = {found->second, at->region_code};
        is_said = true;
    }
    return promise;
}

Result<void> check_promises(const SettingsBounds& bounds, const Authority& authority,
                            const AuthoritySettings& settings) {
    for (const auto& [matter_code, days] : settings.promised_working_days) {
        const auto found =
            std::ranges::find(bounds.matters, matter_code, [](const auto& matter) { return matter->matter_code(); });
        if (found == bounds.matters.end()) {
            return invalid_field("settings.promised_working_days", "catalog.promise_matter_unknown",
                                 "没有这个事项，请核对事项编码。");
        }
        const auto field = "settings.promised_working_days." + matter_code;
        const auto& matter = **found;
        if (days < 1 || days > matter.promised_working_days()) {
            return invalid_field(field, "catalog.promise_too_long",
                                 fmt::format("本机关的承诺时限只能比事项的承诺更短，请写 1 到 {} 个工作日（法定时限 {} "
                                             "个工作日）。",
                                             matter.promised_working_days(), matter.statutory_working_days()));
        }
        for (const auto* above = bounds.tree.parent_of(authority); above != nullptr;
             above = bounds.tree.parent_of(*above)) {
            const auto& theirs = bounds.settings_of(*above);
            const auto bound = theirs.promised_working_days.find(matter_code);
            if (!theirs.promise_binds_area || bound == theirs.promised_working_days.end() || days <= bound->second) {
                continue;
            }
            return invalid_field(
                field, "catalog.promise_over_superiors",
                fmt::format("{}承诺全辖区不超过 {} 个工作日，本机关不能承诺得更长。", above->name, bound->second));
        }
    }
    return {};
}

Result<void> check_local_days(const calendar::Calendar& country, const AuthoritySettings& settings, CivilDate today) {
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < settings.days.size(); ++i) {
        const auto& day = settings.days[i];
        const auto on = to_string(day.on);
        if (!seen.insert(days_of(day.on)).second) {
            return of_days(i, "catalog.local_day_twice", on + " 写了两次，请只保留一行。");
        }
        if (day.on <= today) continue;
        if (!country.is_published(day.on.year)) {
            return of_days(i, "catalog.local_day_year_unpublished",
                           on + " 那一年的全国放假安排还没有公布，公布后才能安排本地的工作日。");
        }
        const bool works = country.is_working_day(day.on).value;
        if (day.working && works) {
            return of_days(i, "catalog.local_day_is_worked", on + " 本来就是工作日，不用写。");
        }
        if (day.working) continue;
        if (!works) return of_days(i, "catalog.local_day_is_free", on + " 本来就不是工作日，不用写。");
        if (day.document.empty()) {
            return of_days(
                i, "catalog.local_day_without_basis",
                on + " 放假会推迟申请人的办结日。只有当地人民政府依法规定的假日（全国年节及纪念日放假办法第四条）"
                     "才不计入期限，请写明文号；本机关自行不上班的日子照常计入期限。");
        }
    }
    return {};
}

Result<AuthoritySettings> settings_from_json(const value& json) {
    JsonReader reader(json);
    AuthoritySettings settings;
    const auto promised = reader.has("promised_working_days") ? reader.raw_object("promised_working_days") : object{};
    settings.promise_binds_area = reader.optional_boolean("promise_binds_area").value_or(false);
    settings.days = reader.optional_list<LocalDay>("days", {.count_max = kDaysMax}, [](JsonReader& item) {
        return LocalDay{item.date("on"), item.text("name", {.length_max = 40}), item.boolean("working"),
                        item.optional_text("document", {.length_max = 100}).value_or("")};
    });
    for (const auto& [matter_code, days] : promised) {
        if (days.is_int64() && promised.size() <= kMattersMax && days.get_int64() >= 1 && days.get_int64() <= 1'000) {
            settings.promised_working_days[std::string(matter_code)] = static_cast<int>(days.get_int64());
        } else {
            reader.refuse("promised_working_days", "catalog.promise_malformed", "要写事项编码和工作日数（正整数）。");
        }
    }
    KAIGONG_CHECK(reader.finish());
    std::ranges::sort(settings.days, {}, [](const LocalDay& day) { return days_of(day.on); });
    return settings;
}

object to_json(const AuthoritySettings& settings) {
    object promised;
    for (const auto& [matter_code, days] : settings.promised_working_days) promised[matter_code] = days;
    array days;
    for (const auto& day : settings.days) {
        days.push_back({{"on", to_string(day.on)},
                        {"name", day.name},
                        {"working", day.working},
                        {"document", text_or_null(day.document)}});
    }
    return {{"promised_working_days", std::move(promised)},
            {"promise_binds_area", settings.promise_binds_area},
            {"days", std::move(days)}};
}

}  // namespace kaigong::catalog
