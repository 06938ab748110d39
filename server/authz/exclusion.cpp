#include "authz/exclusion.hpp"

#include <algorithm>
#include <array>

namespace kaigong::authz {
namespace {

struct Conflict {
    Duty one;
    Duty other;
};

constexpr std::array kConflicts{
    Conflict{Duty::accept, Duty::review},  Conflict{Duty::accept, Duty::recheck}, Conflict{Duty::accept, Duty::decide},
    Conflict{Duty::review, Duty::recheck}, Conflict{Duty::review, Duty::decide},  Conflict{Duty::recheck, Duty::decide},
};

bool conflicts(Duty a, Duty b) {
    return std::ranges::any_of(kConflicts, [=](const Conflict& pair) {
        return (pair.one == a && pair.other == b) || (pair.one == b && pair.other == a);
    });
}

}  // namespace

std::string_view to_string(Duty duty) {
    switch (duty) {
        case Duty::check: return "check";
        case Duty::review: return "review";
        case Duty::recheck: return "recheck";
        case Duty::decide: return "decide";
        case Duty::accept: return "accept";
        case Duty::correct: return "correct";
        case Duty::certificate: return "certificate";
    }
    return "";
}

std::optional<Duty> parse_duty(std::string_view text) {
    for (int i = 0; i <= static_cast<int>(Duty::certificate); ++i) {
        const auto duty = static_cast<Duty>(i);
        if (to_string(duty) == text) return duty;
    }
    return std::nullopt;
}

Result<void> check_exclusion(const Actor& actor, Duty duty, std::span<const PastDuty> past,
                             const Applicant& applicant) {
    if (duty == Duty::correct) return {};
    const bool applied = !applicant.account_id.empty() && actor.account_id.text == applicant.account_id;
    if (applied || actor.acts_for(applicant.credit_code) || applicant.has_stake(actor.account_id)) {
        return error(Errc::forbidden, "authz.excluded_own_case",
                     "您（或您的另一个账号）是本案申请人，或者代表申请单位，按回避规定（公务员法第七十六条）您不能办理"
                     "。请由同岗位"
                     "的其他人员领取，或请科室负责人指派。如果那个账号不是您的，请告知安全管理员核实。");
    }
    const auto his = [&](const AccountId& other) {
        return other == actor.account_id || (applicant.same_person && applicant.same_person(actor.account_id, other));
    };
    const bool acted = std::ranges::any_of(
        past, [&](const PastDuty& act) { return conflicts(act.duty, duty) && his(act.account_id); });
    if (acted) {
        return error(Errc::forbidden, "authz.excluded_by_past_duty",
                     "您（或您的另一个账号）已在此件的前一环节办理过（受理、审查、复核、决定须由不同人员办理），请转交"
                     "其他人员。");
    }
    return {};
}

}  // namespace kaigong::authz
