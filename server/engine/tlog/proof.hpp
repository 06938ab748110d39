// Proofs that an entry is in a tree (inclusion, RFC 6962 §2.1.1) and that a tree goes on from an older one
// (consistency, §2.1.2): made from stored hashes, and verified from nothing but the proof.
#pragma once

#include "base/result.hpp"
#include "engine/tlog/tree.hpp"

#include <functional>
#include <span>
#include <vector>

namespace kaigong::tlog {

/// The hashes of complete subtrees, one for each place and in that order. One call a proof, so that a reader of tiles
/// gets each tile once. An error of the reader is handed on as it is.
using ReadHashes = std::function<Result<std::vector<Hash>>(std::span<const SubtreePlace>)>;

/// The root that the tree had at `size`. Asks for one hash for each bit of `size` that is set.
Result<Hash> root_at(std::uint64_t size, const ReadHashes& read);

/// From the leaf's sibling up. Asks for at most 2·log2(size) hashes.
/// Fails with tlog.index_out_of_range (not below `size`).
Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const ReadHashes& read);

/// Empty from an empty tree and between equal sizes. Fails with tlog.sizes_out_of_order.
Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size, const ReadHashes& read);

/// That `leaf` (its hash) stands at `index` of the tree. Fails with tlog.index_out_of_range, tlog.proof_length_wrong,
/// tlog.proof_wrong.
Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index, const TreeHead& tree, std::span<const Hash> proof);

/// That every leaf of the old tree is in the new one at its place. Between equal sizes the roots must be equal, and an
/// old size of zero needs the empty root; both need an empty proof. Fails with tlog.sizes_out_of_order,
/// tlog.proof_length_wrong, tlog.proof_wrong.
Result<void> verify_consistency(const TreeHead& old_tree, const TreeHead& tree, std::span<const Hash> proof);

}  // namespace kaigong::tlog
