#include <doctest/doctest.h>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "db/testing/test_databases.hpp"
#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "modules/evidence/adopt.hpp"
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
        if (meanwhile) meanwhile();
        auto reply = tlog::answer_add_checkpoint(body, find, std::span(&key, 1), kNowS);
        if (reply.accepted) known.latest = reply.accepted->tree;
        if (reply.accepted && says_s) reply.body = line_of(tlog::AddCheckpoint::parse(body)->checkpoint, *says_s);
        if (lies && reply.status == 200) reply.body[reply.body.size() - 5] ^= 1;
        return reply;
    }

    /// A right signature with any time, be it one that `tlog::cosign` refuses to sign.
    std::string line_of(const std::string& checkpoint, std::uint64_t at_s) const {
        const auto text = tlog::parse_note(checkpoint)->text;
        crypto::Bytes bytes;
        for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(at_s >> shift));
        const auto signature = key.sign_message(tlog::cosignature_message(text, at_s));
        bytes.insert(bytes.end(), signature.begin(), signature.end());
        return tlog::signature_line({key.verifier().name, key.verifier().key_id(), bytes});
    }

    tlog::SignerKey key;
    tlog::WitnessedLog known;
    std::function<void()> meanwhile;
    std::optional<std::uint64_t> says_s;
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
    Result<int> settle() const {
        auto placed = evidence->settle();
        const auto asked = evidence->ask_witnesses();
        return placed && !asked ? asked.error() : placed;
    }
    fs::path files() const { return fs::path(folder.path()) / "ledger"; }
    /// As a backup has it that was made when the tree had this size.
    void put_back(std::int64_t size, const std::string& edge, const std::string& note) const {
        REQUIRE(database.transact([&](db::Session& session) {
            session.execute("DELETE FROM evidence_cosignatures");
            session.execute("DELETE FROM evidence_entries WHERE leaf_index >= ?", size);
            session.execute("UPDATE evidence_trees SET tree_size = ?, edge = ?, checkpoint = ?", size, edge, note);
        }));
    }
    std::pair<std::string, std::string> edge_and_note() const {
        const auto column = [&](const char* sql) {
            return *database.read([&](db::Session& session) { return session.row<std::string>(sql); });
        };
        return {column("SELECT edge FROM evidence_trees WHERE log = 'permits'"),
                column("SELECT checkpoint FROM evidence_trees WHERE log = 'permits'")};
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
            REQUIRE(house.settle());
            CHECK(house.published() == 2);
        }
        CHECK(house.proven("permit/0") == 2);
        const auto asked = house.witnesses.first.asked.load();
        REQUIRE(house.settle());
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
        CHECK(house.settle().value() == 1);
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
    REQUIRE(house.settle());
    CHECK(house.published() == 1);
    CHECK(house.evidence->prove("permits", "permit/a").error().reason == "evidence.witnesses_missing");
}

TEST_CASE("a witness that knows another size says it, and gets the proof from there") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 1);
    for (int i = 0; i < 3; ++i) house.queue("permit/" + std::to_string(i));
    REQUIRE(house.settle());
    REQUIRE(
        house.database.transact([](db::Session& session) { session.execute("DELETE FROM evidence_cosignatures"); }));
    house.queue("permit/3");
    REQUIRE(house.settle());
    CHECK(house.published() == 2);
    CHECK(house.witnesses.first.known.latest.size == 4);
}

TEST_CASE("a witness that saw another history does not cosign") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 2);
    house.witnesses.first.known.latest = {1, tlog::leaf_hash("another history")};
    house.queue("permit/a");
    house.queue("permit/b");
    REQUIRE(house.settle());
    CHECK(house.published() == 1);
}

TEST_CASE("more witnesses than there are cannot be needed") {
    const db::testing::SqliteForTest storage({"evidence"});
    CHECK_THROWS_AS(WitnessedHouse(*storage, 3), std::invalid_argument);
}

TEST_CASE("a witness whose clock is wrong counts as missing") {
    const db::testing::SqliteForTest storage({"evidence"});
    for (const std::uint64_t at_s : {kNowS - 300, kNowS + 31, std::uint64_t{0}, std::uint64_t{0x7FFF'FFFF'FFFF'FFFF}}) {
        CAPTURE(at_s);
        WitnessedHouse house(*storage, 1);
        house.witnesses.first.says_s = at_s;
        house.witnesses.second.is_down = true;
        const auto subject = "permit/" + std::to_string(at_s);
        house.queue(subject);
        REQUIRE(house.settle());
        CHECK(house.published() == 0);
        CHECK(house.evidence->prove("permits", subject).error().reason == "evidence.witnesses_missing");
    }
    WitnessedHouse house(*storage, 1);
    house.witnesses.first.says_s = kNowS - 20;
    house.queue("permit/right");
    CHECK(house.proven("permit/right") >= 1);
}

TEST_CASE("a slow witness holds up neither placing nor who does not need it") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 0);
    house.witnesses.first.meanwhile = [] { std::this_thread::sleep_for(std::chrono::seconds(2)); };
    const auto begun = std::chrono::steady_clock::now();
    for (const char* subject : {"permit/a", "permit/b"}) {
        house.queue(subject);
        REQUIRE(house.evidence->settle());
    }
    house.queue("permit/c");
    CHECK(house.evidence->prove("permits", "permit/c"));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(1'500));
    CHECK(house.witnesses.first.asked == 0);
}

TEST_CASE("a proof is given under the newest checkpoint that has its cosignatures, while the log grows on and on") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 2);
    std::atomic<int> next{0};
    house.witnesses.first.meanwhile = [&] {
        std::thread others([&] {
            house.queue("permit/later" + std::to_string(++next));
            CHECK(house.evidence->settle());
        });
        others.join();
    };
    for (const char* subject : {"permit/a", "permit/b"}) {
        house.queue(subject);
        CHECK(house.proven(subject) == 2);
    }
    CHECK(next >= 2);
}

TEST_CASE("a database that was put back does not sign what a witness has seen otherwise, with old files or without") {
    const db::testing::SqliteForTest storage({"evidence"});
    for (const auto& [has_files, is_new_process] : {std::pair{false, true}, {false, false}, {true, true}}) {
        CAPTURE(has_files);
        CAPTURE(is_new_process);
        WitnessedHouse house(*storage, 1);
        REQUIRE(storage->transact([](db::Session& session) {
            for (const char* table : {"evidence_trees", "evidence_entries", "evidence_cosignatures"}) {
                session.execute(std::string("DELETE FROM ") + table);
            }
        }));
        for (const char* subject : {"permit/a", "permit/b"}) house.queue(subject);
        REQUIRE(house.settle());
        const auto [edge, note] = house.edge_and_note();
        const db::testing::TemporaryFolder kept;
        fs::copy(house.files(), kept.file("ledger"), fs::copy_options::recursive);
        house.queue("permit/c");
        REQUIRE(house.settle());
        house.put_back(2, edge, note);
        fs::remove_all(house.files());
        if (has_files) fs::copy(kept.file("ledger"), house.files(), fs::copy_options::recursive);
        if (is_new_process) {
            house.open();
        } else {
            // The files come again, and the next question tells.
            REQUIRE(house.settle());
        }
        house.queue("permit/other");
        CHECK(house.evidence->settle().error().reason == "evidence.witness_ahead");
        CHECK(house.evidence->prove("permits", "permit/other").error().reason == "evidence.witness_ahead");
        CHECK(house.evidence->tree("permits")->tree_size == 2);
        CHECK(house.witnesses.first.known.latest.size == 3);
    }
}

TEST_CASE("without files a log that needs its witnesses waits until one has said what it has seen") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 1);
    house.queue("permit/a");
    REQUIRE(house.settle());
    fs::remove_all(house.files());
    house.witnesses.first.is_down = house.witnesses.second.is_down = true;
    house.open();
    house.queue("permit/b");
    CHECK(house.evidence->settle().error().reason == "evidence.witnesses_missing");
    house.witnesses.second.is_down = false;
    CHECK(house.evidence->settle().value() == 1);
    CHECK(house.published() == 0);
    CHECK(house.proven("permit/b") == 1);
}

TEST_CASE("of a process whose files are behind no witness is asked") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 1);
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    fs::remove_all(house.files());
    CHECK(house.evidence->ask_witnesses());
    CHECK(house.witnesses.first.asked == 0);
}

TEST_CASE("files of an older tree are not put over newer ones, also when nothing waits") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 0);
    house.queue("permit/a");
    REQUIRE(house.settle());
    const auto old_tree = storage->read([](db::Session& session) {
        return session.row<std::string>("SELECT edge FROM evidence_trees WHERE log = 'permits'");
    });
    const auto old_note = storage->read([](db::Session& session) {
        return session.row<std::string>("SELECT checkpoint FROM evidence_trees WHERE log = 'permits'");
    });
    house.queue("permit/b");
    REQUIRE(house.settle());
    REQUIRE(storage->transact([&](db::Session& session) {
        session.execute("DELETE FROM evidence_entries WHERE leaf_index = 1");
        session.execute("UPDATE evidence_trees SET tree_size = 1, edge = ?, checkpoint = ?", *old_tree, *old_note);
    }));
    CHECK(house.settle().error().reason == "evidence.files_ahead");
}

TEST_CASE("what was published since the backup is adopted from the files, and the log goes on") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        for (const bool is_waiting : {true, false}) {
            CAPTURE(is_waiting);
            WitnessedHouse house(database, 1);
            REQUIRE(database.transact([](db::Session& session) {
                for (const char* table : {"evidence_trees", "evidence_entries", "evidence_cosignatures"}) {
                    session.execute(std::string("DELETE FROM ") + table);
                }
            }));
            for (const char* subject : {"permit/a", "permit/b"}) house.queue(subject);
            REQUIRE(house.settle());
            const auto [edge, note] = house.edge_and_note();
            for (const char* subject : {"permit/c", "permit/d"}) {
                house.queue(subject);
                REQUIRE(house.settle());
            }
            const auto whole = house.edge_and_note();
            house.put_back(2, edge, note);
            house.open();
            if (is_waiting) house.queue("permit/c");
            house.queue("permit/e");
            CHECK(house.evidence->settle().error().reason == "evidence.witness_ahead");
            const auto adopt = [&] {
                return evidence::adopt(database, "permits", permits(), house.files() / "permits", 1'796'200'000'000);
            };
            const auto done = adopt();
            REQUIRE(done);
            CHECK(done->size_before == 2);
            CHECK(done->size == 4);
            CHECK(done->placed == (is_waiting ? 1 : 0));
            CHECK(done->lost.back() == R"({"entry":"permit/d"})");
            CHECK(done->lost.size() == (is_waiting ? 1 : 2));
            CHECK(house.edge_and_note() == whole);
            CHECK(adopt()->size_before == 4);
            house.open();
            CHECK(house.proven("permit/e") == 2);
            CHECK(house.evidence->entry("permits", "permit/e")->leaf_index == 4);
            CHECK(house.evidence->entry("permits", "adopted/3")->leaf_index == 3);
            if (is_waiting) CHECK(house.evidence->entry("permits", "permit/c")->leaf_index == 2);
        }
    });
}

TEST_CASE("files of another history are not adopted") {
    const db::testing::SqliteForTest storage({"evidence"});
    WitnessedHouse house(*storage, 0);
    for (const char* subject : {"permit/a", "permit/b", "permit/c"}) house.queue(subject);
    REQUIRE(house.settle());
    tlog::Edge other;
    other.append(tlog::leaf_hash("another history"));
    house.put_back(1, other.to_text(),
                   tlog::sign_checkpoint({"test.example/permits", other.head(), {}}, log_key("permits")));
    const auto done = evidence::adopt(*storage, "permits", permits(), house.files() / "permits", 1);
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == "evidence.histories_differ");
    CHECK(house.evidence->tree("permits")->tree_size == 1);
}
