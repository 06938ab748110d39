#include "engine/tlog/lines.hpp"

#include <charconv>

namespace kaigong::tlog {

std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc{} || stopped != end || number > kNumberMax) return std::nullopt;
    return number;
}

std::optional<std::vector<Hash>> take_hashes(std::string_view& rest) {
    std::vector<Hash> hashes;
    for (auto line = take_line(rest); line; line = take_line(rest)) {
        if (line->empty()) return hashes;
        const auto hash = parse_hash(*line);
        if (!hash || hashes.size() == kProofHashesMax) return std::nullopt;
        hashes.push_back(*hash);
    }
    return std::nullopt;
}

}  // namespace kaigong::tlog
