// The answer to "is this permit real, and does it still hold?": the large word and the record.
#include <fmt/format.h>

#include <array>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "modules/certificates/public_html.hpp"

namespace kaigong::certificates::html {
namespace {

using boost::json::object;
using http::Html;

/// What of a record is shown, in the order of the certificate. A matter without such a value leaves the line out.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kRecordLines{
    {{"works_address", "建设地址"},
     {"scale_text", "建设规模"},
     {"contract_price_text", "合同价格"},
     {"duration_text", "合同工期"},
     {"planning_permit_number", "规划许可证"}}};

const boost::json::array* list_of(const object& record, std::string_view name) {
    const auto* found = record.if_contains(name);
    return found != nullptr && found->is_array() && !found->get_array().empty() ? &found->get_array() : nullptr;
}

std::string day_with_weekday(const std::string& on) {
    const auto date = parse_date(on);
    return date ? date_weekday_text(*date) : on;
}

void add_line(Html& page, std::string_view name, std::string_view value, std::string_view look = {}) {
    if (value.empty()) return;
    page.open("div").element("dt", {}, name);
    if (look.empty()) {
        page.element("dd", {}, value).close();
    } else {
        page.element("dd", {{"class", look}}, value).close();
    }
}

/// The box of an answer up to its body, which stays open: close it twice.
void open_answer(Html& page, std::string_view look, std::string_view icon, std::string_view word,
                 std::string_view line) {
    page.open("section", {{"class", fmt::format("res {}", look)}, {"aria-labelledby", "word"}});
    page.open("div", {{"class", "res-head"}});
    add_icon(page, icon);
    page.element("h2", {{"class", "word"}, {"id", "word"}}, word).element("p", {}, line).close();
    page.open("div", {{"class", "res-body"}});
}

std::string line_of(const permits::Permit& permit, const Answer& answer) {
    if (standing_of(permit.state) == Standing::in_force) return answer.checked_text;
    if (permit.state == "completed") return "工程已经竣工验收，这个许可不再用于施工。" + answer.checked_text;
    if (permit.state == "replaced") return "内容已经变更并换发新证，请看新证。" + answer.checked_text;
    return "这个许可已经无效，不能凭此施工。" + answer.checked_text;
}

void add_record(Html& page, const PublicPermit& found) {
    const auto& [permit, certificate] = found;
    page.open("dl", {{"class", "kv-line"}});
    add_line(page, "许可证编号", permit.permit_number, "mono strong");
    add_line(page, "工程名称", permit.works_name);
    add_line(page, "建设单位", permit.owner_name);
    for (const auto& [name, label] : kRecordLines) add_line(page, label, text_of(permit.record, name));
    add_line(page, "发证机关", permit.issuing_authority);
    add_line(page, "发证日期", day_with_weekday(permit.issued_on));
    // 建筑法 9: three months to begin, else the permit lapses.
    add_line(page, "应当开工",
             fmt::format("{}前{}", day_with_weekday(permit.start_due_on),
                         permit.start_due_provisional ? "（预计，该年放假安排未公布）" : ""));
    add_line(page, "证照标识",
             fmt::format("{}（第 {} 版）", certificate.certificate_identifier, certificate.certificate_version),
             "mono small");
    page.close();
}

struct Column {
    std::string_view member;
    std::string_view heading;
    /// Short values that must not be broken: on a phone the table scrolls instead.
    bool whole = false;
};

void add_table(Html& page, const boost::json::array& rows, std::string_view title, std::span<const Column> columns) {
    page.element("h3", {{"class", "gap"}}, title);
    page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", title}});
    page.open("table", {{"class", "table"}}).open("thead").open("tr");
    for (const auto& column : columns) page.element("th", {{"scope", "col"}}, column.heading);
    page.close().close().open("tbody");
    for (const auto& row : rows) {
        if (!row.is_object()) continue;
        page.open("tr");
        for (const auto& column : columns) {
            page.element("td", {{"class", column.whole ? "nowrap" : ""}}, text_of(row.get_object(), column.member));
        }
        page.close();
    }
    page.close().close().close();
}

constexpr std::array<Column, 3> kParticipantColumns{
    {{"role_name", "角色", true}, {"organisation_name", "单位"}, {"lead_name", "负责人", true}}};
constexpr std::array<Column, 4> kBuildingColumns{{{"building_name", "单体"},
                                                  {"floor_area_text", "面积", true},
                                                  {"storeys_text", "层数", true},
                                                  {"structure_type_name", "结构", true}}};

}  // namespace

void add_permit(Html& page, const PublicPermit& found, const Answer& answer) {
    const auto standing = standing_of(found.permit.state);
    open_answer(page,
                standing == Standing::in_force  ? "res-ok"
                : standing == Standing::changed ? "res-changed"
                                                : "res-end",
                standing == Standing::in_force  ? "good"
                : standing == Standing::changed ? "change"
                                                : "ban",
                permits::state_name(found.permit.state), line_of(found.permit, answer));
    if (answer.sandbox) {
        page.open("p", {{"class", "gap"}}).element("span", {{"class", "tag tag-warn"}}, "培训样证");
        page.text(" 演示用的证照，不具效力。").close();
    }
    add_record(page, found);
    if (const auto* participants = list_of(found.permit.record, "participants")) {
        add_table(page, *participants, "参建单位", kParticipantColumns);
    }
    if (const auto* buildings = list_of(found.permit.record, "buildings")) {
        add_table(page, *buildings, "单体建筑", kBuildingColumns);
    }
    if (answer.signature_checked) {
        page.open("p", {{"class", "good gap"}});
        add_icon(page, "good");
        page.text(" 二维码由发证机关签发，没有被改过").close();
    }
    page.element("p", {{"class", "muted small gap"}}, "请再对一遍：手里的证与上面每一项都相同，才是真的。");
    page.close().close();
}

void add_older_version(Html& page, const PublicPermit& newest, std::int64_t certificate_version) {
    open_answer(page, "res-changed", "change", "已变更（看新证）",
                fmt::format("这是第 {} 版，已经换发新证，请看新证。", certificate_version));
    page.open("dl", {{"class", "kv-line"}});
    add_line(page, "许可证编号", newest.permit.permit_number, "mono strong");
    add_line(page, "工程名称", newest.permit.works_name);
    page.close().open("p", {{"class", "gap"}});
    page.element(
        "a",
        {{"class", "btn btn-primary"}, {"href", "/permits/" + http::encode_component(newest.permit.permit_number)}},
        "看新证的内容");
    page.close().close().close();
}

void add_not_verified(Html& page, std::string_view why, const std::vector<catalog::Authority>& authorities) {
    open_answer(page, "res-fake", "bad", "伪造或无法核验", why);
    page.open("p", {{"class", "gap"}}).text("可以");
    page.element("a", {{"href", "/verify"}}, "输入编号再查一次");
    page.text("；确认有假的，请向证上写的发证机关反映：").close();
    page.open("ul", {{"class", "stack-s small"}});
    for (const auto& authority : authorities) {
        page.element("li", {}, fmt::format("{} {}", authority.name, authority.phone));
    }
    page.close().close().close();
}

}  // namespace kaigong::certificates::html
