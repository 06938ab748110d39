#include "modules/evidence/evidence.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <thread>

#include "db/testing/test_databases.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/tile.hpp"
#include "modules/evidence/projection.hpp"

using namespace kaigong;

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::uint8_t, 32> kSeed{7, 7, 7};

tlog::SignerKey key_of(const std::string& log) {
    return *tlog::SignerKey::from_seed("test.example/" + log, tlog::SignatureType::ed25519, kSeed);
}

struct House {
    explicit House(db::Database& opened) : database(opened) { open(); }
    void open() {
        evidence = evidence::make_evidence(
            {database, clock, fs::path(folder.path()) / "ledger", key_of("permits"), key_of("audit")});
    }
    void queue(const std::string& subject, const std::string& log = "permits") {
        const auto done = database.transact([&](db::Session& session) {
            evidence->queue(session, {log, subject, "{\"entry\":\"" + subject + "\"}", 1'000});
        });
        REQUIRE(done);
    }
    fs::path file(const std::string& path) const { return fs::path(folder.path()) / "ledger" / path; }
    tlog::Checkpoint checkpoint() const {
        std::ifstream in(file("permits/checkpoint"), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        return tlog::open_checkpoint(text, keys())->checkpoint;
    }
    static tlog::LogKeys keys() { return {"test.example/permits", {key_of("permits").verifier()}}; }
    /// The proof of a subject holds for its entry.
    bool proven(const std::string& subject) const {
        const auto proof = evidence->prove("permits", subject);
        if (!proof) return false;
        const auto parsed = tlog::InclusionText::parse(proof->text);
        return parsed && tlog::verify_inclusion_text(*parsed, tlog::leaf_hash(proof->entry), keys());
    }

    db::Database& database;
    db::testing::TemporaryFolder folder;
    VirtualClock clock{1'796'200'000'000};
    std::unique_ptr<evidence::Evidence> evidence;
};

}  // namespace

TEST_CASE("what was queued is placed once, signed, and proven from the static files") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        House house(database);
        house.queue("permit/a");
        house.queue("permit/a");
        house.queue("audit/x", "audit");
        CHECK(house.evidence->settle().value() == 2);
        CHECK(house.evidence->settle().value() == 0);
        CHECK(house.checkpoint().tree.size == 1);
        CHECK(house.proven("permit/a"));
        CHECK_FALSE(house.proven("permit/b"));
        CHECK(house.evidence->prove("permits", "permit/b").error().reason == "evidence.not_logged");
        CHECK(house.evidence->tree("audit")->tree_size == 1);
    });
}

TEST_CASE("an entry goes with its transaction, and nothing waits is nothing signed") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        House house(database);
        const auto refused = database.transact([&](db::Session& session) -> Result<void> {
            house.evidence->queue(session, {"permits", "permit/a", "{}", 1});
            return error(Errc::conflict, "test.refused", "不行");
        });
        CHECK_FALSE(refused);
        CHECK(house.evidence->settle().value() == 0);
        CHECK_FALSE(fs::exists(house.file("permits/checkpoint")));
        CHECK(house.evidence->tree("permits")->tree_size == 0);
    });
}

TEST_CASE("a proof asked at once settles by itself") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    house.queue("permit/a");
    CHECK(house.proven("permit/a"));
}

TEST_CASE("hundreds of entries over several tiles are all proven, and outgrown partial tiles go") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (int i = 0; i < 600; ++i) {
        house.queue("permit/" + std::to_string(i));
        if (i % 97 == 0) REQUIRE(house.evidence->settle());
    }
    REQUIRE(house.evidence->settle());
    CHECK(house.checkpoint().tree.size == 600);
    for (int i = 0; i < 600; i += 13) CHECK(house.proven("permit/" + std::to_string(i)));
    CHECK(fs::exists(house.file("permits/tile/0/001")));
    CHECK(fs::exists(house.file("permits/tile/0/002.p/88")));
    CHECK(fs::exists(house.file("permits/tile/1/000.p/2")));
    CHECK(fs::exists(house.file("permits/tile/entries/002.p/88")));
    CHECK_FALSE(fs::exists(house.file("permits/tile/0/000.p/1")));
}

TEST_CASE("the static files are made again from the database, byte by byte") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (int i = 0; i < 300; ++i) house.queue("permit/" + std::to_string(i));
    REQUIRE(house.evidence->settle());
    const auto before = house.checkpoint();
    fs::remove_all(house.file("permits"));
    house.open();
    REQUIRE(house.evidence->settle());
    CHECK(house.checkpoint() == before);
    CHECK(house.proven("permit/299"));
}

TEST_CASE("a database older than the files that were shown signs nothing more") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    house.queue("permit/a");
    house.queue("permit/b");
    REQUIRE(house.evidence->settle());
    REQUIRE(house.database.transact([](db::Session& session) {
        session.execute("DELETE FROM evidence_trees");
        session.execute("UPDATE evidence_entries SET leaf_index = NULL");
    }));
    house.queue("permit/c");
    CHECK(house.evidence->settle().error().reason == "evidence.files_ahead");
}

TEST_CASE("an edge that is not that of the signed checkpoint signs nothing more") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    tlog::Edge other;
    other.append(tlog::leaf_hash("another"));
    REQUIRE(house.database.transact(
        [&](db::Session& session) { session.execute("UPDATE evidence_trees SET edge = ?", other.to_text()); }));
    house.queue("permit/b");
    CHECK(house.evidence->settle().error().reason == "evidence.tree_broken");
}

TEST_CASE("files that somebody changed are noticed before a proof is given") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (int i = 0; i < 3; ++i) house.queue("permit/" + std::to_string(i));
    REQUIRE(house.evidence->settle());
    std::ofstream(house.file("permits/tile/0/000.p/3"), std::ios::binary) << std::string(96, 'x');
    CHECK(house.evidence->prove("permits", "permit/1").error().reason == "evidence.files_broken");
}

TEST_CASE("several processes place what waits without losing or doubling an entry") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        House first(database);
        House second(database);
        std::vector<std::thread> threads;
        std::atomic<int> failed{0};
        for (int worker = 0; worker < 4; ++worker) {
            threads.emplace_back([&, worker] {
                auto& house = worker % 2 == 0 ? first : second;
                for (int i = 0; i < 40; ++i) {
                    const auto subject = "permit/" + std::to_string(worker) + "." + std::to_string(i);
                    const auto queued = database.transact([&](db::Session& session) {
                        house.evidence->queue(session, {"permits", subject, "{\"e\":\"" + subject + "\"}", 1});
                    });
                    const auto settled = house.evidence->settle();
                    if (!settled) MESSAGE(settled.error().reason);
                    if (!queued || !settled) ++failed;
                }
            });
        }
        for (auto& thread : threads) thread.join();
        CHECK(failed == 0);
        REQUIRE(first.evidence->settle());
        REQUIRE(second.evidence->settle());
        CHECK(first.checkpoint() == second.checkpoint());
        CHECK(first.checkpoint().tree.size == 160);
        for (int i = 0; i < 40; i += 7) CHECK(first.proven("permit/3." + std::to_string(i)));
    });
}

TEST_CASE("an empty checkpoint file is a broken one") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    std::ofstream(house.file("permits/checkpoint"), std::ios::trunc).close();
    house.queue("permit/b");
    CHECK(house.evidence->settle().error().reason == "evidence.files_broken");
}

TEST_CASE("a queue longer than a round ends under one checkpoint, whoever queues meanwhile") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    constexpr int kEntries = 4'700;
    REQUIRE(house.database.transact([&](db::Session& session) {
        for (int i = 0; i < kEntries; ++i) {
            const auto subject = "permit/" + std::to_string(i);
            house.evidence->queue(session, {"permits", subject, "{\"entry\":\"" + subject + "\"}", 1'000 + i});
        }
    }));
    std::atomic<bool> over{false};
    std::thread others([&] {
        for (int i = 0; !over; ++i) house.queue("audit/" + std::to_string(i), "audit");
    });
    const auto placed = house.evidence->settle();
    over = true;
    others.join();
    REQUIRE(placed.has_value());
    CHECK(*placed >= kEntries);
    CHECK(house.checkpoint().tree.size == kEntries);
    CHECK(fs::exists(house.file("permits/tile/1/000.p/18")));
    for (int i = 0; i < kEntries; i += 331) CHECK(house.proven("permit/" + std::to_string(i)));
}

TEST_CASE("entries get their places in the order in which they were queued") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (int i = 0; i < 300; ++i) {
        REQUIRE(house.database.transact([&](db::Session& session) {
            house.evidence->queue(session, {"permits", "permit/" + std::to_string(i), "{}", 1'000 + i});
        }));
    }
    REQUIRE(house.evidence->settle());
    for (const int i : {0, 127, 128, 299}) {
        CHECK(house.evidence->prove("permits", "permit/" + std::to_string(i))->leaf_index == i);
    }
}

TEST_CASE("an entry that was changed in the database is not published") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (const char* subject : {"permit/a", "permit/b"}) {
        house.queue(subject);
        REQUIRE(house.evidence->settle());
    }
    const auto before = house.checkpoint();
    REQUIRE(house.database.transact([](db::Session& session) {
        session.execute("UPDATE evidence_entries SET entry = '{}' WHERE leaf_index = 0");
    }));
    house.queue("permit/c");
    CHECK(house.evidence->settle().error().reason == "evidence.entries_changed");
    CHECK(house.checkpoint() == before);
    CHECK(house.proven("permit/b"));
}

TEST_CASE("a partial tile that went while somebody read by it is read from the one that took its place") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    const evidence::Projection files(house.file("permits"), House::keys());
    const auto grow = [&](int size) {
        for (int i = static_cast<int>(house.evidence->tree("permits")->tree_size); i < size; ++i) {
            house.queue("permit/" + std::to_string(i));
        }
        REQUIRE(house.evidence->settle());
    };
    for (const int size : {1, 2}) grow(size);
    const auto note = house.evidence->tree("permits")->checkpoint;
    const auto leaf = tlog::leaf_hash(R"({"entry":"permit/1"})");
    for (const int size : {3, 5, 300}) {
        grow(size);
        CAPTURE(size);
        CHECK(files.prove_consistency(1, 2));
        const auto proof = files.prove_under(note, 1, leaf);
        REQUIRE(proof);
        CHECK(tlog::verify_inclusion_text(*proof, leaf, House::keys()));
    }
    CHECK_FALSE(fs::exists(house.file("permits/tile/0/000.p/2")));
}

TEST_CASE("a damaged folder of one log does not stop the other") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    for (const std::string log : {"permits", "audit"}) {
        house.queue("x/" + log, log);
        REQUIRE(house.evidence->settle());
        const auto path = house.file(log + "/checkpoint");
        std::ifstream in(path, std::ios::binary);
        const std::string whole((std::istreambuf_iterator<char>(in)), {});
        std::ofstream(path, std::ios::trunc).close();
        const std::string other = log == "permits" ? "audit" : "permits";
        house.queue("y/" + other, other);
        CHECK(house.evidence->settle().error().reason == "evidence.files_broken");
        CHECK(house.evidence->prove(other, "y/" + other));
        std::ofstream(path, std::ios::binary) << whole;
    }
}

TEST_CASE("what a dead process left unfinished does not stay") {
    const db::testing::SqliteForTest storage({"evidence"});
    House house(*storage);
    house.queue("permit/a");
    REQUIRE(house.evidence->settle());
    for (const char* path : {"permits/checkpoint.new", "permits/tile/0/000.p/2.new", "permits/tile/0/000.p/1.new"}) {
        std::ofstream(house.file(path)) << "half";
    }
    for (const char* subject : {"permit/b", "permit/c", "permit/d"}) {
        house.queue(subject);
        REQUIRE(house.evidence->settle());
    }
    for (const auto& entry : fs::recursive_directory_iterator(house.file("permits"))) {
        CHECK(entry.path().extension() != ".new");
    }
    CHECK(house.proven("permit/a"));
}
