#include <boost/json.hpp>
#include <memory>

#include "base/canonical_json.hpp"
#include "base/id.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "db/database.hpp"
#include "modules/audit/audit.hpp"
#include "modules/audit/store.hpp"

namespace kaigong::audit {
namespace {

constexpr std::size_t kSaltBytes = 16;

std::string commitment_of(const store::EntryRow& row) {
    const boost::json::object entry{{"entry_id", row.entry_id},
                                    {"aggregate_kind", row.aggregate_kind},
                                    {"aggregate_id", row.aggregate_id},
                                    {"aggregate_version", row.aggregate_version},
                                    {"act", row.act},
                                    {"actor_id", row.actor_id},
                                    {"actor_name", row.actor_name},
                                    {"summary", row.summary},
                                    {"at_ms", row.at_ms}};
    return crypto::commitment(row.salt, canonical_json(entry));
}

class AuditService final : public Audit {
  public:
    struct Logging {
        const Clock& clock;
        EntryLog& log;
    };
    AuditService(db::Database& database, std::optional<Logging> logging) : database_(database), logging_(logging) {}

    void write(db::Session& session, const Entry& entry) override {
        store::EntryRow row{new_uuid(entry.at_ms),
                            entry.aggregate_kind,
                            entry.aggregate_id,
                            entry.aggregate_version,
                            entry.act,
                            entry.actor_id,
                            entry.actor_name,
                            entry.summary,
                            entry.at_ms,
                            ""};
        if (logging_) row.salt = crypto::to_hex(crypto::random_bytes(kSaltBytes));
        store::insert(session, row);
        if (logging_) logging_->log.entered(session, row.entry_id, commitment_of(row), logging_->clock.now_ms());
    }

    Result<Page> entries_of(const std::string& aggregate_kind, const std::string& aggregate_id,
                            const std::optional<std::string>& cursor, int limit) override {
        return database_.read([&](db::Session& session) {
            auto rows = store::entries_of(session, aggregate_kind, aggregate_id, cursor.value_or(""), limit + 1);
            Page page;
            if (rows.size() > static_cast<std::size_t>(limit)) {
                rows.resize(static_cast<std::size_t>(limit));
                page.next_cursor = rows.back().entry_id;
            }
            for (auto& row : rows) {
                page.entries.push_back({std::move(row.aggregate_kind), std::move(row.aggregate_id),
                                        row.aggregate_version, std::move(row.act), std::move(row.actor_id),
                                        std::move(row.actor_name), std::move(row.summary), row.at_ms});
            }
            return page;
        });
    }

    std::int64_t last_act_at_ms() override {
        const auto last = database_.read([](db::Session& session) { return store::last_act_at_ms(session); });
        return last.value_or(0);
    }

    Result<std::vector<Commitment>> commitments(const std::string& after_id, int limit) override {
        KAIGONG_TRY(
            rows, database_.read([&](db::Session& session) { return store::entries_after(session, after_id, limit); }));
        std::vector<Commitment> all;
        all.reserve(rows.size());
        for (const auto& row : rows) {
            all.push_back({row.entry_id, row.salt.empty() ? std::string() : commitment_of(row)});
        }
        return all;
    }

  private:
    db::Database& database_;
    std::optional<Logging> logging_;
};

}  // namespace

std::unique_ptr<Audit> make_audit(db::Database& database, const Clock& clock, EntryLog& log) {
    return std::make_unique<AuditService>(database, AuditService::Logging{clock, log});
}

std::unique_ptr<Audit> make_audit(db::Database& database) {
    return std::make_unique<AuditService>(database, std::nullopt);
}

}  // namespace kaigong::audit
