// Invited parts as the applicant sees them while he writes, and as everybody sees them of a round that was filed.
#include "base/json_members.hpp"
#include "modules/applications/part_json.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {

using boost::json::array;
using boost::json::object;

Result<std::vector<StandingPart>> ApplicationService::standing_parts_of(const Loaded& loaded,
                                                                        const catalog::InvitedParts& kinds) {
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::parts_of(session, loaded.row.application_id, kPartsMax);
    }));
    return standing_parts(parts_.key_ring, kinds, loaded, std::move(rows), parts_.clock.now_ms());
}

Result<array> ApplicationService::filed_parts_json(const std::string& application_id, std::int64_t round,
                                                   const catalog::Matter& matter) {
    KAIGONG_TRY(kinds, catalog::read_invited_parts(matter.settings(), matter.form_schema()));
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::filed_parts(session, application_id, round, kPartsMax);
    }));
    array list;
    for (const auto& row : rows) list.push_back(filed_part_json(row, kinds, matter, parts_.identity));
    return list;
}

Result<object> ApplicationService::invited_parts(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "applications.invite"));
    KAIGONG_CHECK(may_read(actor, application_id));
    KAIGONG_TRY(loaded, drafts_.load(application_id));
    KAIGONG_TRY(kinds, catalog::read_invited_parts(loaded.matter->settings(), loaded.matter->form_schema()));
    KAIGONG_TRY(parts, standing_parts_of(loaded, kinds));
    array list;
    for (const auto& part : parts) {
        if (part.is_latest) list.push_back(part_json(part, kinds, *loaded.matter, parts_.identity));
    }
    return object{{"rows", text_or_null(kinds.rows)},
                  {"parts", std::move(list)},
                  {"invitable", invitable_json(kinds, loaded, actor)}};
}

}  // namespace kaigong::applications
