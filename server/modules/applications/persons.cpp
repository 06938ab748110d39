// Acts on personal values: masks by role, one whole number for a reason, cases of a person.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/id.hpp"
#include "modules/applications/person_masks.hpp"
#include "modules/applications/personal_fields.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {
namespace {

using authz::Role;
using authz::Scope;
using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Who compares papers with what was filed. Certificates bear no numbers of persons, so who makes them needs none.
constexpr std::array kCheckingRoles{Role::window_clerk, Role::acceptance_officer, Role::reviewer, Role::section_head,
                                    Role::deciding_leader};

constexpr std::array kPersonGrants{
    authz::Grant{Role::window_clerk, "applications.unmask", Scope::region},
    authz::Grant{Role::acceptance_officer, "applications.unmask", Scope::region},
    authz::Grant{Role::reviewer, "applications.unmask", Scope::region},
    authz::Grant{Role::section_head, "applications.unmask", Scope::region},
    authz::Grant{Role::deciding_leader, "applications.unmask", Scope::region},
    authz::Grant{Role::window_clerk, "applications.find_by_person", Scope::region},
    authz::Grant{Role::acceptance_officer, "applications.find_by_person", Scope::region},
    authz::Grant{Role::reviewer, "applications.find_by_person", Scope::region},
    authz::Grant{Role::section_head, "applications.find_by_person", Scope::region},
    authz::Grant{Role::deciding_leader, "applications.find_by_person", Scope::region},
};

/// A person who is in more cases than this is looked for by company.
constexpr std::size_t kCasesMax = 100;
/// Of how many it is asked at most whether he may read them.
constexpr int kLookedAtMax = 1'000;
/// Shorter runs of digits are dates, amounts and numbers of letters.
constexpr std::size_t kNumberDigits = 8;

/// A reason goes into the audit log, where no number of a person may stand.
Result<void> check_reason(const std::string& reason) {
    std::size_t digits = 0;
    for (const char c : reason) {
        if (c == ' ' || c == '-') continue;
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        if (digits >= kNumberDigits) {
            return invalid_field("reason", "applications.reason_names_numbers",
                                 "理由会记入审计日志，请不要写证件号码、手机号等号码，只写查看的原因。");
        }
    }
    return {};
}

/// `participants[2].lead.phone` as the schema writes it: `participants[].lead.phone`.
std::string without_rows(const std::string& path) {
    std::string plain;
    bool inside = false;
    for (const char c : path) {
        if (c == ']') inside = false;
        if (!inside) plain += c;
        if (c == '[') inside = true;
    }
    return plain;
}

const value* personal_value_at(const value& form, std::string_view path) {
    const auto* at = &form;
    while (!path.empty() && at != nullptr) {
        if (path.front() == '.') path.remove_prefix(1);
        const bool is_row = path.front() == '[';
        const auto end = is_row ? path.find(']') : std::min(path.find_first_of(".["), path.size());
        if (is_row) {
            std::size_t row = 0;
            for (const char digit : path.substr(1, end - 1)) row = row * 10 + static_cast<std::size_t>(digit - '0');
            at = at->is_array() && row < at->get_array().size() ? &at->get_array()[row] : nullptr;
        } else {
            at = at->is_object() ? at->get_object().if_contains(path.substr(0, end)) : nullptr;
        }
        path.remove_prefix(is_row ? end + 1 : end);
    }
    return at;
}

/// The path of a personal value with the numbers of its rows, `[` digits `]` and names alone.
bool is_personal_path(const std::map<std::string, std::string>& kinds, const std::string& path) {
    std::size_t digits = 0;
    bool inside = false;
    for (const char c : path) {
        if (inside && c != ']' && (c < '0' || c > '9' || ++digits > 4)) return false;
        if (c == '[') {
            if (inside) return false;
            digits = 0;
            inside = true;
        }
        if (c == ']' && (!inside || digits == 0)) return false;
        if (c == ']') inside = false;
    }
    return !inside && kinds.contains(without_rows(path));
}

Error not_a_personal_field(const std::string& path) {
    return invalid_field("fields", "applications.not_a_personal_field",
                         "“" + path + "”不是这件申请里隐去的内容，请刷新页面后从字段旁的按钮查看。");
}

}  // namespace

std::span<const authz::Grant> person_permissions() {
    return kPersonGrants;
}

std::set<std::string> kinds_in_clear(const authz::Actor& actor) {
    if (actor.kind == authz::AccountKind::owner_agent) return {"", "name", "id_number", "phone", "account"};
    const bool checks = std::ranges::any_of(kCheckingRoles, [&](Role role) { return actor.has(role); });
    return checks || actor.has(Role::certificate_officer) ? std::set<std::string>{"name"} : std::set<std::string>{};
}

void mask_for(const authz::Actor& actor, const std::map<std::string, std::string>& kinds, object& form) {
    mask_personal(kinds, kinds_in_clear(actor), form);
}

void mask_all(const catalog::Matter& matter, object& form) {
    mask_personal(matter.personal_kinds(), {}, form);
}

Result<void> ApplicationService::audit_person_act(const authz::Actor& actor, const std::string& application_id,
                                                  const char* act, std::string summary) {
    const auto name = parts_.identity.name_of(actor.account_id);
    const auto now_ms = parts_.clock.now_ms();
    const bool is_search = application_id.empty();
    const auto id = is_search ? new_uuid(now_ms) : application_id;
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto row = store::find(session, id);
        parts_.audit.write(session, {is_search ? "person_search" : "application", id, row ? row->version : 1, act,
                                     actor.account_id.text, name, summary, now_ms});
        return {};
    });
}

Result<object> ApplicationService::unmask(const authz::Actor& actor, const std::string& application_id,
                                          const UnmaskQuery& query) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "applications.unmask"));
    KAIGONG_CHECK(may_read(actor, application_id));
    // Who reads it because it was given to him (抄送) has no part in it: his own scope counts.
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, application_id); }));
    KAIGONG_CHECK(parts_.permissions.authorise(actor, "applications.unmask",
                                               row ? std::optional(resource_of(*row)) : std::nullopt));
    KAIGONG_CHECK(check_reason(query.reason));
    KAIGONG_TRY(filing, load_filing(application_id));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(filing.matter_code, filing.catalog_version));
    KAIGONG_TRY(submission, load_submission(application_id, query.round));
    const value form(std::move(submission.form));
    array fields;
    std::string names;
    for (const auto& path : query.fields) {
        const auto* found = is_personal_path(matter->personal_kinds(), path) ? personal_value_at(form, path) : nullptr;
        if (found == nullptr || !found->is_string()) return not_a_personal_field(path);
        fields.push_back({{"path", path}, {"value", *found}});
        names += (names.empty() ? "" : "、") + path;
    }
    // Written before the answer is given: nobody has seen a number without an entry.
    KAIGONG_CHECK(
        audit_person_act(actor, application_id, "applications.unmask",
                         fmt::format("查看第 {} 轮的完整内容：{}；理由：{}", submission.round, names, query.reason)));
    return object{{"round", submission.round}, {"fields", std::move(fields)}};
}

Result<std::vector<std::string>> ApplicationService::cases_of_person(const PersonQuery& query) {
    std::vector<std::string> ids;
    for (const auto& index : person_indexes_of(parts_.key_ring, query.kind, query.number)) {
        KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) {
            return store::applications_of_person(session, index, kLookedAtMax + 1);
        }));
        ids.insert(ids.end(), found.begin(), found.end());
    }
    std::ranges::sort(ids, std::greater<>());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

Result<object> ApplicationService::find_by_person(const authz::Actor& actor, const PersonQuery& query) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "applications.find_by_person"));
    KAIGONG_CHECK(check_reason(query.reason));
    KAIGONG_TRY(found, cases_of_person(query));
    bool truncated = std::ssize(found) > kLookedAtMax;
    if (truncated) found.resize(kLookedAtMax);
    // What others keep from him takes no place on his list.
    std::vector<std::string> ids;
    for (auto& id : found) {
        if (!may_read(actor, id)) continue;
        truncated = truncated || ids.size() == kCasesMax;
        if (ids.size() == kCasesMax) break;
        ids.push_back(std::move(id));
    }
    const auto summaries = parts_.procedures.summaries(ids);
    array list;
    for (const auto& id : ids) {
        KAIGONG_TRY(filing, load_filing(id));
        const auto standing = summaries.find(id);
        list.push_back({{"application_id", id},
                        {"application_number", filing.application_number},
                        {"matter_code", filing.matter_code},
                        {"works_name", filing.works_name},
                        {"owner_name", filing.owner_name},
                        {"state_name", standing == summaries.end() ? "待受理" : standing->second.state_name},
                        {"received_at_ms", filing.received_at_ms}});
    }
    const char* what = query.kind == "phone" ? "手机号" : "身份证号";
    KAIGONG_CHECK(audit_person_act(actor, "", "applications.find_by_person",
                                   fmt::format("按{}查找申请，看到 {} 件；理由：{}", what, list.size(), query.reason)));
    return object{{"applications", std::move(list)}, {"truncated", truncated}};
}

}  // namespace kaigong::applications
