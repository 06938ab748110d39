#include "engine/tlog/watch.hpp"

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "engine/tlog/entry.hpp"
#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

constexpr std::int64_t kNowMs = 1'796'200'000'000;  // 2026-12-02 in the office
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::string_view kCommitment = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

std::string permit(std::int64_t logged_at_ms, std::string_view issued_on) {
    return fmt::format(
        R"({{"certificate_identifier":"1.2","certificate_version":1,"content":"{}","decided_at_ms":1,"entry":"permit",)"
        R"("issued_on":"{}","issuer_code":"11330106MB0DEM0104","logged_at_ms":{},"owner_name":"示例公司",)"
        R"("permit_number":"330106202612020101","sandbox":false,"state":"in_force","v":1,"works_name":"示例\n学校"}})",
        kCommitment, issued_on, logged_at_ms);
}

std::string audit(std::int64_t logged_at_ms) {
    return fmt::format(R"({{"entry":"audit","hash":"{}","logged_at_ms":{},"v":1}})", kCommitment, logged_at_ms);
}

std::vector<std::string> names(const std::vector<Finding>& findings) {
    std::vector<std::string> result;
    for (const Finding& one : findings) {
        CHECK(one.zh.ends_with("。"));
        CHECK(one.en.ends_with("."));
        CHECK(count_code_points(one.zh).has_value());
        result.push_back(one.name);
    }
    return result;
}

std::vector<std::string> judged(const std::string& entry, const WatchTimes& times) {
    return names(watch_entries(7, {&entry, 1}, times).findings);
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a tree that was withheld is named by its size, in both languages") {
    const auto found = tree_withheld({301, leaf_hash("a")});
    CHECK(found.name == "ledger.tree_withheld");
    CHECK(found.index == 301);
    CHECK(found.zh.find("301") != std::string::npos);
    CHECK(found.en.find("301") != std::string::npos);
}

TEST_CASE("entries of every kind that the page lists are read") {
    const std::string files = fmt::format(R"({{"a.pdf":"{}","b.ofd":"{}"}})", kCommitment, kCommitment);
    const std::string copy = fmt::format(
        R"({{"certificate_identifier":"1.2","certificate_version":2,"copy_number":3,"entry":"copy","files":{},)"
        R"("logged_at_ms":5,"permit_number":"3","purpose":"{}","v":1}})",
        files, kCommitment);
    const std::string of_files = fmt::format(
        R"({{"certificate_identifier":"1.2","certificate_version":2,"entry":"files","files":{},"logged_at_ms":5,)"
        R"("permit_number":"3","v":1}})",
        files);
    const std::string state =
        R"({"certificate_identifier":"1.2","certificate_version":2,"entry":"state","logged_at_ms":5,"permit_number":"3","state":"revoked","v":1})";
    for (const std::string& entry : {copy, of_files, state, audit(5)}) {
        CAPTURE(entry);
        CHECK(read_entry(entry) == EntryTimes{5, std::nullopt});
    }
    CHECK(read_entry(permit(9, "2026-12-02")) == EntryTimes{9, CivilDate{2026, 12, 2}});
}

TEST_CASE("what is not an entry of the page is malformed") {
    const std::string good = audit(5);
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    REQUIRE(read_entry(good));
    for (const std::string& entry :
         {std::string(),
          std::string("{}"),
          std::string("[]"),
          std::string("5"),
          good + " ",
          " " + good,
          good + "\n",
          with("\"v\":1", "\"v\":2"),
          with("\"v\":1", "\"v\":1.0"),
          with("\"v\":1", "\"v\":\"1\""),
          with(",\"v\":1", ""),
          with("\"v\":1", "\"v\":1,\"w\":1"),
          with("audit", "other"),
          with("\"audit\"", "1"),
          with("\"entry\":\"audit\",", ""),
          with(":5", ":-5"),
          with(":5", ":5.5"),
          with(":5", ":\"5\""),
          with(":5", ":253402300800000"),
          with(":5", ":18446744073709551615"),
          with("sha256:", "sha512:"),
          with("e3b0", "E3B0"),
          with("e3b0", "e3b"),
          with("\"hash\"", "\"hasch\""),
          with("audit", "\\u0061udit"),
          std::string(R"({"v":1,"entry":"audit","hash":")") + std::string(kCommitment) + R"(","logged_at_ms":5})"}) {
        CAPTURE(entry);
        CHECK(!read_entry(entry));
        CHECK(judged(entry, {.cosigning_at_ms = kNowMs}) == Names{"ledger.entry_malformed"});
    }
    CHECK(!read_entry(permit(9, "2026-02-30")));
}

TEST_CASE("a time may lie a minute before the entry before it, not more") {
    const WatchTimes times{kNowMs, std::nullopt, kNowMs};
    CHECK(judged(audit(kNowMs - kMinuteMs), times).empty());
    CHECK(judged(audit(kNowMs - kMinuteMs - 1), times) == Names{"ledger.time_wrong"});
    CHECK(judged(audit(kNowMs - kMinuteMs - 1), {.cosigning_at_ms = kNowMs}).empty());
}

TEST_CASE("a time may lie a minute after the cosignature, not more") {
    CHECK(judged(audit(kNowMs + kMinuteMs), {.cosigning_at_ms = kNowMs}).empty());
    CHECK(judged(audit(kNowMs + kMinuteMs + 1), {.cosigning_at_ms = kNowMs}) == Names{"ledger.time_wrong"});
}

TEST_CASE("an entry may come ten minutes late, else it is backdated") {
    const WatchTimes times{std::nullopt, kNowMs, kNowMs};
    CHECK(judged(audit(kNowMs - 10 * kMinuteMs), times).empty());
    CHECK(judged(audit(kNowMs - 10 * kMinuteMs - 1), times) == Names{"ledger.entry_backdated"});
}

TEST_CASE("a permit is logged within fifteen days of its day, and never before it") {
    const WatchTimes times{.cosigning_at_ms = kNowMs};
    CHECK(to_string(office_date(kNowMs)) == "2026-12-02");
    CHECK(judged(permit(kNowMs, "2026-12-02"), times).empty());
    CHECK(judged(permit(kNowMs, "2026-11-17"), times).empty());
    CHECK(judged(permit(kNowMs, "2026-11-16"), times) == Names{"ledger.time_wrong"});
    CHECK(judged(permit(kNowMs, "2026-12-03"), times) == Names{"ledger.time_wrong"});
    // 23:59:59 and 24:00 in the office.
    const std::int64_t midnight = office_midnight_ms({2026, 12, 2});
    CHECK(judged(permit(midnight, "2026-12-02"), times).empty());
    CHECK(judged(permit(midnight - 1, "2026-12-02"), times) == Names{"ledger.time_wrong"});
}

TEST_CASE("a range is judged entry after entry, and the next one goes on from it") {
    const std::vector<std::string> entries{audit(kNowMs - 5 * kMinuteMs), audit(kNowMs - 7 * kMinuteMs), "{}",
                                           audit(kNowMs - 9 * kMinuteMs), audit(kNowMs)};
    const auto watched = watch_entries(100, entries, {.cosigning_at_ms = kNowMs});
    CHECK(names(watched.findings) == Names{"ledger.time_wrong", "ledger.entry_malformed", "ledger.time_wrong"});
    CHECK(watched.findings[0].index == 101);
    CHECK(watched.findings[1].index == 102);
    CHECK(watched.findings[2].index == 103);
    CHECK(watched.last_logged_at_ms == kNowMs);
    CHECK(watch_entries(5, {}, {.previous_logged_at_ms = 3}).last_logged_at_ms == 3);
}

TEST_CASE("a smaller tree is a rollback, another one a fork") {
    const SampleTree tree(30);
    const auto proof = *prove_consistency(11, 30, tree.reader());
    CHECK(!watch_trees(tree.head_at(11), tree.head_at(30), proof));
    CHECK(!watch_trees(tree.head_at(30), tree.head_at(30), {}));
    CHECK(watch_trees(tree.head_at(30), tree.head_at(11), proof)->name == "ledger.rollback");
    CHECK(watch_trees(tree.head_at(11), {30, leaf_hash("x")}, proof)->name == "ledger.fork");
    CHECK(watch_trees({11, leaf_hash("x")}, tree.head_at(30), proof)->name == "ledger.fork");
    const auto fork = watch_trees(tree.head_at(30), {30, leaf_hash("x")}, {});
    CHECK(names({*fork}) == Names{"ledger.fork"});
    CHECK(fork->index == 30);
}

TEST_CASE("an entry that is gone or replaced shows") {
    const SampleTree tree(5);
    std::vector<std::string> entries;
    for (std::uint64_t i = 0; i < 5; ++i) entries.push_back(entry_text(i));
    CHECK(watch_bundle(0, entries, tree.leaves()).empty());
    entries[3] += " ";
    const auto replaced = watch_bundle(1'000, entries, tree.leaves());
    CHECK(names(replaced) == Names{"ledger.entry_removed"});
    CHECK(replaced[0].index == 1'003);
    entries.resize(3);
    CHECK(names(watch_bundle(0, entries, tree.leaves())) == Names{"ledger.entry_removed", "ledger.entry_removed"});
}
