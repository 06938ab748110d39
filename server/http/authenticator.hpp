// How the edge learns who asks. Identity implements it; the edge itself knows no accounts.
#pragma once

#include <string>
#include <string_view>

#include "authz/actor.hpp"
#include "base/result.hpp"

namespace kaigong::http {

inline constexpr std::string_view kSessionCookie = "__Host-kaigong";

/// How far a sign-in has come. Only `full` reaches what is not marked `Endpoint::early`.
enum class SessionStage { full, second_factor, enrolment, password_change };

/// What a valid session cookie, or an access token, stands for.
struct Session {
    std::string session_id = {};
    authz::Actor actor = {};
    /// Compared in constant time with `X-CSRF-Token` of every unsafe request.
    std::string csrf_token = {};
    SessionStage stage = SessionStage::full;
    /// By `Authorization: Bearer`: no cookie, so no page of a stranger can make the browser send it.
    bool by_token = false;
};

struct Credentials {
    /// Value of the session cookie, at most 512 bytes; empty where `bearer` is set.
    std::string cookie = {};
    /// The access token (RFC 6750), at most 512 bytes; empty where `cookie` is set.
    std::string bearer = {};
    std::string client_address = {};
    bool unsafe_method = false;
    /// A page asks by itself and nobody sits before it: the session is looked at and not kept alive.
    bool background = false;
};

class Authenticator {
  public:
    Authenticator() = default;
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;
    virtual ~Authenticator() = default;
    /// Called on a worker thread, several at once, before each request that carries the cookie and wants a session.
    /// Fails with unauthenticated when the cookie stands for no living session.
    virtual Result<Session> authenticate(const Credentials& credentials) = 0;
};

}  // namespace kaigong::http
