#include "authz/permissions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace kaigong::authz {
namespace {

std::string_view module_of(std::string_view action) {
    return action.substr(0, action.find('.'));
}

Error not_permitted() {
    return error(Errc::forbidden, "authz.not_permitted",
                 "您的岗位没有办理此事的权限。如确需办理，请联系本单位系统管理员。");
}

Error not_there(std::string_view action) {
    return error(Errc::not_found, fmt::format("{}.not_found", module_of(action)),
                 "没有找到您要的内容，请核对编号，或从列表重新进入。");
}

Error outside_scope() {
    return error(Errc::forbidden, "authz.outside_scope",
                 "此件不在您的办理范围内，您只能查看。如需办理，请联系负责该件的部门。");
}

Error whole_installation_only() {
    return error(Errc::forbidden, "authz.whole_installation_only",
                 "此事关系到全部行政区划，由不限区划的管理员办理；如需办理，请联系上级管理员。");
}

/// The kinds of case that an officer works on, and what he is cleared to know.
bool is_within_bounds(const Actor& actor, const Resource& resource) {
    const bool kind =
        actor.matters.empty() || std::ranges::find(actor.matters, resource.matter_code) != actor.matters.end();
    return kind && resource.confidentiality <= actor.clearance;
}

/// An account has fifty kinds of case at most (identity), and with region and clearance they fit a BoundScope.
std::size_t rounded_up(std::size_t count) {
    constexpr std::size_t kMany = 56;
    return count <= kMany / 2 ? std::bit_ceil(count) : std::max(count, kMany);
}

/// Bound by kinds of case and clearance, as `any` is: `own` and `company` are not, so `any` does not stand for them.
bool is_officers(Scope scope) {
    return scope != Scope::own && scope != Scope::company;
}

/// Collects the parts of one condition and its numbered parameters.
class ConditionWriter {
  public:
    explicit ConditionWriter(const ScopeColumns& columns) : columns_(columns) {}

    void add(Scope scope, const Actor& actor) {
        switch (scope) {
            case Scope::own: return alternative(own(actor));
            case Scope::company: return alternative(companies(actor));
            case Scope::region: return alternative(bounded(inside_region(actor.region_code), actor));
            case Scope::department: {
                // Who lacks one of the two matches no row, and leaves no parameter behind.
                if (actor.department.empty() || region_prefix(actor.region_code).empty()) return;
                const auto department = equal(columns_.department, actor.department);
                const auto region = inside_region(actor.region_code);
                return alternative(bounded(fmt::format("({} AND {})", department, region), actor));
            }
            case Scope::any:
            case Scope::whole: return alternative(bounded("1 = 1", actor));
        }
    }

    /// Whether kinds of case or confidentiality keep rows of this list from an actor who has all of them.
    bool bounds(const Actor& actor) const {
        return !actor.matters.empty() ||
               (!columns_.confidentiality.empty() && actor.clearance == Confidentiality::normal);
    }

    ScopeCondition finish() && {
        result_.sql = result_.sql.empty() ? "(1 = 0)" : "(" + result_.sql + ")";
        return std::move(result_);
    }

  private:
    std::string parameter(std::string value) {
        auto name = fmt::format("scope_{}", result_.parameters.size() + 1);
        auto placeholder = ":" + name;
        result_.parameters.emplace_back(std::move(name), std::move(value));
        return placeholder;
    }

    static void need(std::string_view column) {
        if (column.empty()) throw std::logic_error("a list misses a column that a data scope needs");
    }

    /// Empty when the actor has no such property: it then matches no row.
    std::string equal(std::string_view column, const std::string& value) {
        need(column);
        if (value.empty()) return "";
        const auto placeholder = parameter(value);
        const auto slot = column.find("{}");
        if (slot == std::string_view::npos) return fmt::format("{} = {}", column, placeholder);
        return std::string(column.substr(0, slot)) + placeholder + std::string(column.substr(slot + 2));
    }

    /// `column = :a`, or `column IN (:a, :b …)` rounded up to a power of two, so that texts differ little.
    std::string one_of(std::string_view column, std::vector<std::string> values) {
        std::erase(values, "");
        if (values.empty()) return "";
        values.resize(rounded_up(values.size()), values.back());
        if (values.size() == 1) return fmt::format("{} = {}", column, parameter(values.front()));
        std::string list;
        for (const auto& value : values) list += (list.empty() ? "" : ", ") + parameter(value);
        return fmt::format("{} IN ({})", column, list);
    }

    std::string own(const Actor& actor) {
        auto mine = equal(columns_.account_id, actor.account_id.text);
        if (mine.empty() || columns_.credit_code.empty()) return mine;
        return fmt::format("({} AND {} = '')", mine, columns_.credit_code);
    }

    std::string companies(const Actor& actor) {
        need(columns_.credit_code);
        std::vector<std::string> codes{actor.credit_code};
        codes.insert(codes.end(), actor.predecessor_codes.begin(), actor.predecessor_codes.end());
        return one_of(columns_.credit_code, std::move(codes));
    }

    /// `scope` within the kinds of case and the confidentiality that the actor is limited to.
    std::string bounded(const std::string& scope, const Actor& actor) {
        if (scope.empty()) return scope;
        const auto bounds = kinds_of_case(actor) + clearance(actor);
        return bounds.empty() ? scope : "(" + scope + bounds + ")";
    }

    std::string kinds_of_case(const Actor& actor) {
        if (actor.matters.empty()) return "";
        if (columns_.matter_code.empty()) return " AND 1 = 0";
        const auto list = one_of(columns_.matter_code, actor.matters);
        return list.empty() ? " AND 1 = 0" : " AND " + list;
    }

    std::string clearance(const Actor& actor) {
        if (columns_.confidentiality.empty() || actor.clearance != Confidentiality::normal) return "";
        return fmt::format(" AND {} = {}", columns_.confidentiality,
                           parameter(std::string(to_string(Confidentiality::normal))));
    }

    // A half-open range and not LIKE: both databases then walk the index of the column.
    std::string inside_region(std::string_view region_code) {
        need(columns_.region_code);
        const auto prefix = region_prefix(region_code);
        if (prefix.empty()) return "";
        std::string end(prefix);
        end.back() = static_cast<char>(end.back() + 1);  // '9' becomes ':', the next character in ASCII
        const auto from = parameter(std::string(prefix));
        const auto to = parameter(std::move(end));
        return fmt::format("({0} >= {1} AND {0} < {2})", columns_.region_code, from, to);
    }

    void alternative(const std::string& part) {
        if (part.empty()) return;
        if (!result_.sql.empty()) result_.sql += " OR ";
        result_.sql += part;
    }

    const ScopeColumns& columns_;
    ScopeCondition result_;
};

}  // namespace

std::string_view to_string(Scope scope) {
    switch (scope) {
        case Scope::own: return "own";
        case Scope::company: return "company";
        case Scope::department: return "department";
        case Scope::region: return "region";
        case Scope::any: return "any";
        case Scope::whole: return "whole";
    }
    return "";
}

bool in_scope(const Actor& actor, Scope scope, const Resource& resource) {
    const bool in_region = region_contains(actor.region_code, resource.region_code);
    const bool bounds = is_within_bounds(actor, resource);
    switch (scope) {
        case Scope::own:
            return !actor.account_id.empty() && actor.account_id == resource.account_id && resource.credit_code.empty();
        case Scope::company: return actor.acts_for(resource.credit_code);
        case Scope::department:
            return bounds && in_region && !actor.department.empty() &&
                   std::ranges::find(resource.departments, actor.department) != resource.departments.end();
        case Scope::region: return bounds && in_region;
        case Scope::any: return bounds;
        case Scope::whole: return bounds && actor.region_code.empty();
    }
    return false;
}

void Permissions::add(std::span<const Grant> grants) {
    for (const auto& grant : grants) {
        const bool well_formed = grant.action.find('.') != std::string_view::npos;
        const bool repeated = std::ranges::any_of(grants_, [&](const Grant& other) {
            return other.role == grant.role && other.action == grant.action && other.scope == grant.scope;
        });
        if (!well_formed || repeated) {
            throw std::logic_error(fmt::format("permission table: malformed or repeated line {}", grant.action));
        }
        grants_.push_back(grant);
    }
}

std::vector<Scope> Permissions::scopes_of(const Actor& actor, std::string_view action) const {
    std::vector<Scope> scopes;
    const auto& delegated = actor.delegated_actions;
    if (delegated && std::ranges::find(*delegated, action) == delegated->end()) return scopes;
    for (const auto& grant : grants_) {
        if (grant.action != action || !actor.has(grant.role)) continue;
        if (grant.scope == Scope::whole && !actor.region_code.empty()) continue;
        if (std::ranges::find(scopes, grant.scope) == scopes.end()) scopes.push_back(grant.scope);
    }
    return scopes;
}

bool Permissions::may(const Actor& actor, std::string_view action) const {
    return !scopes_of(actor, action).empty();
}

Result<void> Permissions::require_recent(const Actor& actor) {
    if (actor.recently_authenticated || actor.kind == AccountKind::system) return {};
    return error(Errc::forbidden, "authz.step_up_needed",
                 "签发、公布这类操作要求您刚刚确认过身份。请再次输入密码或动态口令后重试，填写的内容不会丢失。");
}

Result<void> Permissions::require(const Actor& actor, std::string_view action) const {
    if (may(actor, action)) return {};
    const bool elsewhere = std::ranges::any_of(grants_, [&](const Grant& grant) {
        return grant.action == action && grant.scope == Scope::whole && actor.has(grant.role);
    });
    return elsewhere ? whole_installation_only() : not_permitted();
}

Result<void> Permissions::authorise(const Actor& actor, std::string_view action,
                                    const std::optional<Resource>& resource) const {
    const auto scopes = scopes_of(actor, action);
    if (scopes.empty()) return not_permitted();
    if (!resource) return not_there(action);
    const auto covers = [&](Scope scope) { return in_scope(actor, scope, *resource); };
    if (std::ranges::any_of(scopes, covers)) return {};
    const auto readable = scopes_of(actor, std::string(module_of(action)) + ".read");
    return std::ranges::any_of(readable, covers) ? outside_scope() : not_there(action);
}

ScopeCondition Permissions::scope_condition(const Actor& actor, std::string_view action,
                                            const ScopeColumns& columns) const {
    const auto scopes = scopes_of(actor, action);
    ConditionWriter writer(columns);
    const auto has = [&](Scope one) { return std::ranges::find(scopes, one) != scopes.end(); };
    for (const auto scope : scopes) {
        // The wider says it all: `any` of everything it is not bounded for, `region` of his department in it.
        const auto widest = has(Scope::any) ? Scope::any : Scope::whole;
        const bool is_said = (has(widest) && scope != widest && (is_officers(scope) || !writer.bounds(actor))) ||
                             (scope == Scope::department && has(Scope::region));
        if (!is_said) writer.add(scope, actor);
    }
    return std::move(writer).finish();
}

}  // namespace kaigong::authz
