// 公示公告: decisions that were published, for everybody (行政许可法 40).
#include <fmt/format.h>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "modules/certificates/public_html.hpp"

namespace kaigong::certificates::html {
namespace {

using http::Html;

void add_choice(Html& page, std::string_view value, std::string_view name, bool is_chosen) {
    if (is_chosen) {
        page.element("option", {{"value", value}, {"selected", "selected"}}, name);
    } else {
        page.element("option", {{"value", value}}, name);
    }
}

std::string announcement_address(const AnnouncementForm& form, const std::string& month, const std::string& cursor) {
    auto address = fmt::format("/announcements?region={}&month={}", http::encode_component(form.region_code),
                               http::encode_component(month));
    if (!cursor.empty()) address += "&cursor=" + http::encode_component(cursor);
    return address;
}

std::string matter_name(const std::vector<std::shared_ptr<const catalog::Matter>>& matters, const std::string& code) {
    const auto found = std::ranges::find_if(matters, [&](const auto& matter) { return matter->matter_code() == code; });
    return found == matters.end() ? "施工许可" : (*found)->name();
}

void add_decision(Html& page, const permits::Permit& permit, const std::string& matter) {
    page.open("tr").element("td", {{"class", "nowrap muted"}}, date_text(office_date(permit.published_at_ms)));
    page.open("td").element("span", {}, "准予许可").element("div", {{"class", "small muted"}}, matter);
    page.element("a", {{"class", "mono nowrap"}, {"href", permit_address(permit.permit_number)}}, permit.permit_number);
    page.close();
    page.open("td").element("span", {{"class", "strong"}}, permit.works_name);
    page.element("div", {{"class", "small muted"}}, permit.owner_name).close();
    page.element("td", {}, permit.issuing_authority).open("td");
    add_state_tag(page, permit.state);
    page.close().close();
}

void add_nothing(Html& page, const AnnouncementForm& form) {
    page.open("div", {{"class", "card gap empty"}, {"role", "status"}});
    add_icon(page, "calendar");
    page.element("h2", {}, form.month.empty() ? "还没有公布的决定" : month_text(form.month) + "没有公布的决定");
    page.element("p", {}, "准予许可的决定在证照制成后随即公布在这里。可以换一个月份或区划再看。").close();
}

void add_onward(Html& page, const AnnouncementForm& form, const permits::PublicPage& found,
                const std::string& month_before) {
    if (!found.next_cursor && month_before.empty()) return;
    page.open("nav", {{"class", "row gap"}, {"aria-label", "翻页"}});
    if (found.next_cursor) {
        page.element("a", {{"class", "btn"}, {"href", announcement_address(form, form.month, *found.next_cursor)}},
                     "下一页");
    }
    if (!month_before.empty()) {
        page.element("a", {{"class", "btn"}, {"href", announcement_address(form, month_before, {})}},
                     "看 " + month_text(month_before));
    }
    page.close();
}

}  // namespace

std::string month_text(const std::string& month) {
    const auto first = parse_date(month + "-01");
    return first ? fmt::format("{}年{}月", first->year, first->month) : month;
}

void add_announcement_form(Html& page, const AnnouncementForm& form) {
    page.open("form", {{"class", "qbox"}, {"role", "search"}, {"method", "get"}, {"action", "/announcements"}});
    const auto* described_by = form.problem.empty() ? "" : "choice-problem";
    if (!form.problem.empty()) {
        page.element("p", {{"class", "err"}, {"id", "choice-problem"}, {"role", "alert"}}, form.problem);
    }
    page.open("div").element("label", {{"class", "label"}, {"for", "region"}}, "区划");
    page.open("select", {{"class", "input"}, {"id", "region"}, {"name", "region"}, {"aria-describedby", described_by}});
    add_choice(page, "", "全部区划", form.region_code.empty());
    for (const auto& region : form.regions) {
        add_choice(page, region.code, region.name, region.code == form.region_code);
    }
    page.close().close().open("div").element("label", {{"class", "label"}, {"for", "month"}}, "公布月份");
    page.open("select", {{"class", "input"}, {"id", "month"}, {"name", "month"}, {"aria-describedby", described_by}});
    add_choice(page, "", "全部月份", form.month.empty());
    for (const auto& month : form.months) add_choice(page, month, month_text(month), month == form.month);
    page.close().close().element("button", {{"class", "btn btn-primary low"}}, "查看").close();
}

void add_announcements(Html& page, const AnnouncementForm& form, const permits::PublicPage& found,
                       const std::vector<std::shared_ptr<const catalog::Matter>>& matters,
                       const std::string& month_before) {
    if (found.permits.empty()) {
        add_nothing(page, form);
    } else {
        page.open("div", {{"class", "card gap"}}).open("table", {{"class", "table cards"}});
        page.element("caption", {{"class", "vh"}}, "公布的决定，新公布的在前").open("thead").open("tr");
        for (const auto* column : {"公布日期", "决定", "工程 / 建设单位", "决定机关", "现在的状态"}) {
            page.element("th", {{"scope", "col"}}, column);
        }
        page.close().close().open("tbody");
        for (const auto& permit : found.permits) add_decision(page, permit, matter_name(matters, permit.matter_code));
        page.close().close().close();
    }
    add_onward(page, form, found, month_before);
}

}  // namespace kaigong::certificates::html
