// A deputy for tests of what he does.
#pragma once

#include "base/civil_date.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval::testing {

/// From today through tomorrow.
inline operations::Officer standing_in(Office& office, const operations::Officer& deputy,
                                       const operations::Officer& absent) {
    store::DeputyshipRow row;
    row.deputyship_id = new_uuid(office.clock.now_ms());
    row.absent_id = absent.actor.account_id.text;
    row.absent_name = absent.name;
    row.deputy_id = deputy.actor.account_id.text;
    row.deputy_name = deputy.name;
    row.department = absent.actor.department;
    row.region_code = absent.actor.region_code;
    row.from_at_ms = office_midnight_ms(office_date(office.clock.now_ms()));
    row.until_at_ms = row.from_at_ms + 2 * 86'400'000LL;
    row.reason = "外出";
    row.named_by_id = row.absent_id;
    row.named_by = absent.name;
    office.act([&](db::Session& session) {
        store::insert_deputyship(session, row);
        return Result<void>();
    });
    auto acting = deputy;
    acting.name = deputy.name + "（代" + absent.name + "）";
    acting.instead_of = operations::Absent{absent.actor, absent.name, absent.name, row.deputyship_id, deputy.name};
    return acting;
}

}  // namespace kaigong::approval::testing
