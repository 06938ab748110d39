#include "app/witness_calls.hpp"

#include <algorithm>
#include <chrono>

#include "http/client.hpp"

namespace kaigong::app {
namespace {

/// A certificate waits for it, and so does everybody who asks for a proof.
constexpr std::chrono::seconds kWitnessDeadline{3};
constexpr std::size_t kWitnessAnswerBytesMax = 64UL * 1024;
/// What the database keeps a key under (`{{code}}`).
constexpr std::size_t kWitnessKeyBytesMax = 160;

}  // namespace

Result<std::vector<WitnessAddress>> read_witnesses(const std::vector<std::string>& lines) {
    std::vector<WitnessAddress> all;
    for (const auto& line : lines) {
        const auto blank = line.find(' ');
        if (blank == std::string::npos || line.size() - blank > kWitnessKeyBytesMax) {
            return invalid_field("ledger.witnesses", "app.witness_malformed",
                                 "ledger.witnesses 的每一项应写成「网址 见证公钥」，中间一个空格，请改正。");
        }
        auto url = line.substr(0, blank);
        while (url.ends_with('/')) url.pop_back();
        KAIGONG_CHECK(http::Address::parse(url));
        KAIGONG_TRY(key, tlog::VerifierKey::parse(line.substr(blank + 1)));
        const bool can_cosign = key.type == tlog::SignatureType::cosignature;
        // Under two names it would still be one witness, and count as two.
        const bool is_known =
            std::ranges::any_of(all, [&](const WitnessAddress& one) { return one.key.key == key.key; });
        if (!can_cosign || is_known) {
            return invalid_field("ledger.witnesses", can_cosign ? "app.witness_twice" : "app.witness_malformed",
                                 "ledger.witnesses 中的公钥重复，或不是见证公钥（类型 04），请核对。");
        }
        all.push_back({std::move(url), std::move(key)});
    }
    return all;
}

std::vector<tlog::VerifierKey> WitnessCalls::keys() const {
    std::vector<tlog::VerifierKey> all;
    all.reserve(witnesses_.size());
    for (const auto& one : witnesses_) all.push_back(one.key);
    return all;
}

Result<tlog::WitnessAnswer> WitnessCalls::add_checkpoint(const tlog::VerifierKey& witness, const std::string& body) {
    const auto found = std::ranges::find(witnesses_, witness, &WitnessAddress::key);
    if (found == witnesses_.end()) throw std::invalid_argument("no such witness: " + witness.name);
    const http::Call wanted{http::Method::post, found->url + "/add-checkpoint", "text/plain; charset=utf-8", body};
    KAIGONG_TRY(answer, http::call(wanted, {kWitnessDeadline, kWitnessAnswerBytesMax}));
    tlog::WitnessAnswer reply;
    reply.status = answer.status;
    reply.content_type = std::move(answer.content_type);
    reply.body = std::move(answer.body);
    return reply;
}

}  // namespace kaigong::app
