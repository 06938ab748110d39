#include <memory>

#include "base/id.hpp"
#include "db/database.hpp"
#include "modules/audit/audit.hpp"
#include "modules/audit/store.hpp"

namespace kaigong::audit {
namespace {

class AuditService final : public Audit {
  public:
    explicit AuditService(db::Database& database) : database_(database) {}

    void write(db::Session& session, const Entry& entry) override {
        store::insert(session,
                      {new_uuid(entry.at_ms), entry.aggregate_kind, entry.aggregate_id, entry.aggregate_version,
                       entry.act, entry.actor_id, entry.actor_name, entry.summary, entry.at_ms});
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

  private:
    db::Database& database_;
};

}  // namespace

std::unique_ptr<Audit> make_audit(db::Database& database) {
    return std::make_unique<AuditService>(database);
}

}  // namespace kaigong::audit
