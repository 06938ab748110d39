// The editions of certificates, their files, copies and signings: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::certificates::store {

struct EditionRow {
    std::string certificate_identifier;
    std::string permit_number;
    std::int64_t certificate_version = 1;
    std::int64_t version = 1;
    std::string state;
    std::string salt;
    std::string content;
    std::string proof;
    std::int64_t prepared_at_ms = 0;
    std::optional<std::int64_t> valid_from_ms;
    /// Whose link key made what is printed on it; empty before its content is sealed, and in rows of before that
    /// column.
    std::string marks_key_id;
};

std::optional<EditionRow> find(db::Session& session, const std::string& certificate_identifier);
std::optional<EditionRow> find_latest(db::Session& session, const std::string& permit_number);
/// The newest edition that the public may see.
std::optional<EditionRow> find_valid(db::Session& session, const std::string& permit_number);
/// Newest first; the public may see all of them.
std::vector<EditionRow> editions_of(db::Session& session, const std::string& permit_number);
/// Those that are valid, by identifier, from behind `after_identifier`: for who goes through all of them.
std::vector<EditionRow> valid_after(db::Session& session, const std::string& after_identifier, int limit);
[[nodiscard]] bool insert(db::Session& session, const EditionRow& row);
/// Writes all that may change, with the next version. Fails with db.version_is_stale.
Result<void> save(db::Session& session, EditionRow& row);

/// Copy 0 is the certificate itself.
struct FileRow {
    std::string certificate_identifier;
    std::int64_t copy_number = 0;
    std::string file_name;
    std::string sha256;
    std::int64_t size_bytes = 0;
    std::int64_t signed_at_ms = 0;
};
std::vector<FileRow> files_of(db::Session& session, const std::string& certificate_identifier,
                              std::int64_t copy_number);
std::optional<FileRow> find_file(db::Session& session, const std::string& certificate_identifier,
                                 std::int64_t copy_number, const std::string& file_name);
/// False: that file is there already.
[[nodiscard]] bool insert(db::Session& session, const FileRow& row);
bool is_referenced(db::Session& session, const std::string& sha256);

struct SigningRow {
    std::string signing_id;
    std::string certificate_identifier;
    std::int64_t copy_number = 0;
    std::string file_name;
    std::string digest;
    std::string signer_serial;
    std::int64_t asked_at_ms = 0;
    std::string file_sha256;
    /// A row of before the count has 1.
    std::int64_t asked_times = 1;
};
/// Counts one more asking for the same message of the same file where none came back yet; the id of that row.
std::optional<std::string> ask_again(db::Session& session, const SigningRow& row);
/// Of the newest row of this file that has none yet: when it was asked.
std::optional<std::int64_t> asked_in_vain_at_ms(db::Session& session, const std::string& certificate_identifier,
                                                std::int64_t copy_number, const std::string& file_name);
void insert(db::Session& session, const SigningRow& row);
void finish_signing(db::Session& session, const std::string& signing_id, const std::string& file_sha256);
/// The serial number of a signer that comes after this one in their order; empty: there is none.
std::string next_signer(db::Session& session, const std::string& after_serial);
/// Everything that may have been signed for an edition, in the order in which it was asked.
std::vector<SigningRow> signings_of(db::Session& session, const std::string& certificate_identifier);

struct CopyRow {
    std::string certificate_identifier;
    std::int64_t copy_number = 0;
    std::int64_t version = 1;
    std::string state;
    std::string purpose;
    std::string made_for;
    std::string salt;
    std::string made_on;
    std::string made_by;
    std::int64_t made_at_ms = 0;
};
/// Holds the row of an edition until the transaction ends, whatever its version: who makes a copy changes nothing that
/// another could have read. False: it is not valid. Call it first, as on MariaDB what was read before is old then.
[[nodiscard]] bool lock_valid(db::Session& session, const std::string& certificate_identifier);
/// The next number of an edition's copies; call it with the edition's row locked.
std::int64_t next_copy_number(db::Session& session, const std::string& certificate_identifier);
std::optional<CopyRow> find_copy(db::Session& session, const std::string& certificate_identifier,
                                 std::int64_t copy_number);
/// Newest first, below `before_number`.
std::vector<CopyRow> copies_of(db::Session& session, const std::string& certificate_identifier,
                               std::int64_t before_number, int limit);
/// Those that this account began and that were never finished, oldest first.
std::vector<CopyRow> begun_copies(db::Session& session, const std::string& certificate_identifier,
                                  const std::string& made_by);
[[nodiscard]] bool insert(db::Session& session, const CopyRow& row);
/// Fails with db.version_is_stale.
Result<void> save(db::Session& session, CopyRow& row);

struct ContentRow {
    std::string certificate_identifier;
    std::string content;
};
/// Sealed contents in the order of their identifiers, those that are empty left out.
std::vector<ContentRow> contents(db::Session& session, const std::string& after, int limit);
/// False when it is no longer what it was. What is printed keeps the key it was made with.
bool exchange_content(db::Session& session, const ContentRow& before, const std::string& content,
                      const std::string& marks_key_id);

struct CopyTextRow {
    std::string certificate_identifier;
    std::int64_t copy_number = 0;
    std::string purpose;
    std::string made_for;
};
std::vector<CopyTextRow> copy_texts(db::Session& session, const std::string& after_identifier,
                                    std::int64_t after_number, int limit);
/// False when they are no longer what they were.
bool exchange_copy_texts(db::Session& session, const CopyTextRow& before, const CopyTextRow& now);

}  // namespace kaigong::certificates::store
