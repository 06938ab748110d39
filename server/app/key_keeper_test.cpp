#include "app/key_keeper.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "app/keys.hpp"
#include "app/resealing_round.hpp"
#include "app/rotation_store.hpp"
#include "app/sealed_places.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/long_field.hpp"
#include "db/testing/test_databases.hpp"
#include "modules/identity/identity.hpp"
#include "modules/permits/permits.hpp"

using namespace kaigong;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kNowMs = 1'796'200'000'000;
constexpr int kRows = 130;

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

/// One process: its own key file, the database that it shares.
struct Process {
    Process(db::Database& shared, FixedClock& time, std::string name, const std::string& key_text)
        : database(shared), clock(time), holder(std::move(name)) {
        std::ofstream(key_file) << key_text;
        fs::permissions(key_file, fs::perms::owner_read | fs::perms::owner_write);
        ring.emplace(crypto::KeyRing::load(key_text).value());
    }

    std::vector<crypto::SealedColumn> places() {
        auto all = identity::sealed_columns(database, *ring);
        for (auto& place : permits::sealed_columns(database, *ring)) all.push_back(std::move(place));
        return all;
    }
    Result<void> begin() {
        keeper = std::make_unique<app::KeyKeeper>(
            app::KeyKeeper::Parts{database, clock, *ring, key_file, signing, holder, [this] { lost += 1; }}, places());
        resealing = std::make_unique<app::ReSealing>(app::ReSealing::Parts{database, clock, *ring, metrics, holder, {}},
                                                     places());
        return keeper->check_in();
    }
    /// The file's time must differ, whatever the file system counts in.
    void put(const std::string& key_text) {
        const auto before = fs::last_write_time(key_file);
        std::ofstream(key_file, std::ios::trunc) << key_text;
        fs::last_write_time(key_file, before + std::chrono::seconds(2));
    }
    std::string text() const { return app::read_key_file(key_file).value(); }
    void keep() { keeper->keep(clock.now_ms()); }
    void work_until_done() {
        for (int i = 0; i < 500; ++i) {
            resealing->work(clock.now_ms());
            const auto round = resealing->latest().value();
            if (round && round->state == "done" && round->key_id == ring->current()->key_id) return;
        }
        FAIL("the round does not end");
    }

    db::Database& database;
    FixedClock& clock;
    std::string holder;
    db::testing::TemporaryFolder folder;
    fs::path key_file = fs::path(folder.path()) / "keys.json";
    fs::path signing = fs::path(folder.path()) / "signing";
    int lost = 0;
    std::optional<crypto::KeyRing> ring;
    Metrics metrics;
    std::unique_ptr<app::KeyKeeper> keeper;
    std::unique_ptr<app::ReSealing> resealing;
};

std::string number_of(int i) {
    return "33010620261202" + std::to_string(1000 + i);
}

void add_permit(db::Database& database, const crypto::KeyRing& ring, int i) {
    const auto number = number_of(i);
    const auto record =
        crypto::seal_long_field(ring, {"permits", "record", number}, "{\"n\":" + std::to_string(i) + "}").value();
    REQUIRE(database.transact([&](db::Session& session) {
        session.execute(
            "INSERT INTO permits (permit_number, version, application_id, region_code, credit_code, works_category, "
            "state, matter_code, catalog_version, issuing_authority, works_name, owner_name, issued_on, start_due_on, "
            "start_due_provisional, record, numbered_at_ms, published_at_ms, filed_at_ms) VALUES (?, 1, ?, '330106', "
            "'c', '01', 'in_force', 'm', '1', 'a', 'w', 'o', '2026-12-02', '2027-03-02', 0, ?, 1, 1, 0)",
            number, "0190-" + std::to_string(i), record);
    }));
}

std::string record_of(db::Database& database, int i) {
    return database
        .read([&](db::Session& session) {
            return session.row<std::string>("SELECT record FROM permits WHERE permit_number = ?", number_of(i));
        })
        .value();
}

std::string state_of(db::Database& database, const std::string& key_id) {
    return database
        .read([&](db::Session& session) {
            return session.optional_row<std::string>("SELECT state FROM sealing_keys WHERE key_id = ?", key_id);
        })
        .value()
        .value_or("");
}

void on_both(const std::function<void(db::Database&)>& body) {
    db::testing::on_each_database({"identity", "permits"}, body);
}

}  // namespace

TEST_CASE("a new key is taken without a restart, and everything is carried over to it") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        Process one(database, clock, "one", crypto::new_key_ring_text());
        REQUIRE(one.begin());
        one.keep();
        for (int i = 0; i < kRows; ++i) add_permit(database, *one.ring, i);
        REQUIRE(app::add_key(one.key_file));
        fs::last_write_time(one.key_file, fs::last_write_time(one.key_file) + std::chrono::seconds(2));
        one.keep();
        CHECK(one.ring->current()->key_id == "k2");
        CHECK(state_of(database, "k1") == "former");
        CHECK(state_of(database, "k2") == "current");
        if (database.kind() == db::DatabaseKind::mariadb) {
            CHECK(reason_of(one.keeper->retire("k1")) == "app.key_not_rested");
        }
        one.keeper->leave();
        CHECK(reason_of(one.keeper->retire("k1")) == "app.key_in_use");
        one.work_until_done();
        const auto round = one.resealing->latest().value().value();
        CHECK(round.resealed == kRows);
        CHECK(app::left_in(round) == 0);
        for (int i = 0; i < kRows; ++i) {
            const auto sealed = record_of(database, i);
            CHECK(sealed.starts_with("enc1:k2:"));
            CHECK(crypto::open_long_field(*one.ring, {"permits", "record", number_of(i)}, sealed).value() ==
                  "{\"n\":" + std::to_string(i) + "}");
        }
        REQUIRE(one.keeper->retire("k1"));
        CHECK(state_of(database, "k1") == "retired");
        CHECK(crypto::KeyRing::load(one.text())->retired() == std::vector<std::string>{"k1"});
        // A start with the file that is left.
        Process again(database, clock, "one", one.text());
        CHECK(reason_of(again.begin()) == "");
    });
}

TEST_CASE("nobody seals with a key before every living process knows it") {
    on_both([](db::Database& database) {
        if (database.kind() != db::DatabaseKind::mariadb) {
            return;  // a file has one process
        }
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        Process two(database, clock, "two", text);
        REQUIRE(one.begin());
        REQUIRE(two.begin());
        one.keep();
        two.keep();
        const auto both = crypto::with_new_key(text).value();
        one.put(both);
        one.keep();
        CHECK(state_of(database, "k2") == "published");
        CHECK(one.ring->current()->key_id == "k1");
        SUBCASE("the other one gets the file") {
            two.put(both);
            two.keep();
            one.keep();
            CHECK(one.ring->current()->key_id == "k2");
            CHECK(two.ring->current()->key_id == "k2");
        }
        SUBCASE("the other one died") {
            clock.set(kNowMs + app::kHolderLivesMs + 1'000);
            one.keep();
            CHECK(one.ring->current()->key_id == "k2");
            // It would read what it has no key for: it does not start.
            Process late(database, clock, "two", text);
            CHECK(reason_of(late.begin()) == "app.keys_incomplete");
        }
        SUBCASE("no round begins while somebody seals with the former key") {
            add_permit(database, *two.ring, 0);
            two.put(both);
            two.keeper->keep(clock.now_ms());
            REQUIRE(two.ring->current()->key_id == "k2");
            for (int i = 0; i < 3; ++i) two.resealing->work(clock.now_ms());
            CHECK(record_of(database, 0).starts_with("enc1:k1:"));
            one.keep();
            two.work_until_done();
            CHECK(record_of(database, 0).starts_with("enc1:k2:"));
        }
    });
}

TEST_CASE("who looked at the keys before another one became current does not begin to serve without it") {
    on_both([](db::Database& database) {
        if (database.kind() != db::DatabaseKind::mariadb) return;
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        REQUIRE(one.begin());
        REQUIRE(one.keeper->enter());
        Process late(database, clock, "late", text);
        REQUIRE(late.begin());
        one.put(crypto::with_new_key(text).value());
        one.keep();
        REQUIRE(state_of(database, "k2") == "current");
        CHECK(reason_of(late.keeper->enter()) == "app.keys_incomplete");
    });
}

TEST_CASE("who was taken for gone comes back with the keys of the day, or serves no more") {
    on_both([](db::Database& database) {
        if (database.kind() != db::DatabaseKind::mariadb) return;
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        const auto both = crypto::with_new_key(text).value();
        Process one(database, clock, "one", text);
        Process two(database, clock, "two", text);
        for (auto* process : {&one, &two}) {
            REQUIRE(process->begin());
            REQUIRE(process->keeper->enter());
        }
        clock.set(kNowMs + app::kHolderLivesMs + 1'000);
        one.put(both);
        one.keep();
        REQUIRE(state_of(database, "k2") == "current");
        SUBCASE("without the file") {
            for (int i = 0; i < 3; ++i) two.keep();
            CHECK(two.lost == 1);
        }
        SUBCASE("with the file it never says that it seals with the former key") {
            two.put(both);
            two.keep();
            CHECK(two.lost == 0);
            CHECK(two.ring->current()->key_id == "k2");
        }
        CHECK(one.lost == 0);
    });
}

TEST_CASE("a machine that was taken away is forgotten by its name, a living one never") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        REQUIRE(one.begin());
        one.keep();
        one.put(crypto::with_new_key(text).value());
        one.keep();
        REQUIRE(database.transact([](db::Session& session) {
            app::rotation_store::put_holder(session, {"old-machine", "k1", "k1", "k1", kNowMs - 86'400'000});
        }));
        one.work_until_done();
        one.keeper->leave();
        const auto refused = one.keeper->retire("k1");
        REQUIRE(reason_of(refused) == "app.key_in_use");
        CHECK(refused.error().message.find("forget-machine old-machine") != std::string::npos);
        CHECK(reason_of(one.keeper->forget_holder("another")) == "app.key_holder_unknown");
        REQUIRE(database.transact([](db::Session& session) {
            app::rotation_store::put_holder(session, {"alive", "k1 k2", "k2", "", kNowMs});
        }));
        CHECK(reason_of(one.keeper->forget_holder("alive")) == "app.key_holder_lives");
        CHECK(reason_of(one.keeper->forget_holder("old-machine")) == "");
        clock.set(kNowMs + app::kHolderLivesMs + 1'000);
        CHECK(reason_of(one.keeper->retire("k1")) == "");
    });
}

TEST_CASE("a key rests after the round too: who had read a value before it may be about to write it back") {
    on_both([](db::Database& database) {
        if (database.kind() != db::DatabaseKind::mariadb) return;
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        REQUIRE(one.begin());
        one.keep();
        one.put(crypto::with_new_key(text).value());
        one.keep();
        clock.set(kNowMs + app::kFormerKeyRestsMs + 1'000);
        one.keep();
        one.work_until_done();
        CHECK(reason_of(one.keeper->retire("k1")) == "app.key_not_rested");
        clock.set(clock.now_ms() + app::kRoundRestsMs);
        one.keep();
        CHECK(reason_of(one.keeper->retire("k1")) == "");
    });
}

TEST_CASE("a key file that lacks a key stops the start and says how much depends on it") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        const auto two_keys = crypto::with_new_key(crypto::new_key_ring_text()).value();
        Process one(database, clock, "one", two_keys);
        REQUIRE(one.begin());
        REQUIRE(one.ring->seal_with("k1"));
        for (int i = 0; i < 3; ++i) add_permit(database, *one.ring, i);
        auto lacking = boost::json::parse(two_keys).as_object();
        lacking["keys"].as_object().erase("k1");
        Process short_of_one(database, clock, "one", boost::json::serialize(lacking));
        const auto refused = short_of_one.begin();
        REQUIRE(reason_of(refused) == "app.keys_incomplete");
        CHECK(refused.error().message.find("k1（3 处）") != std::string::npos);
    });
}

TEST_CASE("a key file of another installation is recognised, also by a database that never wrote its keys down") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        Process one(database, clock, "one", crypto::new_key_ring_text());
        REQUIRE(one.begin());
        add_permit(database, *one.ring, 0);
        Process other(database, clock, "one", crypto::new_key_ring_text());
        CHECK(reason_of(other.begin()) == "app.keys_wrong");
        // As an earlier version of the program left it.
        REQUIRE(database.transact([](db::Session& session) { session.execute("DELETE FROM sealing_keys"); }));
        CHECK(reason_of(other.begin()) == "app.keys_wrong");
        Process lacking(database, clock, "one", crypto::new_key_ring_text("k7"));
        CHECK(reason_of(lacking.begin()) == "app.keys_incomplete");
        CHECK(reason_of(one.begin()) == "");
    });
}

TEST_CASE("what somebody writes while a row is re-sealed stays, and a row that does not open keeps nobody waiting") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        REQUIRE(one.begin());
        one.keep();
        for (int i = 0; i < 3; ++i) add_permit(database, *one.ring, i);
        one.put(crypto::with_new_key(text).value());
        one.keep();
        const auto places = permits::sealed_columns(database, *one.ring);
        const auto rows = places.front().page("", 1).value();
        const auto resealed = places.front().reseal(rows.front()).value();
        REQUIRE(database.transact([](db::Session& session) {
            session.execute("UPDATE permits SET record = ? WHERE permit_number = ?", "enc1:k1:AAAA", number_of(0));
        }));
        CHECK(places.front().replace({{rows.front(), resealed}}).value() == 0);
        CHECK(record_of(database, 0) == "enc1:k1:AAAA");
        one.work_until_done();
        const auto round = one.resealing->latest().value().value();
        CHECK(round.resealed == 2);
        CHECK(app::left_in(round) == 1);
        one.keeper->leave();
        CHECK(reason_of(one.keeper->retire("k1")) == "app.key_in_use");
    });
}

TEST_CASE("a round goes on where a process that died left it") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        const auto text = crypto::new_key_ring_text();
        Process one(database, clock, "one", text);
        REQUIRE(one.begin());
        one.keep();
        for (int i = 0; i < kRows; ++i) add_permit(database, *one.ring, i);
        one.put(crypto::with_new_key(text).value());
        one.keep();
        for (int i = 0;
             i < 200 && one.resealing->latest().value().value_or(app::rotation_store::RoundRow{}).resealed == 0; ++i) {
            one.resealing->work(clock.now_ms());
        }
        const auto begun = one.resealing->latest().value().value();
        REQUIRE(begun.resealed > 0);
        REQUIRE(begun.resealed < kRows);
        Process heir(database, clock, "heir", one.text());
        REQUIRE(heir.begin());
        heir.resealing->work(clock.now_ms());
        // The worker may live: it is asked for a minute.
        CHECK(heir.resealing->latest().value().value().resealed == begun.resealed);
        clock.set(kNowMs + 61'000);
        heir.work_until_done();
        CHECK(heir.resealing->latest().value().value().resealed == kRows);
    });
}

TEST_CASE("one damaged value says nothing about the key that opens the others") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        Process one(database, clock, "one", crypto::new_key_ring_text());
        REQUIRE(one.begin());
        for (int i = 0; i < 3; ++i) add_permit(database, *one.ring, i);
        REQUIRE(database.transact([&](db::Session& session) {
            auto damaged = session.row<std::string>("SELECT record FROM permits WHERE permit_number = ?", number_of(0));
            damaged.back() = damaged.back() == 'A' ? 'B' : 'A';
            session.execute("UPDATE permits SET record = ? WHERE permit_number = ?", damaged, number_of(0));
        }));
        Process again(database, clock, "again", one.text());
        CHECK(reason_of(again.begin()).empty());
    });
}

TEST_CASE("a key file that could not be read is read again when its rights are right, without another write") {
    on_both([](db::Database& database) {
        FixedClock clock(kNowMs);
        Process one(database, clock, "one", crypto::new_key_ring_text());
        REQUIRE(one.begin());
        one.keep();
        const auto id = app::add_key(one.key_file).value();
        fs::last_write_time(one.key_file, fs::last_write_time(one.key_file) + std::chrono::seconds(2));
        fs::permissions(one.key_file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
        one.keep();
        CHECK_FALSE(one.ring->find(id));
        fs::permissions(one.key_file, fs::perms::owner_read | fs::perms::owner_write);
        one.keep();
        CHECK(one.ring->find(id));
    });
}
