#include "engine/tlog/proof.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

/// Leaves from `begin` to before `end`, as the recursion of RFC 6962 cuts them: all complete subtrees but the last.
struct LeafRange {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Where RFC 6962 cuts a tree of more than one leaf: the largest power of two below its size.
std::uint64_t cut_of(std::uint64_t size) {
    return std::bit_floor(size - 1);
}

std::vector<SubtreePlace> places_of(LeafRange range) {
    std::vector<SubtreePlace> places;
    while (range.begin < range.end) {
        const std::uint64_t size = std::bit_floor(range.end - range.begin);
        const int height = std::countr_zero(size);
        places.push_back({height, range.begin >> height});
        range.begin += size;
    }
    return places;
}

/// The root over subtrees that follow each other, each larger than all that follow it.
Hash fold_from_right(std::span<const Hash> hashes) {
    Hash root = hashes.back();
    for (std::size_t i = hashes.size() - 1; i-- > 0;) root = node_hash(hashes[i], root);
    return root;
}

Result<std::vector<Hash>> roots_of(std::span<const LeafRange> ranges, const ReadHashes& read) {
    std::vector<SubtreePlace> wanted;
    std::vector<std::size_t> counts;
    for (const LeafRange& range : ranges) {
        const auto places = places_of(range);
        counts.push_back(places.size());
        wanted.insert(wanted.end(), places.begin(), places.end());
    }
    if (wanted.empty()) return std::vector<Hash>{};
    KAIGONG_TRY(hashes, read(wanted));
    if (hashes.size() != wanted.size()) throw std::logic_error("a reader of hashes gave another number than asked");
    std::vector<Hash> roots;
    std::size_t at = 0;
    for (const std::size_t count : counts) {
        roots.push_back(fold_from_right(std::span(hashes).subspan(at, count)));
        at += count;
    }
    return roots;
}

std::vector<LeafRange> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
    std::vector<LeafRange> down;
    LeafRange tree{0, size};
    while (tree.end - tree.begin > 1) {
        const std::uint64_t cut = tree.begin + cut_of(tree.end - tree.begin);
        if (index < cut) {
            down.push_back({cut, tree.end});
            tree.end = cut;
        } else {
            down.push_back({tree.begin, cut});
            tree.begin = cut;
        }
    }
    std::ranges::reverse(down);
    return down;
}

/// RFC 6962 §2.1.2: down to the subtree in which the old tree ends; that one is left out where it is the old tree.
std::vector<LeafRange> consistency_ranges(std::uint64_t old_size, std::uint64_t size) {
    std::vector<LeafRange> down;
    LeafRange tree{0, size};
    while (tree.end != old_size) {
        const std::uint64_t cut = tree.begin + cut_of(tree.end - tree.begin);
        if (old_size <= cut) {
            down.push_back({cut, tree.end});
            tree.end = cut;
        } else {
            down.push_back({tree.begin, cut});
            tree.begin = cut;
        }
    }
    if (tree.begin != 0) down.push_back(tree);
    std::ranges::reverse(down);
    return down;
}

Error index_out_of_range() {
    return error(Errc::invalid_input, "tlog.index_out_of_range", "条目序号超出日志的大小，请核对序号和检查点。");
}

Error sizes_out_of_order() {
    return error(Errc::invalid_input, "tlog.sizes_out_of_order",
                 "旧检查点的大小超过新检查点，请核对两个检查点的先后。");
}

Error proof_length_wrong() {
    return error(Errc::invalid_input, "tlog.proof_length_wrong",
                 "证明的哈希个数与日志大小不符，请重新获取完整的证明。");
}

Error proof_wrong() {
    return error(Errc::invalid_input, "tlog.proof_wrong",
                 "证明与检查点的根哈希不符，内容可能被改动，请向发证机关核实。");
}

/// How a path runs up a tree: below `inner` it may turn either way, above it only joins what is to the left.
struct PathShape {
    unsigned inner = 0;
    unsigned border = 0;
};

/// Of the node `index` of a row that ends with node `last`.
PathShape shape_of(std::uint64_t index, std::uint64_t last) {
    const auto inner = static_cast<unsigned>(std::bit_width(index ^ last));
    const std::uint64_t above = inner < 64 ? index >> inner : 0;
    return {inner, static_cast<unsigned>(std::popcount(above))};
}

}  // namespace

Result<Hash> root_at(std::uint64_t size, const ReadHashes& read) {
    if (size == 0) return empty_root();
    const LeafRange all{0, size};
    KAIGONG_TRY(roots, roots_of({&all, 1}, read));
    return roots.front();
}

Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const ReadHashes& read) {
    if (index >= size) return index_out_of_range();
    return roots_of(inclusion_ranges(index, size), read);
}

Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size, const ReadHashes& read) {
    if (old_size > size) return sizes_out_of_order();
    if (old_size == 0) return std::vector<Hash>{};
    return roots_of(consistency_ranges(old_size, size), read);
}

Result<void> verify_inclusion(const Hash& leaf, std::uint64_t index, const TreeHead& tree,
                              std::span<const Hash> proof) {
    if (index >= tree.size) return index_out_of_range();
    const PathShape shape = shape_of(index, tree.size - 1);
    if (proof.size() != shape.inner + shape.border) return proof_length_wrong();
    Hash root = leaf;
    for (unsigned i = 0; i < proof.size(); ++i) {
        const bool from_left = i >= shape.inner || ((index >> i) & 1) != 0;
        root = from_left ? node_hash(proof[i], root) : node_hash(root, proof[i]);
    }
    if (root != tree.root) return proof_wrong();
    return {};
}

Result<void> verify_consistency(const TreeHead& old_tree, const TreeHead& tree, std::span<const Hash> proof) {
    if (old_tree.size > tree.size) return sizes_out_of_order();
    if (old_tree.size == 0 || old_tree.size == tree.size) {
        if (!proof.empty()) return proof_length_wrong();
        const Hash expected = old_tree.size == 0 ? empty_root() : tree.root;
        const bool empty_differs = tree.size == 0 && tree.root != empty_root();
        if (old_tree.root != expected || empty_differs) return proof_wrong();
        return {};
    }
    // Both roots grow from the last complete subtree of the old tree. It is the old tree itself, and then not in the
    // proof, where the old size is a power of two.
    const int height = std::countr_zero(old_tree.size);
    const std::uint64_t index = (old_tree.size - 1) >> height;
    const PathShape shape = shape_of(index, (tree.size - 1) >> height);
    const bool old_is_complete = std::has_single_bit(old_tree.size);
    if (proof.size() != shape.inner + shape.border + (old_is_complete ? 0 : 1)) return proof_length_wrong();
    Hash old_root = old_is_complete ? old_tree.root : proof.front();
    Hash root = old_root;
    const auto path = proof.subspan(old_is_complete ? 0 : 1);
    for (unsigned i = 0; i < path.size(); ++i) {
        const bool from_left = i >= shape.inner || ((index >> i) & 1) != 0;
        if (from_left) old_root = node_hash(path[i], old_root);
        root = from_left ? node_hash(path[i], root) : node_hash(root, path[i]);
    }
    if (old_root != old_tree.root || root != tree.root) return proof_wrong();
    return {};
}

}  // namespace kaigong::tlog
