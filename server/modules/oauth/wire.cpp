#include "modules/oauth/wire.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

#include "crypto/encoding.hpp"
#include "http/header_fields.hpp"
#include "http/target.hpp"

namespace kaigong::oauth {
namespace {

struct Word {
    std::string_view code;
    int status;
    std::string_view description;
};

constexpr std::array kWords{
    Word{"invalid_request", 400, "A parameter is missing, repeated or malformed."},
    Word{"invalid_client", 401, "The client is unknown or did not prove who it is as it is registered to."},
    Word{"invalid_grant", 400, "The code or token is unknown, used, out of time, or was given to somebody else."},
    Word{"unauthorized_client", 400, "This client may not ask in this way."},
    Word{"unsupported_grant_type", 400, "This grant type is not supported."},
    Word{"invalid_scope", 400, "A scope is unknown or not registered for this client."},
    Word{"unsupported_response_type", 400, "Only response_type=code is supported."},
    Word{"request_not_supported", 400, "Request objects are not supported; push the request instead."},
    Word{"interaction_required", 400, "A person has to be asked."},
    Word{"authorization_pending", 400, "The person has not decided yet."},
    Word{"slow_down", 400, "Ask less often."},
    Word{"access_denied", 400, "The person refused."},
    Word{"expired_token", 400, "The device code is out of time."},
};

constexpr std::string_view kPrefix = "oauth.";

}  // namespace

std::string hash_of(std::string_view secret) {
    return crypto::to_hex(crypto::sha256(crypto::view(secret)));
}

Error too_many_attempts() {
    return error(Errc::rate_limited, "oauth.too_many_attempts", "次数太多，请 10 分钟后再试。");
}

Error wire_error(std::string_view code, std::string message) {
    return error(code == "invalid_client" ? Errc::unauthenticated : Errc::invalid_input,
                 std::string(kPrefix) + std::string(code), std::move(message));
}

std::optional<http::Reply> wire_reply(const Error& error) {
    if (!error.reason.starts_with(kPrefix)) return std::nullopt;
    const auto word = std::ranges::find(kWords, std::string_view(error.reason).substr(kPrefix.size()), &Word::code);
    if (word == kWords.end()) return std::nullopt;
    auto reply = http::json_reply(
        {{"error", word->code}, {"error_description", word->description}, {"message", error.message}}, word->status);
    if (word->status == 401) reply.with_header("WWW-Authenticate", "Basic realm=\"oauth\"");
    return reply;
}

Result<Form> Form::read(const http::Request& request) {
    const auto malformed = [] {
        return wire_error("invalid_request", "请求须是 application/x-www-form-urlencoded 表单，每个参数只出现一次。");
    };
    const auto type = http::lower_case(request.header("content-type").value_or(""));
    if (http::trimmed(std::string_view(type).substr(0, type.find(';'))) != "application/x-www-form-urlencoded") {
        return malformed();
    }
    Form form;
    std::string_view rest = request.body;
    while (!rest.empty()) {
        const auto end = static_cast<std::size_t>(std::ranges::find(rest, '&') - rest.begin());
        const auto field = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto equals = static_cast<std::size_t>(std::ranges::find(field, '=') - field.begin());
        auto name = http::decode_component(field.substr(0, equals), true);
        auto value = http::decode_component(field.substr(std::min(equals + 1, field.size())), true);
        if (!name || !value || form.fields_.size() == kFormFieldsMax) return malformed();
        const bool repeated = std::ranges::any_of(form.fields_, [&](const auto& one) { return one.first == *name; });
        if (repeated) return malformed();
        form.fields_.emplace_back(std::move(*name), std::move(*value));
    }
    return form;
}

std::optional<std::string> Form::find(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (known == name && !value.empty()) return value;
    }
    return std::nullopt;
}

Result<std::string> Form::need(std::string_view name) const {
    auto value = find(name);
    if (!value) return wire_error("invalid_request", "缺少参数 " + std::string(name) + "，请按接入说明补齐。");
    return std::move(*value);
}

}  // namespace kaigong::oauth
