#include "modules/approval/waiting_events.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::approval {

std::string address_of(std::string_view kind, std::string_view name, std::string_view correlation_key) {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const auto part : {kind, name, correlation_key}) {
        // The length keeps the border between two parts.
        const auto length = std::to_string(part.size()) + ":";
        hasher.update(crypto::view(length));
        hasher.update(crypto::view(part));
    }
    return crypto::to_hex(hasher.finish());
}

std::vector<store::WaitingEventRow> waiting_events_of(const bpmn::Definition& definition, const bpmn::State& state,
                                                      const std::string& application_id, std::int64_t now_ms) {
    std::vector<store::WaitingEventRow> rows;
    if (!state.suspended.empty()) return rows;
    for (const auto& [key, subscription] : state.subscriptions) {
        const auto* element = definition.find(subscription.element);
        if (element == nullptr || element->trigger == bpmn::Trigger::conditional) continue;
        const auto kind = element->trigger == bpmn::Trigger::signal ? kSignal : kMessage;
        rows.push_back({application_id, key, address_of(kind, subscription.name, subscription.key), std::string(kind),
                        subscription.name, subscription.key, now_ms});
    }
    return rows;
}

}  // namespace kaigong::approval
