// The public vectors of small trees: roots, every inclusion proof, every consistency proof.
#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kaigong;
using namespace kaigong::tlog;
namespace json = boost::json;

namespace {

const std::filesystem::path kVectors =
    std::filesystem::path(KAIGONG_SOURCE_DIR) / "../shared/conformance/merkle/rfc6962_small.json";

std::optional<json::object> vectors() {
    if (!std::filesystem::exists(kVectors)) {
        MESSAGE("skipped: ../shared/conformance/merkle is not here");
        CHECK(std::getenv("CI") == nullptr);
        return std::nullopt;
    }
    std::ostringstream text;
    text << std::ifstream(kVectors, std::ios::binary).rdbuf();
    return parse_json(text.str())->as_object();
}

Hash hash_of(const json::value& hex) {
    Hash hash{};
    std::ranges::copy(*crypto::from_hex(hex.as_string()), hash.begin());
    return hash;
}

std::vector<Hash> hashes_of(const json::value& list) {
    std::vector<Hash> hashes;
    for (const auto& hex : list.as_array()) hashes.push_back(hash_of(hex));
    return hashes;
}

struct SmallTrees {
    std::vector<Hash> leaves;
    std::vector<Hash> roots;
    std::map<SubtreePlace, Hash> subtrees;

    explicit SmallTrees(const json::object& vectors) : roots(hashes_of(vectors.at("roots_by_size"))) {
        for (const auto& hex : vectors.at("leaf_inputs_hex").as_array()) {
            leaves.push_back(leaf_hash(*crypto::from_hex(hex.as_string())));
        }
        Edge edge;
        for (const Subtree& one : edge.append(leaves)) subtrees.emplace(one.place, one.hash);
    }

    ReadHashes reader() const {
        return [this](std::span<const SubtreePlace> places) -> Result<std::vector<Hash>> {
            std::vector<Hash> hashes;
            for (const SubtreePlace& place : places) hashes.push_back(subtrees.at(place));
            return hashes;
        };
    }
    TreeHead head(std::uint64_t size) const { return {size, roots.at(size)}; }
};

}  // namespace

TEST_CASE("leaves and roots are those of the RFC 6962 vectors") {
    const auto given = vectors();
    if (!given) return;
    const SmallTrees trees(*given);
    CHECK(trees.leaves == hashes_of(given->at("leaf_hashes")));
    REQUIRE(trees.roots.size() == trees.leaves.size() + 1);
    Edge edge;
    for (std::size_t size = 0; size < trees.roots.size(); ++size) {
        CAPTURE(size);
        CHECK(edge.root() == trees.roots[size]);
        CHECK(*root_at(size, trees.reader()) == trees.roots[size]);
        if (size < trees.leaves.size()) edge.append(trees.leaves[size]);
    }
}

TEST_CASE("inclusion proofs are those of the RFC 6962 vectors, and verify") {
    const auto given = vectors();
    if (!given) return;
    const SmallTrees trees(*given);
    const auto& cases = given->at("inclusion").as_array();
    CHECK(cases.size() == 36);
    for (const auto& one : cases) {
        const auto size = one.at("size").to_number<std::uint64_t>();
        const auto index = one.at("index").to_number<std::uint64_t>();
        CAPTURE(size);
        CAPTURE(index);
        const auto proof = hashes_of(one.at("proof"));
        CHECK(*prove_inclusion(index, size, trees.reader()) == proof);
        CHECK(verify_inclusion(trees.leaves[index], index, trees.head(size), proof).has_value());
    }
}

TEST_CASE("consistency proofs are those of the RFC 6962 vectors, and verify") {
    const auto given = vectors();
    if (!given) return;
    const SmallTrees trees(*given);
    const auto& cases = given->at("consistency").as_array();
    CHECK(cases.size() == 28);
    for (const auto& one : cases) {
        const auto old_size = one.at("size1").to_number<std::uint64_t>();
        const auto size = one.at("size2").to_number<std::uint64_t>();
        CAPTURE(old_size);
        CAPTURE(size);
        const auto proof = hashes_of(one.at("proof"));
        CHECK(*prove_consistency(old_size, size, trees.reader()) == proof);
        CHECK(verify_consistency(trees.head(old_size), trees.head(size), proof).has_value());
    }
}
