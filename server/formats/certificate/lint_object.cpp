// The certificate object by itself: are its items there, well formed, and in agreement?
#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "formats/certificate/findings.hpp"
#include "formats/identifier/identifier.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

namespace kaigong::certificate {
namespace {

namespace json = boost::json;

std::string shown(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    return {};
}

std::string at(const json::object& object, std::string_view path) {
    const auto found = values_at(object, path);
    return found.empty() ? std::string() : found.front().second;
}

const json::array& list_at(const json::object& object, std::string_view name) {
    static const json::array none;
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_array() ? value->get_array() : none;
}

void check_required(Findings& findings, const CertificateProfile& profile, const json::object& certificate) {
    for (const std::string& path : profile.required) {
        const bool present = !values_at(certificate, path).empty() ||
                             (path.find('.') == path.npos && !list_at(certificate, path).empty());
        if (!present) findings.add(path, "item_missing", fmt::format("证照缺少必备内容 {}，请补齐后重新制证。", path));
    }
    const std::string name = text_of(certificate, "certificate_name");
    if (name != profile.certificate_name) {
        findings.add("certificate_name", "name_wrong",
                     fmt::format("证照名称应为“{}”，请检查事项与模板是否配套。", profile.certificate_name));
    }
    const std::string type = text_of(certificate, "certificate_type_code");
    if (!profile.certificate_type_code.empty() && type != profile.certificate_type_code) {
        findings.add("certificate_type_code", "type_wrong", "证照类型代码与证照规格不符，请检查事项设置。");
    }
    if (text_of(certificate, "state") != "in_force") {
        findings.add("state", "state_wrong", "只有有效的许可才能制证，请先核对许可状态。");
    }
    const auto* sandbox = certificate.if_contains("sandbox");
    if (sandbox != nullptr && !sandbox->is_bool()) {
        findings.add("sandbox", "sandbox_malformed", "sandbox 应为 true 或 false，请联系管理员。");
    }
}

std::optional<int> version_of(const json::object& certificate) {
    const std::string text = at(certificate, "certificate_version");
    int number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 1 || number > 999) return std::nullopt;
    return number;
}

void check_identifier(Findings& findings, const json::object& certificate) {
    const std::string field = "certificate_identifier";
    const auto parts = identifier::parse_certificate_identifier(text_of(certificate, field));
    if (!parts) {
        const bool check = parts.error().reason == "identifier.check_character_wrong";
        findings.add(field, check ? "check_character_wrong" : "identifier_malformed",
                     check ? "电子证照标识的校验位不对，请按 GB/T 36904 重新生成。"
                           : "电子证照标识的结构不对，请按 GB/T 36904 重新生成。");
        return;
    }
    const auto compare = [&](const std::string& in_identifier, const std::string& in_object, std::string_view reason,
                             std::string_view what) {
        if (in_identifier == in_object) return;
        findings.add(field, reason, fmt::format("电子证照标识中的{}与证照内容不一致，请重新生成标识。", what));
    };
    compare(parts->type_code, text_of(certificate, "certificate_type_code"), "identifier_type_differs", "证照类型代码");
    compare(parts->serial, text_of(certificate, "permit_number"), "identifier_serial_differs", "流水号");
    compare(parts->issuer_code, at(certificate, "issuer.code"), "identifier_issuer_differs", "颁发机构代码");
    if (const auto version = version_of(certificate)) {
        compare(std::to_string(parts->version), std::to_string(*version), "identifier_version_differs", "版本号");
    }
}

void check_version(Findings& findings, const json::object& certificate) {
    const std::string related = text_of(certificate, "related_identifier");
    const auto version = version_of(certificate);
    if (!version) {
        findings.add("certificate_version", "version_wrong", "证照版本应为 1 到 999 的整数，请重新赋版本号。");
        return;
    }
    if (*version > 1 && related.empty()) {
        findings.add("related_identifier", "related_missing", "变更后的证照应当写明被替代证照的标识，请补上。");
    }
    if (related.empty()) return;
    const bool readable = identifier::parse_certificate_identifier(related).has_value();
    if (!readable || related == text_of(certificate, "certificate_identifier")) {
        findings.add("related_identifier", "related_wrong", "被替代证照的标识不对，请从上一版证照取得标识。");
    }
}

/// A province or a city also issues for the counties in it.
bool region_of(std::string_view issuer, std::string_view permit) {
    while (issuer.size() >= 2 && issuer.ends_with("00")) issuer.remove_suffix(2);
    return permit.starts_with(issuer);
}

void check_number(Findings& findings, const json::object& certificate) {
    const auto number = identifier::parse_permit_number(text_of(certificate, "permit_number"));
    if (!number) {
        findings.add("permit_number", "permit_number_malformed",
                     "许可证编号应为 18 位：行政区划、日期、工程类别、顺序号，请重新赋号。");
        return;
    }
    const std::string issuer = at(certificate, "issuer.code");
    if (issuer.size() == 18 && !region_of(issuer.substr(2, 6), number->region_code)) {
        findings.add("permit_number", "permit_number_region_differs",
                     "许可证编号的行政区划不是发证机关的，请重新赋号。");
    }
    const auto issued = parse_date(text_of(certificate, "issued_on"));
    if (issued && number->on != *issued) {
        findings.add("permit_number", "permit_number_date_differs",
                     "许可证编号中的日期不是发证日期，请核对后重新赋号。");
    }
}

void check_codes(Findings& findings, const json::object& certificate) {
    for (const char* path : {"issuer.code", "holder.code", "units[].code"}) {
        // Authorities of a training ground are invented, and so are their codes.
        if (is_training(certificate) && std::string_view(path) == "issuer.code") continue;
        for (const auto& [field, code] : values_at(certificate, path)) {
            if (identifier::credit_code_valid(code)) continue;
            findings.add(field, "credit_code_wrong", "统一社会信用代码的校验位不对，请对照营业执照改正。");
        }
    }
}

void check_days(Findings& findings, const json::object& certificate, const IssuingFacts& facts) {
    const auto issued = parse_date(text_of(certificate, "issued_on"));
    if (!issued) {
        findings.add("issued_on", "day_malformed", "发证日期应为“年-月-日”，请改正。");
        return;
    }
    if (*issued > facts.today) {
        findings.add("issued_on", "issued_in_future", "发证日期在今天之后，请改为实际发证的日期。");
    }
    if (facts.issued_days_max && days_of(facts.today) - days_of(*issued) > *facts.issued_days_max) {
        findings.add("issued_on", "issued_too_long_ago", issued_too_long_ago(*facts.issued_days_max));
    }
    if (facts.filed_on && *issued < *facts.filed_on) {
        findings.add("issued_on", "issued_before_filing", "发证日期早于申请日期，请核对两个日期。");
    }
    if (facts.filed_on && facts.decided_on && *facts.decided_on < *facts.filed_on) {
        findings.add("issued_on", "decided_before_filing", "决定日期早于申请日期，请核对案卷。");
    }
    if (facts.decided_on && *issued < *facts.decided_on) {
        findings.add("issued_on", "issued_before_decision", "发证日期早于决定日期，请核对案卷。");
    }
    if (facts.contract_start_on && facts.contract_finish_on && *facts.contract_finish_on < *facts.contract_start_on) {
        findings.add("project.duration_text", "contract_days_wrong", "合同竣工日期早于开工日期，请对照合同改正。");
    }
}

void check_units(Findings& findings, const CertificateProfile& profile, const json::object& certificate) {
    const json::array& units = list_at(certificate, "units");
    std::vector<std::string> roles;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const json::object empty;
        const json::object& unit = units[i].is_object() ? units[i].get_object() : empty;
        roles.push_back(text_of(unit, "role"));
        for (const char* member : {"role", "role_name", "name"}) {
            if (!text_of(unit, member).empty()) continue;
            findings.add(fmt::format("units[{}].{}", i, member), "unit_incomplete",
                         "参建单位缺少承担工作或单位名称，请补齐。");
        }
    }
    for (const auto& group : profile.roles) {
        const bool there = std::ranges::any_of(
            group, [&](const std::string& role) { return std::ranges::find(roles, role) != roles.end(); });
        if (!there)
            findings.add("units", "role_missing", fmt::format("缺少参建单位 {}，请补齐。", fmt::join(group, "、")));
    }
}

/// The number before the unit in hundredths or ten-thousandths; nothing when it is no such number.
std::optional<std::int64_t> scaled_number(std::string text, std::string_view unit, std::size_t decimals) {
    if (!text.ends_with(unit)) return std::nullopt;
    text.resize(text.size() - unit.size());
    constexpr std::string_view kNoBreak = "\u00A0";
    for (std::size_t space = text.find(kNoBreak); space != text.npos; space = text.find(kNoBreak)) {
        text.erase(space, kNoBreak.size());
    }
    const std::size_t point = text.find('.');
    std::string fraction = point == text.npos ? "" : text.substr(point + 1);
    if (fraction.size() > decimals) return std::nullopt;
    fraction.resize(decimals, '0');
    const std::string digits = text.substr(0, point) + fraction;
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (fault != std::errc{} || end != digits.data() + digits.size() || number < 0) return std::nullopt;
    return number;
}

/// Written exactly as base/chinese_format writes it: groups of three from five digits on, a no-break space, the unit.
bool is_amount(const std::string& text) {
    constexpr std::int64_t kFenOfYuan = 100;
    const auto yuan = scaled_number(text, "万元", 4);
    return yuan && *yuan < INT64_MAX / kFenOfYuan && money_wan_text(*yuan * kFenOfYuan) == text;
}

bool is_area(const std::string& text) {
    const auto hundredths = scaled_number(text, "平方米", 2);
    return hundredths && area_text(*hundredths) == text;
}

void check_figures(Findings& findings, const json::object& certificate) {
    for (const char* path : {"project.contract_price_text", "buildings[].cost_text"}) {
        for (const auto& [field, text] : values_at(certificate, path)) {
            if (!is_amount(text))
                findings.add(field, "amount_malformed", "金额的写法不规范，应如“8260 万元”，请改正。");
        }
    }
    for (const auto& [field, text] : values_at(certificate, "buildings[].floor_area_text")) {
        if (!is_area(text)) findings.add(field, "area_malformed", "面积的写法不规范，应如“4115.22 平方米”，请改正。");
    }
}

void check_address(Findings& findings, const json::object& certificate) {
    const std::string url = text_of(certificate, "verify_url");
    if (url.empty()) return;
    const bool scheme = url.starts_with("https://") || (is_training(certificate) && url.starts_with("http://"));
    if (!scheme || url.find(text_of(certificate, "certificate_identifier")) == url.npos) {
        findings.add("verify_url", "verify_url_wrong",
                     "验真网址应以 https 开头并带有本证的标识，请检查对外网址的设置。");
    }
}

void check_privacy(Findings& findings, const json::value& value, const std::string& field,
                   const std::vector<std::string>& known) {
    if (value.is_string() && field != "verify_url" && holds_personal_number(value.get_string(), known)) {
        findings.add(field, "personal_number", "证照上不得出现身份证号或手机号，请从这一项中删去。");
    }
    if (value.is_object()) {
        for (const auto& member : value.get_object()) {
            const std::string_view name = member.key();
            check_privacy(findings, member.value(),
                          field.empty() ? std::string(name) : fmt::format("{}.{}", field, name), known);
        }
    }
    if (value.is_array()) {
        for (std::size_t i = 0; i < value.get_array().size(); ++i) {
            check_privacy(findings, value.get_array()[i], fmt::format("{}[{}]", field, i), known);
        }
    }
}

void collect(const json::value* value, std::string_view path, const std::string& field,
             std::vector<std::pair<std::string, std::string>>& found) {
    if (value == nullptr) return;
    if (path.starts_with("[]")) {
        if (!value->is_array()) return;
        path.remove_prefix(2);
        if (path.starts_with('.')) path.remove_prefix(1);
        for (std::size_t i = 0; i < value->get_array().size(); ++i) {
            collect(&value->get_array()[i], path, fmt::format("{}[{}]", field, i), found);
        }
        return;
    }
    if (path.empty()) {
        std::string text = shown(*value);
        if (!text.empty()) found.emplace_back(field, std::move(text));
        return;
    }
    if (!value->is_object()) return;
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string name(path.substr(0, end));
    path.remove_prefix(end);
    if (path.starts_with('.')) path.remove_prefix(1);
    collect(value->get_object().if_contains(name), path, field.empty() ? name : field + "." + name, found);
}

bool is_mobile_number(std::string_view digits) {
    if (digits.size() == 13 && digits.starts_with("86")) digits.remove_prefix(2);
    return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3' && digits[1] <= '9';
}

/// `code` is a run of letters and digits; a person's number may stand between letters.
bool looks_personal(std::string_view code) {
    constexpr std::string_view kDigits = "0123456789";
    for (std::size_t begin = code.find_first_of(kDigits); begin != code.npos;) {
        const std::size_t end = std::min(code.find_first_not_of(kDigits, begin), code.size());
        const std::string_view digits = code.substr(begin, end - begin);
        const bool with_x = digits.size() == 17 && end < code.size() && (code[end] == 'X' || code[end] == 'x');
        if (is_mobile_number(digits) ||
            identifier::id_number_valid(with_x ? std::string(digits) + 'X' : std::string(digits)))
            return true;
        begin = code.find_first_of(kDigits, end);
    }
    return false;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> values_at(const json::object& object, std::string_view path) {
    std::vector<std::pair<std::string, std::string>> found;
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    const std::string name(path.substr(0, end));
    path.remove_prefix(end);
    if (path.starts_with('.')) path.remove_prefix(1);
    collect(object.if_contains(name), path, name, found);
    return found;
}

bool is_training(const json::object& certificate) {
    const auto* sandbox = certificate.if_contains("sandbox");
    return sandbox != nullptr && sandbox->is_bool() && sandbox->get_bool();
}

std::vector<std::string> known_numbers(const json::object& certificate) {
    std::vector<std::string> known;
    for (const char* path : {"permit_number", "issuer.code", "holder.code", "units[].code", "project.project_code"}) {
        for (auto& [field, code] : values_at(certificate, path)) known.push_back(std::move(code));
    }
    return known;
}

bool holds_personal_number(std::string_view text, const std::vector<std::string>& known) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto of_code = [&](char c) { return digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
        std::size_t end = begin;
        while (end < text.size() && of_code(text[end])) ++end;
        const std::string_view code = text.substr(begin, end - begin);
        if (std::ranges::find(known, code) == known.end() && looks_personal(code)) return true;
        begin = end;
    }
    return false;
}

void check_object(Findings& findings, const CertificateProfile& profile, const json::object& certificate,
                  const IssuingFacts& facts) {
    check_required(findings, profile, certificate);
    check_identifier(findings, certificate);
    check_version(findings, certificate);
    check_number(findings, certificate);
    check_codes(findings, certificate);
    check_days(findings, certificate, facts);
    check_units(findings, profile, certificate);
    check_figures(findings, certificate);
    check_address(findings, certificate);
    check_privacy(findings, certificate, "", known_numbers(certificate));
}

}  // namespace kaigong::certificate
