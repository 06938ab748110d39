#include "engine/tlog/witness.hpp"

#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

constexpr std::string_view kOrigin = "a.example/permits";
constexpr std::uint64_t kNowS = 1'796'200'000;

SignerKey key_of(const std::string& name, char seed, SignatureType type) {
    return *SignerKey::from_seed(name, type, crypto::view(std::string(32, seed)));
}

/// One witness and the log that it knows, at 20 of 100 entries.
struct Scene {
    SignerKey log = key_of(std::string(kOrigin), 1, SignatureType::ed25519);
    std::array<SignerKey, 1> signers{key_of("w.example", 2, SignatureType::cosignature)};
    SampleTree tree{100};
    WitnessedLog known{{std::string(kOrigin), {log.verifier()}}, tree.head_at(20)};

    AddCheckpoint request(std::uint64_t old_size, std::uint64_t size) const {
        std::vector<Hash> proof;
        if (old_size <= size) proof = *prove_consistency(old_size, size, tree.reader());
        return {old_size, proof, sign_checkpoint({std::string(kOrigin), tree.head_at(size), {}}, log)};
    }
    WitnessAnswer answer(const std::string& body) const {
        const FindLog find = [this](std::string_view origin) { return origin == kOrigin ? &known : nullptr; };
        return answer_add_checkpoint(body, find, signers, kNowS);
    }
    WitnessAnswer answer(const AddCheckpoint& request) const { return answer(request.to_text()); }
    std::vector<VerifierKey> witnesses() const { return {signers[0].verifier()}; }
};

}  // namespace

TEST_CASE("a request comes back from its text") {
    const Scene scene;
    for (const auto& request : {scene.request(0, 5), scene.request(20, 100), scene.request(64, 64)}) {
        const auto parsed = AddCheckpoint::parse(request.to_text());
        REQUIRE(parsed.has_value());
        CHECK(*parsed == request);
    }
}

TEST_CASE("the example request of the specification is read") {
    const std::string body =
        "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
        "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\n"
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "\u2014 example.com/behind-the-sofa "
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        "\u2014 example.com/behind-the-sofa "
        "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
    const auto parsed = AddCheckpoint::parse(body);
    REQUIRE(parsed.has_value());
    CHECK(parsed->old_size == 20'852'014);
    CHECK(parsed->proof.size() == 4);
    CHECK(parsed->to_text() == body);
    CHECK(Scene().answer(body).status == 404);
}

TEST_CASE("a growing log gets a cosignature that opens with its checkpoint") {
    const Scene scene;
    const auto answer = scene.answer(scene.request(20, 57));
    CHECK(answer.status == 200);
    REQUIRE(answer.accepted.has_value());
    CHECK(answer.accepted->origin == kOrigin);
    CHECK(answer.accepted->tree == scene.tree.head_at(57));
    const auto opened =
        open_checkpoint(scene.request(20, 57).checkpoint + answer.body, scene.known.log, scene.witnesses());
    REQUIRE(opened.has_value());
    CHECK(opened->cosignatures == std::vector{VerifiedSignature{scene.signers[0].verifier(), kNowS}});
    CHECK(open_checkpoint(answer.accepted->note, scene.known.log, scene.witnesses())->cosignatures.size() == 1);
}

TEST_CASE("a log is witnessed from its first checkpoint on, the empty one too, and the same tree again") {
    Scene scene;
    scene.known.latest = {};
    for (const auto& [old_size, size] : {std::pair{0U, 0U}, {0U, 1U}, {1U, 1U}, {1U, 64U}, {64U, 99U}, {99U, 100U}}) {
        CAPTURE(size);
        const auto answer = scene.answer(scene.request(old_size, size));
        REQUIRE(answer.status == 200);
        scene.known.latest = answer.accepted->tree;
    }
}

TEST_CASE("another old size is a conflict that tells the right one") {
    const Scene scene;
    for (const std::uint64_t old_size : {0U, 19U, 21U, 57U}) {
        const auto answer = scene.answer(scene.request(old_size, 57));
        CHECK(answer.status == 409);
        CHECK(answer.content_type == "text/x.tlog.size");
        CHECK(answer.body == "20\n");
        CHECK(!answer.accepted);
        CHECK(!answer.refused);
    }
    CHECK(scene.answer(scene.request(19, 19)).status == 409);
}

TEST_CASE("an old size above the new one is no request") {
    const Scene scene;
    const auto answer = scene.answer(scene.request(20, 19));
    CHECK(answer.status == 400);
    CHECK(answer.body == "tlog.sizes_out_of_order\n");
}

TEST_CASE("a log that is unknown or has not signed gets nothing") {
    Scene scene;
    auto request = scene.request(20, 57);
    request.checkpoint = sign_checkpoint({"b.example", scene.tree.head_at(57), {}}, scene.log);
    CHECK(scene.answer(request).status == 404);
    const SignerKey stranger = key_of(std::string(kOrigin), 9, SignatureType::ed25519);
    request.checkpoint = sign_checkpoint({std::string(kOrigin), scene.tree.head_at(57), {}}, stranger);
    CHECK(scene.answer(request).status == 403);
    CHECK(scene.answer(request).body == "tlog.signature_missing\n");
    Note note = *parse_note(scene.request(20, 57).checkpoint);
    note.signatures[0].signature[9] ^= 1;
    request.checkpoint = note_text(note);
    CHECK(scene.answer(request).status == 403);
    CHECK(scene.answer(request).body == "tlog.signature_wrong\n");
}

TEST_CASE("signatures of strangers are passed over and not handed on") {
    const Scene scene;
    auto request = scene.request(20, 57);
    const SignerKey stranger = key_of("x.example", 9, SignatureType::ed25519);
    request.checkpoint += signature_line(stranger.sign(parse_note(request.checkpoint)->text));
    const auto answer = scene.answer(request);
    REQUIRE(answer.status == 200);
    CHECK(parse_note(answer.accepted->note)->signatures.size() == 2);
    CHECK(answer.accepted->note.find("x.example") == std::string::npos);
}

TEST_CASE("a log that is not consistent gets nothing") {
    Scene scene;
    const auto status = [&](const AddCheckpoint& request) {
        const auto answer = scene.answer(request);
        CHECK(!answer.accepted);
        // What the log has signed all the same is handed on: it may prove a fork.
        REQUIRE(answer.refused.has_value());
        CHECK(answer.refused->note == request.checkpoint);
        CHECK(answer.refused->tree == open_checkpoint(request.checkpoint, scene.known.log)->checkpoint.tree);
        return answer.status;
    };
    const auto sign = [&](const TreeHead& tree) {
        return sign_checkpoint({std::string(kOrigin), tree, {}}, scene.log);
    };
    auto other_root = scene.request(20, 57);
    other_root.checkpoint = sign({57, leaf_hash("x")});
    CHECK(status(other_root) == 422);
    auto changed = scene.request(20, 57);
    changed.proof[1][7] ^= 1;
    CHECK(status(changed) == 422);
    auto no_proof = scene.request(20, 57);
    no_proof.proof.clear();
    CHECK(status(no_proof) == 422);
    CHECK(status({20, {}, sign({20, leaf_hash("x")})}) == 422);
    CHECK(status({20, {leaf_hash("x")}, sign(scene.tree.head_at(20))}) == 422);
    scene.known.latest = {};
    CHECK(status({0, {leaf_hash("x")}, sign(scene.tree.head_at(20))}) == 422);
    CHECK(status({0, {}, sign({0, leaf_hash("x")})}) == 422);
}

TEST_CASE("a body that is no request is told so") {
    const Scene scene;
    const auto good = scene.request(20, 57);
    const std::string text = good.to_text();
    const std::string hash = hash_text(leaf_hash("a")) + "\n";
    std::string many = "old 20\n";
    for (int i = 0; i < 64; ++i) many += hash;
    for (const std::string& body :
         {std::string(), std::string("\n"), "old 020" + text.substr(6), "old -1" + text.substr(6),
          "Old" + text.substr(3), text.substr(7), "old 20\n" + good.checkpoint, many + "\n" + good.checkpoint,
          "old 20\nAAAA\n\n" + good.checkpoint, std::string("old 20\n\n"),
          "old 20\n\n" + good.checkpoint.substr(0, good.checkpoint.find("\n\n") + 1),
          "old 20\n\nx\n" + good.checkpoint.substr(good.checkpoint.find("\n\n") + 1)}) {
        CAPTURE(body);
        const auto answer = scene.answer(body);
        CHECK(answer.status == 400);
        CHECK(!answer.accepted);
    }
}
