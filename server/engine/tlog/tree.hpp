// The right edge of a growing tree: all that is needed to append and to tell the root, at most 63 hashes. Older roots
// and proofs come from stored hashes (proof.hpp).
#pragma once

#include "base/result.hpp"
#include "engine/tlog/hash.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

/// Where a complete subtree stands: 2^height leaves, of which `index * 2^height` is the first.
struct SubtreePlace {
    int height = 0;
    std::uint64_t index = 0;

    auto operator<=>(const SubtreePlace&) const = default;
};

struct Subtree {
    SubtreePlace place;
    Hash hash{};

    bool operator==(const Subtree&) const = default;
};

/// A tree as a checkpoint names it.
struct TreeHead {
    std::uint64_t size = 0;
    Hash root = empty_root();

    bool operator==(const TreeHead&) const = default;
};

/// Immutable parts may be read from any thread; appending is for one.
class Edge {
  public:
    /// The empty tree.
    Edge() = default;

    std::uint64_t size() const { return size_; }
    /// RFC 6962 §2.1.
    Hash root() const;
    TreeHead head() const { return {size_, root()}; }

    void append(const Hash& leaf);
    /// Every subtree that these leaves complete, the leaves themselves among them (height 0), in the order in which
    /// they become complete. Of those, tiles need the heights 0, 8, 16 …
    std::vector<Subtree> append(std::span<const Hash> leaves);

    /// One text for each edge: `tlog-edge 1`, the size, then one hash a line, the largest subtree first.
    std::string to_text() const;
    /// Fails with tlog.edge_malformed for any text that `to_text` could not have made. Cannot tell whether the hashes
    /// are those of a log: compare `root()` with a signed checkpoint.
    static Result<Edge> parse(std::string_view text);

    bool operator==(const Edge&) const = default;

  private:
    template <class Completed>
    void push(const Hash& leaf, Completed completed);

    std::uint64_t size_ = 0;
    std::vector<Hash> peaks_;  // one for each bit of size_ that is set, the highest first
};

}  // namespace kaigong::tlog
