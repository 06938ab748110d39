// Messages of accounts (codes, invitations, warnings) handed to the authority's own message platform.
//
// One POST a message: `{"message":"<JSON as text>","mac":"<hex HMAC-SHA-256 of that text>"}`, where the text holds
// `message_id`, `channel`, `purpose`, `recipient` and `words`. Any 2xx means taken over; the platform delivers a
// `message_id` once, however often it comes.
#pragma once

#include <string>

#include "modules/identity/identity.hpp"

namespace kaigong::app {

struct MessageGatewayAddress {
    std::string url;
    std::string secret;
};

class MessageGateway final : public identity::MessageSink {
  public:
    explicit MessageGateway(MessageGatewayAddress address) : address_(std::move(address)) {}
    /// Fails with app.message_not_taken (another status), and as http::call does.
    Result<void> send(const identity::OutgoingMessage& message) override;

  private:
    MessageGatewayAddress address_;
};

/// Without one a bureau still starts: its officers need no messages, and people register at the window.
/// Fails with app.message_gateway_insecure (not https, but for this machine), app.message_secret_missing.
Result<void> check_message_gateway(const MessageGatewayAddress& address);

}  // namespace kaigong::app
