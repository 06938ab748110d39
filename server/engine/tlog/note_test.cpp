#include "engine/tlog/note.hpp"

#include "crypto/encoding.hpp"
#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

// The example of C2SP signed-note, Verifier keys.
constexpr std::string_view kExampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kExampleNote =
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

SignerKey signer(const std::string& name, char seed, SignatureType type = SignatureType::ed25519) {
    return *SignerKey::from_seed(name, type, crypto::view(std::string(32, seed)));
}

Note signed_by(std::string text, const std::vector<const SignerKey*>& signers) {
    Note note{std::move(text), {}};
    for (const SignerKey* one : signers) note.signatures.push_back(one->sign(note.text));
    return note;
}

std::string reason(const Note& note, const std::vector<VerifierKey>& keys) {
    const auto opened = open_note(note, keys);
    return opened ? "" : opened.error().reason;
}

}  // namespace

TEST_CASE("the example of the specification verifies and comes back byte for byte") {
    const auto key = VerifierKey::parse(kExampleKey);
    REQUIRE(key.has_value());
    CHECK(key->name == "example.com/foo");
    CHECK(key->key_id() == 0x530d903a);
    CHECK(key->to_text() == kExampleKey);
    const auto note = parse_note(kExampleNote);
    REQUIRE(note.has_value());
    CHECK(note->text == "This is an example message.\n");
    CHECK(note_text(*note) == kExampleNote);
    const auto opened = open_note(*note, {&*key, 1});
    REQUIRE(opened.has_value());
    CHECK(*opened == std::vector{VerifiedSignature{*key, std::nullopt}});
}

TEST_CASE("no bit of a note can be turned over") {
    const auto key = *VerifierKey::parse(kExampleKey);
    for (std::size_t bit = 0; bit < kExampleNote.size() * 8; ++bit) {
        const auto note = parse_note(with_bit_flipped(std::string(kExampleNote), bit));
        if (note && open_note(*note, {&key, 1})) FAIL_CHECK("bit ", bit, " does not matter");
    }
}

TEST_CASE("the text ends at the last empty line") {
    const SignerKey one = signer("a.example/log", 1);
    const Note note = signed_by("first\n\nsecond\n\n\nthird\n", {&one});
    const auto back = parse_note(note_text(note));
    REQUIRE(back.has_value());
    CHECK(*back == note);
    CHECK(reason(*back, {one.verifier()}).empty());
}

TEST_CASE("a text that is no note is refused") {
    const std::string line = signature_line(signer("a", 1).sign("x\n"));
    REQUIRE(parse_note("x\n\n" + line).has_value());
    const std::string mark = "\u2014 ";
    for (const std::string& bytes : std::vector<std::string>{std::string(),
                                                             std::string("\n\n"),
                                                             std::string("x\n"),
                                                             std::string("x\n\n"),
                                                             "x\n" + line,
                                                             "x" + line,
                                                             "\n" + line,
                                                             "x\n\n" + line.substr(0, line.size() - 1),
                                                             "x\n\n" + line + "\n",
                                                             "x\n\n" + line + "y\n",
                                                             "x\n\n- a AAAAAAA=\n",
                                                             "x\n\n" + mark + "a AAAAAA==\n",
                                                             "x\n\n" + mark + "a AAAAAAB=\n",
                                                             "x\n\n" + mark + "a \n",
                                                             "x\n\n" + mark + "a\n",
                                                             "x\n\n" + mark + " AAAAAAA=\n",
                                                             "x\n\n" + mark + "a+b AAAAAAA=\n",
                                                             "x\n\n" + mark + "a\u00A0b AAAAAAA=\n",
                                                             "x\n\n" + mark + "a  AAAAAAA=\n",
                                                             "x\n\n" + mark + "a AAAAAAA= \n",
                                                             "x\n\n" + mark + "a AAAAAAA\n",
                                                             "x\r\n\n" + line,
                                                             "x\t\n\n" + line,
                                                             "\xFF\n\n" + line,
                                                             "\xC0\x80\n\n" + line,
                                                             std::string("\0\n\n", 3) + line}) {
        CAPTURE(bytes);
        const auto note = parse_note(bytes);
        REQUIRE(!note.has_value());
        CHECK(note.error().reason == "tlog.note_malformed");
    }
    CHECK(parse_note("x\n\n" + mark + "a AAAAAAA=\n").has_value());
}

TEST_CASE("a note may have sixteen signatures and more, but not any number, and not any size") {
    const std::string line = signature_line(signer("a", 1).sign("x\n"));
    std::string bytes = "x\n\n";
    for (std::size_t i = 0; i < kNoteSignaturesMax; ++i) bytes += line;
    REQUIRE(parse_note(bytes).has_value());
    CHECK(parse_note(bytes + line).error().reason == "tlog.note_too_large");
    CHECK(parse_note(std::string(kNoteBytesMax, 'x') + "\n\n" + line).error().reason == "tlog.note_too_large");
}

TEST_CASE("unknown keys are passed over, a known one with a wrong signature spoils the note") {
    const SignerKey log = signer("a.example/log", 1);
    const SignerKey other = signer("a.example/log", 2);
    const SignerKey third = signer("b.example", 3);
    const Note note = signed_by("text\n", {&log, &other, &third});
    CHECK(reason(note, {log.verifier()}).empty());
    CHECK(open_note(note, std::vector{third.verifier(), log.verifier()})->front().key == log.verifier());
    CHECK(reason(note, {}) == "tlog.signature_missing");
    CHECK(reason(note, {signer("c.example", 1).verifier()}) == "tlog.signature_missing");

    Note wrong = note;
    wrong.signatures[1].signature[0] ^= 1;
    CHECK(reason(wrong, {log.verifier()}).empty());
    CHECK(reason(wrong, {log.verifier(), other.verifier()}) == "tlog.signature_wrong");
    wrong.signatures[1].signature.pop_back();
    CHECK(reason(wrong, {other.verifier()}) == "tlog.signature_wrong");

    Note twice = note;
    twice.signatures.push_back(note.signatures[0]);
    CHECK(open_note(twice, std::vector{log.verifier()})->size() == 1);
    twice.signatures.back().signature[5] ^= 1;
    CHECK(reason(twice, {log.verifier()}) == "tlog.signature_wrong");
}

TEST_CASE("the same key given twice is one key") {
    const SignerKey log = signer("a.example/log", 1);
    CHECK(reason(signed_by("text\n", {&log}), {log.verifier(), log.verifier()}).empty());
}

TEST_CASE("a key for cosignatures does not verify a plain signature of the same key") {
    const SignerKey plain = signer("a.example", 1);
    const SignerKey witness = signer("a.example", 1, SignatureType::cosignature);
    CHECK(plain.verifier().key == witness.verifier().key);
    CHECK(plain.verifier().key_id() != witness.verifier().key_id());
    CHECK(reason(signed_by("text\n", {&plain}), {witness.verifier()}) == "tlog.signature_missing");
    CHECK_THROWS(witness.sign("text\n"));
    CHECK_THROWS(cosign(plain, "text\n", 1));
}

TEST_CASE("keys that are not as they should be are refused") {
    const std::string id = "+530d903a+";
    const std::string key = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    for (const std::string& text :
         {std::string(), std::string("example.com/foo"), "example.com/foo+" + key, id + key, "example.com/foo" + id,
          "example.com/bar" + id + key, "example.com/foo+530D903A+" + key, "example.com/foo+0530d903a+" + key,
          "example.com/foo+530d903+" + key, "example.com/foo+530d903b+" + key, "example.com/foo" + id + key + "\n",
          "example.com/foo" + id + key + "AAAA", "example.com/foo" + id + key.substr(0, 40),
          " example.com/foo" + id + key, "example.com/f\u3000oo" + id + key, "example.com/f\xFFoo" + id + key}) {
        CAPTURE(text);
        REQUIRE(!VerifierKey::parse(text).has_value());
        CHECK(VerifierKey::parse(text).error().reason == "tlog.key_malformed");
    }
    crypto::Bytes ml_dsa(1'313);
    ml_dsa[0] = 0x06;
    CHECK(VerifierKey::parse("a+00000000+" + crypto::to_base64(ml_dsa)).error().reason == "tlog.key_type_unknown");
}

TEST_CASE("a private key comes from its text and signs as the one made of the seed") {
    const SignerKey one = signer("a.example/log", 1);
    const std::string id = one.verifier().to_text().substr(14, 8);
    const std::string key = crypto::to_base64(crypto::view(std::string(33, 1)));
    const auto parsed = SignerKey::parse("PRIVATE+KEY+a.example/log+" + id + "+" + key);
    REQUIRE(parsed.has_value());
    CHECK(parsed->verifier() == one.verifier());
    CHECK(parsed->sign("x\n") == one.sign("x\n"));
    CHECK(SignerKey::parse("a.example/log+" + id + "+" + key).error().reason == "tlog.key_malformed");
    CHECK(SignerKey::parse("PRIVATE+KEY+b.example/log+" + id + "+" + key).error().reason == "tlog.key_malformed");
    CHECK(SignerKey::from_seed("a b", SignatureType::ed25519, crypto::view(std::string(32, 1))).error().reason ==
          "tlog.key_malformed");
    CHECK(SignerKey::from_seed("a", SignatureType::ed25519, crypto::view(std::string(31, 1))).error().reason ==
          "crypto.signing_key_malformed");
}

TEST_CASE("keys, notes and cosignatures made in Go are the same bytes here") {
    // By golang.org/x/mod/sumdb/note and github.com/transparency-dev/formats/note, seeds 00 01 … 1f and ff fe … e0.
    const auto log =
        SignerKey::parse("PRIVATE+KEY+go.example/log+8d8e283a+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f");
    REQUIRE(log.has_value());
    CHECK(log->verifier().to_text() == "go.example/log+8d8e283a+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4");
    crypto::Bytes seed;
    for (int byte = 0xFF; seed.size() < 32; --byte) seed.push_back(static_cast<std::uint8_t>(byte));
    const auto witness = SignerKey::from_seed("go.example/witness", SignatureType::cosignature, seed);
    REQUIRE(witness.has_value());
    CHECK(witness->verifier().to_text() == "go.example/witness+c3e40914+BLr8cb6tOsXktj6cghbucaNKrsZXIu7bynKLTps8zOOW");
    const std::string made_in_go =
        "go.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u2014 go.example/log "
        "jY4oOg4AFM/7UuVsQrxy11zbsMrvh23HNR+qPHmTgIONfpsjFfh/g6envFOE1q+md8CIYocg6VN5lIQDmIFg71ce+wg=\n"
        "\u2014 go.example/witness "
        "w+QJFAAAAABrDCxRIcvjRSh2ibsK9mlQ2OsN2v8CoTr+OgmqRAtmzPm7di9JuYSLDdrQ9tzHZNkSmnov8bWmlKXiQXsK0+dMFNjuBQ==\n";
    const auto note = parse_note(made_in_go);
    REQUIRE(note.has_value());
    const auto opened = open_note(*note, std::vector{log->verifier(), witness->verifier()});
    REQUIRE(opened.has_value());
    REQUIRE(opened->size() == 2);
    CHECK(opened->back().timestamp_s == 0x6b0c2c51);
    CHECK(note_text({note->text, {log->sign(note->text), cosign(*witness, note->text, 0x6b0c2c51)}}) == made_in_go);
}

TEST_CASE("two keys of one name and id are never guessed between") {
    // Key ids have 32 bits only: these two collide under the name `a`.
    VerifierKey one{"a", SignatureType::ed25519, {}};
    VerifierKey other = one;
    one.key[2] = 5'569 >> 8;
    one.key[3] = 5'569 & 0xFF;
    other.key[2] = 32'734 >> 8;
    other.key[3] = 32'734 & 0xFF;
    REQUIRE(one.key_id() == 0x8deb5fd0);
    REQUIRE(other.key_id() == one.key_id());
    const Note note{"x\n", {{"a", one.key_id(), crypto::Bytes(64)}}};
    CHECK(reason(note, {one}) == "tlog.signature_wrong");
    CHECK(reason(note, {one, other}) == "tlog.verifier_ambiguous");
    CHECK(reason(note, {one, one}) == "tlog.signature_wrong");
}
