// A whole tree in memory for tests: every complete subtree, and the root as RFC 6962 §2.1 defines it, word for word.
#pragma once

#include "engine/tlog/proof.hpp"

#include <fmt/format.h>
#include <bit>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace kaigong::tlog::testing {

inline std::string entry_text(std::uint64_t index) {
    return fmt::format(R"({{"entry":"sample","index":{}}})", index);
}

/// MTH of RFC 6962 §2.1.
inline Hash defined_root(std::span<const Hash> leaves) {
    if (leaves.empty()) return empty_root();
    if (leaves.size() == 1) return leaves.front();
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    return node_hash(defined_root(leaves.first(cut)), defined_root(leaves.subspan(cut)));
}

class SampleTree {
  public:
    explicit SampleTree(std::uint64_t size) {
        for (std::uint64_t i = 0; i < size; ++i) leaves_.push_back(leaf_hash(entry_text(i)));
        for (const Subtree& one : edge_.append(leaves_)) subtrees_.emplace(one.place, one.hash);
    }

    const std::vector<Hash>& leaves() const { return leaves_; }
    TreeHead head_at(std::uint64_t size) const { return {size, defined_root(std::span(leaves_).first(size))}; }
    const Edge& edge() const { return edge_; }

    /// Also counts what it was asked for.
    ReadHashes reader() const {
        return [this](std::span<const SubtreePlace> places) -> Result<std::vector<Hash>> {
            std::vector<Hash> hashes;
            for (const SubtreePlace& place : places) hashes.push_back(subtrees_.at(place));
            asked_ += places.size();
            return hashes;
        };
    }
    std::size_t take_asked() const { return std::exchange(asked_, 0); }

  private:
    std::vector<Hash> leaves_;
    Edge edge_;
    std::map<SubtreePlace, Hash> subtrees_;
    mutable std::size_t asked_ = 0;
};

/// The same with one bit turned over.
template <class Bytes>
Bytes with_bit_flipped(Bytes bytes, std::size_t bit) {
    bytes[bit / 8] = static_cast<typename Bytes::value_type>(bytes[bit / 8] ^ (1 << (bit % 8)));
    return bytes;
}

}  // namespace kaigong::tlog::testing
