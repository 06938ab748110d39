// Keys of identity tokens. The next one is published a day before it signs, so that nobody meets a token by a key he
// has not seen; the one before stays published until its tokens are over. Keys come by age, or when the security
// administrator says so.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/signer.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/oauth/store.hpp"

namespace kaigong::oauth {

class SigningKeys {
  public:
    explicit SigningKeys(Parts& parts) : parts_(parts) {}

    /// `algorithm` is ES256 or RS256. The first key of an algorithm is made when it is needed.
    Result<std::string> sign(const std::string& algorithm, const boost::json::object& claims);
    /// What is published (RFC 7517): keys that sign, that will, and whose tokens may still be about.
    Result<boost::json::object> published();
    /// For administrators: the same with their times. Fails with authz.not_permitted.
    Result<boost::json::object> list(const authz::Actor& by);
    /// Makes the next key of each algorithm in use. `urgent`: it signs at once and the others are withdrawn with all
    /// their tokens. Fails with authz.not_permitted.
    Result<boost::json::object> rotate(const authz::Actor& by, bool urgent);
    /// By age. Called once an hour.
    Result<void> keep_fresh();

  private:
    struct Living {
        store::KeyRow row;
        std::int64_t until_ms = 0;  ///< is published so long; 0: nothing takes its place yet
    };
    Result<std::vector<Living>> living(std::int64_t now_ms);
    Result<store::KeyRow> current(const std::string& algorithm, std::int64_t now_ms);
    Result<store::KeyRow> make(const std::string& algorithm, std::int64_t now_ms, std::int64_t signs_from_ms) const;
    Result<const crypto::Signer*> open(const store::KeyRow& row);

    Parts& parts_;
    std::mutex mutex_;
    std::map<std::string, std::unique_ptr<crypto::Signer>> opened_;
};

}  // namespace kaigong::oauth
