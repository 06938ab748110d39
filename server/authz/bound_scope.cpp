#include "authz/bound_scope.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kaigong::authz {
namespace {

constexpr std::array<std::size_t, 4> kRoundedTo{0, 4, 16, 64};

/// `:scope_7` becomes `?`: each name stands once, in the order of the parameters. A colon in a column's expression
/// stays.
std::string with_question_marks(const std::string& sql) {
    constexpr std::string_view kName = ":scope_";
    std::string text;
    for (std::size_t at = 0; at < sql.size();) {
        if (!std::string_view(sql).substr(at).starts_with(kName)) {
            text += sql[at++];
            continue;
        }
        text += '?';
        at += kName.size();
        while (at < sql.size() && std::isdigit(static_cast<unsigned char>(sql[at]))) ++at;
    }
    return text;
}

}  // namespace

BoundScope::BoundScope(ScopeCondition condition) : sql_(with_question_marks(condition.sql)) {
    for (auto& [name, value] : condition.parameters) values_.push_back(std::move(value));
    if (std::ranges::count(sql_, '?') != static_cast<std::ptrdiff_t>(values_.size())) {
        throw std::logic_error("authz: a scope whose parameters are not each used once");
    }
    const auto size = std::ranges::lower_bound(kRoundedTo, values_.size());
    if (size == kRoundedTo.end()) throw std::logic_error("authz: a scope of too many values");
    if (*size == values_.size()) return;
    // What is always true, and looked at once for the whole statement.
    std::string rest;
    for (auto i = values_.size(); i < *size; ++i) rest += ", ?";
    sql_ = "(" + sql_ + " AND '' IN (''" + rest + "))";
    values_.resize(*size);
}

BoundScope BoundScope::everything() {
    BoundScope scope;
    scope.sql_ = "(1 = 1)";
    return scope;
}

std::string region_bound(const Permissions& permissions, const Actor& actor, std::string_view action) {
    const auto reaches_further = [&](const Grant& grant) {
        const bool within = grant.scope == Scope::region || grant.scope == Scope::department;
        return grant.action == action && actor.has(grant.role) && !within;
    };
    if (std::ranges::any_of(permissions.grants(), reaches_further)) return "";
    return std::string(region_prefix(actor.region_code));
}

}  // namespace kaigong::authz
