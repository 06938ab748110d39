#include "app/outside_contacts.hpp"

#include "modules/identity/accounts.hpp"

namespace kaigong::app {
namespace {

constexpr const char* kConsultation = "consultation";
/// Of one network within the window: codes sent, as identity sends them, and links that open nothing or wrong codes.
constexpr int kCodesMax = 30;
constexpr int kMissesMax = 60;
constexpr std::int64_t kWindowMs = 15LL * 60 * 1000;

}  // namespace

OutsideContacts::OutsideContacts(db::Database& database, const crypto::KeyRing& key_ring, const Clock& machine_clock,
                                 identity::MessageSink* sink, bool shows)
    : clock_(machine_clock),
      messages_(database, key_ring, sink, shows),
      verification_(database, key_ring, messages_),
      codes_(kCodesMax, kWindowMs),
      misses_(kMissesMax, kWindowMs) {}

std::string OutsideContacts::phone_of(const std::string& typed) const {
    return identity::phone_of(typed).value_or("");
}

std::string OutsideContacts::email_of(const std::string& typed) const {
    return identity::email_of(typed).value_or("");
}

Result<void> OutsideContacts::can_send() const {
    if (messages_.can_send()) return {};
    return identity::messages_unavailable();
}

void OutsideContacts::post(db::Session& session, const Contact& to, const std::string& words) {
    messages_.post(session, {to.channel, kConsultation, to.address, words}, clock_.now_ms());
}

Result<std::string> OutsideContacts::begin_code(const Contact& to, const std::string& address) {
    const auto now_ms = clock_.now_ms();
    if (codes_.is_over(address, now_ms)) {
        return error(Errc::rate_limited, "identity.too_many_codes", "获取验证码太频繁，请 15 分钟后再试。");
    }
    codes_.count(address, now_ms);
    return verification_.begin({kConsultation, to.channel, to.address, "", ""}, now_ms);
}

Result<approval::OutsideContacts::Contact> OutsideContacts::prove_code(const std::string& challenge_id,
                                                                       const std::string& code) {
    KAIGONG_TRY(proven, verification_.prove(challenge_id, kConsultation, code, clock_.now_ms()));
    return Contact{proven.channel, proven.contact};
}

Result<void> OutsideContacts::may_try(const std::string& address) {
    if (!misses_.is_over(address, clock_.now_ms())) return {};
    return error(Errc::rate_limited, "identity.too_many_attempts", "尝试次数过多，请 15 分钟后再试。");
}

void OutsideContacts::count_miss(const std::string& address) {
    misses_.count(address, clock_.now_ms());
}

}  // namespace kaigong::app
