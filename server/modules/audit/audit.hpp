// Who did what, when, as whom: one entry for every act that changes something, written in the transaction of the act.
// Not a log of reads or of errors (that is base/log.hpp), and never a place for personal values: ids and short codes
// only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::audit {

struct Entry {
    std::string aggregate_kind;  ///< `application`, `permit`, `account` …
    std::string aggregate_id;
    std::int64_t aggregate_version = 0;  ///< the version the act saw
    std::string act;                     ///< `applications.submit`, `approval.complete` …
    std::string actor_id;                ///< account id, or `system`
    std::string actor_name;              ///< as shown to officers, e.g. 「李窗口（综合窗口）」
    std::string summary;                 ///< Chinese, one line, without personal values
    std::int64_t at_ms = 0;
};

struct Page {
    std::vector<Entry> entries;  ///< newest first
    std::optional<std::string> next_cursor;
};

/// The log that nobody can rewrite, as this module needs it: `app` binds it to evidence.
class EntryLog {
  public:
    EntryLog() = default;
    EntryLog(const EntryLog&) = delete;
    EntryLog& operator=(const EntryLog&) = delete;
    virtual ~EntryLog() = default;

    /// In the transaction that writes the entry. `commitment` is `sha256:<hex>` of salt ‖ canonical JSON of the entry.
    /// `logged_at_ms` is now, also for an act that the entry itself dates back: places and times of the log agree.
    virtual void entered(db::Session& session, const std::string& entry_id, const std::string& commitment,
                         std::int64_t logged_at_ms) = 0;
};

/// One entry as the log of it has it: what `kaigong ledger fsck` holds against the log.
struct Commitment {
    std::string entry_id;
    std::string commitment;
};

class Audit {
  public:
    Audit() = default;
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;
    virtual ~Audit() = default;

    /// Inside the caller's transaction; fails only with the transaction.
    virtual void write(db::Session& session, const Entry& entry) = 0;

    /// What happened to one aggregate. Whoever may read the aggregate may read this; the caller has checked that.
    virtual Result<Page> entries_of(const std::string& aggregate_kind, const std::string& aggregate_id,
                                    const std::optional<std::string>& cursor, int limit) = 0;
    /// The instant of the last act; 0 before the first. A demo's clock goes on from there after a restart.
    virtual std::int64_t last_act_at_ms() = 0;
    /// Computed anew from the rows, in the order of their ids, from behind `after_id`; empty for an entry of before
    /// the log. An empty list is the end.
    virtual Result<std::vector<Commitment>> commitments(const std::string& after_id, int limit) = 0;
};

/// All must live longer.
std::unique_ptr<Audit> make_audit(db::Database& database, const Clock& clock, EntryLog& log);
/// For who only reads, and for tests of other modules: entries are written and not logged.
std::unique_ptr<Audit> make_audit(db::Database& database);

}  // namespace kaigong::audit
