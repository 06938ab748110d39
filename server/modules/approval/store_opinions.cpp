#include "modules/approval/store_opinions.hpp"

#include "db/versions.hpp"

namespace kaigong::approval::store {

std::vector<OwnOpinionRow> own_opinions(db::Session& session, const std::string& account_id, int limit) {
    return session.rows<OwnOpinionRow>(
        "SELECT opinion_id, account_id, version, text, used_count, used_at_ms FROM own_opinions WHERE account_id = ? "
        "ORDER BY used_count DESC, used_at_ms DESC, opinion_id LIMIT ?",
        account_id, limit);
}

std::optional<OwnOpinionRow> find_own_opinion(db::Session& session, const std::string& account_id,
                                              const std::string& opinion_id) {
    return session.optional_row<OwnOpinionRow>(
        "SELECT opinion_id, account_id, version, text, used_count, used_at_ms FROM own_opinions WHERE opinion_id = ? "
        "AND account_id = ?",
        opinion_id, account_id);
}

void insert_own_opinion(db::Session& session, const OwnOpinionRow& r) {
    session.execute(
        "INSERT INTO own_opinions (opinion_id, account_id, version, text, used_count, used_at_ms) VALUES (?, ?, ?, ?, "
        "?, ?)",
        r.opinion_id, r.account_id, r.version, r.text, r.used_count, r.used_at_ms);
}

Result<void> save_own_opinion(db::Session& session, OwnOpinionRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "own_opinions", "opinion_id", r.opinion_id, r.version));
    r.version += 1;
    session.execute("UPDATE own_opinions SET text = ? WHERE opinion_id = ?", r.text, r.opinion_id);
    return {};
}

Result<void> delete_own_opinion(db::Session& session, const OwnOpinionRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "own_opinions", "opinion_id", r.opinion_id, r.version));
    session.execute("DELETE FROM own_opinions WHERE opinion_id = ?", r.opinion_id);
    return {};
}

void count_use(db::Session& session, const std::string& opinion_id, std::int64_t at_ms) {
    session.execute("UPDATE own_opinions SET used_count = used_count + 1, used_at_ms = ? WHERE opinion_id = ?", at_ms,
                    opinion_id);
}

}  // namespace kaigong::approval::store
