#include "modules/identity/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"

namespace kaigong::identity {
namespace {

struct MessageTag;
using MessageId = Id<MessageTag>;

constexpr std::string_view kTable = "messages_out";
constexpr std::string_view kCodesTable = "verification_codes";
constexpr int kAtOnce = 20;
constexpr int kTriesOfMessage = 8;
constexpr int kShownMax = 50;
constexpr std::int64_t kLookEveryMs = 1'000;
constexpr std::int64_t kSendingMs = kMinuteMs;
constexpr std::int64_t kCodeLivesMs = 10 * kMinuteMs;
constexpr int kCodeTries = 5;
/// Asked for within the life of a code.
constexpr int kCodesAtOnce = 3;
constexpr unsigned kCodeRange = 1'000'000;

/// Six digits, each equally likely.
std::string six_digits() {
    constexpr unsigned kUnbiased = (0xFFFF'FFFFU / kCodeRange) * kCodeRange;
    for (;;) {
        const auto bytes = crypto::random_bytes(4);
        const unsigned value =
            unsigned{bytes[0]} << 24U | unsigned{bytes[1]} << 16U | unsigned{bytes[2]} << 8U | bytes[3];
        if (value < kUnbiased) return fmt::format("{:06}", value % kCodeRange);
    }
}

Error code_wrong() {
    return invalid_field("code", "identity.code_wrong", "验证码不对或已失效，请核对，或重新获取验证码。");
}

}  // namespace

Error messages_unavailable() {
    return error(Errc::unavailable, "identity.messages_unavailable",
                 "本系统还没有接通短信和邮件，不能发送验证码。请到办事窗口登记，或联系系统管理员。");
}

namespace {

std::string opened_field(const crypto::KeyRing& ring, const crypto::FieldPlace& place, const std::string& sealed) {
    auto value = crypto::open_field(ring, place, sealed);
    if (!value) throw std::runtime_error("a sealed value of a message does not open: " + value.error().reason);
    return std::move(*value);
}

}  // namespace

void Messages::post(db::Session& session, const MessageToSend& message, std::int64_t now_ms) const {
    const auto id = new_id<MessageId>(now_ms).text;
    store::MessageRow row;
    row.message_id = id;
    row.channel = message.channel;
    row.purpose = message.purpose;
    row.recipient = crypto::seal_field(key_ring_, {kTable, "recipient", id}, message.recipient).value();
    row.words = crypto::seal_field(key_ring_, {kTable, "words", id}, message.words).value();
    row.state = sink_ == nullptr ? (shows_ ? "shown" : "unsent") : "waiting";
    row.due_at_ms = now_ms;
    row.created_at_ms = now_ms;
    store::insert_message(session, row);
}

OutgoingMessage Messages::opened(const store::MessageRow& row) const {
    return {row.message_id, row.channel, row.purpose,
            opened_field(key_ring_, {kTable, "recipient", row.message_id}, row.recipient),
            opened_field(key_ring_, {kTable, "words", row.message_id}, row.words)};
}

std::int64_t Messages::deliver(std::int64_t now_ms) {
    if (sink_ == nullptr) return now_ms + kHourMs;
    const auto due =
        database_.read([&](db::Session& session) { return store::due_messages(session, now_ms, kAtOnce); });
    if (!due) return now_ms + kLookEveryMs;
    for (const auto& row : *due) deliver_one(row, now_ms);
    return due->size() == kAtOnce ? now_ms : now_ms + kLookEveryMs;
}

void Messages::deliver_one(const store::MessageRow& row, std::int64_t now_ms) {
    const auto mine = database_.transact(
        [&](db::Session& session) { return store::claim_message(session, row, now_ms + kSendingMs); });
    if (!mine || !*mine) return;
    const auto message = opened(row);
    const auto sent = sink_->send(message);
    // What was sent holds a secret more often than not, and nobody reads it again.
    const auto done = database_.transact([&](db::Session& session) {
        if (sent) return store::finish_message(session, row.message_id, now_ms);
        const bool last = row.attempts + 1 >= kTriesOfMessage;
        const auto wait = std::min(kHourMs, kLookEveryMs << std::min<std::int64_t>(row.attempts * 2, 12));
        store::postpone_message(session, row.message_id, last ? "failed" : "waiting", sent.error().reason,
                                last ? now_ms : now_ms + wait);
    });
    if (!done) log_error(LogLevel::error, "identity.message_not_noted", done.error());
    if (!sent) log_error(LogLevel::warning, "identity.message_not_sent", sent.error());
}

Result<std::vector<ShownMessage>> Messages::shown() const {
    KAIGONG_TRY(rows, database_.read(
                          [&](db::Session& session) { return store::newest_messages(session, "shown", kShownMax); }));
    std::vector<ShownMessage> messages;
    for (const auto& row : rows) {
        auto message = opened(row);
        messages.push_back({message.channel, message.purpose, message.recipient, message.words, row.created_at_ms});
    }
    return messages;
}

std::string Verification::hash_of(const std::string& challenge_id, const std::string& code) const {
    return crypto::blind_index(key_ring_, kCodesTable, "code", challenge_id + ":" + code);
}

Result<std::string> Verification::begin(const Wanted& wanted, std::int64_t now_ms) {
    if (!messages_.can_send()) return messages_unavailable();
    const auto id = new_id<MessageId>(now_ms).text;
    const auto code = six_digits();
    store::CodeRow row;
    row.challenge_id = id;
    row.purpose = wanted.purpose;
    row.channel = wanted.channel;
    row.contact = crypto::seal_field(key_ring_, {kCodesTable, "contact", id}, wanted.contact).value();
    row.contact_index = crypto::blind_index(key_ring_, kCodesTable, "contact", wanted.contact);
    row.account_id = wanted.account_id;
    // Of a code that nobody was sent there is no hash that anything could match.
    row.code_hash = wanted.words_without_code.empty() ? hash_of(id, code) : "none";
    row.expires_at_ms = now_ms + kCodeLivesMs;
    const auto words =
        wanted.words_without_code.empty()
            ? fmt::format("【开工】验证码 {}，10 分钟内有效，请勿告诉他人。如不是您本人操作，请不必理会。", code)
            : wanted.words_without_code;
    return database_.transact([&](db::Session& session) -> Result<std::string> {
        if (store::codes_for(session, row.contact_index, now_ms) >= kCodesAtOnce) {
            return error(Errc::rate_limited, "identity.too_many_codes",
                         "验证码发送得太频繁，请 10 分钟后再试；先前收到的验证码仍可使用。");
        }
        store::insert_code(session, row);
        messages_.post(session, {wanted.channel, wanted.purpose, wanted.contact, words}, now_ms);
        return id;
    });
}

Result<ProvenContact> Verification::look_at(const std::string& challenge_id, std::string_view purpose,
                                            const std::string& code, std::int64_t now_ms) {
    if (!is_uuid(challenge_id)) return code_wrong();
    // Counted in a transaction of its own: a wrong try must stay counted.
    KAIGONG_TRY(found, database_.transact([&](db::Session& session) -> std::optional<store::CodeRow> {
        auto row = store::find_code(session, challenge_id);
        if (!row || !store::try_code(session, challenge_id, kCodeTries)) return std::nullopt;
        return row;
    }));
    if (!found || found->purpose != purpose || found->expires_at_ms <= now_ms) return code_wrong();
    // Also under keys of before: a code may outlive a change of keys.
    const auto indexes = crypto::blind_indexes(key_ring_, kCodesTable, "code", challenge_id + ":" + code);
    const bool right = std::ranges::any_of(indexes, [&](const std::string& index) {
        return crypto::equal_constant_time(crypto::view(index), crypto::view(found->code_hash));
    });
    if (!right) return code_wrong();
    return ProvenContact{found->channel,
                         opened_field(key_ring_, {kCodesTable, "contact", challenge_id}, found->contact),
                         found->account_id};
}

Result<void> Verification::use(const std::string& challenge_id) {
    KAIGONG_TRY(once,
                database_.transact([&](db::Session& session) { return store::remove_code(session, challenge_id); }));
    if (!once) return code_wrong();
    return {};
}

Result<ProvenContact> Verification::prove(const std::string& challenge_id, std::string_view purpose,
                                          const std::string& code, std::int64_t now_ms) {
    KAIGONG_TRY(proven, look_at(challenge_id, purpose, code, now_ms));
    KAIGONG_CHECK(use(challenge_id));
    return std::move(proven);
}

}  // namespace kaigong::identity
