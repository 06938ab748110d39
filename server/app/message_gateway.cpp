#include "app/message_gateway.hpp"

#include <boost/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "http/client.hpp"

namespace kaigong::app {
namespace {

constexpr std::chrono::milliseconds kDeadline{10'000};
constexpr std::size_t kAnswerMax = 64UL << 10U;
constexpr std::size_t kSecretMin = 32;

bool is_this_machine(const std::string& host) {
    return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

}  // namespace

Result<void> MessageGateway::send(const identity::OutgoingMessage& message) {
    const auto text = boost::json::serialize(boost::json::object{{"message_id", message.message_id},
                                                                 {"channel", message.channel},
                                                                 {"purpose", message.purpose},
                                                                 {"recipient", message.recipient},
                                                                 {"words", message.words}});
    const auto mac = crypto::to_hex(crypto::hmac_sha256(crypto::view(address_.secret), crypto::view(text)));
    http::Call call;
    call.method = http::Method::post;
    call.url = address_.url;
    call.content_type = "application/json";
    call.body = boost::json::serialize(boost::json::object{{"message", text}, {"mac", mac}});
    KAIGONG_TRY(answer, http::call(call, {.deadline = kDeadline, .body_bytes_max = kAnswerMax}));
    if (answer.status / 100 == 2) return {};
    return error(Errc::unavailable, "app.message_not_taken", "消息平台没有接收这条消息，系统会自动重试。");
}

Result<void> check_message_gateway(const MessageGatewayAddress& address) {
    if (address.url.empty()) return {};
    KAIGONG_TRY(parsed, http::Address::parse(address.url));
    if (!parsed.secure && !is_this_machine(parsed.host)) {
        return error(Errc::invalid_input, "app.message_gateway_insecure",
                     "messages.gateway_url 必须是 https 地址，验证码不能明文传输。");
    }
    if (address.secret.size() < kSecretMin) {
        return error(Errc::invalid_input, "app.message_secret_missing",
                     "请在 messages.gateway_secret_file 指明的文件里写至少 32 个字符的密钥，消息平台凭它确认来源。");
    }
    return {};
}

}  // namespace kaigong::app
