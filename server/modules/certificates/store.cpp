#include "modules/certificates/store.hpp"

#include "db/versions.hpp"

namespace kaigong::certificates::store {

std::optional<EditionRow> find(db::Session& session, const std::string& certificate_identifier) {
    return session.optional_row<EditionRow>(
        "SELECT certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, "
        "prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions WHERE certificate_identifier = ?",
        certificate_identifier);
}

std::optional<EditionRow> find_latest(db::Session& session, const std::string& permit_number) {
    return session.optional_row<EditionRow>(
        "SELECT certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, "
        "prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions WHERE permit_number = ? ORDER BY "
        "certificate_version "
        "DESC LIMIT 1",
        permit_number);
}

std::optional<EditionRow> find_valid(db::Session& session, const std::string& permit_number) {
    return session.optional_row<EditionRow>(
        "SELECT certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, "
        "prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions WHERE permit_number = ? AND state = "
        "'valid' ORDER BY "
        "certificate_version DESC LIMIT 1",
        permit_number);
}

std::vector<EditionRow> editions_of(db::Session& session, const std::string& permit_number) {
    return session.rows<EditionRow>(
        "SELECT certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, "
        "prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions WHERE permit_number = ? AND "
        "valid_from_ms IS NOT NULL "
        "ORDER BY certificate_version DESC LIMIT 999",
        permit_number);
}

std::vector<EditionRow> valid_after(db::Session& session, const std::string& after_identifier, int limit) {
    return session.rows<EditionRow>(
        "SELECT certificate_identifier, permit_number, certificate_version, version, state, salt, content, proof, "
        "prepared_at_ms, valid_from_ms, marks_key_id FROM certificate_editions WHERE valid_from_ms IS NOT NULL AND "
        "certificate_identifier > ? ORDER BY certificate_identifier LIMIT ?",
        after_identifier, limit);
}

bool insert(db::Session& session, const EditionRow& r) {
    return session.insert_new(
        "INSERT INTO certificate_editions (certificate_identifier, permit_number, certificate_version, version, state, "
        "salt, content, proof, prepared_at_ms, valid_from_ms, marks_key_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.certificate_identifier, r.permit_number, r.certificate_version, r.version, r.state, r.salt, r.content,
        r.proof, r.prepared_at_ms, r.valid_from_ms, r.marks_key_id);
}

Result<void> save(db::Session& session, EditionRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "certificate_editions", "certificate_identifier", r.certificate_identifier,
                                   r.version));
    r.version += 1;
    session.execute(
        "UPDATE certificate_editions SET state = ?, salt = ?, content = ?, proof = ?, valid_from_ms = ?, marks_key_id "
        "= ? "
        "WHERE certificate_identifier = ?",
        r.state, r.salt, r.content, r.proof, r.valid_from_ms, r.marks_key_id, r.certificate_identifier);
    return {};
}

std::vector<FileRow> files_of(db::Session& session, const std::string& certificate_identifier,
                              std::int64_t copy_number) {
    return session.rows<FileRow>(
        "SELECT certificate_identifier, copy_number, file_name, sha256, size_bytes, signed_at_ms FROM "
        "certificate_files WHERE certificate_identifier = ? AND copy_number = ? ORDER BY file_name LIMIT 16",
        certificate_identifier, copy_number);
}

std::optional<FileRow> find_file(db::Session& session, const std::string& certificate_identifier,
                                 std::int64_t copy_number, const std::string& file_name) {
    return session.optional_row<FileRow>(
        "SELECT certificate_identifier, copy_number, file_name, sha256, size_bytes, signed_at_ms FROM "
        "certificate_files WHERE certificate_identifier = ? AND copy_number = ? AND file_name = ?",
        certificate_identifier, copy_number, file_name);
}

bool insert(db::Session& session, const FileRow& r) {
    return session.insert_new(
        "INSERT INTO certificate_files (certificate_identifier, copy_number, file_name, sha256, size_bytes, "
        "signed_at_ms) VALUES (?, ?, ?, ?, ?, ?)",
        r.certificate_identifier, r.copy_number, r.file_name, r.sha256, r.size_bytes, r.signed_at_ms);
}

bool is_referenced(db::Session& session, const std::string& sha256) {
    return !session.rows<std::int64_t>("SELECT 1 FROM certificate_files WHERE sha256 = ? LIMIT 1", sha256).empty();
}

std::optional<std::string> ask_again(db::Session& session, const SigningRow& r) {
    const auto same = session.optional_row<std::string>(
        "SELECT signing_id FROM certificate_signings WHERE certificate_identifier = ? AND copy_number = ? AND "
        "file_name = ? AND digest = ? AND signer_serial = ? AND file_sha256 = '' ORDER BY signing_id LIMIT 1",
        r.certificate_identifier, r.copy_number, r.file_name, r.digest, r.signer_serial);
    if (!same) return std::nullopt;
    // Another process may have brought its signature home meanwhile: then this one is asked for in a row of its own.
    const auto counted = session.execute(
        "UPDATE certificate_signings SET asked_times = asked_times + 1 WHERE signing_id = ? AND file_sha256 = ''",
        *same);
    return counted == 1 ? same : std::nullopt;
}

std::optional<std::int64_t> asked_in_vain_at_ms(db::Session& session, const std::string& certificate_identifier,
                                                std::int64_t copy_number, const std::string& file_name) {
    return session.optional_row<std::int64_t>(
        "SELECT asked_at_ms FROM certificate_signings WHERE certificate_identifier = ? AND copy_number = ? AND "
        "file_name = ? AND file_sha256 = '' ORDER BY asked_at_ms DESC LIMIT 1",
        certificate_identifier, copy_number, file_name);
}

void insert(db::Session& session, const SigningRow& r) {
    session.execute(
        "INSERT INTO certificate_signings (signing_id, certificate_identifier, copy_number, file_name, digest, "
        "signer_serial, asked_at_ms, file_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        r.signing_id, r.certificate_identifier, r.copy_number, r.file_name, r.digest, r.signer_serial, r.asked_at_ms,
        r.file_sha256);
}

void finish_signing(db::Session& session, const std::string& signing_id, const std::string& file_sha256) {
    session.execute("UPDATE certificate_signings SET file_sha256 = ? WHERE signing_id = ?", file_sha256, signing_id);
}

std::string next_signer(db::Session& session, const std::string& after_serial) {
    return session.row<std::string>(
        "SELECT coalesce(min(signer_serial), '') FROM certificate_signings WHERE signer_serial > ?", after_serial);
}

std::vector<SigningRow> signings_of(db::Session& session, const std::string& certificate_identifier) {
    return session.rows<SigningRow>(
        "SELECT signing_id, certificate_identifier, copy_number, file_name, digest, signer_serial, asked_at_ms, "
        "file_sha256, asked_times FROM certificate_signings WHERE certificate_identifier = ? ORDER BY signing_id LIMIT "
        "1000",
        certificate_identifier);
}

bool lock_valid(db::Session& session, const std::string& certificate_identifier) {
    return session.execute(
               "UPDATE certificate_editions SET version = version + 1 WHERE certificate_identifier = ? AND state = "
               "'valid'",
               certificate_identifier) == 1;
}

std::int64_t next_copy_number(db::Session& session, const std::string& certificate_identifier) {
    return session.row<std::int64_t>(
               "SELECT COALESCE(MAX(copy_number), 0) FROM certificate_copies WHERE certificate_identifier = ?",
               certificate_identifier) +
           1;
}

std::optional<CopyRow> find_copy(db::Session& session, const std::string& certificate_identifier,
                                 std::int64_t copy_number) {
    return session.optional_row<CopyRow>(
        "SELECT certificate_identifier, copy_number, version, state, purpose, made_for, salt, made_on, made_by, "
        "made_at_ms FROM certificate_copies WHERE certificate_identifier = ? AND copy_number = ?",
        certificate_identifier, copy_number);
}

std::vector<CopyRow> copies_of(db::Session& session, const std::string& certificate_identifier,
                               std::int64_t before_number, int limit) {
    return session.rows<CopyRow>(
        "SELECT certificate_identifier, copy_number, version, state, purpose, made_for, salt, made_on, made_by, "
        "made_at_ms FROM certificate_copies WHERE certificate_identifier = ? AND copy_number < ? ORDER BY copy_number "
        "DESC LIMIT ?",
        certificate_identifier, before_number, limit);
}

std::vector<CopyRow> begun_copies(db::Session& session, const std::string& certificate_identifier,
                                  const std::string& made_by) {
    return session.rows<CopyRow>(
        "SELECT certificate_identifier, copy_number, version, state, purpose, made_for, salt, made_on, made_by, "
        "made_at_ms FROM certificate_copies WHERE certificate_identifier = ? AND made_by = ? AND state = 'begun' "
        "ORDER BY copy_number LIMIT 99",
        certificate_identifier, made_by);
}

bool insert(db::Session& session, const CopyRow& r) {
    return session.insert_new(
        "INSERT INTO certificate_copies (certificate_identifier, copy_number, version, state, purpose, made_for, salt, "
        "made_on, made_by, made_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.certificate_identifier, r.copy_number, r.version, r.state, r.purpose, r.made_for, r.salt, r.made_on,
        r.made_by, r.made_at_ms);
}

Result<void> save(db::Session& session, CopyRow& r) {
    const auto changed = session.execute(
        "UPDATE certificate_copies SET state = ?, version = version + 1 WHERE certificate_identifier = ? AND "
        "copy_number = ? AND version = ?",
        r.state, r.certificate_identifier, r.copy_number, r.version);
    if (changed != 1) return error(Errc::conflict, "db.version_is_stale", "内容刚刚被别人改过，请刷新后再试。");
    r.version += 1;
    return {};
}

std::vector<ContentRow> contents(db::Session& session, const std::string& after, int limit) {
    return session.rows<ContentRow>(
        "SELECT certificate_identifier, content FROM certificate_editions WHERE certificate_identifier > ? AND content "
        "<> '' ORDER BY certificate_identifier LIMIT ?",
        after, limit);
}

bool exchange_content(db::Session& session, const ContentRow& before, const std::string& content,
                      const std::string& marks_key_id) {
    return session.execute(
               "UPDATE certificate_editions SET content = ?, marks_key_id = CASE WHEN marks_key_id = '' THEN ? ELSE "
               "marks_key_id END WHERE certificate_identifier = ? AND content = ?",
               content, marks_key_id, before.certificate_identifier, before.content) == 1;
}

std::vector<CopyTextRow> copy_texts(db::Session& session, const std::string& after_identifier,
                                    std::int64_t after_number, int limit) {
    return session.rows<CopyTextRow>(
        "SELECT certificate_identifier, copy_number, purpose, made_for FROM certificate_copies WHERE "
        "certificate_identifier > ? OR (certificate_identifier = ? AND copy_number > ?) ORDER BY "
        "certificate_identifier, copy_number LIMIT ?",
        after_identifier, after_identifier, after_number, limit);
}

bool exchange_copy_texts(db::Session& session, const CopyTextRow& before, const CopyTextRow& now) {
    return session.execute(
               "UPDATE certificate_copies SET purpose = ?, made_for = ? WHERE certificate_identifier = ? AND "
               "copy_number = ? AND purpose = ? AND made_for = ?",
               now.purpose, now.made_for, before.certificate_identifier, before.copy_number, before.purpose,
               before.made_for) == 1;
}

}  // namespace kaigong::certificates::store
