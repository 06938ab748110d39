#include <doctest/doctest.h>
#include <atomic>
#include <fstream>

#include "db/testing/test_databases.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "modules/evidence/evidence.hpp"

using namespace kaigong;

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::uint8_t, 32> kLogSeed{7, 7, 7};
constexpr std::uint64_t kNowS = 1'796'200'000;

tlog::SignerKey log_key(const std::string& log) {
    return *tlog::SignerKey::from_seed("test.example/" + log, tlog::SignatureType::ed25519, kLogSeed);
}

tlog::LogKeys permits() {
    return {"test.example/permits", {log_key("permits").verifier()}};
}

/// One witness by the book (engine/tlog/witness.hpp), and the ways in which it fails.
struct FakeWitness {
    explicit FakeWitness(std::uint8_t seed)
        : key(*tlog::SignerKey::from_seed("witness" + std::to_string(seed) + ".example",
                                          tlog::SignatureType::cosignature, std::array<std::uint8_t, 32>{seed})),
          known{permits(), {}} {}

    Result<tlog::WitnessAnswer> answer(const std::string& body) {
        ++asked;
        if (is_down) return error(Errc::unavailable, "test.down", "不在");
        const auto find = [this](std::string_view) { return &known; };
        auto reply = tlog::answer_add_checkpoint(body, find, std::span(&key, 1), kNowS);
        if (reply.accepted) known.latest = reply.accepted->tree;
        if (lies && reply.status == 200) reply.body[reply.body.size() - 5] ^= 1;
        return reply;
    }

    tlog::SignerKey key;
    tlog::WitnessedLog known;
    std::atomic<int> asked{0};
    bool is_down = false;
    bool lies = false;
};

struct FakeWitnesses final : evidence::WitnessSource {
    std::vector<tlog::VerifierKey> keys() const override { return {first.key.verifier(), second.key.verifier()}; }
    Result<tlog::WitnessAnswer> add_checkpoint(const tlog::VerifierKey& witness, const std::string& body) override {
        return (witness == first.key.verifier() ? first : second).answer(body);
    }
    FakeWitness first{1};
    FakeWitness second{2};
};

struct WitnessedHouse {
    WitnessedHouse(db::Database& opened, int needed) : database(opened), witnesses_needed(needed) { open(); }
    void open() {
        evidence = evidence::make_evidence({database, clock, fs::path(folder.path()) / "ledger", log_key("permits"),
                                            log_key("audit"), &witnesses, witnesses_needed});
    }
    void queue(const std::string& subject) {
        REQUIRE(database.transact([&](db::Session& session) {
            evidence->queue(session, {"permits", subject, "{\"entry\":\"" + subject + "\"}", 1'000});
        }));
    }
    /// How many witnesses stand under a note.
    std::size_t cosignatures(const std::string& note) const {
        const auto opened = tlog::open_checkpoint(note, permits(), witnesses.keys());
        return opened ? opened->cosignatures.size() : 99;
    }
    std::size_t published() const {
        std::ifstream in(fs::path(folder.path()) / "ledger/permits/checkpoint", std::ios::binary);
        return cosignatures({std::istreambuf_iterator<char>(in), {}});
    }
    std::size_t proven(const std::string& subject) const {
        const auto proof = evidence->prove("permits", subject);
        return proof ? cosignatures(tlog::InclusionText::parse(proof->text)->checkpoint) : 0;
    }

    db::Database& database;
    int witnesses_needed;
    db::testing::TemporaryFolder folder;
    VirtualClock clock{1'796'200'000'000};
    FakeWitnesses witnesses;
    std::unique_ptr<evidence::Evidence> evidence;
};

}  // namespace

TEST_CASE("witnesses cosign each checkpoint, and published files and proofs carry it") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        WitnessedHouse house(database, 2);
        for (int i = 0; i < 5; ++i) {
            house.queue("permit/" + std::to_string(i));
            REQUIRE(house.evidence->settle());
            CHECK(house.published() == 2);
        }
        CHECK(house.proven("permit/0") == 2);
        const auto asked = house.witnesses.first.asked.load();
        REQUIRE(house.evidence->settle());
        CHECK(house.witnesses.first.asked == asked);
        CHECK(house.evidence->witnesses().size() == 2);
        CHECK(house.evidence->witnesses_needed() == 2);
    });
}

TEST_CASE("a witness that is down stops nothing that goes without it, and a needed one keeps the proof back") {
    const db::testing::SqliteForTest storage({"evidence"});
    for (const int needed : {1, 2}) {
        WitnessedHouse house(*storage, needed);
        house.witnesses.second.is_down = true;
        const auto subject = "permit/needs" + std::to_string(needed);
        house.queue(subject);
        CHECK(house.evidence->settle().value() == 1);
        const auto proof = house.evidence->prove("permits", subject);
        if (needed == 1) {
            REQUIRE(proof);
            CHECK(house.cosignatures(tlog::InclusionText::parse(proof->text)->checkpoint) == 1);
        } else {
            REQUIRE_FALSE(proof);
            CHECK(proof.error().reason == "evidence.witnesses_missing");
            CHECK(proof.error().code == Errc::unavailable);
            CHECK(house.evidence->entry("permits", subject)->leaf_index == 1);
            house.witnesses.second.is_down = false;
            house.open();  // else the witness is left alone for seconds
            CHECK(house.proven(subject) == 2);
        }
    }
}

TEST_CASE("a witness whose signature is wrong counts as missing") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 2);
    house.witnesses.second.lies = true;
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    CHECK(house.published() == 1);
    CHECK(house.evidence->prove("permits", "permit/a").error().reason == "evidence.witnesses_missing");
}

TEST_CASE("a witness that knows another size says it, and gets the proof from there") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 1);
    for (int i = 0; i < 3; ++i) house.queue("permit/" + std::to_string(i));
    REQUIRE(house.evidence->settle());
    REQUIRE(
        house.database.transact([](db::Session& session) { session.execute("DELETE FROM evidence_cosignatures"); }));
    house.queue("permit/3");
    REQUIRE(house.evidence->settle());
    CHECK(house.published() == 2);
    CHECK(house.witnesses.first.known.latest.size == 4);
}

TEST_CASE("a witness that saw another history does not cosign") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 2);
    house.witnesses.first.known.latest = {1, tlog::leaf_hash("another history")};
    house.queue("permit/a");
    house.queue("permit/b");
    REQUIRE(house.evidence->settle());
    CHECK(house.published() == 1);
}

TEST_CASE("more witnesses than there are cannot be needed") {
    const db::testing::SqliteForTest storage({"evidence"});
    CHECK_THROWS_AS(WitnessedHouse(*storage, 3), std::invalid_argument);
}

TEST_CASE("files of an older tree are not put over newer ones, also when nothing waits") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 0);
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    const auto old_tree = storage->read([](db::Session& session) {
        return session.row<std::string>("SELECT edge FROM evidence_trees WHERE log = 'permits'");
    });
    const auto old_note = storage->read([](db::Session& session) {
        return session.row<std::string>("SELECT checkpoint FROM evidence_trees WHERE log = 'permits'");
    });
    house.queue("permit/b");
    REQUIRE(house.evidence->settle());
    REQUIRE(storage->transact([&](db::Session& session) {
        session.execute("DELETE FROM evidence_entries WHERE leaf_index = 1");
        session.execute("UPDATE evidence_trees SET tree_size = 1, edge = ?, checkpoint = ?", *old_tree, *old_note);
    }));
    CHECK(house.evidence->settle().error().reason == "evidence.files_ahead");
}
