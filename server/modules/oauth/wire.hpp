// What programs of others say and hear at the OAuth endpoints: forms, the errors of RFC 6749 5.2, and replies that
// pages of other origins may read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace kaigong::oauth {

/// What is stored of a token, a code or a secret.
std::string hash_of(std::string_view secret);

/// Of one network within the window: requests begun, visits to a provider, codes of devices tried.
inline constexpr std::int64_t kAttemptsWindowMs = 10LL * 60 * 1000;
Error too_many_attempts();

/// `code` is a word of the standards (`invalid_grant`); the reason is `oauth.<code>`. The message is for the people who
/// run the client.
Error wire_error(std::string_view code, std::string message);

/// `{error, error_description, message}`: the description in the letters that RFC 6749 allows, the message in Chinese.
/// Nothing for an error that no standard has a word for (the database is away): that becomes a problem document.
std::optional<http::Reply> wire_reply(const Error& error);

/// A body of application/x-www-form-urlencoded. Fails with oauth.invalid_request: another type, a name twice, more than
/// kFormFieldsMax of them, malformed escapes.
class Form {
  public:
    static constexpr std::size_t kFormFieldsMax = 40;
    static Result<Form> read(const http::Request& request);

    /// Nothing when it was not sent, or sent empty (RFC 6749 3.2).
    std::optional<std::string> find(std::string_view name) const;
    /// Fails with oauth.invalid_request.
    Result<std::string> need(std::string_view name) const;
    const http::Parameters& fields() const { return fields_; }

  private:
    http::Parameters fields_;
};

}  // namespace kaigong::oauth
