// Where all tokens of an instance stand: a tree of scopes, in one canonical order, so that equal states are equal text.
// Internal to engine/bpmn/proof.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::bpmn::proof {

enum class Stand : std::uint16_t {
    arrived,  // to be worked on before anything else happens
    waiting,  // for a person, a job, an event, or for other tokens at a join
    leaving,  // done, takes its way out before anything else happens
    stopped,  // raised what nobody catches
};

struct Mark {
    std::uint16_t node = 0;
    /// Way::slot of the flow it came over.
    std::uint16_t slot = 0;
    /// Which of the non-interrupting events on the activity fired already, a bit each.
    std::uint16_t fired = 0;
    Stand stand = Stand::arrived;
    /// 0, or 1 + the non-interrupting event that the token comes from: a side line of the process.
    std::uint16_t origin = 0;

    auto operator<=>(const Mark&) const = default;
};

inline constexpr std::uint16_t kTop = 0xFFFF;

struct Scope {
    /// The sub-process; kTop for the process.
    std::uint16_t node = kTop;
    std::uint16_t fired = 0;
    std::uint16_t origin = 0;
    /// 1 once an event sub-process has taken all else away: no other one starts then.
    std::uint16_t interrupted = 0;
    std::vector<Mark> marks;
    std::vector<Scope> inside;

    bool is_empty() const { return marks.empty() && inside.empty(); }
};

void normalise(Scope& scope);
/// Of a normalised scope.
std::u16string encoded(const Scope& scope);
Scope decoded(std::u16string_view text);

/// Tokens and scopes that are not on a side line.
int main_tokens(const Scope& scope);

/// Places that hold a token, as bits that several may share: without those of `less` a state can't hold all of it.
std::uint64_t places_of(const Scope& scope);

/// Nodes where `more` has waiting tokens of the main line beyond those of `less`; empty when `more` is not `less` with
/// something added. What can happen in `less` can then happen in `more`, again and again. Tokens that are still on
/// their way count only when everything since `less` happened by itself (`by_itself`): else they may take something
/// away first.
std::vector<int> growth(const Scope& less, const Scope& more, bool by_itself);

}  // namespace kaigong::bpmn::proof
