#include "modules/oauth/account_stamp.hpp"

#include "modules/oauth/wire.hpp"

namespace kaigong::oauth {

std::string account_stamp(const identity::Account& account) {
    const auto actor = identity::actor_of(account);
    std::string text(to_string(actor.kind));
    const auto add = [&](std::string_view part) { text += "\n" + std::string(part); };
    add(actor.credit_code);
    add(actor.department);
    add(actor.region_code);
    add(to_string(actor.clearance));
    for (const auto role : actor.roles) add(to_string(role));
    add("");
    for (const auto& matter : actor.matters) add(matter);
    // Whoever had the old password is out, and so is what an administrator has acted against.
    add(std::to_string(account.password_changed_at_ms));
    add(std::to_string(account.version));
    return hash_of(text);
}

}  // namespace kaigong::oauth
