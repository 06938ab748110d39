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

/// In `alarms/`: two trees of one size have different names.
std::string note_name(const char* what, const tlog::TreeHead& tree) {
    return fmt::format("{}-{}-{}", what, tree.size, crypto::to_hex(tree.root).substr(0, 16));
}

Error alarm_stands(const fs::path& folder) {
    return error(
        Errc::precondition_failed, "ledger.alarm_stands",
        "此前的警报还没有处理：请看 " + alarm_file(folder).string() + "，查明并报告后移走这个文件，再继续见证。");
}

Error state_missing(const fs::path& folder) {
    return error(
        Errc::precondition_failed, "ledger.state_missing",
        "文件夹 " + folder.string() +
            " 里有日志副本，却没有 state.json，不知道签过什么，没有签名。请从备份恢复它；确要重新开始，请换一个"
            "新文件夹。");
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
    // Where it cannot be made, the lock says so.
    static_cast<void>(make_folders(parts.folder));
    KAIGONG_TRY(lock, db::FileLock::acquire((parts.folder / "state.json").string()));
    if (fs::exists(alarm_file(parts.folder), fault)) return alarm_stands(parts.folder);
    KAIGONG_TRY(read, read_witness_state(parts.folder, parts.log.origin));
    const bool is_new = !read;
    auto state = std::move(read).value_or(WitnessState());
    state.origin = parts.log.origin;
    std::unique_ptr<Watcher> watcher(new Watcher(std::move(parts), std::move(lock), std::move(state)));
    KAIGONG_CHECK(watcher->copy_.open());
    if (!is_new) return watcher;
    const auto& folder = watcher->parts_.folder;
    if (watcher->copy_.head().size > 0 || !watcher->cosigned().empty()) return state_missing(folder);
    // Before the first look: what is copied in it must not be taken for a copy that lost its state.
    KAIGONG_CHECK(write_witness_state(folder, watcher->state_));
    return watcher;
}

std::string Watcher::cosigned() const {
    return own_text(parts_.folder / "cosigned");
}

Result<Look> Watcher::look(LogSource& source, const LogCopy::Progress& progress) {
    KAIGONG_TRY(step, copy_.follow(source, progress));
    Look look{step.shown, 0, std::move(step.findings), step.is_older, false};
    const std::scoped_lock one(remembering_);
    std::error_code fault;
    if (fs::exists(alarm_file(parts_.folder), fault)) return alarm_stands(parts_.folder);
    const auto now_ms = parts_.clock.now_ms();
    auto state = state_;
    // Of a log that was never read there is nothing that its next tree could contradict.
    if (step.withheld && copy_.head().size > 0)
        KAIGONG_CHECK(remember_unproven(state, step.shown, step.checkpoint, now_ms));
    if (look.findings.empty()) {
        KAIGONG_CHECK(compare_with_cosigned(look, state, now_ms));
        KAIGONG_CHECK(compare_with_unproven(look, state, step, now_ms));
        if (!step.withheld) judge_age(look, state, now_ms);
        if (copy_.head() == look.shown) KAIGONG_CHECK(judge(look, state, now_ms));
    }
    if (!look.findings.empty()) {
        KAIGONG_CHECK(alarm(look, step.checkpoint));
        // Entries that were complained of once are not complained of again, when a person lets the witness go on; a
        // tree that does not go on from the last one never will.
        KAIGONG_CHECK(write_witness_state(parts_.folder, state));
        return look;
    }
    // Only what was followed to its end is cosigned, and a tree that was cosigned by asking and is not published yet
    // stays the largest.
    const bool is_largest = copy_.head() == look.shown && look.shown.size >= state.cosigned.size;
    if (is_largest) {
        state.cosigned = copy_.head();
        state.cosigned_at_ms = now_ms;
    }
    KAIGONG_CHECK(write_witness_state(parts_.folder, state));
    state_ = std::move(state);
    if (step.withheld) return *step.withheld;
    if (is_largest) KAIGONG_CHECK(cosign(step.checkpoint, now_ms));
    look.cosigned = is_largest;
    return look;
}

/// What was cosigned by asking must turn up in what is published. The time runs from the first tree that did not: a log
/// that asks on and on, be it for the same one, gains none.
Result<void> Watcher::compare_with_cosigned(Look& look, const WitnessState& state, std::int64_t now_ms) const {
    if (state.cosigned.size > copy_.head().size) {
        const auto hidden =
            std::ranges::find_if(state.marks, [&](const CosignedMark& mark) { return mark.size > copy_.head().size; });
        const auto since_ms = hidden == state.marks.end() ? state.cosigned_at_ms : hidden->at_ms;
        if (now_ms - since_ms <= kUnpublishedMsMax) return {};
        if (auto found = tlog::watch_trees(state.cosigned, copy_.head(), {})) look.findings.push_back(*found);
        return {};
    }
    KAIGONG_TRY(root, copy_.root_at(state.cosigned.size));
    const tlog::TreeHead published{state.cosigned.size, root};
    if (auto found = tlog::watch_trees(state.cosigned, published, {})) look.findings.push_back(*found);
    return {};
}

/// A tree that was signed and not shown is held against the copy as soon as that is as large; in vain after a while.
Result<void> Watcher::compare_with_unproven(Look& look, WitnessState& state, const LogStep& step,
                                            std::int64_t now_ms) const {
    for (auto& one : std::exchange(state.unproven, {})) {
        const bool is_late = now_ms - one.at_ms > kUnpublishedMsMax;
        if (one.tree.size > copy_.head().size) {
            if (is_late && look.findings.empty() && step.missing_from) {
                std::ranges::move(tlog::watch_bundle(*step.missing_from, {}, std::span(&one.tree.root, 1)),
                                  std::back_inserter(look.findings));
            } else if (is_late && look.findings.empty()) {
                look.findings.push_back(tlog::tree_withheld(one.tree));
            }
            state.unproven.push_back(one);
            continue;
        }
        KAIGONG_TRY(root, copy_.root_at(one.tree.size));
        if (auto fork = tlog::watch_trees({one.tree.size, root}, one.tree, {})) {
            look.findings.push_back(std::move(*fork));
            state.unproven.push_back(one);
            continue;
        }
        std::error_code fault;
        fs::remove(parts_.folder / "alarms" / note_name("unproven", one.tree), fault);
    }
    return {};
}

/// Of several processes behind one address one may lag for a moment; a log that stays behind was put back.
void Watcher::judge_age(Look& look, WitnessState& state, std::int64_t now_ms) const {
    if (!look.is_older) {
        state.older_since_ms.reset();
        return;
    }
    state.older_since_ms = state.older_since_ms.value_or(now_ms);
    if (now_ms - *state.older_since_ms <= kUnpublishedMsMax) return;
    if (auto found = tlog::watch_trees(copy_.head(), look.shown, {})) look.findings.push_back(std::move(*found));
}

Result<void> Watcher::remember_unproven(WitnessState& state, const tlog::TreeHead& tree, const std::string& note,
                                        std::int64_t now_ms) const {
    const bool is_known = std::ranges::find(state.unproven, tree, &UnprovenTree::tree) != state.unproven.end();
    if (is_known || state.unproven.size() >= kMarksMax) return {};
    KAIGONG_CHECK(keep_note("unproven", note));
    state.unproven.push_back({tree, now_ms});
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

/// A checkpoint for those who have to be convinced, under a name that says its tree.
Result<void> Watcher::keep_note(const char* what, const std::string& note) const {
    if (note.empty()) return {};
    const auto opened = tlog::open_checkpoint(note, parts_.log);
    const auto tree = opened ? opened->checkpoint.tree : tlog::TreeHead{};
    return write_durably(parts_.folder / "alarms" / note_name(what, tree), note);
}

/// All checkpoints are kept that contradict each other: what was shown, what was copied, and what was cosigned, which
/// the log may have shown to nobody else. Together they convince everybody.
Result<void> Watcher::alarm(const Look& look, const std::string& note) const {
    KAIGONG_CHECK(keep_note("shown", note));
    KAIGONG_CHECK(keep_note("kept", own_text(parts_.folder / "log" / "checkpoint")));
    KAIGONG_CHECK(keep_note("cosigned", cosigned()));
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
    const bool is_kept = answer.accepted  ? note_accepted(*answer.accepted, now_ms).has_value()
                         : answer.refused ? note_refused(*answer.refused, now_ms).has_value()
                                          : true;
    return is_kept ? answer : refuse("ledger.state_not_written");
}

/// The state first: a note that is on the disk is shown to monitors.
Result<void> Watcher::note_accepted(const tlog::SubmittedCheckpoint& accepted, std::int64_t now_ms) {
    auto state = state_;
    if (accepted.tree.size > state.cosigned.size) {
        state.cosigned_at_ms = now_ms;
        state.marks.push_back({accepted.tree.size, now_ms});
    }
    state.cosigned = accepted.tree;
    KAIGONG_CHECK(write_witness_state(parts_.folder, state));
    state_ = std::move(state);
    return write_durably(parts_.folder / "cosigned", accepted.note);
}

/// Anybody may send what the log has signed, with a wrong proof: larger, it is only remembered, and looked for.
Result<void> Watcher::note_refused(const tlog::SubmittedCheckpoint& refused, std::int64_t now_ms) {
    if (refused.tree.size == state_.cosigned.size) {
        auto fork = tlog::watch_trees(state_.cosigned, refused.tree, {});
        return fork ? alarm({.shown = refused.tree, .findings = {std::move(*fork)}}, refused.note) : Result<void>();
    }
    auto state = state_;
    KAIGONG_CHECK(remember_unproven(state, refused.tree, refused.note, now_ms));
    KAIGONG_CHECK(write_witness_state(parts_.folder, state));
    state_ = std::move(state);
    return {};
}

}  // namespace kaigong::app
