#include "app/timestamps.hpp"

#include <fmt/format.h>

#include "app/verbs.hpp"
#include "crypto/random.hpp"
#include "http/client.hpp"

namespace kaigong::app {
namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr int kOk = 200;

Error not_stamped(const TimestampAuthority& authority, const std::string& why) {
    return error(Errc::unavailable, "app.not_timestamped",
                 fmt::format("时间戳服务 {} 没有给出时间戳（{}），证照恢复后自动接着制作，复制件请再做一次。请检查 "
                             "signing.tsa_url 和网络。",
                             authority.url, why));
}

Result<crypto::Bytes> ask(const TimestampAuthority& authority, const crypto::Digest& imprint) {
    const auto nonce = crypto::random_bytes(kNonceBytes);
    const auto request = crypto::timestamp_request(imprint, nonce);
    const http::CallLimits limits{.body_bytes_max = crypto::kTimestampBytesMax};
    const http::Call wanted{http::Method::post, authority.url, "application/timestamp-query", crypto::to_text(request)};
    const auto answer = http::call(wanted, limits);
    if (!answer) return not_stamped(authority, answer.error().message);
    if (answer->status != kOk) return not_stamped(authority, fmt::format("答复 {}", answer->status));
    auto token = crypto::read_timestamp_response(crypto::view(answer->body), imprint, nonce);
    if (!token) return not_stamped(authority, token.error().message);
    if (!authority.roots.empty()) {
        const auto trusted = crypto::verify_timestamp(*token, imprint, authority.roots);
        if (!trusted) return not_stamped(authority, trusted.error().message);
    }
    return std::move(*token);
}

}  // namespace

Result<std::optional<TimestampAuthority>> read_timestamp_authority(const std::string& url,
                                                                   const std::string& roots_file) {
    if (url.empty()) return std::optional<TimestampAuthority>();
    KAIGONG_CHECK(http::Address::parse(url));
    TimestampAuthority authority{url, {}};
    if (!roots_file.empty()) {
        KAIGONG_TRY(pem, text_or_file("@" + roots_file));
        KAIGONG_TRY(roots, crypto::read_certificates_pem(pem));
        authority.roots = std::move(roots);
    }
    return std::optional(std::move(authority));
}

crypto::TimestampSource timestamp_source(TimestampAuthority authority) {
    return [authority = std::move(authority)](const crypto::Digest& imprint) { return ask(authority, imprint); };
}

}  // namespace kaigong::app
