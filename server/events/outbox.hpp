// News between modules: a fact, past tense, written in the transaction that made it true, delivered at least once and
// taking effect exactly once. Order holds per aggregate and subscriber; there is no order between aggregates.
//
//     outbox.append(session, {.event_id = new_uuid(now_ms), .event_type = "PermitRevoked", .aggregate_kind = "permit",
//                             .aggregate_id = id.text, .payload = R"({"permit_id":"…"})", .occurred_at_ms = now_ms});
//
// Payloads carry ids and codes, never personal values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"
#include "events/bells.hpp"

namespace kaigong::events {

struct NewEvent {
    std::string event_id;
    std::string event_type;
    std::string aggregate_kind;
    std::string aggregate_id;
    /// JSON.
    std::string payload;
    std::int64_t occurred_at_ms = 0;
};

struct Event {
    std::string event_id;
    std::string event_type;
    std::string aggregate_kind;
    std::string aggregate_id;
    /// 1, 2, 3 … without gaps in each aggregate.
    std::int64_t sequence = 0;
    std::string payload;
    std::int64_t occurred_at_ms = 0;
};

/// What a subscriber does inside the transaction that also records the event as done.
using Effect = std::function<Result<void>(db::Session&)>;

struct Subscription {
    /// Stable for ever: `permits.record_decision`. What is pending in the database is found by this name.
    std::string subscriber;
    std::vector<std::string> event_types;
    /// Slow work (rendering, files) happens here, outside any transaction; it may be repeated, so it must bear that.
    /// The Effect then runs in a transaction; an error of either is tried again later.
    std::function<Result<Effect>(const Event&)> prepare;
};

/// For a subscriber that only does SQL.
Subscription subscription(std::string subscriber, std::vector<std::string> event_types,
                          std::function<Result<void>(db::Session&, const Event&)> effect);

/// Where modules write facts. Subscribe everything before the first append and before the Dispatcher starts; one who
/// subscribes in a later version gets the events from then on.
class Outbox {
  public:
    void subscribe(Subscription subscription);

    /// Gives the sequence number. Part of the caller's transaction; wakes the dispatchers after COMMIT.
    std::int64_t append(db::Session& session, const NewEvent& event) const;

    const std::vector<Subscription>& subscriptions() const { return subscriptions_; }
    /// Rung after each COMMIT of an event.
    const std::shared_ptr<Bells>& bells() const { return bells_; }

  private:
    std::vector<Subscription> subscriptions_;
    std::shared_ptr<Bells> bells_ = std::make_shared<Bells>();
};

}  // namespace kaigong::events
