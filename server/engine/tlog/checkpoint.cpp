#include "engine/tlog/checkpoint.hpp"

#include "engine/tlog/lines.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

Error checkpoint_malformed() {
    return error(Errc::invalid_input, "tlog.checkpoint_malformed", "检查点的格式不正确，请重新获取完整的检查点文件。");
}

bool is_line(std::string_view text) {
    return !text.empty() && text.find('\n') == std::string_view::npos;
}

}  // namespace

std::string Checkpoint::to_text() const {
    if (!is_line(origin) || !std::ranges::all_of(extensions, is_line) || tree.size > kNumberMax) {
        throw std::logic_error("no text of a checkpoint can say this");
    }
    std::string text = fmt::format("{}\n{}\n{}\n", origin, tree.size, hash_text(tree.root));
    for (const std::string& extension : extensions) text += extension + "\n";
    return text;
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
    const auto origin = take_line(text);
    const auto size = parse_number(take_line(text).value_or(""));
    const auto root = parse_hash(take_line(text).value_or(""));
    if (!origin || origin->empty() || !size || !root) return checkpoint_malformed();
    Checkpoint checkpoint{std::string(*origin), {*size, *root}, {}};
    while (!text.empty()) {
        const auto line = take_line(text);
        if (!line || line->empty()) return checkpoint_malformed();
        checkpoint.extensions.emplace_back(*line);
    }
    return checkpoint;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const SignerKey& log) {
    Note note{checkpoint.to_text(), {}};
    note.signatures.push_back(log.sign(note.text));
    return note_text(note);
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const LogKeys& log,
                                         std::span<const VerifierKey> witnesses) {
    KAIGONG_TRY(note, parse_note(bytes));
    KAIGONG_TRY(checkpoint, Checkpoint::parse(note.text));
    if (checkpoint.origin != log.origin) {
        return error(Errc::invalid_input, "tlog.log_unknown", "检查点来自另一个日志，请核对信任清单。");
    }
    KAIGONG_CHECK(open_note(note, log.keys));
    auto cosignatures = open_note(note, witnesses);
    if (!cosignatures && cosignatures.error().reason != "tlog.signature_missing") {
        return std::move(cosignatures).error();
    }
    OpenedCheckpoint opened{std::move(checkpoint), {}};
    if (cosignatures) opened.cosignatures = std::move(*cosignatures);
    // A list of witnesses that names a key for plain signatures, maybe the log's own, must not make a witness of it.
    std::erase_if(opened.cosignatures, [](const VerifiedSignature& one) { return !one.timestamp_s; });
    return opened;
}

}  // namespace kaigong::tlog
