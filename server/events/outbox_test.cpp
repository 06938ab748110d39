#include "events/outbox.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/metrics.hpp"
#include "db/database.hpp"
#include "db/testing/test_databases.hpp"
#include "events/dispatcher.hpp"

namespace kaigong::events {
namespace {

constexpr std::int64_t kNowMs = 1'780'000'000'000;

NewEvent decided(const std::string& permit, const std::string& payload = "{}") {
    return {new_uuid(kNowMs), "PermitDecided", "permit", permit, payload, kNowMs};
}

void append(db::Database& database, const Outbox& outbox, const NewEvent& event) {
    REQUIRE(database.transact([&](db::Session& session) -> Result<void> {
        outbox.append(session, event);
        return {};
    }));
}

void with_effects_table(const std::function<void(db::Database&)>& body) {
    db::testing::on_each_database({"events"}, [&](db::Database& database) {
        REQUIRE(database.transact([](db::Session& session) -> Result<void> {
            session.execute_once(
                db::in_dialect("CREATE TABLE effects (subscriber {{code}} NOT NULL, event_id {{id}} NOT NULL, PRIMARY "
                               "KEY (subscriber, "
                               "event_id)) {{table}}",
                               session.kind()));
            return {};
        }));
        body(database);
    });
}

/// Twice the same effect would be a duplicate key.
Result<void> record(db::Session& session, const char* subscriber, const Event& event) {
    session.execute("INSERT INTO effects (subscriber, event_id) VALUES (?, ?)", subscriber, event.event_id);
    return {};
}

Backlog backlog_of(db::Database& database) {
    const auto read = database.read([](db::Session& session) { return backlog(session); });
    REQUIRE(read);
    return *read;
}

Error refused() {
    return error(Errc::conflict, "test.refused", "拒绝");
}

/// True when the effects of all earlier events of this aggregate are saved. Asked inside the effect's transaction: what
/// runs after COMMIT on several threads has no order of its own.
bool earlier_ones_are_saved(db::Session& session, const std::string& subscriber, const Event& event) {
    const auto saved = session.row<std::int64_t>(
        "SELECT count(*) FROM effects f JOIN events e ON e.event_id = f.event_id "
        "WHERE f.subscriber = ? AND e.aggregate_id = ? AND e.sequence < ?",
        subscriber, event.aggregate_id, event.sequence);
    return saved == event.sequence - 1;
}

/// A subscriber that remembers which sequences of each aggregate it got, and whether one came before its time.
struct Listener {
    Subscription as(const std::string& name) {
        return subscription(name, {"PermitDecided"}, [this, name](db::Session& session, const Event& event) {
            {
                const std::lock_guard lock(mutex);
                ++tries[event.event_id];
                if (refuse.contains(event.aggregate_id)) return Result<void>(refusal);
            }
            if (!earlier_ones_are_saved(session, name, event)) out_of_order = true;
            session.after_commit([this, event] {
                const std::lock_guard lock(mutex);
                heard[event.aggregate_id].push_back(event.sequence);
            });
            return record(session, name.c_str(), event);
        });
    }

    std::mutex mutex;
    std::map<std::string, std::vector<std::int64_t>> heard;
    std::map<std::string, int> tries;
    std::set<std::string> refuse;
    Error refusal = refused();
    std::atomic<bool> out_of_order{false};
};

}  // namespace

TEST_CASE("events of an aggregate are numbered without gaps, also by writers at the same time") {
    db::testing::on_each_database({"events"}, [](db::Database& database) {
        Outbox outbox;
        std::vector<std::thread> writers;
        writers.reserve(6);
        for (int writer = 0; writer < 6; ++writer) {
            writers.emplace_back([&, writer] {
                for (int i = 0; i < 10; ++i) append(database, outbox, decided(writer % 2 == 0 ? "a" : "b"));
            });
        }
        for (auto& writer : writers) writer.join();
        const auto sequences = database.read([](db::Session& session) {
            return session.rows<std::int64_t>("SELECT sequence FROM events WHERE aggregate_id = 'a' ORDER BY sequence");
        });
        REQUIRE(sequences);
        REQUIRE(sequences->size() == 30);
        CHECK(sequences->front() == 1);
        CHECK(sequences->back() == 30);
    });
}

TEST_CASE("a fact of a transaction that was rolled back is never heard") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        const FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        CHECK_FALSE(database.transact([&](db::Session& session) -> Result<void> {
            outbox.append(session, decided("a"));
            return refused();
        }));
        CHECK(dispatcher.deliver_due() == 0);
        append(database, outbox, decided("a"));
        CHECK(dispatcher.deliver_due() == 1);
        CHECK(listener.heard["a"] == std::vector<std::int64_t>{1});
    });
}

TEST_CASE("each subscriber hears what it asked for, in the order of each aggregate") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener first;
        Listener second;
        outbox.subscribe(first.as("test.first"));
        outbox.subscribe(second.as("test.second"));
        outbox.subscribe(subscription("test.deaf", {"SomethingElse"}, [](db::Session&, const Event&) -> Result<void> {
            FAIL("not its event");
            return {};
        }));
        const FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        for (int i = 0; i < 10; ++i) {
            append(database, outbox, decided("a"));
            append(database, outbox, decided("b"));
        }
        CHECK(dispatcher.deliver_due() == 40);
        for (auto* listener : {&first, &second}) {
            for (const auto* aggregate : {"a", "b"}) {
                const auto& heard = listener->heard[aggregate];
                CHECK(heard.size() == 10);
                CHECK(std::is_sorted(heard.begin(), heard.end()));
            }
        }
        CHECK(backlog_of(database).pending == 0);
    });
}

TEST_CASE("a failing delivery is tried again after a while that doubles, and those behind it wait") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        listener.refuse = {"a"};
        outbox.subscribe(listener.as("test.listener"));
        FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        const auto event = decided("a");
        append(database, outbox, event);
        append(database, outbox, decided("a"));
        append(database, outbox, decided("b"));
        CHECK(dispatcher.deliver_due() == 2);
        CHECK(listener.heard["b"].size() == 1);
        CHECK(dispatcher.deliver_due() == 0);
        clock.set(kNowMs + 500);
        CHECK(dispatcher.deliver_due() == 1);
        clock.set(kNowMs + 1000);
        CHECK(dispatcher.deliver_due() == 0);
        clock.set(kNowMs + 1500);
        listener.refuse.clear();
        CHECK(dispatcher.deliver_due() == 2);
        CHECK(listener.tries[event.event_id] == 3);
        CHECK(listener.heard["a"] == std::vector<std::int64_t>{1, 2});
    });
}

TEST_CASE("after too many failures the aggregate parks where it is seen, and goes on when it is resumed") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        listener.refuse = {"a"};
        outbox.subscribe(listener.as("test.listener"));
        FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        const auto event = decided("a");
        append(database, outbox, event);
        append(database, outbox, decided("a"));
        for (int i = 0; i < 20; ++i) {
            dispatcher.deliver_due();
            clock.set(clock.now_ms() + 120'000);
        }
        CHECK(listener.tries[event.event_id] == 8);
        const auto parked = database.read([](db::Session& session) { return parked_deliveries(session, 10); });
        REQUIRE(parked);
        REQUIRE(parked->size() == 1);
        CHECK(parked->front().event_id == event.event_id);
        CHECK(parked->front().event_type == "PermitDecided");
        CHECK(parked->front().last_error == "test.refused");
        CHECK(backlog_of(database).parked == 1);
        append(database, outbox, decided("b"));
        CHECK(dispatcher.deliver_due() == 1);

        listener.refuse.clear();
        auto resume_it = [&] {
            return database.transact(
                [&](db::Session& session) { return resume(session, "test.listener", event.event_id, clock.now_ms()); });
        };
        CHECK(resume_it());
        CHECK(resume_it().error().reason == "events.not_parked");
        CHECK(dispatcher.deliver_due() == 2);
        CHECK(listener.heard["a"] == std::vector<std::int64_t>{1, 2});
    });
}

TEST_CASE("what is away is waited for ever more slowly, is seen by people, and never parks") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        listener.refuse = {"a"};
        listener.refusal = error(Errc::unavailable, "test.away", "请检查签名服务");
        outbox.subscribe(listener.as("test.listener"));
        FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        const auto event = decided("a");
        append(database, outbox, event);
        constexpr int kSeconds = 600;
        for (int second = 0; second < kSeconds; ++second) {
            dispatcher.deliver_due();
            clock.set(clock.now_ms() + 1'000);
        }
        // 16 seconds between two tries in the end.
        CHECK(listener.tries[event.event_id] < 45);
        CHECK(listener.tries[event.event_id] > 35);
        CHECK(backlog_of(database).parked == 0);
        const auto failing =
            database.read([&](db::Session& session) { return failing_deliveries(session, outbox, "permit", "a"); });
        REQUIRE(failing);
        REQUIRE(failing->size() == 1);
        CHECK(failing->front().last_message == "请检查签名服务");
        CHECK_FALSE(failing->front().parked);
        listener.refuse.clear();
        clock.set(clock.now_ms() + 16'000);
        CHECK(dispatcher.deliver_due() == 1);
    });
}

TEST_CASE("an exception of a subscriber is a failure like another") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        bool throws = true;
        outbox.subscribe(
            subscription("test.listener", {"PermitDecided"}, [&](db::Session& session, const Event& event) {
                if (throws) throw std::runtime_error("bug");
                return record(session, "test.listener", event);
            }));
        FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        append(database, outbox, decided("a"));
        CHECK(dispatcher.deliver_due() == 1);
        throws = false;
        clock.set(kNowMs + 500);
        CHECK(dispatcher.deliver_due() == 1);
        CHECK(backlog_of(database).pending == 0);
    });
}

TEST_CASE("a dispatcher whose lease ran out while it worked leaves the effect to the one who took over") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        FixedClock clock(kNowMs);
        Dispatcher* other = nullptr;
        int prepared = 0;
        outbox.subscribe({"test.slow", {"PermitDecided"}, [&](const Event& event) -> Result<Effect> {
                              // The first one is so slow that its lease ends and another dispatcher does it all.
                              if (++prepared == 1) {
                                  clock.set(clock.now_ms() + 200'000);
                                  CHECK(other->deliver_due() == 1);
                              }
                              return Effect(
                                  [event](db::Session& session) { return record(session, "test.slow", event); });
                          }});
        Dispatcher slow(database, outbox, clock);
        Dispatcher quick(database, outbox, clock);
        other = &quick;
        append(database, outbox, decided("a"));
        CHECK(slow.deliver_due() == 1);
        CHECK(prepared == 2);
        CHECK(backlog_of(database).pending == 0);
        CHECK(database.read([](db::Session& session) { return session.row<int>("SELECT count(*) FROM effects"); })
                  .value_or(-1) == 1);
    });
}

TEST_CASE("deliveries for a subscriber that this program does not have keep nobody waiting") {
    with_effects_table([](db::Database& database) {
        Outbox other_version;
        Listener gone;
        other_version.subscribe(gone.as("test.gone"));
        for (int i = 0; i < 40; ++i) append(database, other_version, decided(std::to_string(i)));

        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        const FixedClock clock(kNowMs);
        DispatcherSettings settings;
        settings.poll_ms = 1;
        Dispatcher dispatcher(database, outbox, clock, settings);
        append(database, outbox, decided("a"));
        int tried = 0;
        for (int i = 0; i < 4; ++i) tried += dispatcher.deliver_due();
        CHECK(tried == 1);
        CHECK(listener.heard["a"].size() == 1);
        CHECK(backlog_of(database).pending == 40);
    });
}

TEST_CASE("what a dead dispatcher had claimed is due again when its lease ends") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        FixedClock clock(kNowMs);
        append(database, outbox, decided("a"));
        REQUIRE(database.transact([](db::Session& session) -> Result<void> {
            session.execute("UPDATE event_deliveries SET lease_holder = 'dead', due_at_ms = ?", kNowMs + 120'000);
            return {};
        }));
        Dispatcher dispatcher(database, outbox, clock);
        CHECK(dispatcher.deliver_due() == 0);
        clock.set(kNowMs + 120'000);
        CHECK(dispatcher.deliver_due() == 1);
    });
}

TEST_CASE("after a death the next start of the same instance waits for no lease, and leaves those of others alone") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        const FixedClock clock(kNowMs);
        append(database, outbox, decided("ours"));
        append(database, outbox, decided("theirs"));
        const auto lease_by = [&](const char* aggregate, const char* holder) {
            REQUIRE(database.transact([&](db::Session& session) {
                session.execute("UPDATE event_deliveries SET lease_holder = ?, due_at_ms = ? WHERE aggregate_id = ?",
                                holder, kNowMs + 15'000, aggregate);
            }));
        };
        lease_by("ours", "here/killed");
        lease_by("theirs", "there/alive");
        DispatcherSettings settings;
        settings.instance = "here";
        settings.threads = 0;
        Dispatcher dispatcher(database, outbox, clock, settings);
        dispatcher.start();
        dispatcher.deliver_due();
        dispatcher.stop();
        CHECK(listener.heard["ours"].size() == 1);
        // One process has a SQLite file, so there nobody else can be alive.
        const bool shared = database.kind() == db::DatabaseKind::mariadb;
        CHECK(listener.heard["theirs"].size() == (shared ? 0U : 1U));
    });
}

TEST_CASE("a start without an instance's name takes nothing from other processes") {
    with_effects_table([](db::Database& database) {
        if (database.kind() == db::DatabaseKind::sqlite) return;
        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        const FixedClock clock(kNowMs);
        append(database, outbox, decided("theirs"));
        REQUIRE(database.transact([](db::Session& session) {
            session.execute("UPDATE event_deliveries SET lease_holder = 'there/alive', due_at_ms = ?", kNowMs + 15'000);
        }));
        DispatcherSettings settings;
        settings.threads = 0;
        Dispatcher dispatcher(database, outbox, clock, settings);
        dispatcher.start();
        CHECK(dispatcher.deliver_due() == 0);
        dispatcher.stop();
    });
}

TEST_CASE("a lease is renewed for as long as its holder works") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        FixedClock clock(kNowMs);
        DispatcherSettings settings;
        settings.lease_ms = 60;
        settings.threads = 1;
        Dispatcher* other = nullptr;
        int prepared = 0;
        bool renewed = false;
        const auto due_at_ms = [&] {
            return database
                .read([](db::Session& session) {
                    return session.row<std::int64_t>("SELECT due_at_ms FROM event_deliveries");
                })
                .value_or(0);
        };
        std::atomic<bool> done{false};
        outbox.subscribe({"test.slow", {"PermitDecided"}, [&](const Event& event) -> Result<Effect> {
                              ++prepared;
                              // The work lasts past its lease.
                              clock.set(kNowMs + 200);
                              const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
                              while (!renewed && std::chrono::steady_clock::now() < patience) {
                                  renewed = due_at_ms() == kNowMs + 260;
                                  std::this_thread::yield();
                              }
                              CHECK(other->deliver_due() == 0);
                              return Effect([event, &done](db::Session& session) {
                                  session.after_commit([&done] { done = true; });
                                  return record(session, "test.slow", event);
                              });
                          }});
        Dispatcher slow(database, outbox, clock, settings);
        Dispatcher quick(database, outbox, clock, settings);
        other = &quick;
        slow.start();
        append(database, outbox, decided("a"));
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!done && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
        slow.stop();
        CHECK(renewed);
        CHECK(prepared == 1);
        CHECK(done);
    });
}

TEST_CASE("what holds an aggregate up is named, with the instant of the fact") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        listener.refuse = {"a"};
        outbox.subscribe(listener.as("test.listener"));
        FixedClock clock(kNowMs);
        Dispatcher dispatcher(database, outbox, clock);
        Metrics metrics;
        publish_deliveries(metrics, database, dispatcher);
        const auto event = decided("a");
        append(database, outbox, event);
        append(database, outbox, decided("a"));
        const auto failing = [&](const char* aggregate) {
            const auto found = database.read(
                [&](db::Session& session) { return failing_deliveries(session, outbox, "permit", aggregate); });
            REQUIRE(found);
            return *found;
        };
        for (int i = 0; i < 2; ++i) {
            dispatcher.deliver_due();
            clock.set(clock.now_ms() + 120'000);
        }
        CHECK(failing("a").empty());  // twice may pass by itself
        dispatcher.deliver_due();
        REQUIRE(failing("a").size() == 1);
        CHECK(failing("a").front().event_id == event.event_id);
        CHECK(failing("a").front().since_at_ms == kNowMs);
        CHECK(failing("a").front().last_error == "test.refused");
        CHECK(failing("a").front().last_message == "拒绝");
        CHECK_FALSE(failing("a").front().parked);
        CHECK(failing("b").empty());
        for (int i = 0; i < 5; ++i) {
            clock.set(clock.now_ms() + 120'000);
            dispatcher.deliver_due();
        }
        CHECK(failing("a").front().parked);
        const auto text = metrics.render();
        for (const char* line : {"kaigong_events_parked 1\n", "kaigong_events_pending 1\n",
                                 "kaigong_events_failures 8\n", "kaigong_events_parkings 1\n"}) {
            CHECK_MESSAGE(text.find(line) != std::string::npos, line);
        }
    });
}

TEST_CASE("an event that is committed after a dispatcher ended wakes those that are left, and nobody else") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        int rung = 0;
        const Listening left(outbox.bells(), [&] { ++rung; });
        const SystemClock clock;
        auto ended = std::make_unique<Dispatcher>(database, outbox, clock);
        auto gone = std::make_unique<int>(0);
        auto listens = std::make_unique<Listening>(outbox.bells(), [&heard = *gone] { ++heard; });
        REQUIRE(database.transact([&](db::Session& session) {
            static_cast<void>(outbox.append(session, decided("a")));
            ended.reset();
            listens.reset();
            gone.reset();
        }));
        CHECK(rung == 1);
    });
}

TEST_CASE("several dispatchers with threads deliver everything once and in order, without waiting for a poll") {
    with_effects_table([](db::Database& database) {
        Outbox outbox;
        Listener listener;
        outbox.subscribe(listener.as("test.listener"));
        const SystemClock clock;
        DispatcherSettings settings;
        settings.poll_ms = 60'000;
        Dispatcher one(database, outbox, clock, settings);
        Dispatcher two(database, outbox, clock, settings);
        one.start();
        two.start();
        std::vector<std::thread> writers;
        writers.reserve(4);
        for (int writer = 0; writer < 4; ++writer) {
            writers.emplace_back([&, writer] {
                for (int i = 0; i < 15; ++i) append(database, outbox, decided(std::to_string((writer + i) % 5)));
            });
        }
        for (auto& writer : writers) writer.join();
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (backlog_of(database).pending > 0 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        one.stop();
        two.stop();
        CHECK(backlog_of(database).pending == 0);
        std::size_t heard = 0;
        for (const auto& [aggregate, sequences] : listener.heard) {
            heard += sequences.size();
        }
        CHECK(heard == 60);
        CHECK_FALSE(listener.out_of_order);
    });
}

}  // namespace kaigong::events
