#include "engine/tlog/tree.hpp"

#include "crypto/encoding.hpp"
#include "engine/tlog/lines.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

TEST_CASE("the empty tree has the hash of nothing as its root") {
    CHECK(crypto::to_hex(Edge().root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(TreeHead{} == Edge().head());
}

TEST_CASE("leaves and nodes of the same bytes have different hashes") {
    const Hash left = leaf_hash("a");
    const Hash right = leaf_hash("b");
    CHECK(node_hash(left, right) != leaf_hash(crypto::to_text(left) + crypto::to_text(right)));
    CHECK(node_hash(left, right) != node_hash(right, left));
}

TEST_CASE("the root over 2^h hashes is that of the tree, and of another count there is none") {
    const SampleTree tree(64);
    for (const std::size_t count : {1U, 2U, 4U, 8U, 32U, 64U}) {
        const auto leaves = std::span(tree.leaves()).first(count);
        CHECK(complete_root(leaves) == defined_root(leaves));
    }
    CHECK_THROWS(complete_root(std::span(tree.leaves()).first(3)));
    CHECK_THROWS(complete_root({}));
}

TEST_CASE("the edge has the root of RFC 6962 at every size, by ones and by many") {
    const SampleTree tree(300);
    Edge by_ones;
    for (std::uint64_t size = 0; size <= tree.leaves().size(); ++size) {
        CAPTURE(size);
        CHECK(by_ones.head() == tree.head_at(size));
        if (size < tree.leaves().size()) by_ones.append(tree.leaves()[size]);
    }
    Edge by_many;
    for (std::size_t first = 0, count = 1; first < 300; first += count, count = count * 2 % 37) {
        count = std::min<std::size_t>(count, 300 - first);
        (void)by_many.append(std::span(tree.leaves()).subspan(first, count));
    }
    CHECK(by_many == by_ones);
}

TEST_CASE("an append names the subtrees it completes, each with its root") {
    Edge edge;
    const SampleTree tree(8);
    CHECK(edge.append(std::span(tree.leaves()).first(7)).size() == 7 + 3 + 1);
    const auto completed = edge.append(std::span(tree.leaves()).last(1));
    REQUIRE(completed.size() == 4);
    CHECK(completed[0] == Subtree{{0, 7}, tree.leaves()[7]});
    CHECK(completed[1].place == SubtreePlace{1, 3});
    CHECK(completed[2].place == SubtreePlace{2, 1});
    CHECK(completed[3] == Subtree{{3, 0}, defined_root(tree.leaves())});
    CHECK(completed[2].hash == defined_root(std::span(tree.leaves()).last(4)));
}

TEST_CASE("an edge comes back from its text and goes on") {
    const SampleTree tree(200);
    Edge edge;
    for (const Hash& leaf : tree.leaves()) {
        const auto back = Edge::parse(edge.to_text());
        REQUIRE(back.has_value());
        CHECK(*back == edge);
        edge = *back;
        edge.append(leaf);
    }
    CHECK(edge == tree.edge());
    CHECK(Edge().to_text() == "tlog-edge 1\n0\n");
}

TEST_CASE("a text that is no edge is refused") {
    const std::string hash = hash_text(leaf_hash("a")) + "\n";
    REQUIRE(Edge::parse("tlog-edge 1\n3\n" + hash + hash).has_value());
    for (const std::string& text :
         {std::string(), std::string("tlog-edge 1\n"), "tlog-edge 2\n1\n" + hash, std::string("tlog-edge 1\n1\n"),
          "tlog-edge 1\n3\n" + hash, "tlog-edge 1\n1\n" + hash + hash, "tlog-edge 1\n01\n" + hash,
          "tlog-edge 1\n-1\n" + hash, "tlog-edge 1\n1 \n" + hash, "tlog-edge 1\n1\n" + hash.substr(0, 44),
          "tlog-edge 1\n1\n=" + hash, std::string("tlog-edge 1\n9223372036854775808\n")}) {
        CAPTURE(text);
        const auto edge = Edge::parse(text);
        REQUIRE(!edge.has_value());
        CHECK(edge.error().reason == "tlog.edge_malformed");
    }
}

TEST_CASE("numbers are read in one spelling only") {
    CHECK(parse_number("0") == 0);
    CHECK(parse_number("20852163") == 20'852'163);
    CHECK(parse_number("9223372036854775807") == kNumberMax);
    for (const auto* text :
         {"", "00", "01", "+1", "-0", " 1", "1 ", "1e3", "0x1", "9223372036854775808", "18446744073709551616", "１"}) {
        CAPTURE(text);
        CHECK(!parse_number(text));
    }
}
