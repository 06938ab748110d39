#include "engine/tlog/checkpoint.hpp"

#include "crypto/encoding.hpp"
#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

// The example of C2SP tlog-checkpoint and tlog-cosignature. Its keys are not published.
constexpr std::string_view kExampleText =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const std::string kExample = std::string(kExampleText) +
                             "\n\u2014 example.com/behind-the-sofa "
                             "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
                             "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
                             "\u2014 witness.example.com/w1 "
                             "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0"
                             "xUe+mbIUBkBIfZ+qnA==\n";

SignerKey key_of(const std::string& name, char seed, SignatureType type = SignatureType::ed25519) {
    return *SignerKey::from_seed(name, type, crypto::view(std::string(32, seed)));
}

const Checkpoint kCheckpoint{"a.example/permits", {3, leaf_hash("root")}, {}};

struct Signed {
    SignerKey log = key_of("a.example/permits", 1);
    SignerKey witness = key_of("w.example", 2, SignatureType::cosignature);
    SignerKey second = key_of("v.example", 3, SignatureType::cosignature);
    std::string bytes = sign_checkpoint(kCheckpoint, log) +
                        signature_line(cosign(witness, kCheckpoint.to_text(), 1'679'315'147)) +
                        signature_line(cosign(second, kCheckpoint.to_text(), 1'679'315'150));

    LogKeys trusted() const { return {"a.example/permits", {log.verifier()}}; }
};

std::string reason(const Result<OpenedCheckpoint>& opened) {
    return opened ? "" : opened.error().reason;
}

}  // namespace

TEST_CASE("the example of the specification is read and written byte for byte") {
    const auto note = parse_note(kExample);
    REQUIRE(note.has_value());
    CHECK(note_text(*note) == kExample);
    CHECK(note->text == kExampleText);
    const auto checkpoint = Checkpoint::parse(note->text);
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->origin == "example.com/behind-the-sofa");
    CHECK(checkpoint->tree.size == 20'852'163);
    CHECK(crypto::to_hex(checkpoint->tree.root) == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62");
    CHECK(checkpoint->extensions.empty());
    CHECK(checkpoint->to_text() == kExampleText);
    // The time that the specification prints for this cosignature.
    REQUIRE(note->signatures.at(1).signature.size() == 72);
    CHECK(crypto::to_hex(crypto::BytesView(note->signatures[1].signature).first(8)) == "00000000641850cb");
    CHECK(cosignature_message(note->text, 0x641850cb) == "cosignature/v1\ntime 1679315147\n" + note->text);
}

TEST_CASE("extension lines are kept") {
    const std::string text = fmt::format("{}one\ntwo \n", kExampleText);
    const auto checkpoint = Checkpoint::parse(text);
    REQUIRE(checkpoint.has_value());
    CHECK(checkpoint->extensions == std::vector<std::string>{"one", "two "});
    CHECK(checkpoint->to_text() == text);
}

TEST_CASE("a text that is no checkpoint is refused") {
    const std::string root = hash_text(leaf_hash("a"));
    for (const std::string& text :
         {std::string(), std::string("a\n"), std::string("a\n1\n"), "a\n1\n" + root, "\n1\n" + root + "\n",
          "a\n01\n" + root + "\n", "a\n-1\n" + root + "\n", "a\n\n" + root + "\n", "a\n1\n" + root + "=\n",
          "a\n1\n" + root.substr(4) + "\n", "a\n1\n" + root + " \n", "a\n1\n" + root + "\n\n",
          "a\n1\n" + root + "\n\nx\n", "a\n1\n" + root + "\nx", "a\n9223372036854775808\n" + root + "\n"}) {
        CAPTURE(text);
        REQUIRE(!Checkpoint::parse(text).has_value());
        CHECK(Checkpoint::parse(text).error().reason == "tlog.checkpoint_malformed");
    }
}

TEST_CASE("what no checkpoint can say is a bug of the caller") {
    CHECK_THROWS((void)Checkpoint{"", {}, {}}.to_text());
    CHECK_THROWS((void)Checkpoint{"a\nb", {}, {}}.to_text());
    CHECK_THROWS((void)Checkpoint{"a", {}, {""}}.to_text());
    CHECK_THROWS((void)Checkpoint{"a", {std::uint64_t{1} << 63, {}}, {}}.to_text());
}

TEST_CASE("a checkpoint opens for its log, and names its witnesses with their times") {
    const Signed one;
    const auto opened = open_checkpoint(one.bytes, one.trusted(), std::vector{one.second.verifier()});
    REQUIRE(opened.has_value());
    CHECK(opened->checkpoint == kCheckpoint);
    CHECK(opened->cosignatures == std::vector{VerifiedSignature{one.second.verifier(), 1'679'315'150}});
    CHECK(open_checkpoint(one.bytes, one.trusted())->cosignatures.empty());
    const auto both =
        open_checkpoint(one.bytes, one.trusted(), std::vector{one.second.verifier(), one.witness.verifier()});
    REQUIRE(both.has_value());
    CHECK(both->cosignatures.size() == 2);
    CHECK(both->cosignatures.front().timestamp_s == 1'679'315'147);
}

TEST_CASE("a checkpoint of another log, or one the log did not sign, does not open") {
    const Signed one;
    CHECK(reason(open_checkpoint(one.bytes, {"a.example/audit", {one.log.verifier()}})) == "tlog.log_unknown");
    CHECK(reason(open_checkpoint(one.bytes, {"a.example/permits", {key_of("a.example/permits", 9).verifier()}})) ==
          "tlog.signature_missing");
    CHECK(reason(open_checkpoint(one.bytes, {"a.example/permits", {}}, std::vector{one.witness.verifier()})) ==
          "tlog.signature_missing");
}

TEST_CASE("the log is no witness of itself") {
    const Signed one;
    const auto opened = open_checkpoint(one.bytes, one.trusted(), std::vector{one.log.verifier()});
    REQUIRE(opened.has_value());
    CHECK(opened->cosignatures.empty());
}

TEST_CASE("a wrong cosignature of a known witness spoils the checkpoint, of an unknown one it does not") {
    const Signed one;
    const std::string bytes = sign_checkpoint(kCheckpoint, one.log) + signature_line(cosign(one.witness, "other\n", 5));
    CHECK(reason(open_checkpoint(bytes, one.trusted(), std::vector{one.witness.verifier()})) == "tlog.signature_wrong");
    CHECK(reason(open_checkpoint(bytes, one.trusted(), std::vector{one.second.verifier()})).empty());
}

TEST_CASE("no bit of a checkpoint with two cosignatures can be turned over") {
    const Signed one;
    const std::vector witnesses{one.witness.verifier(), one.second.verifier()};
    REQUIRE(open_checkpoint(one.bytes, one.trusted(), witnesses)->cosignatures.size() == 2);
    for (std::size_t bit = 0; bit < one.bytes.size() * 8; ++bit) {
        const auto opened = open_checkpoint(with_bit_flipped(one.bytes, bit), one.trusted(), witnesses);
        if (opened && opened->cosignatures.size() == 2) FAIL_CHECK("bit ", bit, " does not matter");
    }
}

TEST_CASE("a cosignature is bound to its time and its text") {
    const Signed one;
    const std::string text = kCheckpoint.to_text();
    const auto line = cosign(one.witness, text, 5);
    const auto& key = one.witness.verifier().key;
    CHECK(verify_cosignature(key, text, line.signature) == 5);
    CHECK(!verify_cosignature(key, text + "x\n", line.signature));
    CHECK(!verify_cosignature(key, text, crypto::BytesView(line.signature).first(71)));
    CHECK(!verify_cosignature(key, text, {}));
    for (std::size_t bit = 0; bit < line.signature.size() * 8; ++bit) {
        if (verify_cosignature(key, text, with_bit_flipped(line.signature, bit))) FAIL_CHECK("bit ", bit);
    }
    CHECK_THROWS(cosign(one.witness, text, 0));
    CHECK_THROWS(cosign(one.witness, text, std::uint64_t{1} << 63));
}
