// Who did what, when, as whom: one entry for every act that changes something, written in the transaction of the act.
// Not a log of reads or of errors (that is base/log.hpp), and never a place for personal values: ids and short codes
// only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
};

/// The database must live longer.
std::unique_ptr<Audit> make_audit(db::Database& database);

}  // namespace kaigong::audit
