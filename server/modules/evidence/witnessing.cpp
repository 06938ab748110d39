#include "modules/evidence/witnessing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <stdexcept>

#include "base/log.hpp"
#include "engine/tlog/lines.hpp"

namespace kaigong::evidence {
namespace {

/// A witness that is down is not asked with every checkpoint: each try costs its whole deadline.
constexpr std::chrono::seconds kLeftAlone{5};
/// A witness that is told its own size has no reason to name a third one.
constexpr int kTurns = 2;
constexpr int kAccepted = 200;
constexpr int kOtherSize = 409;
constexpr std::int64_t kMsPerSecond = 1'000;
/// Half of what verifiers allow between the time of an entry and that of a cosignature.
constexpr std::int64_t kApartSecondsMax = 30;

Error refused(const tlog::VerifierKey& key, const std::string& why) {
    return error(Errc::unavailable, "evidence.witness_refused",
                 fmt::format("见证方 {} 没有为检查点签名（{}），请与其联系；系统会继续重试。", key.name, why));
}

}  // namespace

Witnessing::Witnessing(db::Database& database, const kaigong::Clock& clock, WitnessSource* source, int needed,
                       std::string log, tlog::LogKeys keys)
    : database_(database),
      clock_(clock),
      source_(source),
      needed_(needed),
      log_(std::move(log)),
      log_keys_(std::move(keys)) {
    if (needed < 0 || static_cast<std::size_t>(needed) > this->keys().size()) {
        throw std::invalid_argument("evidence: more witnesses are needed than there are");
    }
}

std::vector<tlog::VerifierKey> Witnessing::keys() const {
    return source_ == nullptr ? std::vector<tlog::VerifierKey>() : source_->keys();
}

Result<std::vector<store::CosignatureRow>> Witnessing::rows() const {
    return database_.read([&](db::Session& session) { return store::cosignatures_of(session, log_); });
}

Result<bool> Witnessing::ask(const store::TreeRow& tree, const Projection& files) {
    const auto witnesses = keys();
    if (witnesses.empty() || tree.checkpoint.empty()) return false;
    KAIGONG_TRY(known, rows());
    std::vector<Question> questions;
    for (const auto& key : witnesses) {
        const auto text = key.to_text();
        const auto row = std::ranges::find(known, text, &store::CosignatureRow::witness_key);
        const auto old_size = row == known.end() ? 0 : row->tree_size;
        if (old_size == tree.tree_size || Steady::now() < not_before_[text]) continue;
        questions.push_back({key, static_cast<std::uint64_t>(old_size), kTurns});
    }
    const auto all = ask_all(questions, tree, files);
    note_enough(all, known, tree);
    return keep(all, tree);
}

/// From the tree's own size no file is needed, and the answer is a cosignature or the size that the witness has.
Result<std::size_t> Witnessing::meet(const store::TreeRow& tree, const Projection& files) {
    std::vector<Question> questions;
    for (const auto& key : keys()) questions.push_back({key, static_cast<std::uint64_t>(tree.tree_size), 1});
    const auto all = ask_all(questions, tree, files);
    KAIGONG_CHECK(keep(all, tree));
    // One that is only behind is there, and is asked with the proof from where it is.
    for (const auto& answer : all) {
        if (answer.seen) not_before_.erase(answer.key.to_text());
    }
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [](const Answer& answer) { return answer.row || answer.seen; }));
}

std::vector<Witnessing::Answer> Witnessing::ask_all(const std::vector<Question>& questions, const store::TreeRow& tree,
                                                    const Projection& files) const {
    std::vector<std::future<Answer>> asked;
    asked.reserve(questions.size());
    for (const auto& question : questions) {
        asked.push_back(std::async(std::launch::async, [&] { return ask_one(question, tree, files); }));
    }
    std::vector<Answer> all;
    all.reserve(asked.size());
    for (auto& one : asked) all.push_back(one.get());
    return all;
}

Result<bool> Witnessing::keep(const std::vector<Answer>& all, const store::TreeRow& tree) {
    bool any = false;
    for (const auto& answer : all) {
        KAIGONG_CHECK(note_seen(answer, tree));
        if (!answer.row) {
            not_before_[answer.key.to_text()] = Steady::now() + kLeftAlone;
            log_error(LogLevel::warning, "evidence.not_cosigned", answer.row.error());
            continue;
        }
        KAIGONG_CHECK(database_.transact([&](db::Session& session) { store::save_cosignature(session, *answer.row); }));
        not_before_.erase(answer.key.to_text());
        any = true;
    }
    return any;
}

/// Another process may have placed entries and asked since this tree was read: only a witness that is ahead of the
/// database as it is now tells of a tree that the database has lost.
Result<void> Witnessing::note_seen(const Answer& answer, const store::TreeRow& tree) {
    if (!answer.row && !answer.seen) return {};
    const auto seen = answer.seen.value_or(0);
    bool is_ahead = seen > static_cast<std::uint64_t>(tree.tree_size);
    if (is_ahead) {
        KAIGONG_TRY(now, database_.read([&](db::Session& session) { return store::find_tree(session, log_); }));
        is_ahead = !now || seen > static_cast<std::uint64_t>(now->tree_size);
    }
    const std::scoped_lock lock(mutex_);
    if (is_ahead) {
        ahead_[answer.key.name] = seen;
    } else {
        ahead_.erase(answer.key.name);
    }
    return {};
}

Result<void> Witnessing::nobody_is_ahead(std::int64_t tree_size) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, seen] : ahead_) {
        if (seen <= static_cast<std::uint64_t>(tree_size)) continue;
        return error(
            Errc::unavailable, "evidence.witness_ahead",
            fmt::format("见证方 {} 见过 {} 条，数据库只有 {} 条：数据库可能被换成了旧的备份。已停止登记。请恢复"
                        "最新的备份，或用 ledger adopt 从公开的日志文件补回；确认是见证方出错时，从 "
                        "ledger.witnesses 去掉它。",
                        name, seen, tree_size));
    }
    return {};
}

/// What came now and what was there before for this very tree, whether or not the tree has grown meanwhile.
void Witnessing::note_enough(const std::vector<Answer>& all, const std::vector<store::CosignatureRow>& known,
                             const store::TreeRow& tree) {
    if (needed_ == 0 || all.empty()) return;
    auto note = tree.checkpoint;
    for (const auto& row : known) {
        if (row.tree_size == tree.tree_size) note += row.signature;
    }
    for (const auto& answer : all) {
        if (answer.row) note += answer.row->signature;
    }
    if (!enough(note)) return;
    const std::scoped_lock lock(mutex_);
    if (!enough_ || enough_->first < tree.tree_size) enough_.emplace(tree.tree_size, std::move(note));
}

std::optional<std::string> Witnessing::newest_enough(std::uint64_t index) const {
    const std::scoped_lock lock(mutex_);
    if (!enough_ || static_cast<std::uint64_t>(enough_->first) <= index) return std::nullopt;
    return enough_->second;
}

/// The witness may have seen more than this process knows of, or less after its own restart: it then says its size, and
/// the proof is made from there.
Witnessing::Answer Witnessing::ask_one(const Question& question, const store::TreeRow& tree,
                                       const Projection& files) const {
    const auto size = static_cast<std::uint64_t>(tree.tree_size);
    const auto& key = question.key;
    std::optional<std::uint64_t> seen;
    auto old_size = question.old_size;
    for (int turn = 0; turn < question.turns; ++turn) {
        if (old_size > size)
            return {key, refused(key, fmt::format("它见过 {} 条，这里有 {} 条", old_size, size)), seen};
        const auto proof = files.prove_consistency(old_size, size);
        if (!proof) return {key, proof.error(), seen};
        const auto answer =
            source_->add_checkpoint(key, tlog::AddCheckpoint{old_size, *proof, tree.checkpoint}.to_text());
        if (!answer) return {key, answer.error(), seen};
        if (answer->status == kAccepted) return {key, read_answer(key, tree, answer->body), seen};
        const std::string_view body(answer->body);
        const auto said = tlog::parse_number(body.substr(0, body.find('\n')));
        if (answer->status != kOtherSize || !said)
            return {key, refused(key, fmt::format("答复 {}", answer->status)), seen};
        old_size = *said;
        seen = old_size;
    }
    return {key, refused(key, fmt::format("答复 {}", kOtherSize)), seen};
}

/// A certificate is worth nothing when a witness under it says a time that cannot be (docs/proof-formats.md, `times`):
/// one with a wrong clock counts as missing.
Result<store::CosignatureRow> Witnessing::read_answer(const tlog::VerifierKey& key, const store::TreeRow& tree,
                                                      const std::string& lines) const {
    KAIGONG_TRY(signatures, tlog::parse_signature_lines(lines));
    const auto is_its_own = [&](const tlog::NoteSignature& one) {
        return one.name == key.name && one.key_id == key.key_id();
    };
    const auto own = std::ranges::find_if(signatures, is_its_own);
    if (own == signatures.end()) return refused(key, "答复里没有它的签名");
    const auto line = tlog::signature_line(*own);
    const std::vector keys{key};
    KAIGONG_TRY(opened, tlog::open_checkpoint(tree.checkpoint + line, log_keys_, keys));
    if (opened.cosignatures.empty()) return refused(key, "签名不对");
    const auto at_s = static_cast<std::int64_t>(opened.cosignatures.front().timestamp_s.value_or(0));
    const auto apart_s = at_s - clock_.now_ms() / kMsPerSecond;
    if (apart_s < -kApartSecondsMax || apart_s > kApartSecondsMax) {
        return refused(key, fmt::format("它的时钟与本机相差 {} 秒，请校准", apart_s));
    }
    return store::CosignatureRow{log_, key.to_text(), tree.tree_size, line, at_s * kMsPerSecond};
}

Result<std::string> Witnessing::cosigned(const store::TreeRow& tree) const {
    auto note = tree.checkpoint;
    const auto witnesses = keys();
    if (witnesses.empty()) return note;
    KAIGONG_TRY(known, rows());
    for (const auto& key : witnesses) {
        const auto row = std::ranges::find(known, key.to_text(), &store::CosignatureRow::witness_key);
        if (row != known.end() && row->tree_size == tree.tree_size) note += row->signature;
    }
    return note;
}

bool Witnessing::enough(const std::string& note) const {
    if (needed_ == 0) return true;
    const auto opened = tlog::open_checkpoint(note, log_keys_, keys());
    return opened && opened->cosignatures.size() >= static_cast<std::size_t>(needed_);
}

}  // namespace kaigong::evidence
