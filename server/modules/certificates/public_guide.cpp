// The guide of a matter, made from the catalogue alone: who changes the catalogue changes the guide.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "modules/certificates/public_html.hpp"

namespace kaigong::certificates::html {
namespace {

using boost::json::object;
using http::Html;

bool is_true(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

void open_section(Html& page, std::string_view id, std::string_view title) {
    page.open("section", {{"id", id}}).element("h2", {}, title);
}

void add_facts(Html& page, const catalog::Matter& matter) {
    auto fee = text_of(matter.settings(), "fee_note");
    if (fee.ends_with("。")) fee.resize(fee.size() - std::string_view("。").size());
    const std::array<std::pair<std::string_view, std::string>, 4> facts{
        {{"法定时限", fmt::format("{} 个工作日", matter.statutory_working_days())},
         {"承诺时限", fmt::format("{} 个工作日", matter.promised_working_days())},
         {"费用", fee.empty() ? "请问窗口" : fee},
         {"结果", "电子证照"}}};
    page.open("dl", {{"class", "facts4 card"}});
    for (const auto& [name, value] : facts) {
        page.open("div").element("dt", {}, name).element("dd", {}, value).close();
    }
    page.close();
}

void add_conditions(Html& page, const catalog::Matter& matter) {
    const auto* conditions = matter.settings().if_contains("conditions");
    if (conditions == nullptr || !conditions->is_array()) return;
    open_section(page, "conditions", "条件");
    page.open("ol", {{"class", "cond card"}});
    for (const auto& condition : conditions->get_array()) {
        page.open("li").open("span").text(text_of(condition.as_object(), "text"));
        page.element("span", {{"class", "small muted"}},
                     fmt::format("（{}）", text_of(condition.as_object(), "legal_basis")));
        page.close().close();
    }
    page.close().close();
}

void add_material_row(Html& page, const object& material) {
    page.open("tr").open("td").text(text_of(material, "name"));
    page.element("div", {{"class", "small muted mono"}}, text_of(material, "material_code")).close();
    page.element("td", {}, text_of(material, "note")).open("td", {{"class", "nowrap"}});
    const bool may_commit = is_true(material, "may_commit");
    add_icon(page, may_commit ? "check" : "cross");
    page.text(may_commit ? " 可以" : " 不能").close();
    page.element("td", {{"class", "small muted"}}, text_of(material, "legal_basis")).close();
}

void add_materials(Html& page, const catalog::Matter& matter) {
    open_section(page, "materials", "材料");
    page.element("p", {}, "政府登记里有的不用交。按您填的内容，系统只列出要交的几份。");
    page.open("div",
              {{"class", "scroll gap"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "材料表，可左右滚动"}});
    page.open("table", {{"class", "table card"}})
        .element("caption", {{"class", "vh"}}, "材料")
        .open("thead")
        .open("tr");
    for (const auto* heading : {"材料", "说明", "能否承诺", "依据"}) page.element("th", {{"scope", "col"}}, heading);
    page.close().close().open("tbody");
    for (const auto& material : matter.material_list()) {
        // What the system writes itself is nothing to prepare.
        if (!is_true(material.as_object(), "generated")) add_material_row(page, material.as_object());
    }
    page.close().close().close().close();
}

std::string weekday_name(CivilDate date) {
    constexpr std::array<const char*, 7> kNames{"日", "一", "二", "三", "四", "五", "六"};
    return kNames.at(static_cast<std::size_t>(weekday_of(date)));
}

/// One day of the example: 「24日 二 1」.
void add_day(Html& page, CivilDate date, std::string_view look, std::string_view mark, std::string_view after = {}) {
    const auto day = date.day == 1 ? fmt::format("{}/1 {}", date.month, weekday_name(date))
                                   : fmt::format("{}日 {}", date.day, weekday_name(date));
    if (look.empty()) {
        page.open("li");
    } else {
        page.open("li", {{"class", look}});
    }
    page.text(day).element("b", {}, mark).text(after).close();
}

/// The days from receipt to the last one (行政许可法 82: working days; 民法典 201: the first day is not counted).
void add_example(Html& page, const calendar::Calendar& calendar, CivilDate today, int working_days) {
    const auto received = calendar.roll_to_working_day(today);
    const auto due = calendar.add_working_days(received.value, working_days);
    const auto label = fmt::format("{}交齐，{}到期", date_text(received.value), date_text(due.value));
    page.element("p", {},
                 fmt::format("收件当天不算，从下一个工作日数起，第 {} 个工作日就是最后一天。例如{}{}：", working_days,
                             label, due.provisional ? "（预计，放假安排未公布）" : ""));
    page.open("ol", {{"class", "cal gap"}, {"aria-label", label}});
    add_day(page, received.value, "r", "交齐", "不算");
    int counted = 0;
    for (auto day = add_days(received.value, 1); day <= due.value; day = add_days(day, 1)) {
        if (!calendar.is_working_day(day).value) {
            add_day(page, day, "off", "休");
            continue;
        }
        ++counted;
        const bool last = day == due.value;
        add_day(page, day, last ? "due" : "", std::to_string(counted), last ? "到期" : "");
    }
    page.close();
}

void add_time(Html& page, const catalog::Matter& matter, const calendar::Calendar& calendar, CivilDate today) {
    open_section(page, "time", "时限怎么数");
    add_example(page, calendar, today, matter.statutory_working_days());
    page.element(
        "p", {{"class", "muted small gap"}},
        fmt::format("不算的时间：您补正的时间，听证、专家评审、检测等特别程序。材料不齐的，{} 个工作日内一次说清；"
                    "没说的，从收件那天起就算受理。",
                    matter.intake_working_days()));
    page.close();
}

struct Step {
    std::string_view kind;
    std::string_view name;
};
/// The kinds of user task, in the order of the procedure; `correct` is a detour, not a step.
constexpr std::array<Step, 6> kSteps{{{"check", "完整性核对"},
                                      {"accept", "受理"},
                                      {"review", "实质审查"},
                                      {"recheck", "复核"},
                                      {"decide", "决定"},
                                      {"certificate", "发证和送达"}}};

/// Names of the process's tasks of one kind, as 「住建核对、消防核对」.
std::string tasks_of(const bpmn::Definition& process, std::string_view kind) {
    std::string names;
    for (const auto& element : process.elements()) {
        const auto* task = element.kaigong("task");
        if (element.kind != bpmn::Kind::user_task || task == nullptr || task->attribute("kind") != kind) continue;
        if (!names.empty()) names += "、";
        names += element.name;
    }
    return names;
}

void add_flow(Html& page, const catalog::Matter& matter) {
    open_section(page, "flow", "流程");
    page.open("ol", {{"class", "flow"}});
    page.open("li")
        .element("b", {}, "填写并提交")
        .element("div", {{"class", "muted small"}}, "建设单位或其经办人")
        .close();
    for (const auto& step : kSteps) {
        const auto tasks = tasks_of(matter.process(), step.kind);
        if (tasks.empty()) continue;
        page.open("li").element("b", {}, step.name);
        page.element("div", {{"class", "muted small"}}, tasks).close();
    }
    page.close().close();
}

std::vector<std::string> laws_of(const catalog::Matter& matter) {
    std::vector<std::string> laws;
    const auto add = [&](std::string_view all) {
        constexpr std::string_view kBetween = "；";
        while (!all.empty()) {
            const auto end = std::min(all.find(kBetween), all.size());
            const std::string law(all.substr(0, end));
            if (!law.empty() && std::ranges::find(laws, law) == laws.end()) laws.push_back(law);
            all.remove_prefix(std::min(end + kBetween.size(), all.size()));
        }
    };
    add(text_of(matter.settings(), "legal_basis"));
    for (const auto& item : matter.items()) add(item.legal_basis);
    return laws;
}

void add_law(Html& page, const catalog::Matter& matter) {
    open_section(page, "law", "依据");
    page.open("ul", {{"class", "stack-s"}});
    for (const auto& law : laws_of(matter)) page.element("li", {}, law);
    page.close();
    // 行政复议法 20; 行政诉讼法 46.
    page.element("p", {{"class", "gap"}},
                 "不服决定的：60 日内申请行政复议，或 6 个月内向法院起诉；决定书上写明向谁申请。")
        .close();
}

/// Where an authority promises less time than the matter does, it says so beside its name.
void add_authorities(Html& page, const catalog::Matter& matter, const catalog::Catalog& catalog) {
    open_section(page, "where", "到哪里办");
    page.element("p", {}, "全程可以网上办。要当面办或有疑问的，找工程所在地的窗口：");
    page.open("ul", {{"class", "stack-s gap"}});
    for (const auto& authority : catalog.authorities()) {
        const int promised = catalog.promised_working_days(matter, authority.region_codes.front());
        page.open("li").text(authority.name);
        if (promised < matter.promised_working_days()) {
            page.element("span", {{"class", "small"}}, fmt::format("（承诺 {} 个工作日）", promised));
        }
        page.element("div", {{"class", "small muted"}}, fmt::format("{} · {}", authority.phone, authority.address))
            .close();
    }
    page.close().close();
}

void add_contents(Html& page, bool has_exemption) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSections{{{"#who", "要不要办"},
                                                                                      {"#conditions", "条件"},
                                                                                      {"#materials", "材料"},
                                                                                      {"#time", "时限"},
                                                                                      {"#flow", "流程"},
                                                                                      {"#where", "窗口"},
                                                                                      {"#law", "依据"}}};
    page.open("nav", {{"class", "toc"}, {"aria-label", "本页目录"}});
    for (const auto& [href, name] : kSections) {
        if (href != "#who" || has_exemption) page.element("a", {{"href", href}}, name);
    }
    page.close();
}

}  // namespace

void add_guide(Html& page, const catalog::Matter& matter, const catalog::Catalog& catalog, CivilDate today) {
    page.open("nav", {{"class", "crumb"}, {"aria-label", "位置"}}).element("a", {{"href", "/"}}, "首页").text(" / ");
    page.element("a", {{"href", "/guide"}}, "办事指南").text(" / " + matter.name()).close();
    page.open("div", {{"class", "row between"}}).open("div", {{"class", "grow"}}).element("h1", {}, matter.name());
    page.element("p", {{"class", "muted"}}, text_of(matter.settings(), "summary")).close();
    page.element("a", {{"class", "btn btn-primary"}, {"href", "/app/applications/new"}}, "开始申请").close();
    add_facts(page, matter);
    const auto exemption = text_of(matter.settings(), "exemption_note");
    page.open("div", {{"class", "guide"}});
    add_contents(page, !exemption.empty());
    page.open("div");
    if (!exemption.empty()) {
        open_section(page, "who", "要不要办");
        page.element("p", {}, exemption).close();
    }
    add_conditions(page, matter);
    add_materials(page, matter);
    add_time(page, matter, catalog.calendar()->days, today);
    add_flow(page, matter);
    add_authorities(page, matter, catalog);
    add_law(page, matter);
    page.close().close();
}

void add_guide_list(Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters) {
    page.element("h1", {{"class", "gap"}}, "办事指南").open("div", {{"class", "stack gap"}});
    for (const auto& matter : matters) {
        page.open("section", {{"class", "card pad-l"}}).open("h2");
        page.element("a", {{"href", "/guide/" + http::encode_component(matter->matter_code())}}, matter->name())
            .close();
        page.element("p", {{"class", "gap"}}, text_of(matter->settings(), "summary"));
        page.element("p", {{"class", "muted"}},
                     fmt::format("法定 {} 个工作日，承诺 {} 个工作日", matter->statutory_working_days(),
                                 matter->promised_working_days()))
            .close();
    }
    page.close();
}

}  // namespace kaigong::certificates::html
