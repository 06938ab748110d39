#include "events/dispatcher.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"

namespace kaigong::events {
namespace {

const Subscription* find_subscription(const Outbox& outbox, std::string_view subscriber) {
    for (const auto& subscription : outbox.subscriptions()) {
        if (subscription.subscriber == subscriber) return &subscription;
    }
    return nullptr;
}

Error unexpected() {
    return error(Errc::internal, "events.unexpected_failure", "后台处理出现程序错误。请联系系统管理员查看日志。");
}

Error lease_lost() {
    return error(Errc::conflict, "events.lease_lost", "这项后台处理已由另一个进程接手。");
}

}  // namespace

Dispatcher::Dispatcher(db::Database& database, Outbox& outbox, const Clock& clock, DispatcherSettings settings)
    : database_(database), outbox_(outbox), clock_(clock), settings_(settings), holder_(new_uuid(clock.now_ms())) {
    outbox_.on_committed([this] { wake(); });
}

Dispatcher::~Dispatcher() {
    stop();
    outbox_.on_committed({});
}

void Dispatcher::start() {
    if (database_.kind() == db::DatabaseKind::sqlite) take_over_leases();
    for (int i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { run(); });
}

/// A SQLite file has one process, so whoever still holds a lease when we start is dead: its work is due at once.
void Dispatcher::take_over_leases() {
    const auto taken = database_.transact([&](db::Session& session) {
        session.execute(
            "UPDATE event_deliveries SET due_at_ms = ?, lease_holder = NULL WHERE lease_holder IS NOT NULL AND "
            "parked = 0",
            clock_.now_ms());
    });
    // Not taken over: the leases run out by themselves.
    if (!taken) log_error(LogLevel::warning, "events.leases_not_taken_over", taken.error());
}

void Dispatcher::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    bell_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void Dispatcher::wake() {
    {
        const std::lock_guard lock(mutex_);
        ++rings_;
    }
    bell_.notify_one();
}

void Dispatcher::run() {
    std::uint64_t heard = 0;
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            bell_.wait_for(lock, std::chrono::milliseconds(settings_.poll_ms),
                           [&] { return stopping_ || rings_ != heard; });
            if (stopping_) return;
            heard = rings_;
        }
        try {
            deliver_due();
        } catch (const std::exception& failure) {
            log_event(LogLevel::error, "events.dispatcher_failed", {{"said", diagnostic(failure.what())}});
        }
    }
}

int Dispatcher::deliver_due() {
    int tried = 0;
    for (;;) {
        const auto claims = claim();
        if (claims.empty()) return tried;
        for (const auto& claimed : claims) deliver(claimed);
        tried += static_cast<int>(claims.size());
        const std::lock_guard lock(mutex_);
        if (stopping_) return tried;
    }
}

/// Takes the lease of deliveries that are due and first in their aggregate. `due_at_ms` of a claimed row is the end of
/// its lease: when the holder dies, the row is due again by itself.
std::vector<Dispatcher::Claim> Dispatcher::claim() {
    struct Candidate {
        std::string subscriber;
        std::string event_id;
        std::int64_t failures = 0;
        std::int64_t due_at_ms = 0;
    };
    const auto now_ms = clock_.now_ms();
    // Looking costs no writer: most wake-ups of several threads find nothing left.
    auto candidates = database_.read([&](db::Session& session) {
        return session.rows<Candidate>(
            "SELECT subscriber, event_id, failures, due_at_ms FROM event_deliveries d "
            "WHERE parked = 0 AND due_at_ms <= ? AND NOT EXISTS (SELECT 1 FROM event_deliveries earlier "
            "WHERE earlier.subscriber = d.subscriber AND earlier.aggregate_kind = d.aggregate_kind "
            "AND earlier.aggregate_id = d.aggregate_id AND earlier.sequence < d.sequence) "
            "ORDER BY due_at_ms LIMIT ?",
            now_ms, settings_.claims_max);
    });
    if (!candidates || candidates->empty()) return {};
    auto claimed = database_.transact([&](db::Session& session) -> Result<std::vector<Claim>> {
        std::vector<Claim> claims;
        for (const auto& row : *candidates) {
            // A subscriber that this binary doesn't have (another version's) is put off, so that it blocks nobody.
            const bool known = find_subscription(outbox_, row.subscriber) != nullptr;
            const auto lease_ms = known ? settings_.lease_ms : settings_.backoff_ms_max;
            // The due instant is the proof that nobody took the row since we looked.
            const auto taken = session.execute(
                "UPDATE event_deliveries SET lease_holder = ?, due_at_ms = ? WHERE subscriber = ? AND event_id = ? "
                "AND parked = 0 AND due_at_ms = ?",
                holder_, now_ms + lease_ms, row.subscriber, row.event_id, row.due_at_ms);
            if (taken == 1 && known) claims.push_back({row.subscriber, row.event_id, row.failures});
        }
        return claims;
    });
    return claimed ? std::move(*claimed) : std::vector<Claim>();
}

void Dispatcher::deliver(const Claim& claim) {
    const auto* subscription = find_subscription(outbox_, claim.subscriber);
    auto event = database_.read([&](db::Session& session) {
        return session.row<Event>(
            "SELECT event_id, event_type, aggregate_kind, aggregate_id, sequence, payload, occurred_at_ms FROM events "
            "WHERE event_id = ?",
            claim.event_id);
    });
    Result<void> done = event ? take_effect(claim, *subscription, *event) : Result<void>(event.error());
    if (!done && done.error().reason != "events.lease_lost") record_failure(claim, done.error());
}

Result<void> Dispatcher::take_effect(const Claim& claim, const Subscription& subscription, const Event& event) {
    try {
        KAIGONG_TRY(effect, subscription.prepare(event));
        return database_.transact([&](db::Session& session) -> Result<void> {
            const auto mine = session.execute(
                "DELETE FROM event_deliveries WHERE subscriber = ? AND event_id = ? AND lease_holder = ? AND parked = "
                "0",
                claim.subscriber, claim.event_id, holder_);
            if (mine != 1) return lease_lost();
            session.execute("INSERT INTO event_receipts (subscriber, event_id, taken_at_ms) VALUES (?, ?, ?)",
                            claim.subscriber, claim.event_id, clock_.now_ms());
            KAIGONG_CHECK(effect(session));
            // The next one of this aggregate may go now.
            session.after_commit([this] { wake(); });
            return {};
        });
    } catch (const std::exception& failure) {
        log_event(
            LogLevel::error, "events.subscriber_threw",
            {{"subscriber", claim.subscriber}, {"event_id", claim.event_id}, {"said", diagnostic(failure.what())}});
        return unexpected();
    }
}

void Dispatcher::record_failure(const Claim& claim, const Error& failure) {
    const auto failures = claim.failures + 1;
    // A database that can't save says nothing against the event: try again, but don't count towards parking.
    const bool counts = failure.code != Errc::unavailable;
    const bool parks = counts && failures >= settings_.failures_max;
    const auto doublings = std::min<std::int64_t>(claim.failures, 20);
    const auto wait_ms = std::min(settings_.backoff_ms << doublings, settings_.backoff_ms_max);
    log_event(parks ? LogLevel::error : LogLevel::warning, parks ? "events.parked" : "events.delivery_failed",
              {{"subscriber", claim.subscriber},
               {"event_id", claim.event_id},
               {"failures", failures},
               {"code", failure.code},
               {"reason", failure.reason}});
    const auto recorded = database_.transact([&](db::Session& session) -> Result<void> {
        session.execute(
            "UPDATE event_deliveries SET failures = ?, parked = ?, due_at_ms = ?, lease_holder = NULL, last_error = ? "
            "WHERE subscriber = ? AND event_id = ? AND lease_holder = ?",
            counts ? failures : claim.failures, parks, clock_.now_ms() + wait_ms, failure.reason, claim.subscriber,
            claim.event_id, holder_);
        return {};
    });
    // Not recorded: the lease runs out and the delivery is tried again.
    if (!recorded) log_error(LogLevel::warning, "events.failure_not_recorded", recorded.error());
}

Backlog backlog(db::Session& session) {
    constexpr std::string_view kCount = "SELECT count(*) FROM event_deliveries WHERE parked = ?";
    return {session.row<std::int64_t>(kCount, 0), session.row<std::int64_t>(kCount, 1)};
}

std::vector<ParkedDelivery> parked_deliveries(db::Session& session, int rows_max) {
    return session.rows<ParkedDelivery>(
        "SELECT d.subscriber, d.event_id, e.event_type, d.aggregate_kind, d.aggregate_id, d.failures, d.last_error "
        "FROM event_deliveries d JOIN events e ON e.event_id = d.event_id WHERE d.parked = 1 "
        "ORDER BY d.subscriber, d.event_id LIMIT ?",
        rows_max);
}

Result<void> resume(db::Session& session, std::string_view subscriber, std::string_view event_id, std::int64_t now_ms) {
    const auto resumed = session.execute(
        "UPDATE event_deliveries SET parked = 0, failures = 0, due_at_ms = ? WHERE subscriber = ? AND event_id = ? "
        "AND parked = 1",
        now_ms, subscriber, event_id);
    if (resumed == 1) return {};
    return error(Errc::not_found, "events.not_parked", "这项后台处理没有停在失败状态。请刷新列表后再看。");
}

}  // namespace kaigong::events
