// The tables that the logs are about: certificates with their files and copies, and the trace of acts.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "app/ledger/fsck.hpp"
#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/long_field.hpp"
#include "modules/audit/audit.hpp"
#include "modules/certificates/store.hpp"
#include "modules/evidence/adopt.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::app {
namespace {

namespace certs = certificates::store;
namespace logs = evidence::store;
using boost::json::object;

constexpr int kRowsAtOnce = 200;

FsckFinding certificate_finding(const char* name, const std::string& where, const char* zh, const char* en) {
    return {name, where, fmt::format("证照 {} {}，请与备份和见证方的副本核对，查明原因。", where, zh),
            fmt::format("Certificate {} {}. Compare with backups and with the copies of witnesses.", where, en)};
}

/// The entry as an object; empty for a text that is none.
object object_of(const std::string& entry) {
    boost::system::error_code fault;
    auto value = boost::json::parse(entry, fault);
    return fault || !value.is_object() ? object() : std::move(value.get_object());
}

/// A member of any kind as text, for comparing.
std::string member(const object& entry, std::string_view name) {
    const auto* value = entry.if_contains(name);
    if (value == nullptr) return {};
    return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

class CertificateCheck {
  public:
    CertificateCheck(const FsckParts& parts, FsckReport& report) : parts_(parts), report_(report) {}

    Result<void> editions() {
        std::string after;
        for (;;) {
            KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
                return certs::valid_after(session, after, kRowsAtOnce);
            }));
            if (rows.empty()) return {};
            for (const auto& row : rows) KAIGONG_CHECK(edition(row));
            after = rows.back().certificate_identifier;
            parts_.progress("certificates", report_.checked["editions"], 0);
        }
    }

    /// Every entry about a certificate has one.
    Result<void> entries() {
        std::string after;
        for (;;) {
            KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
                return logs::entries_by_subject(session, evidence::kPermitsLog, after, kRowsAtOnce);
            }));
            if (rows.empty()) return {};
            for (const auto& row : rows) KAIGONG_CHECK(entry(row));
            after = rows.back().subject;
        }
    }

  private:
    Result<std::optional<logs::EntryRow>> entry_of(const std::string& subject) const {
        return parts_.database.read(
            [&](db::Session& session) { return logs::find(session, evidence::kPermitsLog, subject); });
    }

    /// One made before there was a log has neither data nor entry.
    Result<void> edition(const certs::EditionRow& row) {
        const auto& id = row.certificate_identifier;
        KAIGONG_TRY(permit, entry_of("permit/" + id));
        if (!permit && row.content.empty()) {
            ++report_.checked["editions_before_the_log"];
            return {};
        }
        ++report_.checked["editions"];
        if (!permit) {
            report_.add(certificate_finding("fsck.permit_entry_missing", id, "在存证日志里没有条目",
                                            "has no entry in the log"));
        } else if (const auto text = content_of(row); !text && text.error().reason == "crypto.key_unknown") {
            // Nothing is wrong with the certificate: without its key nobody can say.
            return text.error();
        } else if (!text || !commits_to(object_of(permit->entry), row, *text)) {
            report_.add(certificate_finding("fsck.permit_entry_differs", id, "的内容与存证日志的条目不符",
                                            "does not say what its entry in the log commits to"));
        }
        KAIGONG_CHECK(files("files/" + id, id, 0));
        return copies(id);
    }

    Result<std::string> content_of(const certs::EditionRow& row) const {
        return crypto::open_long_field(parts_.key_ring, {"certificate_editions", "content", row.certificate_identifier},
                                       row.content);
    }

    static bool commits_to(const object& entry, const certs::EditionRow& row, const std::string& text) {
        return member(entry, "certificate_identifier") == row.certificate_identifier &&
               member(entry, "permit_number") == row.permit_number && is_salt(row.salt) &&
               member(entry, "content") == crypto::commitment(row.salt, text);
    }

    static bool is_salt(const std::string& salt) {
        return salt.size() == 32 && salt.find_first_not_of("0123456789abcdef") == std::string::npos;
    }

    Result<void> copies(const std::string& id) {
        KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
            return certs::copies_of(session, id, std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<int>::max());
        }));
        for (const auto& row : rows) {
            // Nobody gets its files, and nothing of it is in the log.
            if (row.state != "valid") {
                ++report_.checked["copies_begun"];
                continue;
            }
            ++report_.checked["copies"];
            const auto name = fmt::format("{}/{}", id, row.copy_number);
            KAIGONG_CHECK(files("copy/" + name, id, row.copy_number));
        }
        return {};
    }

    /// The digests of the log are those of the rows, one for one.
    Result<void> files(const std::string& subject, const std::string& id, std::int64_t copy_number) {
        const auto where = subject.substr(subject.find('/') + 1);
        KAIGONG_TRY(row, entry_of(subject));
        if (!row) {
            report_.add(certificate_finding("fsck.files_entry_missing", where, "的文件在存证日志里没有条目",
                                            "has files without an entry in the log"));
            return {};
        }
        const auto entry = object_of(row->entry);
        KAIGONG_TRY(known, parts_.database.read(
                               [&](db::Session& session) { return certs::files_of(session, id, copy_number); }));
        object digests;
        for (const auto& file : known) digests[file.file_name] = "sha256:" + file.sha256;
        const auto* logged = entry.if_contains("files");
        const bool is_right = logged != nullptr && logged->is_object() && logged->get_object() == digests;
        report_.checked["certificate_files"] += known.size();
        if (!is_right) {
            report_.add(certificate_finding("fsck.file_digest_differs", where, "的文件摘要与存证日志不符",
                                            "has files with other digests than the log says"));
        }
        return {};
    }

    Result<void> entry(const logs::EntryRow& row) {
        const auto slash = row.subject.find('/');
        const auto kind = row.subject.substr(0, slash);
        if (row.subject.starts_with(evidence::kAdoptedPrefix)) ++report_.checked["entries_adopted"];
        if (slash == std::string::npos || (kind != "permit" && kind != "files" && kind != "copy")) return {};
        const auto said = object_of(row.entry);
        const auto id = member(said, "certificate_identifier");
        const auto wanted = kind == "copy" ? fmt::format("{}/{}", id, member(said, "copy_number")) : id;
        KAIGONG_TRY(edition, parts_.database.read([&](db::Session& session) { return certs::find(session, id); }));
        if (!edition || member(said, "entry") != kind || row.subject.substr(slash + 1) != wanted) {
            report_.add(certificate_finding("fsck.edition_missing", row.subject, "在日志里有条目，数据库里没有这份证照",
                                            "has an entry in the log and is not in the database"));
        }
        if (!row.leaf_index) ++report_.checked["entries_waiting"];
        return {};
    }

    const FsckParts& parts_;
    FsckReport& report_;
};

FsckFinding act_finding(const char* name, const std::string& id, const char* zh, const char* en) {
    return {name, id, fmt::format("审计记录 {} {}，请从备份恢复，并查明是谁改动的。", id, zh),
            fmt::format("The row {} of the trace of acts {}. Restore it and find out who did it.", id, en)};
}

/// Rows and entries come in the order of the same ids: two lists, read side by side a page at a time.
class AuditCheck {
  public:
    AuditCheck(const FsckParts& parts, FsckReport& report)
        : parts_(parts), report_(report), audit_(audit::make_audit(parts.database)) {}

    Result<void> run() {
        for (;;) {
            KAIGONG_CHECK(fill());
            if (acts_.empty() && entries_.empty()) return {};
            if (entries_.empty() || (!acts_.empty() && acts_[act_].entry_id < id_of(entries_[entry_]))) {
                act_without_entry();
            } else if (acts_.empty() || id_of(entries_[entry_]) < acts_[act_].entry_id) {
                report_.add(act_finding("fsck.audit_removed", id_of(entries_[entry_]), "被删除了", "was removed"));
                ++entry_;
            } else {
                both();
            }
        }
    }

  private:
    static std::string id_of(const logs::EntryRow& row) { return row.subject.substr(row.subject.find('/') + 1); }

    Result<void> fill() {
        if (act_ == acts_.size()) {
            const auto after = acts_.empty() ? std::string() : acts_.back().entry_id;
            if (!acts_end_) {
                KAIGONG_TRY(more, audit_->commitments(after, kRowsAtOnce));
                acts_ = std::move(more);
            } else {
                acts_.clear();
            }
            acts_end_ = acts_.empty();
            act_ = 0;
            parts_.progress("acts", report_.checked["acts"], 0);
        }
        if (entry_ < entries_.size()) return {};
        // What was adopted after a restore (modules/evidence/adopt.hpp) is about acts that the backup had not.
        const auto after = entries_.empty() ? std::string("audit/") : entries_.back().subject;
        if (!entries_end_) {
            KAIGONG_TRY(more, parts_.database.read([&](db::Session& session) {
                return logs::entries_by_subject(session, evidence::kAuditLog, after, kRowsAtOnce);
            }));
            entries_ = std::move(more);
        } else {
            entries_.clear();
        }
        entries_end_ = entries_.empty();
        entry_ = 0;
        return {};
    }

    /// One of before the log has no commitment.
    void act_without_entry() {
        const auto& act = acts_[act_++];
        ++report_.checked["acts"];
        if (act.commitment.empty()) return;
        report_.add(act_finding("fsck.audit_inserted", act.entry_id, "不在存证日志里，是后来插入的",
                                "is not in the log: it was put there later"));
    }

    void both() {
        const auto& act = acts_[act_++];
        const auto entry = object_of(entries_[entry_++].entry);
        ++report_.checked["acts"];
        if (act.commitment.empty() || member(entry, "hash") != act.commitment) {
            report_.add(act_finding("fsck.audit_changed", act.entry_id, "被改动过", "was changed"));
        }
    }

    const FsckParts& parts_;
    FsckReport& report_;
    std::unique_ptr<audit::Audit> audit_;
    std::vector<audit::Commitment> acts_;
    std::size_t act_ = 0;
    bool acts_end_ = false;
    std::vector<logs::EntryRow> entries_;
    std::size_t entry_ = 0;
    bool entries_end_ = false;
};

}  // namespace

Result<void> check_certificates(const FsckParts& parts, FsckReport& report) {
    CertificateCheck check(parts, report);
    KAIGONG_CHECK(check.editions());
    return check.entries();
}

Result<void> check_audit(const FsckParts& parts, FsckReport& report) {
    return AuditCheck(parts, report).run();
}

}  // namespace kaigong::app
