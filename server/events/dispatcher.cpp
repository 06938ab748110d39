#include "events/dispatcher.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "base/id.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace kaigong::events {
namespace {

/// Leaves room for the sign that something was cut off.
constexpr std::size_t kMessageMax = 499;

const Subscription* find_subscription(const Outbox& outbox, std::string_view subscriber) {
    for (const auto& subscription : outbox.subscriptions()) {
        if (subscription.subscriber == subscriber) return &subscription;
    }
    return nullptr;
}

Error unexpected() {
    return error(Errc::internal, "events.unexpected_failure", "后台处理出现程序错误。请联系系统管理员查看日志。");
}

std::string holder_of(const std::string& instance, std::int64_t now_ms) {
    return instance.empty() ? new_uuid(now_ms) : instance + "/" + new_uuid(now_ms);
}

Error lease_lost() {
    return error(Errc::conflict, "events.lease_lost", "这项后台处理已由另一个进程接手。");
}

/// Counts a thread that may hold claims.
class Working {
  public:
    explicit Working(std::atomic<int>& count) : count_(count) { count_.fetch_add(1); }
    Working(const Working&) = delete;
    Working& operator=(const Working&) = delete;
    ~Working() { count_.fetch_sub(1); }

  private:
    std::atomic<int>& count_;
};

}  // namespace

Dispatcher::Dispatcher(db::Database& database, Outbox& outbox, const Clock& clock, DispatcherSettings settings)
    : database_(database),
      outbox_(outbox),
      clock_(clock),
      settings_(std::move(settings)),
      holder_(holder_of(settings_.instance, clock.now_ms())),
      listening_(outbox.bells(), [this] { wake(); }) {}

Dispatcher::~Dispatcher() {
    stop();
}

void Dispatcher::start() {
    take_over_leases();
    keeper_ = std::thread([this] { keep_leases(); });
    for (int i = 0; i < settings_.threads; ++i) threads_.emplace_back([this] { run(); });
}

/// Whose lease is surely a dead one's: on a SQLite file, which has one process, everybody's; else those of our own
/// instance, as only one process at a time bears its name. Their work is due at once.
void Dispatcher::take_over_leases() {
    const bool alone = database_.kind() == db::DatabaseKind::sqlite;
    if (!alone && settings_.instance.empty()) return;
    const auto taken = database_.transact([&](db::Session& session) {
        session.execute(
            "UPDATE event_deliveries SET due_at_ms = ?, lease_holder = NULL WHERE lease_holder LIKE ? ESCAPE '!' AND "
            "parked = 0",
            clock_.now_ms(), alone ? "%" : settings_.instance + "/%");
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
    // Last: until the workers have ended, their leases are kept.
    {
        const std::lock_guard lock(mutex_);
        keeping_ = false;
    }
    ended_.notify_all();
    if (keeper_.joinable()) keeper_.join();
}

/// A claim may hold long work (a certificate of hundreds of buildings), a dead process must not be waited for: so
/// leases are short, and renewed while somebody works.
void Dispatcher::keep_leases() {
    const std::chrono::milliseconds often(std::max<std::int64_t>(settings_.lease_ms / 3, 1));
    std::unique_lock lock(mutex_);
    while (keeping_) {
        ended_.wait_for(lock, often, [&] { return !keeping_; });
        lock.unlock();
        if (working_.load() > 0) renew_leases();
        lock.lock();
    }
}

void Dispatcher::renew_leases() {
    const auto renewed = database_.transact([&](db::Session& session) {
        session.execute("UPDATE event_deliveries SET due_at_ms = ? WHERE lease_holder = ? AND parked = 0",
                        clock_.now_ms() + settings_.lease_ms, holder_);
    });
    // Not renewed: another process may take the work over, and ours is then refused as `lease_lost`.
    if (!renewed) log_error(LogLevel::warning, "events.leases_not_renewed", renewed.error());
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
    const Working working(working_);
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
            const auto wait_ms = known ? settings_.lease_ms : settings_.backoff_ms_max;
            // The due instant is the proof that nobody took the row since we looked.
            const auto taken = session.execute(
                "UPDATE event_deliveries SET lease_holder = ?, due_at_ms = ? WHERE subscriber = ? AND event_id = ? "
                "AND parked = 0 AND due_at_ms = ?",
                known ? std::optional(holder_) : std::nullopt, now_ms + wait_ms, row.subscriber, row.event_id,
                row.due_at_ms);
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
    // What is away (a database, a signing service, a witness) says nothing against the event: it is tried for as long
    // as that lasts, ever more slowly and seen by people, and never parks.
    const bool counts = failure.code != Errc::unavailable;
    const bool parks = counts && failures >= settings_.failures_max;
    const auto kept = counts ? failures : std::max(claim.failures, std::min(failures, settings_.away_failures_max));
    failures_.fetch_add(1);
    if (parks) parkings_.fetch_add(1);
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
            "UPDATE event_deliveries SET failures = ?, parked = ?, due_at_ms = ?, lease_holder = NULL, last_error = ?, "
            "last_message = ? WHERE subscriber = ? AND event_id = ? AND lease_holder = ?",
            kept, parks, clock_.now_ms() + wait_ms, failure.reason, printable(failure.message, kMessageMax),
            claim.subscriber, claim.event_id, holder_);
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

std::vector<FailingDelivery> failing_deliveries(db::Session& session, const Outbox& outbox,
                                                std::string_view aggregate_kind, std::string_view aggregate_id,
                                                std::int64_t failures_min) {
    std::vector<FailingDelivery> failing;
    for (const auto& subscription : outbox.subscriptions()) {
        auto rows = session.rows<FailingDelivery>(
            "SELECT d.subscriber, d.event_id, e.event_type, d.parked, d.failures, coalesce(d.last_error, ''), "
            "coalesce(d.last_message, ''), e.occurred_at_ms FROM event_deliveries d "
            "JOIN events e ON e.event_id = d.event_id WHERE d.subscriber = ? AND d.aggregate_kind = ? AND "
            "d.aggregate_id = ? AND (d.parked = 1 OR d.failures >= ?) "
            "ORDER BY d.sequence LIMIT 10",
            subscription.subscriber, aggregate_kind, aggregate_id, failures_min);
        std::ranges::move(rows, std::back_inserter(failing));
    }
    return failing;
}

void publish_deliveries(Metrics& metrics, db::Database& database, const Dispatcher& dispatcher) {
    const auto read = [&database](std::int64_t Backlog::* member) {
        const auto now = database.read([](db::Session& session) { return backlog(session); });
        // A database that does not answer is told by /readyz; a number that nobody counted would be a lie.
        return now ? static_cast<double>((*now).*member) : std::numeric_limits<double>::quiet_NaN();
    };
    metrics.gauge("kaigong_events_pending", "Deliveries that wait for their subscriber now",
                  [read] { return read(&Backlog::pending); });
    metrics.gauge("kaigong_events_parked", "Deliveries that failed too often and wait for a person now",
                  [read] { return read(&Backlog::parked); });
    metrics.gauge("kaigong_events_failures", "Tries of deliveries that failed since the start",
                  [&dispatcher] { return static_cast<double>(dispatcher.failures()); });
    metrics.gauge("kaigong_events_parkings", "Deliveries given up after too many failures since the start",
                  [&dispatcher] { return static_cast<double>(dispatcher.parkings()); });
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
