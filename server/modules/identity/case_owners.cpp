// Who has to keep out of a case (回避): by which accounts one human being applied, or acts for who did.
#include <algorithm>

#include "modules/identity/identity.hpp"
#include "modules/identity/organisation_store.hpp"

namespace kaigong::identity {
namespace {

/// Organisations on the way of rights that pass on; there are no such many, and a circle ends here.
constexpr std::size_t kPassedOnMax = 50;

/// This one and all that its rights passed to, one after the other.
std::vector<std::string> with_successors(db::Session& session, const std::string& credit_code) {
    std::vector<std::string> chain{credit_code};
    while (chain.size() < kPassedOnMax) {
        const auto passed = store::find_succession(session, chain.back());
        if (!passed) break;
        chain.push_back(passed->successor_code);
    }
    return chain;
}

}  // namespace

bool has_stake_in(db::Session& session, Identity& identity, const authz::AccountId& account_id,
                  const CaseOwner& owner) {
    if (identity.same_person(session, account_id, owner.account_id)) return true;
    if (owner.credit_code.empty()) return false;
    return std::ranges::any_of(with_successors(session, owner.credit_code), [&](const std::string& code) {
        return std::ranges::any_of(
            store::members_since(session, code, owner.filed_at_ms),
            [&](const std::string& member) { return identity.same_person(session, account_id, {member}); });
    });
}

}  // namespace kaigong::identity
