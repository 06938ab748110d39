#include "modules/letters/store.hpp"

namespace kaigong::letters::store {

std::optional<LetterRow> find(db::Session& session, const std::string& letter_id) {
    return session.optional_row<LetterRow>("SELECT * FROM letters WHERE letter_id = ?", letter_id);
}

std::optional<LetterRow> find_by_cause(db::Session& session, const std::string& application_id,
                                       const std::string& letter_kind, int round) {
    return session.optional_row<LetterRow>(
        "SELECT * FROM letters WHERE application_id = ? AND letter_kind = ? AND round = ?", application_id, letter_kind,
        round);
}

std::vector<LetterRow> of_application(db::Session& session, const std::string& application_id) {
    return session.rows<LetterRow>(
        "SELECT * FROM letters WHERE application_id = ? AND sha256 <> '' ORDER BY issued_at_ms DESC, letter_id DESC "
        "LIMIT 500",
        application_id);
}

bool insert(db::Session& session, const LetterRow& r) {
    return session.insert_new(
        "INSERT INTO letters (letter_id, application_id, letter_kind, round, letter_number, title, sha256, "
        "issued_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        r.letter_id, r.application_id, r.letter_kind, r.round, r.letter_number, r.title, r.sha256, r.issued_at_ms);
}

void set_content(db::Session& session, const std::string& letter_id, const std::string& sha256) {
    session.execute("UPDATE letters SET sha256 = ? WHERE letter_id = ?", sha256, letter_id);
}

std::int64_t take_serial(db::Session& session, const std::string& region_code, const std::string& letter_kind,
                         int year) {
    // The UPDATE comes first: on MariaDB it takes the row's lock, so that the SELECT after it reads the newest count.
    constexpr const char* kCount =
        "UPDATE letter_counters SET last_serial = last_serial + 1, version = version + 1 WHERE region_code = ? AND "
        "letter_kind = ? AND year = ?";
    if (session.execute(kCount, region_code, letter_kind, year) == 0) {
        const bool inserted = session.insert_new(
            "INSERT INTO letter_counters (region_code, letter_kind, year, last_serial, version) VALUES (?, ?, ?, 1, 1)",
            region_code, letter_kind, year);
        if (inserted) return 1;
        session.execute(kCount, region_code, letter_kind, year);
    }
    return session.row<std::int64_t>(
        "SELECT last_serial FROM letter_counters WHERE region_code = ? AND letter_kind = ? AND year = ?", region_code,
        letter_kind, year);
}

bool is_referenced(db::Session& session, const std::string& sha256) {
    return session.row<std::int64_t>("SELECT count(*) FROM (SELECT 1 FROM letters WHERE sha256 = ? LIMIT 1) AS found",
                                     sha256) > 0;
}

}  // namespace kaigong::letters::store
