#include "verify/fields.hpp"

#include <fmt/format.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <memory>

#include "base/json_members.hpp"

namespace kaigong::verify {
namespace {

/// This one prints all that it says; of others only what every certificate must show is looked for.
constexpr std::string_view kFullyPrinted = "中华人民共和国建筑工程施工许可证";

enum class Printed { always, on_known, never };

struct ProjectField {
    std::string_view name;
    std::string_view zh;
    std::string_view en;
    Printed printed;
};

constexpr std::array<ProjectField, 6> kProject{
    {{"works_name", "工程名称", "Works", Printed::always},
     {"works_address", "建设地址", "Address", Printed::always},
     {"scale_text", "建设规模", "Scale", Printed::on_known},
     {"contract_price_text", "合同价格", "Contract price", Printed::on_known},
     {"duration_text", "合同工期", "Duration", Printed::on_known},
     {"project_code", "项目代码", "Project code", Printed::never}}};

class Fields {
  public:
    void add(std::string zh, std::string en, std::string value, bool is_printed) {
        if (!value.empty()) list_.push_back({{std::move(zh), std::move(en)}, std::move(value), is_printed});
    }
    std::vector<Field> take() && { return std::move(list_); }

  private:
    std::vector<Field> list_;
};

void add_project(const CertificateObject& certificate, bool is_full, Fields& fields) {
    for (const auto& [name, zh, en, printed] : kProject) {
        fields.add(std::string(zh), std::string(en), text_of(certificate.project(), name),
                   printed == Printed::always || (is_full && printed == Printed::on_known));
    }
}

/// main_contractor → Main contractor
std::string in_english(std::string role) {
    if (role.empty()) return "Unit";
    if (role.front() >= 'a' && role.front() <= 'z') role.front() = static_cast<char>(role.front() - 'a' + 'A');
    std::ranges::replace(role, '_', ' ');
    return role;
}

void add_lists(const CertificateObject& certificate, bool is_full, Fields& fields) {
    for (const auto& unit : certificate.items("units")) {
        const auto* const named = unit.if_contains("role_name");
        const std::string role = named != nullptr && named->is_string() ? text_of(unit, "role_name") : "参建单位";
        const std::string english = in_english(text_of(unit, "role"));
        fields.add(role, english, text_of(unit, "name"), is_full);
        fields.add(role + "负责人", english + ": lead", text_of(unit, "lead_name"), is_full);
    }
    for (const auto& building : certificate.items("buildings")) {
        fields.add("单体", "Building", text_of(building, "building_name"), is_full);
        fields.add("单体面积", "Building: area", text_of(building, "floor_area_text"), is_full);
    }
}

struct GlibFree {
    void operator()(char* text) const { g_free(text); }
};

/// Space of ECMAScript's `\s` beyond ASCII, and the zero-width space.
bool is_space(gunichar code) {
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200B) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000 || code == 0xFEFF;
}

/// NFC, without spaces; empty when it is no UTF-8.
std::string plain(std::string_view text) {
    const std::unique_ptr<char, GlibFree> composed(
        g_utf8_normalize(text.data(), static_cast<gssize>(text.size()), G_NORMALIZE_NFC));
    std::string result;
    for (const char* at = composed.get(); at != nullptr && *at != 0;) {
        const char* const next = g_utf8_next_char(at);
        if (!is_space(g_utf8_get_char(at))) result.append(at, next);
        at = next;
    }
    return result;
}

}  // namespace

std::string chinese_day(CivilDate day) {
    return fmt::format("{}年{}月{}日", day.year, day.month, day.day);
}

std::vector<Field> fields_of(const CertificateObject& certificate) {
    const bool is_full = certificate.certificate_name == kFullyPrinted;
    Fields fields;
    fields.add("许可证编号", "Permit number", certificate.permit_number, true);
    fields.add("建设单位", "Owner", certificate.holder_name, true);
    add_project(certificate, is_full, fields);
    add_lists(certificate, is_full, fields);
    fields.add("备注", "Remark", certificate.remark, is_full);
    fields.add("发证机关", "Authority", certificate.issuer_name, true);
    fields.add("发证日期", "Issued on", chinese_day(certificate.issued_on), true);
    fields.add("电子证照标识", "Identifier", certificate.certificate_identifier, true);
    return std::move(fields).take();
}

std::vector<Words> missing_on_page(const CertificateObject& certificate, std::string_view printed) {
    const std::string page = plain(printed);
    const std::string identifier = plain(certificate.certificate_identifier);
    std::string rest = page;
    for (auto at = rest.find(identifier); !identifier.empty() && at != std::string::npos;
         at = rest.find(identifier, at)) {
        rest.replace(at, identifier.size(), "\n");
    }
    std::vector<Words> missing;
    for (Field& field : fields_of(certificate)) {
        const auto& where = field.value == certificate.certificate_identifier ? page : rest;
        if (field.is_printed && !where.contains(plain(field.value))) missing.push_back(std::move(field.name));
    }
    return missing;
}

}  // namespace kaigong::verify
