// Carries events from the outbox to their subscribers. Any number of dispatchers, also in several processes, share the
// work: each delivery is claimed by a lease, and only the lowest undelivered sequence of an aggregate can be claimed,
// so the order holds and nothing is skipped that became visible late.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "events/outbox.hpp"

namespace kaigong::events {

struct DispatcherSettings {
    int threads = 2;
    /// A lease is renewed three times in this span while its holder works, however long that takes; when the holder
    /// died, another takes the delivery over after it.
    std::int64_t lease_ms = 15'000;
    /// A stable name of this process among those that share the database; its owner makes sure that only one process
    /// at a time bears it. What an earlier process of that name had claimed is then due again at the start, without
    /// waiting for its leases. Empty: none.
    std::string instance = {};
    int claims_max = 16;
    /// The first wait after a failure; doubled each time, up to `backoff_ms_max`.
    std::int64_t backoff_ms = 500;
    std::int64_t backoff_ms_max = 60'000;
    /// After this many failures the aggregate parks for this subscriber until somebody calls `resume`.
    int failures_max = 8;
    /// As many are counted of something that is away: seen by people, with a wait that does not grow without end.
    std::int64_t away_failures_max = 5;
    /// Work comes by wake-up; this only finds what another process wrote and what is due again.
    std::int64_t poll_ms = 1000;
};

/// An event that a subscriber could not take; later ones of the aggregate wait behind it.
struct ParkedDelivery {
    std::string subscriber;
    std::string event_id;
    std::string event_type;
    std::string aggregate_kind;
    std::string aggregate_id;
    std::int64_t failures = 0;
    /// The reason of the last error, a code.
    std::string last_error;
};

/// A delivery that failed several times, parked or still tried.
struct FailingDelivery {
    std::string subscriber;
    std::string event_id;
    std::string event_type;
    bool parked = false;
    std::int64_t failures = 0;
    std::string last_error;
    std::string last_message;      ///< the last error in words for a person; empty for one of an older version
    std::int64_t since_at_ms = 0;  ///< when the event occurred
};

struct Backlog {
    std::int64_t pending = 0;
    std::int64_t parked = 0;
};

class Dispatcher {
  public:
    /// `clock` is the machine's time, not a demo's: leases and waits are about real processes.
    /// The outbox, the database and the clock must live longer.
    Dispatcher(db::Database& database, Outbox& outbox, const Clock& clock, DispatcherSettings settings = {});
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;
    ~Dispatcher();

    void start();
    /// Finishes the deliveries that are being worked on.
    void stop();
    /// Any thread.
    void wake();

    /// Sums since the start.
    std::uint64_t failures() const { return failures_.load(); }
    std::uint64_t parkings() const { return parkings_.load(); }

    /// Delivers on the calling thread until nothing is due any more; gives the number of deliveries tried. For tests
    /// and for verbs that run without threads.
    int deliver_due();

  private:
    struct Claim {
        std::string subscriber;
        std::string event_id;
        std::int64_t failures = 0;
    };

    void run();
    void take_over_leases();
    void keep_leases();
    void renew_leases();
    std::vector<Claim> claim();
    void deliver(const Claim& claim);
    Result<void> take_effect(const Claim& claim, const Subscription& subscription, const Event& event);
    void record_failure(const Claim& claim, const Error& error);

    db::Database& database_;
    Outbox& outbox_;
    const Clock& clock_;
    const DispatcherSettings settings_;
    /// Names this dispatcher in leases.
    const std::string holder_;
    std::mutex mutex_;
    std::condition_variable bell_;
    std::condition_variable ended_;
    std::uint64_t rings_ = 0;
    bool stopping_ = false;
    bool keeping_ = true;
    std::atomic<int> working_{0};
    std::atomic<std::uint64_t> failures_{0};
    std::atomic<std::uint64_t> parkings_{0};
    std::vector<std::thread> threads_;
    std::thread keeper_;
    /// Last: nobody wakes what is not there yet, or no more.
    Listening listening_;
};

/// For the administrator's page and `/metrics`.
Backlog backlog(db::Session& session);
std::vector<ParkedDelivery> parked_deliveries(db::Session& session, int rows_max);
/// What holds the news of one aggregate up: its deliveries that are parked or have failed `failures_min` times. Asked
/// for each subscriber by key, so that a page may ask.
std::vector<FailingDelivery> failing_deliveries(db::Session& session, const Outbox& outbox,
                                                std::string_view aggregate_kind, std::string_view aggregate_id,
                                                std::int64_t failures_min = 3);
/// Gauges: what waits, what is parked, what failed. All three must live as long as the registry renders.
void publish_deliveries(Metrics& metrics, db::Database& database, const Dispatcher& dispatcher);
/// Lets a parked delivery be tried again at once. Fails with events.not_parked.
Result<void> resume(db::Session& session, std::string_view subscriber, std::string_view event_id, std::int64_t now_ms);

}  // namespace kaigong::events
