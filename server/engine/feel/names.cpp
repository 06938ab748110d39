#include "engine/feel/names.hpp"

#include <algorithm>
#include <numeric>

#include "engine/feel/text.hpp"

namespace kaigong::feel {

namespace {

constexpr std::size_t kNameBytesMax = 200;

std::vector<char32_t> letters_of(std::string_view text) {
    std::vector<char32_t> letters;
    for (std::size_t at = 0; at < text.size();) letters.push_back(next_code_point(text, at));
    return letters;
}

/// Letters to insert, delete, replace or swap with their neighbour until the one is the other.
std::size_t letters_different(const std::vector<char32_t>& one, const std::vector<char32_t>& other) {
    std::vector<std::size_t> before_last;
    std::vector<std::size_t> last(other.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t at = 1; at <= one.size(); ++at) {
        std::vector<std::size_t> row{at};
        for (std::size_t column = 1; column <= other.size(); ++column) {
            const bool same = one[at - 1] == other[column - 1];
            std::size_t fewest = std::min({last[column - 1] + (same ? 0 : 1), last[column] + 1, row[column - 1] + 1});
            const bool swapped =
                at > 1 && column > 1 && one[at - 1] == other[column - 2] && one[at - 2] == other[column - 1];
            if (swapped) fewest = std::min(fewest, before_last[column - 2] + 1);
            row.push_back(fewest);
        }
        before_last = std::exchange(last, std::move(row));
    }
    return last.back();
}

bool begins_with(std::span<const Token> tokens, const std::vector<std::string>& words) {
    if (tokens.size() < words.size()) return false;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const Token::Kind kind = tokens[at].kind;
        if (kind == Token::Kind::string || kind == Token::Kind::at_string || tokens[at].text != words[at]) return false;
    }
    return true;
}

}  // namespace

void Names::add(std::string_view name) {
    auto tokens = tokens_of(name);
    if (!tokens || tokens->front().kind == Token::Kind::end) return;
    Entry entry;
    entry.name = name;
    for (Token& token : *tokens) {
        if (token.kind == Token::Kind::string || token.kind == Token::Kind::at_string) return;
        if (token.kind != Token::Kind::end) entry.words.push_back(std::move(token.text));
    }
    order_.push_back(entry.name);
    first_words_.push_back(entry.words.front());
    by_first_word_[entry.words.front()].push_back(std::move(entry));
}

void Names::back_to(std::size_t mark) {
    for (; order_.size() > mark; order_.pop_back(), first_words_.pop_back()) {
        by_first_word_[first_words_.back()].pop_back();
    }
}

std::optional<Names::Match> Names::longest(std::span<const Token> tokens) const {
    const auto found = by_first_word_.find(tokens.front().text);
    if (found == by_first_word_.end()) return std::nullopt;
    const Entry* best = nullptr;
    for (const Entry& entry : found->second) {
        if (begins_with(tokens, entry.words) && (best == nullptr || entry.words.size() >= best->words.size())) {
            best = &entry;
        }
    }
    if (best == nullptr) return std::nullopt;
    return Match{best->words.size(), best->name};
}

void Names::find_nearest(std::string_view unknown, Nearest& best) const {
    if (unknown.size() > kNameBytesMax) return;
    const auto wanted = letters_of(unknown);
    for (const std::string& name : order_) {
        if (name.size() > kNameBytesMax) continue;
        const auto letters = letters_of(name);
        // One slip in three letters is a slip; more is another word.
        const std::size_t slips_max = std::max<std::size_t>(1, std::min(wanted.size(), letters.size()) / 3);
        const std::size_t different = letters_different(wanted, letters);
        const bool other_word = different >= std::max(wanted.size(), letters.size());
        if (different == 0 || different > slips_max || other_word || different >= best.different) continue;
        best = {name, different};
    }
}

}  // namespace kaigong::feel
