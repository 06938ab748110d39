// Calls to other programs: a time stamping authority, witnesses, mirrors of logs. One connection a call, blocking, with
// a deadline over all of it; no redirect is followed and nothing is remembered between calls. Where an address comes
// from data instead of configuration or the command line, a CallPolicy says whom it may reach.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/call_policy.hpp"
#include "http/request.hpp"

namespace kaigong::http {

/// `http://host[:port]/path?query` or the same with https; an IPv6 address stands in brackets.
struct Address {
    bool secure = false;
    std::string host;  ///< without brackets
    std::uint16_t port = 0;
    std::string target;  ///< begins with a slash

    /// Fails with http.url_malformed: another scheme, a name or password in it, a fragment, blanks.
    static Result<Address> parse(std::string_view url);
    /// As the Host header has it: without the port that the scheme has anyway.
    std::string authority() const;
};

struct Call {
    Method method = Method::get;
    std::string url;
    std::string content_type = {};  ///< of the body; empty where there is none
    std::string body = {};
};

struct CallLimits {
    std::chrono::milliseconds deadline{10'000};  ///< from the name's look-up to the last byte
    std::size_t body_bytes_max = 1U << 20U;
    std::string roots_pem = {};  ///< whom https trusts; empty: whom the machine trusts
    /// Null for addresses of the configuration. Must outlive the call.
    const CallPolicy* policy = nullptr;
};

/// Any status is an answer.
struct Answer {
    int status = 0;
    std::string content_type;
    std::string body;
};

/// Any thread. With https the other side's certificate must be valid for its name.
/// Fails with http.url_malformed; http.not_reached (no such name, refused, cut off), http.too_slow, http.not_trusted
/// (its certificate), http.answer_malformed, all of them unavailable; http.answer_too_large.
/// With a policy also http.destination_not_allowed (the host is not listed) and http.destination_private (none of the
/// addresses of its name may be connected to), both forbidden. The name is asked for once, and the connection goes to
/// what was looked at: what it means a moment later plays no part.
/// A name server that does not answer may hold the call longer than the deadline, as long as the system waits for it.
Result<Answer> call(const Call& wanted, const CallLimits& limits = {});

}  // namespace kaigong::http
