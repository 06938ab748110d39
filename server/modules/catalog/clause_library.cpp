#include "modules/catalog/clause_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/json_members.hpp"
#include "base/text.hpp"
#include "modules/catalog/matter_checks.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using bpmn::Problem;

/// An opinion takes 2,000 characters; a sentence for it is much shorter.
constexpr std::size_t kTextMax = 500;
constexpr std::array kClauseTexts{"clause", "law", "article", "summary"};
constexpr std::array kOpinionTexts{"opinion", "kind", "text"};
/// What the case gives (approval/opinion_choice.cpp), and the paper that is looked at.
constexpr std::array kGaps{"works_name", "owner_name", "application_number", "received_on",
                           "today",      "item_name",  "department_name",    "material"};

const array* list_of(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

/// The first gap that nobody fills; empty where there is none.
std::string unknown_gap(const std::string& text) {
    for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        if (close == std::string::npos) return text.substr(open);
        const auto name = text.substr(open + 1, close - open - 1);
        if (std::ranges::find(kGaps, name) == kGaps.end()) return "{" + name + "}";
    }
    return "";
}

class LibraryCheck {
  public:
    LibraryCheck(std::string file, const ClauseTargets& targets) : file_(std::move(file)), targets_(targets) {}

    Result<void> run(const value& library) {
        const auto* clauses = library.is_object() ? list_of(library.get_object(), "clauses") : nullptr;
        const auto* opinions = library.is_object() ? list_of(library.get_object(), "opinions") : nullptr;
        if (clauses == nullptr || opinions == nullptr) return wrong("要有 clauses 和 opinions 两个列表");
        for (const auto& one : *clauses) KAIGONG_CHECK(check_clause(one));
        for (const auto& one : *opinions) KAIGONG_CHECK(check_opinion(one));
        return {};
    }

  private:
    Error wrong(std::string_view what) const { return malformed(file_, what); }

    template <std::size_t N>
    Result<void> check_texts(const value& one, const std::array<const char*, N>& names) const {
        if (!one.is_object()) return wrong("列表中有一项不是对象");
        for (const auto* name : names) {
            const auto text = text_of(one.get_object(), name);
            if (!text.empty() && count_code_points(text).value_or(kTextMax + 1) <= kTextMax) continue;
            return wrong(fmt::format("{} 的 {} 没有写，或者超过 {} 个字", text_of(one.get_object(), names.front()),
                                     name, kTextMax));
        }
        return {};
    }

    Result<void> check_clause(const value& one) {
        KAIGONG_CHECK(check_texts(one, kClauseTexts));
        const auto& clause = one.get_object();
        const auto code = text_of(clause, "clause");
        if (!clauses_.insert(code).second) return wrong(fmt::format("条款 {} 写了两次", code));
        const auto* confirmed = clause.if_contains("confirmed");
        if (confirmed == nullptr || !confirmed->is_bool()) {
            return wrong(fmt::format("条款 {} 的 confirmed 要写明依据是否已经核实", code));
        }
        for (const auto* name : {"items", "materials", "rules"}) {
            if (list_of(clause, name) == nullptr) return wrong(fmt::format("条款 {} 的 {} 不是列表", code, name));
            for (const auto& target : clause.at(name).get_array()) {
                if (target.is_string() && has(name, std::string(target.get_string()))) continue;
                return wrong(fmt::format("条款 {} 的 {} 中有本事项没有的 {}", code, name, serialize(target)));
            }
        }
        return {};
    }

    Result<void> check_opinion(const value& one) {
        KAIGONG_CHECK(check_texts(one, kOpinionTexts));
        const auto& opinion = one.get_object();
        const auto code = text_of(opinion, "opinion");
        if (!opinions_.insert(code).second) return wrong(fmt::format("常用意见 {} 写了两次", code));
        for (const auto& [member, name] : {std::pair("item", "items"), std::pair("material", "materials")}) {
            const auto target = text_of(opinion, member);
            if (!target.empty() && !has(name, target)) {
                return wrong(fmt::format("常用意见 {} 的 {} 是本事项没有的 {}", code, member, target));
            }
        }
        const auto* clauses = list_of(opinion, "clauses");
        if (clauses == nullptr) return wrong(fmt::format("常用意见 {} 的 clauses 不是列表", code));
        for (const auto& clause : *clauses) {
            if (clause.is_string() && clauses_.contains(std::string(clause.get_string()))) continue;
            return wrong(fmt::format("常用意见 {} 引用的条款 {} 不在条款库中", code, serialize(clause)));
        }
        const auto gap = unknown_gap(text_of(opinion, "text"));
        if (gap.empty()) return {};
        return wrong(fmt::format("常用意见 {} 中的 {} 没有内容可填", code, gap));
    }

    /// A rule may go while the office edits its rules: clauses_without_rule says so there.
    bool has(std::string_view kind, const std::string& name) const {
        if (kind == "rules") return !name.empty();
        if (kind == "items") return std::ranges::find(targets_.items, name, &Item::item) != targets_.items.end();
        return std::ranges::any_of(targets_.materials, [&](const value& one) {
            return one.is_object() && text_of(one.get_object(), "material_code") == name;
        });
    }

    std::string file_;
    const ClauseTargets& targets_;
    std::set<std::string> clauses_;
    std::set<std::string> opinions_;
};

bool has_extension(const bpmn::Element& element, const char* kind, const std::string& code) {
    return code.empty() || std::ranges::any_of(element.kaigong_all(kind),
                                               [&](const auto* one) { return one->attribute("code") == code; });
}

bool suits(const bpmn::Element& element, const object& opinion) {
    const auto* task = element.kaigong("task");
    const auto item = text_of(opinion, "item");
    return task != nullptr && task->attribute("kind") == text_of(opinion, "kind") &&
           (item.empty() || task->attribute("item") == item) &&
           has_extension(element, "outcome", text_of(opinion, "outcome")) &&
           has_extension(element, "checkpoint", text_of(opinion, "checkpoint"));
}

}  // namespace

Result<void> check_clause_library(const std::string& file, const value& library, const ClauseTargets& targets) {
    return LibraryCheck(file, targets).run(library);
}

std::vector<ClauseWithoutRule> clauses_without_rule(const object& library, const std::vector<std::string>& rules) {
    std::vector<ClauseWithoutRule> list;
    for (const auto& one : library.at("clauses").as_array()) {
        for (const auto& named : one.at("rules").as_array()) {
            const std::string rule(named.as_string());
            if (std::ranges::find(rules, rule) != rules.end()) continue;
            list.push_back({text_of(one.as_object(), "clause"), rule});
        }
    }
    return list;
}

std::vector<Problem> check_opinions(const object& library, const bpmn::Definition& process) {
    std::vector<Problem> problems;
    for (const auto& one : library.at("opinions").as_array()) {
        const auto& opinion = one.as_object();
        const bool is_offered =
            std::ranges::any_of(process.elements(), [&](const auto& element) { return suits(element, opinion); });
        if (is_offered) continue;
        const auto code = text_of(opinion, "opinion");
        problems.push_back(
            {Problem::Severity::warning, "", 0, "catalog.opinion_without_task",
             fmt::format("常用意见 {}“{}”对应的任务、结果或者核对要点不在流程中，没有地方可以选用。请改回"
                         "流程，或者请管理员修改 clauses.json。",
                         code, text_of(opinion, "text")),
             fmt::format("no task of the process has what the canned opinion {} is for", code)});
    }
    return problems;
}

}  // namespace kaigong::catalog
