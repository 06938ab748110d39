// Which words in a row form one known name. Inner scopes are pushed and popped while parsing.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/lexer.hpp"

namespace kaigong::feel {

class Names {
  public:
    struct Match {
        std::size_t tokens = 0;
        std::string name;  // as it was made known
    };

    /// A name that is not made of FEEL words and signs cannot be written, so it is left out.
    void add(std::string_view name);
    std::size_t mark() const { return order_.size(); }
    void back_to(std::size_t mark);
    /// The longest known name at the beginning of `tokens`.
    std::optional<Match> longest(std::span<const Token> tokens) const;
    struct Nearest {
        std::string name;
        std::size_t different = std::numeric_limits<std::size_t>::max();
    };
    /// Replaces `best` by a known name that is nearer to the unknown one, when it is near enough to be a slip.
    void find_nearest(std::string_view unknown, Nearest& best) const;

  private:
    struct Entry {
        std::vector<std::string> words;
        std::string name;
    };
    std::map<std::string, std::vector<Entry>, std::less<>> by_first_word_;
    std::vector<std::string> order_;
    std::vector<std::string> first_words_;  // beside `order_`
};

}  // namespace kaigong::feel
