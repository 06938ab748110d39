#include "engine/tlog/tree.hpp"

#include "engine/tlog/lines.hpp"

#include <fmt/format.h>
#include <bit>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kEdgeHeader = "tlog-edge 1";

Error edge_malformed() {
    return error(Errc::invalid_input, "tlog.edge_malformed",
                 "存证日志的树边缘记录无法读取，请停止写入日志，并从备份恢复数据库。");
}

}  // namespace

Hash Edge::root() const {
    if (peaks_.empty()) return empty_root();
    Hash root = peaks_.back();
    for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
    return root;
}

template <class Completed>
void Edge::push(const Hash& leaf, Completed completed) {
    if (size_ == kNumberMax) throw std::length_error("the tree is full");
    Hash hash = leaf;
    SubtreePlace place{0, size_};
    completed(place, hash);
    // A leaf at an odd place completes a pair, which may complete the pair above it, and so on.
    while ((place.index & 1) != 0) {
        hash = node_hash(peaks_.back(), hash);
        peaks_.pop_back();
        place = {place.height + 1, place.index >> 1};
        completed(place, hash);
    }
    peaks_.push_back(hash);
    ++size_;
}

void Edge::append(const Hash& leaf) {
    push(leaf, [](const SubtreePlace&, const Hash&) {});
}

std::vector<Subtree> Edge::append(std::span<const Hash> leaves) {
    std::vector<Subtree> result;
    result.reserve(leaves.size() * 2);
    for (const Hash& leaf : leaves) {
        push(leaf, [&](const SubtreePlace& place, const Hash& hash) { result.push_back({place, hash}); });
    }
    return result;
}

std::string Edge::to_text() const {
    std::string text = fmt::format("{}\n{}\n", kEdgeHeader, size_);
    for (const Hash& peak : peaks_) text += hash_text(peak) + "\n";
    return text;
}

Result<Edge> Edge::parse(std::string_view text) {
    if (take_line(text) != kEdgeHeader) return edge_malformed();
    const auto size = parse_number(take_line(text).value_or(""));
    if (!size) return edge_malformed();
    Edge edge;
    edge.size_ = *size;
    for (int left = std::popcount(*size); left > 0; --left) {
        const auto peak = parse_hash(take_line(text).value_or(""));
        if (!peak) return edge_malformed();
        edge.peaks_.push_back(*peak);
    }
    if (!text.empty()) return edge_malformed();
    return edge;
}

}  // namespace kaigong::tlog
