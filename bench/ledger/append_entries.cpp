// The log under load, and a large log.
//
//   append_entries append FOLDER CLIENTS ENTRIES PAUSE_MS
//       each client queues entry after entry, with a pause behind each, each in a transaction of its own, while a
//       ticker settles as the server's does; ends when a checkpoint file covers all of them. Prints
//       {"entries","entry_bytes","queued_seconds","seconds", "cpu_seconds","commits","rounds","lag_ms"}: lag from the
//       commit of an entry to the first checkpoint over it
//   append_entries bare FOLDER CLIENTS ENTRIES BYTES
//       records of that size to one file, one thread writes what waits and syncs once; prints {"entries","seconds",
//       "cpu_seconds","commits"}
//   append_entries prove FOLDER ENTRIES PROOFS
//       a log of so many made-up leaves as tiles; prints {"entries","seconds","proof_bytes","prove_ms","verify_ms"},
//       milliseconds of processor time
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <semaphore>
#include <span>

#include "bpmn/measuring.hpp"
#include "crypto/encoding.hpp"
#include "db/migrations.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/tile.hpp"
#include "modules/evidence/evidence.hpp"

namespace kaigong::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kNowMs = 1'796'200'000'000;
/// As the server's ticker (app/bureau.cpp).
constexpr std::chrono::milliseconds kSettleEvery{250};

double milliseconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
    return std::chrono::duration<double, std::milli>(to - from).count();
}

json::object quantiles(std::vector<double> values) {
    std::ranges::sort(values);
    const auto at = [&](double share) {
        return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
    };
    return {{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", values.back()}};
}

std::string subject_of(std::size_t number) {
    return fmt::format("permit/1.2.156.3005.2.11100000000013338W009.11330106MB0DEM0104.{:018}.001.X", number);
}

/// As long as that of a permit.
std::string entry_of(std::size_t number) {
    return fmt::format(
        "{{\"certificate_identifier\":\"1.2.156.3005.2.11100000000013338W009.11330106MB0DEM0104.{:018}.001.X\","
        "\"certificate_version\":1,\"content\":\"sha256:{:064x}\",\"decided_at_ms\":1796200000000,\"entry\":\"permit\","
        "\"issued_on\":\"2026-12-02\",\"issuer_code\":\"11330106MB0DEM0104\",\"logged_at_ms\":1796200000000,"
        "\"owner_name\":\"杭州市西湖区教育建设中心（示例）\",\"permit_number\":\"{:018}\",\"sandbox\":true,\"state\":"
        "\"in_force\",\"v\":1,\"works_name\":\"翠苑小学扩建工程\"}}",
        number, number, number);
}

tlog::SignerKey log_key(const char* log) {
    return must(tlog::SignerKey::from_seed(std::string("bench.example/") + log, tlog::SignatureType::ed25519,
                                           crypto::SigningKey::new_seed().bytes()));
}

std::unique_ptr<db::Database> open_database(const fs::path& folder) {
    db::Settings settings;
    settings.url = "sqlite:" + (folder / "kaigong.db").string();
    auto database = must(db::Database::open(settings));
    must(db::migrate(*database, db::embedded_migrations(), kNowMs));
    return database;
}

class Append {
  public:
    Append(const fs::path& folder, std::size_t entries, std::chrono::milliseconds pause)
        : pause_(pause),
          database_(open_database(folder)),
          evidence_(
              evidence::make_evidence({*database_, clock_, folder / "ledger", log_key("permits"), log_key("audit")})),
          queued_at_(entries) {}

    json::object run(int clients) {
        const Meter meter(*database_);
        const auto begun = SteadyClock::now();
        std::thread ticker([&] { tick(); });
        in_clients(clients, queued_at_.size(), [&](std::size_t number) { queue(number); });
        const auto queued = SteadyClock::now();
        over_ = true;
        ticker.join();
        auto figures = meter.figures(static_cast<std::int64_t>(queued_at_.size()));
        figures["entries"] = queued_at_.size();
        figures["entry_bytes"] = entry_of(0).size();
        figures["queued_seconds"] = milliseconds_between(begun, queued) / 1000;
        figures["rounds"] = shown_.size();
        figures["over_budget"] = database_->activity().over_budget;
        figures["lag_ms"] = quantiles(lags());
        return figures;
    }

  private:
    void queue(std::size_t number) {
        const auto entry = entry_of(number);
        must(database_->transact([&](db::Session& session) {
            evidence_->queue(session, {evidence::kPermitsLog, subject_of(number), entry, clock_.now_ms()});
        }));
        queued_at_[number] = SteadyClock::now();
        if (pause_.count() > 0) std::this_thread::sleep_for(pause_);
    }

    /// Until everything is under a checkpoint.
    void tick() {
        for (auto next = SteadyClock::now();; std::this_thread::sleep_until(next += kSettleEvery)) {
            const bool last = over_;
            next = std::max(next, SteadyClock::now());
            must(evidence_->settle());
            shown_.emplace_back(must(evidence_->tree(evidence::kPermitsLog)).tree_size, SteadyClock::now());
            if (last && shown_.back().first == static_cast<std::int64_t>(queued_at_.size())) return;
        }
    }

    std::vector<double> lags() {
        const auto places = must(database_->read([](db::Session& session) {
            return session.rows<Place>("SELECT subject, leaf_index FROM evidence_entries");
        }));
        std::map<std::string, std::int64_t> by_subject;
        for (const auto& place : places) by_subject[place.subject] = place.leaf_index;
        std::vector<double> lags;
        for (std::size_t number = 0; number < queued_at_.size(); ++number) {
            const auto index = by_subject.at(subject_of(number));
            const auto shown = std::ranges::find_if(shown_, [&](const auto& one) { return one.first > index; });
            lags.push_back(std::max(0.0, milliseconds_between(queued_at_[number], shown->second)));
        }
        return lags;
    }

    struct Place {
        std::string subject;
        std::int64_t leaf_index = 0;
    };

    std::chrono::milliseconds pause_;
    SystemClock clock_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<evidence::Evidence> evidence_;
    std::vector<SteadyClock::time_point> queued_at_;
    std::vector<std::pair<std::int64_t, SteadyClock::time_point>> shown_;
    std::atomic<bool> over_{false};
};

/// One file, one writer, one sync for all that waits.
class BareLoop {
  public:
    BareLoop(const fs::path& file, std::size_t bytes)
        : record_(bytes, 'x'), descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
        if (descriptor_ < 0) throw std::runtime_error("cannot open " + file.string());
    }
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;
    ~BareLoop() { ::close(descriptor_); }

    json::object run(int clients, std::size_t entries) {
        const auto begun = SteadyClock::now();
        const double cpu = process_cpu_seconds();
        std::thread writer([&] { write_groups(); });
        in_clients(clients, entries, [&](std::size_t) { append(); });
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        arrived_.notify_one();
        writer.join();
        return {{"entries", entries},
                {"seconds", milliseconds_between(begun, SteadyClock::now()) / 1000},
                {"cpu_seconds", process_cpu_seconds() - cpu},
                {"commits", commits_}};
    }

  private:
    void append() {
        std::binary_semaphore saved{0};
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(&saved);
        }
        arrived_.notify_one();
        saved.acquire();
    }

    void write_groups() {
        for (;;) {
            std::vector<std::binary_semaphore*> group;
            {
                std::unique_lock lock(mutex_);
                arrived_.wait(lock, [&] { return over_ || !waiting_.empty(); });
                if (waiting_.empty()) return;
                group.swap(waiting_);
            }
            std::string bytes;
            for (std::size_t i = 0; i < group.size(); ++i) bytes += record_;
            if (::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
                ::fsync(descriptor_) != 0) {
                throw std::runtime_error("cannot write");
            }
            ++commits_;
            for (auto* saved : group) saved->release();
        }
    }

    std::string record_;
    int descriptor_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::binary_semaphore*> waiting_;
    bool over_ = false;
    std::int64_t commits_ = 0;
};

tlog::Hash leaf_of(std::uint64_t index) {
    return tlog::leaf_hash(fmt::format("made-up entry {}", index));
}

/// Tiles of hashes only: no proof needs an entry.
class LargeLog {
  public:
    explicit LargeLog(fs::path folder) : folder_(std::move(folder)), key_(log_key("permits")) {}

    void make(std::uint64_t entries) {
        std::vector<tlog::Hash> below(entries);
        for (std::uint64_t index = 0; index < entries; ++index) below[index] = leaf_of(index);
        size_ = entries;
        tlog::Edge edge;
        for (const auto& leaf : below) edge.append(leaf);
        for (int level = 0; !below.empty(); ++level) below = write_level(level, below);
        checkpoint_ = tlog::sign_checkpoint({key_.verifier().name, edge.head(), {}}, key_);
    }

    tlog::InclusionText prove(std::uint64_t index) const {
        const auto read = tlog::tile_reader(size_, [this](const tlog::TileId& tile) -> Result<crypto::Bytes> {
            const auto text = text_of((folder_ / tlog::tile_path(tile)).string());
            const auto bytes = crypto::view(text);
            return crypto::Bytes(bytes.begin(), bytes.end());
        });
        return {std::nullopt, index, must(tlog::prove_inclusion(index, size_, read)), checkpoint_};
    }

    tlog::LogKeys keys() const { return {key_.verifier().name, {key_.verifier()}}; }

  private:
    /// Gives the hashes of the level above.
    std::vector<tlog::Hash> write_level(int level, const std::vector<tlog::Hash>& hashes) const {
        std::vector<tlog::Hash> above;
        for (std::size_t first = 0; first < hashes.size(); first += tlog::kTileWidth) {
            const auto width = std::min<std::size_t>(tlog::kTileWidth, hashes.size() - first);
            const auto tile = std::span(hashes).subspan(first, width);
            const auto path = folder_ / tlog::tile_path({tlog::TileKind::hashes, level, first / tlog::kTileWidth,
                                                         static_cast<unsigned>(width)});
            fs::create_directories(path.parent_path());
            std::ofstream(path, std::ios::binary) << crypto::to_text(tlog::encode_tile(tile));
            if (width == tlog::kTileWidth) above.push_back(tlog::tile_root(tile));
        }
        return above;
    }

    fs::path folder_;
    tlog::SignerKey key_;
    std::uint64_t size_ = 0;
    std::string checkpoint_;
};

json::object prove_in_large_log(const fs::path& folder, std::uint64_t entries, int proofs) {
    const auto begun = SteadyClock::now();
    LargeLog log(folder);
    log.make(entries);
    const auto made = SteadyClock::now();
    std::mt19937_64 random(7);  // NOLINT(cert-msc51-cpp): the same places in every run
    std::vector<double> bytes;
    std::vector<double> proving;
    std::vector<double> verifying;
    for (int i = 0; i < proofs; ++i) {
        const auto index = random() % entries;
        const auto leaf = leaf_of(index);
        // Processor time: what one does alone is not slower because others work.
        const double asked = process_cpu_seconds();
        const auto text = log.prove(index).to_text();
        const double proven = process_cpu_seconds();
        must(tlog::verify_inclusion_text(must(tlog::InclusionText::parse(text)), leaf, log.keys()));
        verifying.push_back((process_cpu_seconds() - proven) * 1000);
        proving.push_back((proven - asked) * 1000);
        bytes.push_back(static_cast<double>(text.size()));
    }
    return {{"entries", entries},
            {"seconds", milliseconds_between(begun, made) / 1000},
            {"proof_bytes", quantiles(bytes)},
            {"prove_ms", quantiles(proving)},
            {"verify_ms", quantiles(verifying)}};
}

int run(std::span<char*> arguments) {
    const std::string verb = arguments.size() > 2 ? arguments[1] : "";
    const auto number = [&](std::size_t at) { return static_cast<std::size_t>(std::atoll(arguments[at])); };
    json::object figures;
    if (verb == "append" && arguments.size() == 6) {
        const std::chrono::milliseconds pause(number(5));
        figures = Append(arguments[2], number(4), pause).run(static_cast<int>(number(3)));
    } else if (verb == "bare" && arguments.size() == 6) {
        figures = BareLoop(fs::path(arguments[2]) / "records", number(5)).run(static_cast<int>(number(3)), number(4));
    } else if (verb == "prove" && arguments.size() == 5) {
        figures = prove_in_large_log(arguments[2], number(3), static_cast<int>(number(4)));
    } else {
        fmt::print(stderr,
                   "append_entries append FOLDER CLIENTS ENTRIES PAUSE_MS · append_entries bare FOLDER CLIENTS ENTRIES "
                   "BYTES · "
                   "append_entries prove FOLDER ENTRIES PROOFS\n");
        return 2;
    }
    fmt::print("{}\n", json::serialize(figures));
    return 0;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        return kaigong::bench::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& failure) {
        fmt::print(stderr, "append_entries: {}\n", failure.what());
        return 1;
    }
}
