// Sessions: how long a sign-in lives, how far it has come, as whom it acts; and the log of all sign-ins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "modules/identity/session_store.hpp"
#include "modules/identity/shared.hpp"

namespace kaigong::identity {

/// As `method` of a session at the stage of enrolment: its own requests bound the factor.
inline constexpr const char* kEnrolledHere = "enrolled";

/// From where somebody comes.
struct Origin {
    std::string address;
    std::string user_agent;  ///< at most 200 code points, printable
};
Origin origin_of(const http::Request& request);

std::string_view to_string(http::SessionStage stage);

/// A session that lives, with the account it is of.
struct Living {
    store::SessionRow row;
    store::AccountRow account;
    http::SessionStage stage = http::SessionStage::full;
};

class Sessions {
  public:
    explicit Sessions(Shared& shared) : shared_(shared) {}

    /// Fails with identity.signed_out: unknown, idle or living too long, the account blocked, no longer acting for the
    /// organisation it was opened for.
    Result<http::Session> authenticate(const http::Credentials& credentials);
    Result<Living> find(std::string_view cookie, std::int64_t now_ms) const;
    /// The session of a request with a cookie.
    Result<Living> of_request(const http::Request& request) const;

    struct New {
        std::string account_id;
        std::string organisation_id;
        http::SessionStage stage = http::SessionStage::full;
        std::string method;
        /// When who comes in proved who he is.
        std::int64_t proven_at_ms = 0;
    };
    /// Gives the cookie's value.
    std::string open(db::Session& session, const New& wanted, const Origin& origin, std::int64_t now_ms) const;
    /// The same sign-in one stage further, under a new cookie, which it gives.
    std::string move_on(db::Session& session, const store::SessionRow& row, http::SessionStage stage,
                        const std::string& method, std::int64_t now_ms) const;

    /// As their owner and administrators see them: the newest first, at most 100.
    boost::json::array list(db::Session& session, const std::string& account_id, const std::string& current_hash) const;

    /// One line of the log; `account` null where the name is nobody's.
    void log(db::Session& session, const store::AccountRow* account, std::string_view outcome, std::string_view method,
             const Origin& origin, std::int64_t now_ms) const;
    boost::json::object sign_in_json(const store::SignInRow& row) const;

    std::int64_t idle_until_ms(const store::SessionRow& row) const;
    /// So long a session lives at least after an answer: not every answer is written down (`rest_ms`), and who is told
    /// more than this would find his session over before the time that he was told.
    std::int64_t idle_after_answer_ms() const;

  private:
    std::int64_t rest_ms() const;
    std::string opened(std::string_view table, const std::string& row_id, const std::string& sealed) const;

    Shared& shared_;
};

/// SHA-256 of a cookie's value or of a token in a link, as it is stored.
std::string token_hash(std::string_view token);
/// Known only to who holds the cookie; nothing to store.
std::string csrf_of(std::string_view cookie);
Error signed_out();

}  // namespace kaigong::identity
