#include "modules/approval/messages.hpp"

#include <boost/json.hpp>

#include "base/id.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/waiting_events.hpp"

namespace kaigong::approval {
namespace {

/// Cases that one transaction tells of a signal; the rest is the next one's.
constexpr int kCasesAtOnce = 100;

struct Match {
    std::string application_id;
    std::string message_id;
};

class Exchange {
  public:
    Exchange(const Surroundings& surroundings, const Clock& clock, std::function<void()> nudge_timers)
        : around_(surroundings), clock_(clock), nudge_timers_(std::move(nudge_timers)) {}

    /// The pair is found before the transaction: that has to begin with the lock of the case.
    Result<events::Effect> bring_together(const events::Event& event) const {
        const auto address = std::string(boost::json::parse(event.payload).at("address").as_string());
        KAIGONG_TRY(match, around_.database.read([&](db::Session& session) { return find_match(session, address); }));
        if (!match) return events::Effect([](db::Session&) -> Result<void> { return {}; });
        return events::Effect([this, event, address, pair = *match,
                               now_ms = clock_.now_ms()](db::Session& session) -> Result<void> {
            KAIGONG_TRY(taken,
                        operations::correlate_message(session, around_, pair.application_id, pair.message_id, now_ms));
            if (nudge_timers_) session.after_commit(nudge_timers_);
            // Somebody was quicker, or it was not the only one.
            if (!taken || store::oldest_message(session, address)) {
                tell(session, event, kMessageAwaited, event.aggregate_id, {{"address", address}}, now_ms);
            }
            return {};
        });
    }

    /// Each case takes it in a transaction of its own, so that one that can't is in nobody's way.
    Result<void> spread_signal(db::Session& session, const events::Event& event) const {
        auto signal = boost::json::parse(event.payload).as_object();
        const auto sender = std::string(signal.at("application_id").as_string());
        const auto address = address_of(kSignal, std::string_view(signal.at("name").as_string()));
        const auto thrown_at_ms = signal.at("thrown_at_ms").to_number<std::int64_t>();
        const auto after = std::string(signal.at("after").as_string());
        const auto cases = store::waiting_cases(session, address, thrown_at_ms, after, kCasesAtOnce);
        const auto now_ms = clock_.now_ms();
        for (const auto& one : cases) {
            // Who throws it has heard it already.
            if (one == sender) continue;
            signal["application_id"] = one;
            tell(session, event, kSignalDue, one, signal, now_ms);
        }
        if (static_cast<int>(cases.size()) < kCasesAtOnce) return {};
        signal["application_id"] = sender;
        signal["after"] = cases.back();
        tell(session, event, kSignalThrown, event.aggregate_id, signal, now_ms);
        return {};
    }

    Result<void> take_signal(db::Session& session, const events::Event& event) const {
        const auto signal = boost::json::parse(event.payload).as_object();
        if (nudge_timers_) session.after_commit(nudge_timers_);
        return operations::take_signal(session, around_, event.aggregate_id, std::string(signal.at("name").as_string()),
                                       signal.at("thrown_at_ms").to_number<std::int64_t>(), clock_.now_ms());
    }

  private:
    static std::optional<Match> find_match(db::Session& session, const std::string& address) {
        const auto application_id = store::longest_waiting(session, address);
        const auto message_id = application_id ? store::oldest_message(session, address) : std::nullopt;
        if (!message_id) return std::nullopt;
        return Match{*application_id, *message_id};
    }

    void tell(db::Session& session, const events::Event& because, const char* event_type,
              const std::string& aggregate_id, const boost::json::object& payload, std::int64_t now_ms) const {
        around_.outbox.append(session, {.event_id = new_uuid(now_ms),
                                        .event_type = event_type,
                                        .aggregate_kind = because.aggregate_kind,
                                        .aggregate_id = aggregate_id,
                                        .payload = boost::json::serialize(payload),
                                        .occurred_at_ms = now_ms});
    }

    Surroundings around_;
    const Clock& clock_;
    std::function<void()> nudge_timers_;
};

}  // namespace

void subscribe_messages(events::Outbox& outbox, const Surroundings& surroundings, const Clock& clock,
                        std::function<void()> nudge_timers) {
    const auto exchange = std::make_shared<const Exchange>(surroundings, clock, std::move(nudge_timers));
    outbox.subscribe({"approval.correlate_message",
                      {kMessageSent, kMessageAwaited},
                      [exchange](const events::Event& event) { return exchange->bring_together(event); }});
    outbox.subscribe(events::subscription("approval.spread_signal", {kSignalThrown},
                                          [exchange](db::Session& session, const events::Event& event) {
                                              return exchange->spread_signal(session, event);
                                          }));
    outbox.subscribe(events::subscription("approval.take_signal", {kSignalDue},
                                          [exchange](db::Session& session, const events::Event& event) {
                                              return exchange->take_signal(session, event);
                                          }));
}

}  // namespace kaigong::approval
