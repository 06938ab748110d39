#include "app/route_rights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "app/verbs.hpp"

namespace kaigong::app {
namespace {

constexpr std::string_view kIntroduction = R"(# Who may call which route

Written by `./kaigong fix` from the routing table and the permission tables of the modules. The build stops when a route,
a role or a scope is not as it stands here ([ADR 0031](../adr/0031-rights-are-a-page.md)): whoever
changes a right changes a line, and whoever reviews it reads one.

- **Gets in**: *anybody* needs no session; *signed in* needs one that came through the second factor and a password in
  force; *signing in* also one that has not yet; *token* also an access token, within its scopes; *this machine* only
  connections from the machine itself.
- **Scopes**: `own` what the account made; `company` what belongs to the organisation it acts for, or to one whose rights
  passed to it; `department` what concerns the officer's department within his region; `region` what lies in his region
  or below it; `any` everything; `whole` everything, for who is bound to no region: to others 403. An officer's
  `department`, `region` and `any` end where his kinds of case and his clearance end. What lies outside is answered as
  what does not exist: 404.
- Routes under `/api/v1/demo/` are there in a demo bureau only.
- Who has none of the roles of a line is answered 403; a line without an action concerns only one's own account, or
  narrows by itself.

| route | gets in | action | roles by scope |
| --- | --- | --- | --- |
)";

constexpr std::size_t kLinesNamed = 12;

std::string who_gets_in(const http::Endpoint& endpoint) {
    switch (endpoint.access) {
        case http::Access::anonymous: return "anybody";
        case http::Access::optional_session: return "anybody, signed in or not";
        case http::Access::loopback: return "this machine";
        case http::Access::session: break;
    }
    std::string text = endpoint.early ? "signing in" : "signed in";
    if (endpoint.by_token || !endpoint.action.empty()) text += ", token";
    return text;
}

std::string roles_by_scope(std::string_view action, std::span<const authz::Grant> grants) {
    std::map<authz::Scope, std::set<std::string_view>> roles;
    for (const auto& grant : grants) {
        if (grant.action == action) roles[grant.scope].insert(to_string(grant.role));
    }
    std::vector<std::string> parts;
    parts.reserve(roles.size());
    for (const auto& [scope, names] : roles) {
        parts.push_back(fmt::format("**{}** {}", to_string(scope), fmt::join(names, ", ")));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string line_of(const http::Endpoint& endpoint, std::span<const authz::Grant> grants) {
    const auto action = endpoint.action.empty() ? std::string() : fmt::format("`{}`", endpoint.action);
    return fmt::format("| `{} {}` | {} | {} | {} |\n", to_string(endpoint.method), endpoint.path, who_gets_in(endpoint),
                       action, roles_by_scope(endpoint.action, grants));
}

std::set<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::set<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.insert(line);
    return lines;
}

/// Lines of one page that the other lacks, each marked as a diff marks them.
std::vector<std::string> lacking(const std::set<std::string>& of, const std::set<std::string>& in, char mark) {
    std::vector<std::string> lines;
    for (const auto& line : of) {
        if (!in.contains(line) && lines.size() < kLinesNamed) lines.push_back(fmt::format("{} {}", mark, line));
    }
    return lines;
}

}  // namespace

std::string route_rights_page(std::span<const http::Endpoint> endpoints, std::span<const authz::Grant> grants) {
    std::vector<const http::Endpoint*> sorted;
    sorted.reserve(endpoints.size());
    for (const auto& endpoint : endpoints) sorted.push_back(&endpoint);
    std::ranges::sort(sorted, {}, [](const auto* one) { return std::pair(one->path, one->method); });
    std::string page(kIntroduction);
    for (const auto* endpoint : sorted) page += line_of(*endpoint, grants);
    return page;
}

Result<void> check_route_rights(const std::string& file, const std::string& page) {
    KAIGONG_TRY(written, text_or_file("@" + file));
    if (written == page) return {};
    const auto is = lines_of(page);
    const auto was = lines_of(written);
    auto lines = lacking(was, is, '-');
    std::ranges::move(lacking(is, was, '+'), std::back_inserter(lines));
    return error(Errc::conflict, "app.route_rights_differ",
                 fmt::format("{} 写的权限和程序实际的不同（- 文件里的，+ 程序里的）：\n{}\n"
                             "请先核对这些变化该不该有，再运行 ./kaigong fix 更新这个文件，并一起提交。",
                             file, fmt::join(lines, "\n")));
}

}  // namespace kaigong::app
