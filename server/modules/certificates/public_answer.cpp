// The answer to "is this permit real, and does it still hold?": the large word, what it means, and the record.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "modules/certificates/public_html.hpp"

namespace kaigong::certificates::html {
namespace {

using boost::json::object;
using http::Html;

/// A line of the record: where the profile of the template names it (`printed`), how it is called, how it looks.
struct Line {
    std::string_view path;
    std::string_view name;
    std::string value;
    std::string_view look = {};
};

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
                 std::string_view meaning, std::string_view checked_text) {
    page.open("section", {{"class", fmt::format("res {}", look)}, {"aria-labelledby", "word"}});
    page.open("div", {{"class", "res-head"}});
    add_icon(page, icon);
    page.element("h2", {{"class", "word"}, {"id", "word"}}, word).element("p", {}, meaning);
    if (!checked_text.empty()) page.element("p", {{"class", "small"}}, checked_text);
    page.close().open("div", {{"class", "res-body"}});
}

/// What a state means to somebody who stands before the building site.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kMeanings{
    {{"in_force", "这个工程有施工许可，可以按证上的内容施工。"},
     {"completed", "工程已经竣工验收，这个许可不再用于施工。"},
     {"replaced", "内容已经变更并换发新证，手里的旧证不能再用，请看新证。"},
     // 建筑法 9: neither begun nor extended in time.
     {"lapsed", "没有按期开工，许可已经自行废止，不能凭此施工。"},
     {"revoked", "发证机关已经撤销这个许可，不能凭此施工。"},
     {"retracted", "发证机关已经撤回这个许可，不能凭此施工。"},
     {"forfeited", "因违法被吊销，不能凭此施工。"},
     {"deregistered", "已经办理注销，不能凭此施工。"}}};

/// A picture of the answer alone must not pass for a permit either.
constexpr std::string_view kTrainingMeaning = "演示系统里登记为有效。这是培训样证，不是施工许可，不能凭它施工。";

std::string_view meaning_of(const std::string& state, bool sandbox) {
    if (sandbox && state == "in_force") return kTrainingMeaning;
    const auto found = std::ranges::find(kMeanings, state, &std::pair<std::string_view, std::string_view>::first);
    return found == kMeanings.end() ? "请先不要凭此施工，并向发证机关查问。" : found->second;
}

bool is_printed(const PublicPermit& found, std::string_view path) {
    // The day stands on every certificate, in words, and so is not among the values that a profile names.
    return path == "issued_on" || std::ranges::find(found.printed, path) != found.printed.end();
}

/// What of a record is shown, in the order of the certificate. A matter without such a value leaves the line out.
std::vector<Line> record_lines(const PublicPermit& found) {
    const auto& [permit, certificate, printed] = found;
    const auto of_record = [&](std::string_view name) { return text_of(permit.record, name); };
    // 建筑法 9: three months to begin, else the permit lapses.
    const auto begins = fmt::format("{}前{}", day_with_weekday(permit.start_due_on),
                                    permit.start_due_provisional ? "（预计，该年放假安排未公布）" : "");
    return {{"permit_number", "许可证编号", permit.permit_number, "mono strong"},
            {"project.works_name", "工程名称", permit.works_name},
            {"holder.name", "建设单位", permit.owner_name},
            {"project.works_address", "建设地址", of_record("works_address")},
            {"project.scale_text", "建设规模", of_record("scale_text")},
            {"project.contract_price_text", "合同价格", of_record("contract_price_text")},
            {"project.duration_text", "合同工期", of_record("duration_text")},
            {"project.planning_permit_number", "规划许可证", of_record("planning_permit_number")},
            {"issuer.name", "发证机关", permit.issuing_authority},
            {"issued_on", "发证日期", day_with_weekday(permit.issued_on)},
            {"certificate_identifier", "证照标识", certificate.certificate_identifier, "mono small"},
            {"start_due_on", "应当开工", begins},
            {"certificate_version", "版本", fmt::format("第 {} 版，现行的一版", certificate.certificate_version)}};
}

/// The place in the log, with what it is good for. An edition of before the log has none.
void add_log_place(Html& page, const store::EditionRow& certificate) {
    const auto inclusion = tlog::InclusionText::parse(certificate.proof);
    if (!inclusion) return;
    page.open("div").element("dt", {}, "公开存证");
    page.open("dd").text(fmt::format("第 {} 号", inclusion->index));
    page.element("div", {{"class", "small muted"}},
                 "登记在谁都能核对的日志里：登记以后改动或抽走，核对日志的人会发现。");
    page.close().close();
}

void add_training_mark(Html& page, bool sandbox) {
    if (!sandbox) return;
    page.open("p", {{"class", "gap"}}).element("span", {{"class", "tag tag-warn"}}, "培训样证");
    page.text(" 演示用的证照，不具效力。").close();
}

/// The paper is of an older edition, and the permit ended since: what ended it comes first, the edition after it.
void add_older_note(Html& page, const PublicPermit& newest, const Answer& answer) {
    if (!answer.older) return;
    page.element("p", {{"class", "gap"}},
                 fmt::format("您查的是第 {} 版；登记的最后一版是第 {} 版，下面是它的内容。",
                             answer.older->certificate_version, newest.certificate.certificate_version));
}

/// What was found out about the paper itself, beside what the register says.
void add_paper_checks(Html& page, const Answer& answer) {
    const auto add_good = [&](std::string_view text) {
        page.open("p", {{"class", "good gap"}});
        add_icon(page, "good");
        page.text(fmt::format(" {}", text)).close();
    };
    if (answer.signature_checked) add_good("二维码由发证机关签发，没有被改过");
    if (answer.code == CodeCheck::right) {
        add_good("防伪码一致：它确是发证机关给这份证的");
        page.element("p", {{"class", "muted small"}}, "防伪码会和纸证一起被照抄，所以还要把内容对一遍。");
    }
}

struct Column {
    std::string_view member;
    std::string_view path;
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

constexpr std::array<Column, 3> kParticipantColumns{{{"role_name", "units[].role_name", "角色", true},
                                                     {"organisation_name", "units[].name", "单位"},
                                                     {"lead_name", "units[].lead_name", "负责人", true}}};
constexpr std::array<Column, 4> kBuildingColumns{
    {{"building_name", "buildings[].building_name", "单体"},
     {"floor_area_text", "buildings[].floor_area_text", "面积", true},
     {"storeys_text", "buildings[].storeys_text", "层数", true},
     {"structure_type_name", "buildings[].structure_type_name", "结构", true}}};

struct List {
    std::string_view member;
    std::string_view title;
    std::span<const Column> columns;
};
constexpr std::array<List, 2> kLists{
    {{"participants", "参建单位", kParticipantColumns}, {"buildings", "单体建筑", kBuildingColumns}}};

/// What the certificate bears, or what the register has besides: the reader compares the first alone.
void add_record_part(Html& page, const PublicPermit& found, bool printed) {
    page.open("dl", {{"class", "kv-line"}});
    for (const auto& line : record_lines(found)) {
        if (is_printed(found, line.path) == printed) add_line(page, line.name, line.value, line.look);
    }
    if (!printed) add_log_place(page, found.certificate);
    page.close();
    for (const auto& list : kLists) {
        const auto* rows = list_of(found.permit.record, list.member);
        if (rows != nullptr && is_printed(found, list.columns.front().path) == printed) {
            add_table(page, *rows, list.title, list.columns);
        }
    }
}

void add_record(Html& page, const PublicPermit& found) {
    page.element("h3", {{"class", "gap"}}, "证上应有的，请逐项对照");
    add_record_part(page, found, true);
    page.element("p", {{"class", "muted small gap"}}, "手里的证与上面每一项都相同，才是真的。");
    page.element("h3", {{"class", "gap"}}, "登记中另有的，证上不印");
    add_record_part(page, found, false);
}

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
                permits::state_name(found.permit.state), meaning_of(found.permit.state, answer.sandbox),
                answer.checked_text);
    add_training_mark(page, answer.sandbox);
    add_paper_checks(page, answer);
    add_older_note(page, found, answer);
    add_record(page, found);
    page.close().close();
}

void add_older_version(Html& page, const PublicPermit& newest, const Answer& answer) {
    const auto& older = answer.older.value();
    open_answer(page, "res-changed", "change", "已变更（看新证）",
                fmt::format("这是第 {} 版，内容已经变更并换发新证，旧证不能再用。现行的是第 {} 版，请看新证。",
                            older.certificate_version, newest.certificate.certificate_version),
                answer.checked_text);
    add_training_mark(page, answer.sandbox);
    add_paper_checks(page, answer);
    page.open("dl", {{"class", "kv-line"}});
    add_line(page, "许可证编号", newest.permit.permit_number, "mono strong");
    add_line(page, "工程名称", newest.permit.works_name);
    add_log_place(page, older);
    page.close().open("p", {{"class", "gap"}});
    page.element("a", {{"class", "btn btn-primary"}, {"href", permit_address(newest.permit.permit_number)}},
                 "看新证的内容");
    page.close().close().close();
}

void add_wrong_code(Html& page, const PublicPermit& found, const Answer& answer) {
    open_answer(page, "res-fake", "bad", "防伪码不一致",
                "有这个编号，但这个防伪码不是发证机关给这份证的：可能输错了，也可能纸证是伪造的。",
                answer.checked_text);
    page.element(
        "p", {{"class", "gap"}},
        "请对照纸证再输一次。还是不一致的，请不要采信，并向发证机关反映：" + found.permit.issuing_authority + "。");
    page.open("p", {{"class", "gap"}});
    page.element("a", {{"class", "btn"}, {"href", permit_address(found.permit.permit_number)}}, "看这个编号登记的内容");
    page.close().close().close();
}

void add_not_verified(Html& page, std::string_view why, const std::vector<catalog::Authority>& authorities) {
    open_answer(page, "res-fake", "bad", "伪造或无法核验", why, {});
    page.open("p", {{"class", "gap"}}).text("可以");
    page.element("a", {{"href", "/verify"}}, "输入编号再查一次");
    page.text("；确认有假的，请向证上写的发证机关反映：").close();
    add_telephones(page, authorities);
    page.close().close();
}

void add_telephones(Html& page, const std::vector<catalog::Authority>& authorities) {
    page.open("ul", {{"class", "stack-s small gap-s"}});
    for (const auto& authority : authorities) {
        page.open("li").text(authority.name + " ");
        page.element("span", {{"class", "nowrap"}}, authority.phone).close();
    }
    page.close();
}

}  // namespace kaigong::certificates::html
