#include "modules/certificates/public_html.hpp"

#include <fmt/format.h>

#include <array>

#include "base/chinese_format.hpp"

namespace kaigong::certificates::html {
namespace {

using http::Html;

constexpr const char* kStyleSheet = "/app/public.css";
constexpr const char* kIcon = "/app/icon.svg";

struct Link {
    Topic topic;
    std::string_view href;
    std::string_view name;
};
constexpr std::array<Link, 5> kNavigation{{{Topic::portal, "/", "首页"},
                                           {Topic::guide, "/guide", "办事指南"},
                                           {Topic::search, "/search", "许可查询"},
                                           {Topic::verify, "/verify", "证照验真"},
                                           {Topic::announcements, "/announcements", "公示公告"}}};

void add_head(Html& page, const Frame& frame) {
    page.element("a", {{"class", "skip"}, {"href", "#main"}}, "跳到正文");
    if (frame.sandbox) {
        page.element("aside", {{"class", "demo"}, {"aria-label", "演示说明"}},
                     "演示数据 · 单位、人员、编号均为虚构，证照是培训样证，不具效力");
    }
    page.open("header", {{"class", "phead"}}).open("div", {{"class", "wrap"}});
    page.open("a", {{"class", "brand"}, {"href", "/"}});
    page.element("img", {{"src", kIcon}, {"alt", ""}, {"width", "28"}, {"height", "28"}}).text("开工");
    page.element("small", {}, "建筑工程施工许可").close();
    page.open("nav", {{"class", "pnav"}, {"aria-label", "主导航"}});
    for (const auto& link : kNavigation) {
        if (link.topic == frame.topic) {
            page.element("a", {{"href", link.href}, {"aria-current", "page"}}, link.name);
        } else {
            page.element("a", {{"href", link.href}}, link.name);
        }
    }
    page.close().open("a", {{"class", "btn btn-sm btn-primary end"}, {"href", "/app/sign-in"}});
    add_icon(page, "person");
    page.text("登录").close().close().close();
}

void add_foot(Html& page, const catalog::Authority* authority) {
    page.open("footer", {{"class", "pfoot"}}).open("div", {{"class", "wrap row between"}});
    if (authority != nullptr) {
        page.element("span", {}, fmt::format("{} · 窗口 {}", authority->name, authority->phone));
        page.element("span", {}, authority->address);
    } else {
        page.element("span", {}, "由工程所在地的住房和城乡建设主管部门受理和发证");
        page.open("span").element("a", {{"href", "/guide"}}, "窗口地址和电话").close();
    }
    page.close().close();
}

}  // namespace

void add_icon(Html& page, std::string_view name) {
    page.element("i", {{"class", fmt::format("ic ic-{}", name)}, {"aria-hidden", "true"}});
}

std::string document(const Frame& frame, const Html& content) {
    Html body;
    add_head(body, frame);
    const auto column = frame.full_width ? "" : frame.narrow ? "wrap narrow" : "wrap";
    body.open("main", {{"id", "main"}, {"class", column}}).add(content).close();
    add_foot(body, frame.authority);
    const auto title = frame.title.empty() ? std::string("开工") : frame.title + " · 开工";
    return http::html_document({.title = title, .style_sheets = {kStyleSheet}, .icon = kIcon}, body);
}

Standing standing_of(const std::string& state) {
    if (state == "in_force") return Standing::in_force;
    return state == "replaced" ? Standing::changed : Standing::ended;
}

void add_state_tag(Html& page, const std::string& state) {
    const bool taken_away = state == "revoked" || state == "retracted" || state == "forfeited";
    const auto standing = standing_of(state);
    page.open("span", {{"class", standing == Standing::in_force  ? "tag tag-good"
                                 : standing == Standing::changed ? "tag tag-warn"
                                 : taken_away                    ? "tag tag-bad"
                                                                 : "tag"}});
    add_icon(page, standing == Standing::in_force ? "good" : standing == Standing::changed ? "change" : "ban");
    page.text(permits::state_name(state)).close();
}

void add_search_form(Html& page, const SearchForm& form) {
    page.open("form", {{"class", "qbox"}, {"role", "search"}, {"method", "get"}, {"action", "/search"}}).open("div");
    page.element("label", {{"class", "vh"}, {"for", "q"}}, "编号、工程名称、建设单位");
    if (!form.problem.empty()) {
        page.element("p", {{"class", "err"}, {"id", "q-problem"}, {"role", "alert"}}, form.problem);
    }
    page.element("input", {{"class", "input"},
                           {"id", "q"},
                           {"name", "q"},
                           {"aria-describedby", form.problem.empty() ? "" : "q-problem"},
                           {"value", form.text},
                           {"maxlength", "100"},
                           {"placeholder", "编号、工程名称、建设单位"}});
    page.close().open("button", {{"class", "btn btn-primary"}});
    add_icon(page, "search");
    page.text("查询").close();
    if (!form.regions.empty()) {
        page.open("div").element("label", {{"class", "vh"}, {"for", "region"}}, "区划");
        page.open("select", {{"class", "input"}, {"id", "region"}, {"name", "region"}});
        page.element("option", {{"value", ""}}, "全部区划");
        for (const auto& region : form.regions) {
            if (region.code == form.region_code) {
                page.element("option", {{"value", region.code}, {"selected", "selected"}}, region.name);
            } else {
                page.element("option", {{"value", region.code}}, region.name);
            }
        }
        page.close().close();
    }
    page.close();
}

std::string permit_address(const std::string& permit_number) {
    return "/permits/" + http::encode_component(permit_number);
}

std::string day_text(const std::string& on) {
    const auto date = parse_date(on);
    return date ? date_text(*date) : on;
}

namespace {

void add_result_row(Html& page, const permits::Permit& permit) {
    page.open("tr").open("td", {{"class", "mono nowrap"}});
    page.element("a", {{"href", permit_address(permit.permit_number)}}, permit.permit_number).close();
    page.open("td").element("span", {{"class", "strong"}}, permit.works_name);
    page.element("div", {{"class", "small muted"}}, permit.owner_name).close();
    page.open("td");
    add_state_tag(page, permit.state);
    page.close().element("td", {{"class", "nowrap muted"}}, day_text(permit.issued_on)).close();
}

void add_result_table(Html& page, const std::vector<permits::Permit>& permits, std::string_view caption) {
    page.open("div", {{"class", "card gap"}}).open("table", {{"class", "table cards"}});
    page.element("caption", {{"class", "vh"}}, caption).open("thead").open("tr");
    for (const auto* column : {"许可证编号", "工程 / 建设单位", "状态", "发证日期"}) {
        page.element("th", {{"scope", "col"}}, column);
    }
    page.close().close().open("tbody");
    for (const auto& permit : permits) add_result_row(page, permit);
    page.close().close().close();
}

std::string search_address(const SearchForm& form, const std::string& cursor) {
    return fmt::format("/search?q={}&region={}&cursor={}", http::encode_component(form.text),
                       http::encode_component(form.region_code), http::encode_component(cursor));
}

}  // namespace

void add_search_results(Html& page, const SearchForm& form, const permits::PublicPage& found) {
    if (found.permits.empty()) {
        page.open("div", {{"class", "card gap empty"}, {"role", "status"}});
        add_icon(page, "search");
        page.element("h2", {}, form.text.empty() ? "还没有公开的许可证" : fmt::format("没有找到“{}”", form.text));
        page.element("p", {}, "换个编号、工程名称或建设单位的几个字试试。刚发的证要等公布后才能查到。").close();
        return;
    }
    const auto count = found.permits.size();
    page.element("p", {{"class", "muted gap"}, {"role", "status"}},
                 found.next_cursor ? fmt::format("本页 {} 个许可证，后面还有", count)
                                   : fmt::format("本页 {} 个许可证，已经到底", count));
    add_result_table(page, found.permits, "查询结果，新发的在前");
    if (!found.next_cursor) return;
    page.open("p", {{"class", "gap"}});
    page.element("a", {{"class", "btn"}, {"href", search_address(form, *found.next_cursor)}}, "下一页").close();
}

namespace {

struct Card {
    std::string_view href;
    std::string_view icon;
    std::string_view title;
    std::string_view text;
};

void add_cards(Html& page, int working_days) {
    const auto guide = fmt::format("要什么条件、交什么、多久办好。法定 {} 个工作日。", working_days);
    const std::array<Card, 3> cards{
        {{"/guide", "paper", "办事指南", guide},
         {"/app/applications/new", "pen", "申请施工许可", "随时可停，填过的都会保留。"},
         {"/app/applications", "clock", "我的申请到哪了", "谁在办、哪天前办好、您要做什么。"}}};
    page.element("h2", {{"class", "vh"}}, "办事").open("div", {{"class", "three"}});
    for (const auto& card : cards) {
        page.open("a", {{"class", "card"}, {"href", card.href}});
        add_icon(page, card.icon);
        page.element("h2", {}, card.title).element("span", {{"class", "muted"}}, card.text).close();
    }
    page.close();
}

void add_latest(Html& page, const std::vector<permits::Permit>& latest) {
    page.open("section", {{"class", "gap-l"}, {"aria-labelledby", "latest"}});
    page.open("div", {{"class", "row between"}}).element("h2", {{"id", "latest"}}, "最近发证");
    page.element("a", {{"href", "/search"}}, "全部许可").close();
    if (latest.empty()) {
        page.element("p", {{"class", "card pad-l gap muted"}},
                     "还没有发出的许可证。发证并公布后，这里列出最近的五个。");
    } else {
        add_result_table(page, latest, "最近发证");
    }
    page.close();
}

}  // namespace

void add_portal(Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters,
                const std::vector<permits::Permit>& latest) {
    page.open("section", {{"class", "top"}}).open("div", {{"class", "wrap"}});
    page.element("h1", {}, "查一个工程有没有施工许可证");
    page.element("p", {{"class", "muted"}}, "编号、工程名称、建设单位都能查");
    add_search_form(page, {});
    page.open("p", {{"class", "small gap"}}).text("手里有证，想知道真假：");
    page.element("a", {{"href", "/verify"}}, "扫码或输入编号验真").close().close().close();
    page.open("div", {{"class", "wrap"}});
    add_cards(page, matters.empty() ? 7 : matters.front()->statutory_working_days());
    add_latest(page, latest);
    page.close();
}

void add_not_found(Html& page, std::string_view title, std::string_view what_to_do) {
    page.open("div", {{"class", "card gap-l empty"}, {"role", "alert"}});
    add_icon(page, "search");
    page.element("h1", {}, title).element("p", {}, what_to_do).open("p", {{"class", "gap"}});
    page.element("a", {{"class", "btn"}, {"href", "/"}}, "回首页").text(" ");
    page.element("a", {{"class", "btn"}, {"href", "/search"}}, "许可查询").close().close();
}

}  // namespace kaigong::certificates::html
