// Under which ID number somebody applies for himself, and whether it is known to be his. Anybody may type anybody's,
// and one person may have several accounts (an agent of two firms): so a number is never a key to what other accounts
// did, and until it is verified officers see beside the case that it is not.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

#include "http/router.hpp"
#include "modules/identity/sessions.hpp"
#include "modules/identity/shared.hpp"

namespace kaigong::identity {

class IdNumbers {
  public:
    IdNumbers(Shared& shared, Sessions& sessions) : shared_(shared), sessions_(sessions) {}

    std::vector<http::Endpoint> routes();

    IdNumberStanding standing_of(const std::string& account_id, const std::string& id_number) const;
    Result<void> vouch_for(const std::string& account_id, const std::string& id_number);
    /// For administrators: whether there is one, who verified it, when and why. Never the number.
    boost::json::object facts_of(db::Session& session, const store::AccountRow& row) const;

  private:
    struct Card {
        std::string account_name;
        std::string id_number;
        std::string reason;
        /// The account has another number, which its owner typed wrongly.
        bool correction = false;
    };
    enum class Outcome { verified, corrected, differs };

    Result<http::Reply> give(const http::Request& request);
    Result<http::Reply> verify(const http::Request& request);
    Result<Outcome> judge(db::Session& session, const std::string& account_id, const Card& card,
                          const Account& officer);
    void keep(db::Session& session, const store::AccountRow& row, const std::string& id_number);

    Shared& shared_;
    Sessions& sessions_;
};

}  // namespace kaigong::identity
