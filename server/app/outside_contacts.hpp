// How approval reaches who has no account: identity's outbox of messages, its codes, and its count of guesses.
#pragma once

#include "http/attempt_limiter.hpp"
#include "modules/approval/consultations.hpp"
#include "modules/identity/messages.hpp"

namespace kaigong::app {

class OutsideContacts final : public approval::OutsideContacts {
  public:
    /// Codes run on the machine's clock, as all of identity does. All must live longer.
    OutsideContacts(db::Database& database, const crypto::KeyRing& key_ring, const Clock& machine_clock,
                    identity::MessageSink* sink, bool shows);

    std::string phone_of(const std::string& typed) const override;
    std::string email_of(const std::string& typed) const override;
    Result<void> can_send() const override;
    void post(db::Session& session, const Contact& to, const std::string& words) override;
    Result<std::string> begin_code(const Contact& to, const std::string& address) override;
    Result<Contact> prove_code(const std::string& challenge_id, const std::string& code) override;
    Result<void> may_try(const std::string& address) override;
    void count_miss(const std::string& address) override;

  private:
    const Clock& clock_;
    identity::Messages messages_;
    identity::Verification verification_;
    http::AttemptLimiter codes_;
    http::AttemptLimiter misses_;
};

}  // namespace kaigong::app
