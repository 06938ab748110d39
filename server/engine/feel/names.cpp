#include "engine/feel/names.hpp"

#include <algorithm>
#include <numeric>

namespace kaigong::feel {

namespace {

std::size_t letters_different(std::string_view one, std::string_view other) {
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t at = 0; at < one.size(); ++at) {
        std::size_t diagonal = row[0];
        row[0] = at + 1;
        for (std::size_t column = 0; column < other.size(); ++column) {
            const std::size_t replaced = diagonal + (one[at] == other[column] ? 0 : 1);
            diagonal = row[column + 1];
            row[column + 1] = std::min({replaced, row[column] + 1, diagonal + 1});
        }
    }
    return row.back();
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
    order_.push_back(entry.words.front());
    by_first_word_[entry.words.front()].push_back(std::move(entry));
}

void Names::back_to(std::size_t mark) {
    for (; order_.size() > mark; order_.pop_back()) by_first_word_[order_.back()].pop_back();
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

std::string Names::nearest(std::string_view unknown) const {
    constexpr std::size_t kNameBytesMax = 64;
    std::string best;
    std::size_t fewest = std::min<std::size_t>(3, unknown.size() / 3 + 1);
    if (unknown.size() > kNameBytesMax) return best;
    for (const auto& [word, entries] : by_first_word_) {
        for (const Entry& entry : entries) {
            if (entry.name.size() > kNameBytesMax) continue;
            const std::size_t different = letters_different(unknown, entry.name);
            if (different <= fewest && (best.empty() || different < fewest)) {
                fewest = different;
                best = entry.name;
            }
        }
    }
    return best;
}

}  // namespace kaigong::feel
