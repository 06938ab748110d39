// Which passwords are taken, and whether one is right. Hashing takes tens of milliseconds: slow pool only.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/password.hpp"

namespace kaigong::identity {

/// In characters, as everywhere here. A new one.
inline constexpr std::size_t kPasswordMax = 128;
/// What is read where one is asked for: passwords of before may be longer than new ones.
inline constexpr std::size_t kPasswordTypedMax = 200;
/// So many passwords of before are not taken again.
inline constexpr int kFormerPasswords = 5;

class Passwords {
  public:
    Passwords(crypto::Argon2Parameters cost, std::string published) : cost_(cost), published_(std::move(published)) {}

    /// Fails with identity.password_weak: shorter than 12, of fewer than three kinds of characters (16 may be of any
    /// kind), repetitive, with the account's name in it, or one that everybody tries first.
    static Result<void> check_strength(const std::string& password, const std::string& account_name);

    /// Fails with identity.password_published.
    Result<std::string> hash(const std::string& password) const;

    /// `stored` is nothing for an unknown account and empty for one without a password: the answer is no and takes as
    /// long as for another one.
    bool is_right(const std::string& password, const std::optional<std::string>& stored);
    bool is_hashed_cheaply(const std::string& stored) const { return crypto::password_needs_rehash(stored, cost_); }

    /// Fails with identity.password_used_before. Costs one hash for each.
    static Result<void> check_not_used(const std::string& password, const std::vector<std::string>& former);

  private:
    crypto::Argon2Parameters cost_;
    std::string published_;
    std::once_flag decoy_made_;
    std::string decoy_hash_;
};

/// Sixteen characters that nobody confuses, for a password that its owner must change at once.
std::string initial_password();

}  // namespace kaigong::identity
