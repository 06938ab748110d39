#include "engine/tlog/inclusion_text.hpp"

#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

constexpr std::uint64_t kSize = 70;
constexpr std::uint64_t kIndex = 41;

struct Sample {
    SignerKey log =
        *SignerKey::from_seed("a.example/permits", SignatureType::ed25519, crypto::view(std::string(32, 1)));
    SampleTree tree{kSize};
    InclusionText inclusion{std::nullopt, kIndex, *prove_inclusion(kIndex, kSize, tree.reader()),
                            sign_checkpoint({"a.example/permits", tree.edge().head(), {}}, log)};

    LogKeys trusted() const { return {"a.example/permits", {log.verifier()}}; }
    Hash leaf() const { return tree.leaves()[kIndex]; }
};

/// What is wrong with a text as a proof of the sample's leaf.
std::string reason(const Sample& sample, const std::string& text) {
    const auto parsed = InclusionText::parse(text);
    if (!parsed) return parsed.error().reason;
    const auto opened = verify_inclusion_text(*parsed, sample.leaf(), sample.trusted());
    return opened ? "" : opened.error().reason;
}

}  // namespace

TEST_CASE("a proof comes back from its text and verifies") {
    Sample sample;
    for (const auto& extra :
         {std::optional<crypto::Bytes>(), std::optional(crypto::Bytes{}), std::optional(crypto::Bytes{0, 1, 255})}) {
        sample.inclusion.extra = extra;
        const auto parsed = InclusionText::parse(sample.inclusion.to_text());
        REQUIRE(parsed.has_value());
        CHECK(*parsed == sample.inclusion);
        const auto opened = verify_inclusion_text(*parsed, sample.leaf(), sample.trusted());
        REQUIRE(opened.has_value());
        CHECK(opened->checkpoint.tree.size == kSize);
    }
}

TEST_CASE("the only entry of a log has a proof without lines") {
    const Sample sample;
    const SampleTree tree(1);
    const InclusionText alone{
        std::nullopt, 0, {}, sign_checkpoint({"a.example/permits", tree.edge().head(), {}}, sample.log)};
    CHECK(alone.to_text().starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\na.example/permits\n1\n"));
    CHECK(*InclusionText::parse(alone.to_text()) == alone);
    CHECK(verify_inclusion_text(alone, tree.leaves()[0], sample.trusted()).has_value());
}

TEST_CASE("no bit of a proof can be turned over") {
    const Sample sample;
    const std::string text = sample.inclusion.to_text();
    REQUIRE(reason(sample, text).empty());
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        if (reason(sample, with_bit_flipped(text, bit)).empty()) FAIL_CHECK("bit ", bit, " does not matter");
    }
}

TEST_CASE("a proof of another entry, of another log or without a checkpoint is told apart") {
    const Sample sample;
    CHECK(verify_inclusion_text(sample.inclusion, leaf_hash("x"), sample.trusted()).error().reason ==
          "tlog.proof_wrong");
    CHECK(
        verify_inclusion_text(sample.inclusion, sample.leaf(), {"b.example", {sample.log.verifier()}}).error().reason ==
        "tlog.log_unknown");
    InclusionText far = sample.inclusion;
    far.index = kSize;
    CHECK(reason(sample, far.to_text()) == "tlog.index_out_of_range");
    far.index = kIndex;
    far.proof.pop_back();
    CHECK(reason(sample, far.to_text()) == "tlog.proof_length_wrong");
    far.checkpoint = "x\n";
    CHECK(reason(sample, far.to_text()) == "tlog.note_malformed");
}

TEST_CASE("a text that is no proof is refused") {
    const Sample sample;
    const std::string rest = "\n" + sample.inclusion.checkpoint;
    const std::string head = "c2sp.org/tlog-proof@v1\n";
    const std::string hash = hash_text(leaf_hash("a")) + "\n";
    const auto many = [&](std::size_t count) {
        std::string lines;
        for (std::size_t i = 0; i < count; ++i) lines += hash;
        return lines;
    };
    REQUIRE(InclusionText::parse(head + "index 0\n" + many(63) + rest).has_value());
    for (const std::string& text : {std::string(),
                                    head,
                                    head + rest,
                                    "c2sp.org/tlog-proof@v2\nindex 0\n" + rest,
                                    "index 0\n" + rest,
                                    head + "index 00\n" + rest,
                                    head + "index  0\n" + rest,
                                    head + "index -1\n" + rest,
                                    head + "index\n" + rest,
                                    head + "Index 0\n" + rest,
                                    head + "extra A\nindex 0\n" + rest,
                                    head + "extra AAAA\n" + rest,
                                    head + "extra\nindex 0\n" + rest,
                                    head + "index 0\nextra AAAA\n" + rest,
                                    head + "extra AAAA\nextra AAAA\nindex 0\n" + rest,
                                    head + "index 0\nAAAA\n" + rest,
                                    head + "index 0\n" + many(64) + rest,
                                    head + "index 0\n" + hash,
                                    head + "index 0\r\n" + rest,
                                    std::string(kNoteBytesMax + 1, 'x')}) {
        CAPTURE(text.substr(0, 200));
        const auto parsed = InclusionText::parse(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().reason == "tlog.inclusion_malformed");
    }
}
