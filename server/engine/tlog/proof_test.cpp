#include "engine/tlog/proof.hpp"

#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>
#include <random>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

/// PATH of RFC 6962 §2.1.1, word for word.
std::vector<Hash> defined_path(std::uint64_t index, std::span<const Hash> leaves) {
    if (leaves.size() <= 1) return {};
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    const bool left = index < cut;
    auto path = left ? defined_path(index, leaves.first(cut)) : defined_path(index - cut, leaves.subspan(cut));
    path.push_back(defined_root(left ? leaves.subspan(cut) : leaves.first(cut)));
    return path;
}

/// SUBPROOF of RFC 6962 §2.1.2, word for word.
std::vector<Hash> defined_subproof(std::uint64_t old_size, std::span<const Hash> leaves, bool whole) {
    if (old_size == leaves.size()) return whole ? std::vector<Hash>{} : std::vector{defined_root(leaves)};
    const std::size_t cut = std::bit_floor(leaves.size() - 1);
    const bool left = old_size <= cut;
    auto proof = left ? defined_subproof(old_size, leaves.first(cut), whole)
                      : defined_subproof(old_size - cut, leaves.subspan(cut), false);
    proof.push_back(defined_root(left ? leaves.subspan(cut) : leaves.first(cut)));
    return proof;
}

std::string reason(const Result<void>& result) {
    return result ? "" : result.error().reason;
}

}  // namespace

TEST_CASE("every leaf of every small tree has the proof of RFC 6962, which verifies") {
    const SampleTree tree(70);
    for (std::uint64_t size = 1; size <= 70; ++size) {
        const TreeHead head = tree.head_at(size);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = prove_inclusion(index, size, tree.reader());
            REQUIRE(proof.has_value());
            const bool as_defined = *proof == defined_path(index, std::span(tree.leaves()).first(size));
            const bool verified = verify_inclusion(tree.leaves()[index], index, head, *proof).has_value();
            if (!as_defined || !verified) FAIL_CHECK("index ", index, " of ", size);
        }
    }
}

TEST_CASE("every pair of small sizes has the proof of RFC 6962, which verifies") {
    const SampleTree tree(70);
    for (std::uint64_t size = 1; size <= 70; ++size) {
        for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
            const auto proof = prove_consistency(old_size, size, tree.reader());
            REQUIRE(proof.has_value());
            const bool as_defined = *proof == defined_subproof(old_size, std::span(tree.leaves()).first(size), true);
            const bool verified = verify_consistency(tree.head_at(old_size), tree.head_at(size), *proof).has_value();
            if (!as_defined || !verified) FAIL_CHECK("from ", old_size, " to ", size);
        }
    }
}

TEST_CASE("proofs of random trees of thousands of leaves verify, and ask for few hashes") {
    const SampleTree tree(5'000);
    std::mt19937_64 random(20'261'129);
    for (int round = 0; round < 300; ++round) {
        const std::uint64_t size = 1 + random() % 5'000;
        const std::uint64_t index = random() % size;
        const std::uint64_t old_size = 1 + random() % size;
        CAPTURE(size);
        CAPTURE(index);
        CAPTURE(old_size);
        const auto root = root_at(size, tree.reader());
        const auto old_root = root_at(old_size, tree.reader());
        REQUIRE(root.has_value());
        REQUIRE(old_root.has_value());
        (void)tree.take_asked();
        const auto inclusion = prove_inclusion(index, size, tree.reader());
        CHECK(tree.take_asked() <= 26);
        const auto consistency = prove_consistency(old_size, size, tree.reader());
        CHECK(tree.take_asked() <= 26);
        CHECK(verify_inclusion(tree.leaves()[index], index, {size, *root}, *inclusion).has_value());
        CHECK(verify_consistency({old_size, *old_root}, {size, *root}, *consistency).has_value());
    }
    CHECK(*root_at(5'000, tree.reader()) == tree.edge().root());
}

TEST_CASE("an inclusion proof with one bit turned over fails") {
    const SampleTree tree(23);
    const TreeHead head = tree.head_at(23);
    for (const std::uint64_t index : {0U, 7U, 16U, 21U, 22U}) {
        const auto proof = *prove_inclusion(index, 23, tree.reader());
        const Hash& leaf = tree.leaves()[index];
        for (std::size_t at = 0; at < proof.size(); ++at) {
            for (std::size_t bit = 0; bit < 256; bit += 5) {
                auto changed = proof;
                changed[at] = with_bit_flipped(proof[at], bit);
                CHECK(reason(verify_inclusion(leaf, index, head, changed)) == "tlog.proof_wrong");
            }
        }
        for (std::size_t bit = 0; bit < 256; ++bit) {
            const TreeHead other{23, with_bit_flipped(head.root, bit)};
            CHECK(reason(verify_inclusion(with_bit_flipped(leaf, bit), index, head, proof)) == "tlog.proof_wrong");
            CHECK(reason(verify_inclusion(leaf, index, other, proof)) == "tlog.proof_wrong");
        }
    }
}

TEST_CASE("an inclusion proof says one index and one length") {
    const SampleTree tree(23);
    const TreeHead head = tree.head_at(23);
    const auto proof = *prove_inclusion(9, 23, tree.reader());
    for (std::uint64_t index = 0; index < 30; ++index) {
        CHECK(verify_inclusion(tree.leaves()[9], index, head, proof).has_value() == (index == 9));
    }
    CHECK(reason(verify_inclusion(tree.leaves()[9], 23, head, proof)) == "tlog.index_out_of_range");
    CHECK(reason(verify_inclusion(tree.leaves()[9], 9, {0, head.root}, {})) == "tlog.index_out_of_range");
    const auto shorter = std::span(proof).first(proof.size() - 1);
    CHECK(reason(verify_inclusion(tree.leaves()[9], 9, head, shorter)) == "tlog.proof_length_wrong");
    auto longer = proof;
    longer.push_back(head.root);
    CHECK(reason(verify_inclusion(tree.leaves()[9], 9, head, longer)) == "tlog.proof_length_wrong");
    CHECK(prove_inclusion(23, 23, tree.reader()).error().reason == "tlog.index_out_of_range");
}

TEST_CASE("a consistency proof with one bit turned over fails") {
    const SampleTree tree(23);
    const TreeHead head = tree.head_at(23);
    for (const std::uint64_t old_size : {1U, 6U, 8U, 16U, 19U, 22U}) {
        const TreeHead old_head = tree.head_at(old_size);
        const auto proof = *prove_consistency(old_size, 23, tree.reader());
        for (std::size_t at = 0; at < proof.size(); ++at) {
            for (std::size_t bit = 0; bit < 256; bit += 5) {
                auto changed = proof;
                changed[at] = with_bit_flipped(proof[at], bit);
                CHECK(reason(verify_consistency(old_head, head, changed)) == "tlog.proof_wrong");
            }
        }
        for (std::size_t bit = 0; bit < 256; ++bit) {
            const TreeHead other_old{old_size, with_bit_flipped(old_head.root, bit)};
            const TreeHead other{23, with_bit_flipped(head.root, bit)};
            CHECK(reason(verify_consistency(other_old, head, proof)) == "tlog.proof_wrong");
            CHECK(reason(verify_consistency(old_head, other, proof)) == "tlog.proof_wrong");
        }
        auto longer = proof;
        longer.push_back(head.root);
        CHECK(reason(verify_consistency(old_head, head, longer)) == "tlog.proof_length_wrong");
        CHECK(reason(verify_consistency(old_head, head, {})) == "tlog.proof_length_wrong");
    }
}

TEST_CASE("from nothing and between equal sizes the proof is empty, and the roots have to fit") {
    const SampleTree tree(5);
    const TreeHead head = tree.head_at(5);
    const std::vector<Hash> one{head.root};
    CHECK(prove_consistency(0, 5, tree.reader())->empty());
    CHECK(prove_consistency(5, 5, tree.reader())->empty());
    CHECK(prove_consistency(5, 4, tree.reader()).error().reason == "tlog.sizes_out_of_order");
    CHECK(verify_consistency({}, head, {}).has_value());
    CHECK(verify_consistency({}, {}, {}).has_value());
    CHECK(verify_consistency(head, head, {}).has_value());
    CHECK(reason(verify_consistency({}, head, one)) == "tlog.proof_length_wrong");
    CHECK(reason(verify_consistency(head, head, one)) == "tlog.proof_length_wrong");
    CHECK(reason(verify_consistency({0, head.root}, head, {})) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency({}, {0, head.root}, {})) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency({0, head.root}, {0, head.root}, {})) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency({5, leaf_hash("x")}, head, {})) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency(head, tree.head_at(4), {})) == "tlog.sizes_out_of_order");
}

TEST_CASE("an error of the reader is handed on") {
    const ReadHashes broken = [](std::span<const SubtreePlace>) -> Result<std::vector<Hash>> {
        return error(Errc::unavailable, "test.broken", "");
    };
    CHECK(prove_inclusion(0, 2, broken).error().reason == "test.broken");
    CHECK(prove_consistency(1, 2, broken).error().reason == "test.broken");
    CHECK(root_at(1, broken).error().reason == "test.broken");
    CHECK(root_at(0, broken).has_value());
}

TEST_CASE("sizes at the end of the range cannot loop or wrap") {
    const Hash any = leaf_hash("a");
    constexpr std::uint64_t kLast = 0x7FFF'FFFF'FFFF'FFFF;
    CHECK(reason(verify_inclusion(any, kLast - 1, {kLast, any}, std::vector<Hash>(63, any))) ==
          "tlog.proof_length_wrong");
    CHECK(reason(verify_inclusion(any, 0, {kLast, any}, std::vector<Hash>(63, any))) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency({kLast - 1, any}, {kLast, any}, std::vector<Hash>(63, any))) == "tlog.proof_wrong");
    CHECK(reason(verify_consistency({1, any}, {~std::uint64_t{0}, any}, std::vector<Hash>(64, any))) ==
          "tlog.proof_wrong");
}
