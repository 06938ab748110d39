// The outbox of messages, and codes that prove that a phone or an e-mail address is somebody's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "modules/identity/accounts.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/message_store.hpp"

namespace kaigong::identity {

struct MessageToSend {
    std::string channel;  ///< sms · email
    std::string purpose;
    std::string recipient;
    std::string words;
};

class Messages {
  public:
    /// Without a sink they are shown where `shows` (a demo), else never sent.
    Messages(db::Database& database, const crypto::KeyRing& key_ring, MessageSink* sink, bool shows)
        : database_(database), key_ring_(key_ring), sink_(sink), shows_(shows) {}

    /// Whether somebody delivers them, or at least shows them.
    bool can_send() const { return sink_ != nullptr || shows_; }
    /// In the transaction of what it tells of.
    void post(db::Session& session, const MessageToSend& message, std::int64_t now_ms) const;
    /// Sends what is due; gives when to look again.
    std::int64_t deliver(std::int64_t now_ms);
    Result<std::vector<ShownMessage>> shown() const;

  private:
    OutgoingMessage opened(const store::MessageRow& row) const;
    void deliver_one(const store::MessageRow& row, std::int64_t now_ms);

    db::Database& database_;
    const crypto::KeyRing& key_ring_;
    MessageSink* sink_;
    bool shows_;
};

/// Whose contact a code proved.
struct ProvenContact {
    std::string channel;
    std::string contact;
    std::string account_id;  ///< empty where the code was asked for without an account
};

/// No gateway is configured: the office itself must help.
Error messages_unavailable();

class Verification {
  public:
    Verification(db::Database& database, const crypto::KeyRing& key_ring, const Messages& messages)
        : database_(database), key_ring_(key_ring), messages_(messages) {}

    struct Wanted {
        std::string purpose;  ///< registration · contact · password_reset
        std::string channel;
        std::string contact;
        std::string account_id;
        /// Said instead of the code, which is then nobody's: the answer to the asker stays the same.
        std::string words_without_code;
    };
    /// Sends six digits. The challenge's id is no secret: the code is.
    /// Fails with identity.too_many_codes (rate_limited), identity.messages_unavailable.
    Result<std::string> begin(const Wanted& wanted, std::int64_t now_ms);
    /// One use, five tries, ten minutes.
    /// Fails with identity.code_wrong: wrong, used, too old and never sent are the same.
    Result<ProvenContact> prove(const std::string& challenge_id, std::string_view purpose, const std::string& code,
                                std::int64_t now_ms);
    /// The same without using it up: what is refused for another reason can be mended and sent again with the same
    /// code, as long as tries are left.
    Result<ProvenContact> look_at(const std::string& challenge_id, std::string_view purpose, const std::string& code,
                                  std::int64_t now_ms);
    /// After `look_at`, once. Fails with identity.code_wrong when somebody was faster.
    Result<void> use(const std::string& challenge_id);

  private:
    std::string hash_of(const std::string& challenge_id, const std::string& code) const;

    db::Database& database_;
    const crypto::KeyRing& key_ring_;
    const Messages& messages_;
};

}  // namespace kaigong::identity
