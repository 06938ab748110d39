// How strict the door is. The defaults are those of production (GB/T 22239-2019 8.1.4.1); a demo relaxes only what its
// published accounts could not live with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaigong::identity {

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr std::int64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::int64_t kDayMs = 24 * kHourMs;

struct Policy {
    /// So many failures under one name within `lock_ms` lock it for `lock_ms`.
    int failures_max = 5;
    std::int64_t lock_ms = 30 * kMinuteMs;
    std::int64_t idle_ms = 30 * kMinuteMs;
    std::int64_t absolute_ms = 12 * kHourMs;
    /// How long a proof of who one is counts for signing and publishing.
    std::int64_t recent_ms = 15 * kMinuteMs;
    /// Of officers and administrators; 0: passwords do not age.
    std::int64_t password_age_ms = 90 * kDayMs;
    /// One that an administrator gave, until its owner has changed it.
    std::int64_t first_password_ms = 72 * kHourMs;
    /// Officers and administrators need a second factor.
    bool factor_forced = true;
    /// The name that security keys are registered for: the host of the public address, or a domain above it. Empty: the
    /// host.
    std::string webauthn_rp_id = {};
    std::int64_t invitation_ms = 7 * kDayMs;
    std::int64_t sign_ins_kept_ms = 400 * kDayMs;
    /// Officers and administrators come in through the provider of identities …
    bool staff_by_provider_only = false;
    /// … but for these (account names): with password and second factor, for when the provider is down.
    std::vector<std::string> emergency_accounts = {};
    /// From when a message was sent, or given up.
    std::int64_t messages_kept_ms = 90 * kDayMs;
    /// Published somewhere (that of the demo): refused by name. Empty: none.
    std::string published_password = {};
};

/// Published accounts have no second factor, and their passwords stay what the page says.
inline Policy demo_policy() {
    Policy policy;
    policy.factor_forced = false;
    policy.password_age_ms = 0;
    return policy;
}

}  // namespace kaigong::identity
