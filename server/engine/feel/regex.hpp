// Regular expressions as XPath and XML Schema have them, run by PCRE2 with limits.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::feel {

/// A compiled pattern. Immutable; may be used from several threads.
class Regex {
  public:
    /// Byte positions of a match and of its groups; a group that took no part has `found == false`.
    struct Group {
        bool found = false;
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    using Match = std::vector<Group>;

    /// `flags` of s, m, i, x, q. Fails with `feel.invalid_pattern`, also for what XPath does not have (look-ahead,
    /// possessive quantifiers) and for blocks of characters that we do not know.
    static Result<Regex> compile(std::string_view pattern, std::string_view flags);

    /// Counts what a search costs; false when that is too much.
    using Spend = std::function<bool(std::size_t steps)>;
    /// The first match from byte `from` on; nothing when there is none. Fails with `feel.limit_pattern` when the search
    /// takes too many steps.
    Result<std::optional<Match>> find(std::string_view text, std::size_t from, const Spend& spend = {}) const;
    std::size_t compiled_bytes() const;
    std::size_t groups() const { return groups_; }

  private:
    std::shared_ptr<const void> code_;
    std::size_t groups_ = 0;
};

/// As `compile`, with the last patterns of this thread kept.
Result<Regex> cached_regex(const std::string& pattern, const std::string& flags, const Regex::Spend& spend = {});

/// All letters in upper or lower case by Unicode's simple mapping; the length in code points stays.
std::string in_upper_case(std::string_view text);
std::string in_lower_case(std::string_view text);

}  // namespace kaigong::feel
