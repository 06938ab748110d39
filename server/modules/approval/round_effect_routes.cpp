#include "modules/approval/round_effect_routes.hpp"

#include <algorithm>

#include "modules/approval/access.hpp"
#include "modules/approval/round_effects.hpp"
#include "modules/approval/store_round_effects.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// Whole rows have no value that a line could show.
value shown(const value& of, const catalog::ChangedInput& input) {
    const bool is_one_value = of.is_string() || of.is_int64() || of.is_uint64() || of.is_double() || of.is_bool();
    return input.is_personal || !is_one_value ? value(nullptr) : of;
}

object change_json(const catalog::ChangedInput& input, const applications::RoundChanges& changes) {
    object json{{"kind", input.is_material ? "material" : "field"},
                {"path", input.path},
                {"label", input.label},
                {"personal", input.is_personal},
                {"before", nullptr},
                {"after", nullptr}};
    const auto field = std::ranges::find(changes.fields, input.path, &applications::FieldChange::path);
    if (input.is_material || field == changes.fields.end()) return json;
    json["before"] = shown(field->before, input);
    json["after"] = shown(field->after, input);
    return json;
}

array items_json(const std::vector<store::RoundEffectRow>& effects, const std::vector<store::ItemRow>& items,
                 const catalog::Matter& matter, const applications::RoundChanges& changes) {
    array list;
    for (const auto& change : matter.item_changes(changes.inputs())) {
        const auto item = std::ranges::find(items, change.item, &store::ItemRow::item);
        const auto effect = std::ranges::find_if(
            effects, [&](const auto& row) { return row.round == changes.round && row.item == change.item; });
        if (item == items.end() || effect == effects.end()) continue;
        array inputs;
        for (const auto& input : change.inputs) inputs.push_back(change_json(input, changes));
        list.push_back(object{{"item", change.item},
                              {"name", item->name},
                              {"department_name", item->department_name},
                              {"effect", effect->effect},
                              {"changes", std::move(inputs)}});
    }
    return list;
}

}  // namespace

Result<object> ApprovalService::round_effects(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    KAIGONG_TRY(effects, parts_.database.read(
                             [&](db::Session& session) { return store::round_effects_of(session, application_id); }));
    array rounds;
    for (const auto& row : effects) {
        if (!rounds.empty() && rounds.back().at("round").as_int64() == row.round) continue;
        KAIGONG_TRY(changes, parts_.applications.load_changes(application_id, static_cast<int>(row.round)));
        rounds.push_back(object{{"round", row.round},
                                {"submitted_at_ms", changes.submitted_at_ms},
                                {"items", items_json(effects, snapshot.items, *matter, changes)}});
    }
    return object{{"rounds", std::move(rounds)}};
}

std::vector<http::Endpoint> round_effect_routes(ApprovalService& service) {
    return {{.method = http::Method::get,
             .path = "/api/v1/applications/{application_id}/round-effects",
             .action = "approval.read",
             .handler = [&service](const http::Request& request) -> Result<http::Reply> {
                 KAIGONG_TRY(id, http::path_id<TaskId>(request, "application_id", "approval.not_found"));
                 KAIGONG_TRY(found, service.round_effects(request.actor(), id.text));
                 return http::json_reply(std::move(found));
             }}};
}

}  // namespace kaigong::approval
