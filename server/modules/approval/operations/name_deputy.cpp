// 代理: naming who stands in.
#include <algorithm>

#include "base/civil_date.hpp"
#include "base/id.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/operations/deputy_access.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr std::int64_t kDaysMax = 183;
constexpr std::int64_t kDayMs = 24LL * 3'600'000;

Error days_invalid(std::string field, std::string message) {
    return invalid_field(std::move(field), "approval.deputy_days_invalid", std::move(message));
}

Result<void> check_span(const NewDeputyship& named, std::int64_t now_ms) {
    if (named.from_at_ms < office_midnight_ms(office_date(now_ms))) {
        return days_invalid("from_on", "代理不能从过去的日子开始，请从今天或以后选择。");
    }
    if (named.until_at_ms <= named.from_at_ms) {
        return days_invalid("through_on", "结束的日子不能早于开始的日子，请重新选择。");
    }
    if (named.until_at_ms - named.from_at_ms > kDaysMax * kDayMs) {
        return days_invalid("through_on", "一次代理最多 183 天，请缩短；到期仍需要的，可以再设置一次。");
    }
    return {};
}

Result<void> check_overlaps(db::Session& session, const NewDeputyship& named) {
    const auto within = [&](const Officer& who) {
        return store::absences_within(session, who.actor.account_id.text, named.from_at_ms, named.until_at_ms);
    };
    if (const auto own = within(named.absent); !own.empty()) {
        return invalid_field("from_on", "approval.deputyship_overlaps",
                             "这段时间已由" + own.front().deputy_name + "代理，请先结束那次代理，或另选日子。");
    }
    if (!within(named.deputy).empty()) {
        return invalid_field("deputy", "approval.deputy_is_absent",
                             named.deputy.name + "这段时间也请人代理，不能再代理他人，请另选他人。");
    }
    return {};
}

}  // namespace

Result<void> may_change_deputies(const authz::Permissions& permissions, const Officer& officer,
                                 const authz::Actor& who) {
    auto place = near_to(officer.actor, who.department);
    place.account_id = who.account_id;
    place.region_code = who.region_code;
    KAIGONG_CHECK(permissions.authorise(officer.actor, kNameDeputy, place));
    const bool is_superior = who.has(authz::Role::deciding_leader) && !officer.actor.has(authz::Role::deciding_leader);
    if (!is_superior || who.account_id == officer.actor.account_id) return {};
    return error(Errc::forbidden, "approval.deputy_of_superior", "分管领导的代理由其本人或其他分管领导设置。");
}

Result<std::string> name_deputy(db::Session& session, const Surroundings& surroundings,
                                const authz::Permissions& permissions, const Officer& officer,
                                const NewDeputyship& named, std::int64_t now_ms) {
    KAIGONG_CHECK(may_change_deputies(permissions, officer, named.absent.actor));
    if (named.reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "请写明为什么需要代理，再提交。");
    }
    KAIGONG_CHECK(check_span(named, now_ms));
    KAIGONG_CHECK(may_stand_in(named.deputy, named.absent));
    const bool is_for_another = named.absent.actor.account_id != officer.actor.account_id;
    if (is_for_another && named.deputy.actor.account_id == officer.actor.account_id) {
        return invalid_field("deputy", "approval.deputy_names_himself", "不能指定自己代理他人，请另选他人。");
    }
    // In one order, whoever of the two is absent.
    auto both = std::array{named.absent.actor.account_id.text, named.deputy.actor.account_id.text};
    std::ranges::sort(both);
    for (const auto& account_id : both) store::lock_deputies_of(session, account_id);
    KAIGONG_CHECK(check_overlaps(session, named));
    const auto& absent = named.absent.actor;
    const store::DeputyshipRow row{new_uuid(now_ms),
                                   1,
                                   absent.account_id.text,
                                   named.absent.name,
                                   named.deputy.actor.account_id.text,
                                   named.deputy.name,
                                   absent.department,
                                   absent.region_code,
                                   named.from_at_ms,
                                   named.until_at_ms,
                                   named.reason,
                                   officer.actor.account_id.text,
                                   officer.name,
                                   now_ms,
                                   {},
                                   {},
                                   {}};
    store::insert_deputyship(session, row);
    store::record_inbox_change_for(session, row.deputy_id);
    surroundings.audit.write(session, {"deputyship", row.deputyship_id, 1, "approval.name_deputy",
                                       officer.actor.account_id.text, officer.name, "设置代理", now_ms});
    return row.deputyship_id;
}

}  // namespace kaigong::approval::operations
