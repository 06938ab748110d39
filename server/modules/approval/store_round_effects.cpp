#include "modules/approval/store_round_effects.hpp"

namespace kaigong::approval::store {

std::optional<RoundChangesRow> find_round_changes(db::Session& session, const std::string& application_id,
                                                  std::int64_t round) {
    return session.optional_row<RoundChangesRow>(
        "SELECT application_id, round, fields, materials, taken_at_ms FROM round_changes WHERE application_id = ? AND "
        "round = ?",
        application_id, round);
}

void insert_round_changes(db::Session& session, const RoundChangesRow& r) {
    session.execute(
        "INSERT INTO round_changes (application_id, round, fields, materials, taken_at_ms) VALUES (?, ?, ?, ?, ?)",
        r.application_id, r.round, r.fields, r.materials, r.taken_at_ms);
}

std::vector<RoundEffectRow> round_effects_of(db::Session& session, const std::string& application_id) {
    return session.rows<RoundEffectRow>(
        "SELECT application_id, round, item, effect FROM round_effects WHERE application_id = ? ORDER BY round DESC, "
        "item LIMIT 1000",
        application_id);
}

void insert_round_effect(db::Session& session, const RoundEffectRow& r) {
    session.execute("INSERT INTO round_effects (application_id, round, item, effect) VALUES (?, ?, ?, ?)",
                    r.application_id, r.round, r.item, r.effect);
}

void change_round_effect(db::Session& session, const RoundEffectRow& r) {
    session.execute("UPDATE round_effects SET effect = ? WHERE application_id = ? AND round = ? AND item = ?", r.effect,
                    r.application_id, r.round, r.item);
}

}  // namespace kaigong::approval::store
