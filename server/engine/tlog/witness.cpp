#include "engine/tlog/witness.hpp"

#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/lines.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kOldMark = "old ";
constexpr std::string_view kSizeContentType = "text/x.tlog.size";

constexpr int kAccepted = 200;
constexpr int kMalformed = 400;
constexpr int kNotSigned = 403;
constexpr int kUnknownLog = 404;
constexpr int kOtherSize = 409;
constexpr int kNotConsistent = 422;

Error add_checkpoint_malformed() {
    return error(Errc::invalid_input, "tlog.add_checkpoint_malformed",
                 "提交检查点的请求格式不正确，请按 tlog-witness 重新组织请求。");
}

WitnessAnswer refuse(int status, std::string_view reason) {
    WitnessAnswer answer;
    answer.status = status;
    answer.body = fmt::format("{}\n", reason);
    return answer;
}

/// Another tree than the one the client has in mind: it is told the size, so that it can send the right proof.
WitnessAnswer tell_size(std::uint64_t size) {
    WitnessAnswer answer = refuse(kOtherSize, fmt::to_string(size));
    answer.content_type = kSizeContentType;
    return answer;
}

bool is_of(const NoteSignature& signature, std::span<const VerifiedSignature> verified) {
    return std::ranges::any_of(verified, [&](const VerifiedSignature& one) {
        return one.key.name == signature.name && one.key.key_id() == signature.key_id;
    });
}

WitnessAnswer accept(const Checkpoint& checkpoint, Note note, std::span<const SignerKey> signers, std::uint64_t now_s) {
    WitnessAnswer answer;
    answer.status = kAccepted;
    for (const SignerKey& signer : signers) {
        note.signatures.push_back(cosign(signer, note.text, now_s));
        answer.body += signature_line(note.signatures.back());
    }
    answer.accepted = SubmittedCheckpoint{checkpoint.origin, checkpoint.tree, note_text(note)};
    return answer;
}

}  // namespace

std::string AddCheckpoint::to_text() const {
    std::string text = fmt::format("{}{}\n", kOldMark, old_size);
    for (const Hash& hash : proof) text += hash_text(hash) + "\n";
    return text + "\n" + checkpoint;
}

Result<AddCheckpoint> AddCheckpoint::parse(std::string_view body) {
    if (body.size() > kNoteBytesMax) return add_checkpoint_malformed();
    const auto line = take_line(body);
    if (!line || !line->starts_with(kOldMark)) return add_checkpoint_malformed();
    const auto old_size = parse_number(line->substr(kOldMark.size()));
    auto proof = take_hashes(body);
    if (!old_size || !proof) return add_checkpoint_malformed();
    KAIGONG_CHECK(parse_note(body));
    return AddCheckpoint{*old_size, std::move(*proof), std::string(body)};
}

WitnessAnswer answer_add_checkpoint(std::string_view body, const FindLog& find_log, std::span<const SignerKey> signers,
                                    std::uint64_t now_s) {
    const auto request = AddCheckpoint::parse(body);
    if (!request) return refuse(kMalformed, request.error().reason);
    auto note = parse_note(request->checkpoint);
    if (!note) return refuse(kMalformed, note.error().reason);
    const auto checkpoint = Checkpoint::parse(note->text);
    if (!checkpoint) return refuse(kMalformed, checkpoint.error().reason);

    const WitnessedLog* const known = find_log(checkpoint->origin);
    if (known == nullptr) return refuse(kUnknownLog, "tlog.log_unknown");
    const auto signatures = open_note(*note, known->log.keys);
    if (!signatures) return refuse(kNotSigned, signatures.error().reason);

    if (request->old_size > checkpoint->tree.size) return refuse(kMalformed, "tlog.sizes_out_of_order");
    if (request->old_size != known->latest.size) return tell_size(known->latest.size);
    std::erase_if(note->signatures, [&](const NoteSignature& one) { return !is_of(one, *signatures); });
    const auto consistent = verify_consistency(known->latest, checkpoint->tree, request->proof);
    if (!consistent) {
        auto answer = refuse(kNotConsistent, consistent.error().reason);
        answer.refused = SubmittedCheckpoint{checkpoint->origin, checkpoint->tree, note_text(*note)};
        return answer;
    }
    return accept(*checkpoint, std::move(*note), signers, now_s);
}

}  // namespace kaigong::tlog
