#include "modules/oauth/scopes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace kaigong::oauth {
namespace {

using Action = std::string_view;

constexpr std::array<Action, 1> kReadPermits{"permits.read"};
constexpr std::array<Action, 2> kReadApplications{"applications.read", "approval.read"};
constexpr std::array<Action, 3> kWriteApplications{"applications.read", "applications.write", "approval.read"};

// Working on tasks (approval.work) is no scope: reading the inbox and deciding are one action there, and no program of
// others decides in an officer's name.
constexpr std::array kScopes{
    Scope{kOpenId, "确认您是谁（只提供一个编号）", "Know who you are (an identifier only)", true},
    Scope{"profile", "查看您的姓名", "See your name", true},
    Scope{"organisation", "查看您所在单位的名称和统一社会信用代码", "See your organisation's name and credit code",
          true},
    Scope{"roles", "查看您的岗位、科室和所在区划", "See your roles, department and region", true},
    Scope{kOfflineAccess, "在您离开后继续代您访问，直到您撤回授权",
          "Keep access while you are away, until you revoke it", true},
    Scope{"permits.read", "查看施工许可证", "See construction permits", true, true, kReadPermits},
    Scope{"applications.read", "查看申请、材料和办理进度", "See applications, their papers and progress", true, false,
          kReadApplications},
    Scope{"applications.write", "代您填写、提交和撤回申请，上传材料",
          "Fill in, submit and withdraw applications and upload papers for you", true, false, kWriteApplications},
};

}  // namespace

std::span<const Scope> scopes() {
    return kScopes;
}

const Scope* find_scope(std::string_view name) {
    const auto found = std::ranges::find(kScopes, name, &Scope::name);
    return found == kScopes.end() ? nullptr : &*found;
}

bool has_scope(const ScopeNames& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_within(const ScopeNames& wanted, const ScopeNames& allowed) {
    return std::ranges::all_of(wanted, [&](const std::string& name) { return has_scope(allowed, name); });
}

std::optional<ScopeNames> parse_scopes(std::string_view text) {
    ScopeNames asked;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto name = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (name.empty()) continue;
        if (find_scope(name) == nullptr) return std::nullopt;
        asked.emplace_back(name);
    }
    ScopeNames ordered;
    for (const auto& line : kScopes) {
        if (has_scope(asked, line.name)) ordered.emplace_back(line.name);
    }
    return ordered;
}

std::string scope_text(const ScopeNames& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

std::string scopes_json_text(const ScopeNames& names) {
    return boost::json::serialize(boost::json::array(names.begin(), names.end()));
}

ScopeNames scopes_of_row(const std::string& json) {
    ScopeNames names;
    const auto list = boost::json::parse(json);
    for (const auto& name : list.as_array()) {
        // A scope that an upgrade took away opens nothing any more.
        if (find_scope(name.as_string()) != nullptr) names.emplace_back(name.as_string());
    }
    return names;
}

std::vector<std::string> actions_of(const ScopeNames& names) {
    std::vector<std::string> actions;
    for (const auto& name : names) {
        for (const auto action : find_scope(name)->actions) {
            if (std::ranges::find(actions, action) == actions.end()) actions.emplace_back(action);
        }
    }
    return actions;
}

boost::json::array scope_words(const ScopeNames& names) {
    boost::json::array list;
    for (const auto& name : names) {
        const auto* scope = find_scope(name);
        list.push_back({{"scope", name}, {"chinese", scope->chinese}, {"english", scope->english}});
    }
    return list;
}

boost::json::array scope_table() {
    boost::json::array list;
    for (const auto& scope : kScopes) {
        list.push_back({{"scope", scope.name},
                        {"chinese", scope.chinese},
                        {"english", scope.english},
                        {"for_people", scope.for_people},
                        {"for_systems", scope.for_systems}});
    }
    return list;
}

}  // namespace kaigong::oauth
