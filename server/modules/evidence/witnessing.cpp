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

Error refused(const tlog::VerifierKey& key, const std::string& why) {
    return error(Errc::unavailable, "evidence.witness_refused",
                 fmt::format("见证方 {} 没有为检查点签名（{}），请与其联系；系统会继续重试。", key.name, why));
}

}  // namespace

Witnessing::Witnessing(db::Database& database, WitnessSource* source, int needed, std::string log, tlog::LogKeys keys)
    : database_(database), source_(source), needed_(needed), log_(std::move(log)), log_keys_(std::move(keys)) {
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
    std::vector<std::future<Asked>> questions;
    for (const auto& key : witnesses) {
        const auto text = key.to_text();
        const auto row = std::ranges::find(known, text, &store::CosignatureRow::witness_key);
        const auto old_size = row == known.end() ? 0 : row->tree_size;
        if (old_size == tree.tree_size || Clock::now() < not_before_[text]) continue;
        questions.push_back(std::async(std::launch::async, [this, &tree, &files, key, text, old_size] {
            return Asked{text, ask_one(key, static_cast<std::uint64_t>(old_size), tree, files)};
        }));
    }
    std::vector<Asked> all;
    all.reserve(questions.size());
    for (auto& question : questions) all.push_back(question.get());
    return keep(all);
}

Result<bool> Witnessing::keep(const std::vector<Asked>& all) {
    bool any = false;
    for (const auto& [key, row] : all) {
        if (!row) {
            not_before_[key] = Clock::now() + kLeftAlone;
            log_error(LogLevel::warning, "evidence.not_cosigned", row.error());
            continue;
        }
        KAIGONG_CHECK(database_.transact([&](db::Session& session) { store::save_cosignature(session, *row); }));
        any = true;
    }
    return any;
}

/// The witness may have seen more than this process knows of, or less after its own restart: it then says its size, and
/// the proof is made from there.
Result<store::CosignatureRow> Witnessing::ask_one(const tlog::VerifierKey& key, std::uint64_t old_size,
                                                  const store::TreeRow& tree, const Projection& files) const {
    const auto size = static_cast<std::uint64_t>(tree.tree_size);
    for (int turn = 0; turn < kTurns; ++turn) {
        if (old_size > size) return refused(key, fmt::format("它见过 {} 条，多于这里的 {} 条", old_size, size));
        KAIGONG_TRY(proof, files.prove_consistency(old_size, size));
        KAIGONG_TRY(answer,
                    source_->add_checkpoint(key, tlog::AddCheckpoint{old_size, proof, tree.checkpoint}.to_text()));
        if (answer.status == kAccepted) return read_answer(key, tree, answer.body);
        const std::string_view body(answer.body);
        const auto said = tlog::parse_number(body.substr(0, body.find('\n')));
        if (answer.status != kOtherSize || !said) return refused(key, fmt::format("答复 {}", answer.status));
        old_size = *said;
    }
    return refused(key, fmt::format("答复 {}", kOtherSize));
}

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
