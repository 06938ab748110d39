#include "events/outbox.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace kaigong::events {
namespace {

/// Counts the aggregate up. The row lock makes a second writer of the same aggregate wait until our COMMIT.
std::int64_t next_sequence(db::Session& session, const NewEvent& event) {
    constexpr std::string_view kCount =
        "UPDATE event_sequences SET last_sequence = last_sequence + 1 WHERE aggregate_kind = ? AND aggregate_id = ?";
    const auto count = [&] { return session.execute(kCount, event.aggregate_kind, event.aggregate_id) == 1; };
    if (!count()) {
        const bool is_first = session.insert_new(
            "INSERT INTO event_sequences (aggregate_kind, aggregate_id, last_sequence) VALUES (?, ?, 1)",
            event.aggregate_kind, event.aggregate_id);
        if (!is_first && !count()) throw std::logic_error("events: a sequence is neither there nor new");
    }
    return session.row<std::int64_t>(
        "SELECT last_sequence FROM event_sequences WHERE aggregate_kind = ? AND aggregate_id = ?", event.aggregate_kind,
        event.aggregate_id);
}

bool wants(const Subscription& subscription, const std::string& event_type) {
    const auto& types = subscription.event_types;
    return std::find(types.begin(), types.end(), event_type) != types.end();
}

}  // namespace

Subscription subscription(std::string subscriber, std::vector<std::string> event_types,
                          std::function<Result<void>(db::Session&, const Event&)> effect) {
    auto prepare = [effect = std::move(effect)](const Event& event) -> Result<Effect> {
        return Effect([effect, event](db::Session& session) { return effect(session, event); });
    };
    return {std::move(subscriber), std::move(event_types), std::move(prepare)};
}

void Outbox::subscribe(Subscription subscription) {
    for (const auto& other : subscriptions_) {
        if (other.subscriber == subscription.subscriber) {
            throw std::invalid_argument("events: subscribed twice: " + subscription.subscriber);
        }
    }
    subscriptions_.push_back(std::move(subscription));
}

std::int64_t Outbox::append(db::Session& session, const NewEvent& event) const {
    const auto sequence = next_sequence(session, event);
    session.execute(
        "INSERT INTO events (event_id, event_type, aggregate_kind, aggregate_id, sequence, payload, occurred_at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        event.event_id, event.event_type, event.aggregate_kind, event.aggregate_id, sequence, event.payload,
        event.occurred_at_ms);
    for (const auto& subscription : subscriptions_) {
        if (!wants(subscription, event.event_type)) continue;
        session.execute(
            "INSERT INTO event_deliveries (subscriber, aggregate_kind, aggregate_id, sequence, event_id, parked, "
            "due_at_ms, failures) VALUES (?, ?, ?, ?, ?, 0, 0, 0)",
            subscription.subscriber, event.aggregate_kind, event.aggregate_id, sequence, event.event_id);
    }
    session.after_commit([bells = bells_] { bells->ring(); });
    return sequence;
}

}  // namespace kaigong::events
