#include "app/ledger/watcher.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "crypto/encoding.hpp"
#include "engine/tlog/cosignature.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecondMs = 1'000;
/// A witness that cosigns on and on and cannot read what it cosigned would be of no use: it stops.
constexpr std::size_t kMarksMax = 1'000;
/// What was cosigned must be published within this time.
constexpr std::int64_t kUnpublishedMsMax = tlog::kLateMsMax;
/// Later than any time that an entry can say, with room for what is added to it.
constexpr std::int64_t kNeverMs = 1'000'000'000'000'000;

fs::path alarm_file(const fs::path& folder) {
    return folder / "alarm.json";
}

boost::json::array findings_json(const std::vector<tlog::Finding>& findings) {
    boost::json::array all;
    for (const auto& one : findings) {
        all.push_back({{"name", one.name}, {"index", one.index}, {"zh", one.zh}, {"en", one.en}});
    }
    return all;
}

std::string own_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Watcher::Watcher(WatcherParts parts, db::FileLock lock, WitnessState state)
    : parts_(std::move(parts)),
      lock_(std::move(lock)),
      copy_(parts_.folder / "log", parts_.log),
      state_(std::move(state)) {}

Result<std::unique_ptr<Watcher>> Watcher::open(WatcherParts parts) {
    std::error_code fault;
    fs::create_directories(parts.folder, fault);
    KAIGONG_TRY(lock, db::FileLock::acquire((parts.folder / "state.json").string()));
    if (fs::exists(alarm_file(parts.folder), fault)) {
        return error(Errc::precondition_failed, "ledger.alarm_stands",
                     "此前的警报还没有处理：请看 " + alarm_file(parts.folder).string() +
                         "，查明并报告后移走这个文件，再继续见证。");
    }
    KAIGONG_TRY(state, read_witness_state(parts.folder, parts.log.origin));
    std::unique_ptr<Watcher> watcher(new Watcher(std::move(parts), std::move(lock), std::move(state)));
    KAIGONG_CHECK(watcher->copy_.open());
    return watcher;
}

Result<Look> Watcher::look(LogSource& source, const LogCopy::Progress& progress) {
    KAIGONG_TRY(step, copy_.follow(source, progress));
    Look look{step.shown, 0, std::move(step.findings), false};
    const std::scoped_lock one(remembering_);
    const auto now_ms = parts_.clock.now_ms();
    auto state = state_;
    if (look.findings.empty()) {
        KAIGONG_CHECK(compare_with_cosigned(look, state, now_ms));
        KAIGONG_CHECK(judge(look, state, now_ms));
    }
    if (!look.findings.empty()) {
        KAIGONG_CHECK(alarm(look, step.checkpoint));
        // Entries that were complained of once are not complained of again, when a person lets the witness go on; a
        // tree that does not go on from the last one never will.
        state.cosigned = state_.cosigned;
        if (look.judged > 0) KAIGONG_CHECK(write_witness_state(parts_.folder, state));
        return look;
    }
    // A tree that was cosigned by asking and is not published yet stays the largest.
    const bool is_largest = copy_.head().size >= state.cosigned.size;
    if (is_largest) {
        state.cosigned = copy_.head();
        state.cosigned_at_ms = now_ms;
    }
    KAIGONG_CHECK(write_witness_state(parts_.folder, state));
    state_ = std::move(state);
    if (is_largest) KAIGONG_CHECK(cosign(step.checkpoint, now_ms));
    look.cosigned = is_largest;
    return look;
}

/// What was cosigned by asking must turn up in what is published.
Result<void> Watcher::compare_with_cosigned(Look& look, const WitnessState& state, std::int64_t now_ms) const {
    if (state.cosigned.size > copy_.head().size) {
        if (now_ms - state.cosigned_at_ms <= kUnpublishedMsMax) return {};
        if (auto found = tlog::watch_trees(state.cosigned, copy_.head(), {})) look.findings.push_back(*found);
        return {};
    }
    KAIGONG_TRY(root, copy_.root_at(state.cosigned.size));
    const tlog::TreeHead published{state.cosigned.size, root};
    if (auto found = tlog::watch_trees(state.cosigned, published, {})) look.findings.push_back(*found);
    return {};
}

/// Each entry by the cosignatures around it: the one that covered it first, and the one before.
Result<void> Watcher::judge(Look& look, WitnessState& state, std::int64_t now_ms) const {
    auto marks = std::exchange(state.marks, {});
    marks.push_back({copy_.head().size, now_ms});
    for (const auto& mark : marks) {
        KAIGONG_CHECK(judge_range(look, state, std::min(mark.size, copy_.head().size), mark.at_ms));
        if (mark.size <= copy_.head().size) {
            state.covered_at_ms = mark.at_ms;
        } else {
            state.marks.push_back(mark);
        }
    }
    return {};
}

Result<void> Watcher::judge_range(Look& look, WitnessState& state, std::uint64_t below,
                                  std::int64_t cosigning_at_ms) const {
    const auto last = parts_.sandbox ? state.last_logged_at_ms : state.covered_at_ms;
    while (state.watched < below) {
        const auto end = std::min(below, (state.watched / tlog::kTileWidth + 1) * tlog::kTileWidth);
        KAIGONG_TRY(entries, copy_.entries(state.watched, end));
        const tlog::WatchTimes times{state.last_logged_at_ms, last, parts_.sandbox ? kNeverMs : cosigning_at_ms};
        auto watched = tlog::watch_entries(state.watched, entries, times);
        std::ranges::move(watched.findings, std::back_inserter(look.findings));
        state.last_logged_at_ms = watched.last_logged_at_ms;
        look.judged += end - state.watched;
        state.watched = end;
    }
    return {};
}

/// Both checkpoints are kept: together they convince everybody.
Result<void> Watcher::alarm(const Look& look, const std::string& note) const {
    const auto shown = fmt::format("shown-{}-{}", look.shown.size, crypto::to_hex(look.shown.root).substr(0, 16));
    KAIGONG_CHECK(write_durably(parts_.folder / "alarms" / shown, note));
    const auto before = own_text(parts_.folder / "log" / "checkpoint");
    if (!before.empty()) {
        const auto own = fmt::format("kept-{}-{}", copy_.head().size, crypto::to_hex(copy_.head().root).substr(0, 16));
        KAIGONG_CHECK(write_durably(parts_.folder / "alarms" / own, before));
    }
    const boost::json::object whole{
        {"log", parts_.log.origin}, {"found_at_ms", parts_.clock.now_ms()}, {"findings", findings_json(look.findings)}};
    return write_durably(alarm_file(parts_.folder), boost::json::serialize(whole) + "\n");
}

Result<void> Watcher::cosign(const std::string& note, std::int64_t now_ms) const {
    KAIGONG_TRY(parsed, tlog::parse_note(note));
    const auto own = tlog::cosign(parts_.key, parsed.text, static_cast<std::uint64_t>(now_ms / kSecondMs));
    std::erase_if(parsed.signatures,
                  [&](const tlog::NoteSignature& one) { return one.name == own.name && one.key_id == own.key_id; });
    parsed.signatures.push_back(own);
    return write_durably(parts_.folder / "cosigned", tlog::note_text(parsed));
}

tlog::WitnessAnswer Watcher::add_checkpoint(const std::string& body) {
    const std::scoped_lock one(remembering_);
    const auto refuse = [](const char* reason) {
        tlog::WitnessAnswer answer;
        answer.status = 503;
        answer.body = fmt::format("{}\n", reason);
        return answer;
    };
    std::error_code fault;
    if (fs::exists(alarm_file(parts_.folder), fault)) return refuse("ledger.alarm_stands");
    if (state_.marks.size() >= kMarksMax) return refuse("ledger.log_not_readable");
    const tlog::WitnessedLog known{parts_.log, state_.cosigned};
    const auto find = [&](std::string_view origin) { return origin == known.log.origin ? &known : nullptr; };
    const auto now_ms = parts_.clock.now_ms();
    auto answer = tlog::answer_add_checkpoint(body, find, std::span(&parts_.key, 1),
                                              static_cast<std::uint64_t>(now_ms / kSecondMs));
    if (!answer.accepted) return answer;
    auto state = state_;
    const bool has_grown = answer.accepted->tree.size > state.cosigned.size;
    state.cosigned = answer.accepted->tree;
    state.cosigned_at_ms = now_ms;
    if (has_grown) state.marks.push_back({state.cosigned.size, now_ms});
    if (!write_witness_state(parts_.folder, state)) return refuse("ledger.state_not_written");
    state_ = std::move(state);
    return answer;
}

}  // namespace kaigong::app
