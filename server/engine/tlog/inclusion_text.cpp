#include "engine/tlog/inclusion_text.hpp"

#include "crypto/encoding.hpp"
#include "engine/tlog/lines.hpp"

#include <fmt/format.h>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtraMark = "extra ";
constexpr std::string_view kIndexMark = "index ";

Error inclusion_malformed() {
    return error(Errc::invalid_input, "tlog.inclusion_malformed", "存证证明的格式不正确，请重新下载证书文件。");
}

/// What stands after a word and a space; nothing where the line begins otherwise.
std::optional<std::string_view> after(std::string_view mark, std::string_view line) {
    if (!line.starts_with(mark)) return std::nullopt;
    return line.substr(mark.size());
}

}  // namespace

std::string InclusionText::to_text() const {
    std::string text = fmt::format("{}\n", kProofHeader);
    if (extra) text += fmt::format("{}{}\n", kExtraMark, crypto::to_base64(*extra));
    text += fmt::format("{}{}\n", kIndexMark, index);
    for (const Hash& hash : proof) text += hash_text(hash) + "\n";
    return text + "\n" + checkpoint;
}

Result<InclusionText> InclusionText::parse(std::string_view text) {
    if (text.size() > kNoteBytesMax || take_line(text) != kProofHeader) return inclusion_malformed();
    InclusionText result;
    std::string_view line = take_line(text).value_or("");
    if (const auto extra = after(kExtraMark, line)) {
        result.extra = crypto::from_base64(*extra);
        if (!result.extra) return inclusion_malformed();
        line = take_line(text).value_or("");
    }
    const auto index = parse_number(after(kIndexMark, line).value_or(""));
    auto proof = take_hashes(text);
    if (!index || !proof) return inclusion_malformed();
    KAIGONG_CHECK(parse_note(text));
    result.index = *index;
    result.proof = std::move(*proof);
    result.checkpoint = text;
    return result;
}

Result<OpenedCheckpoint> verify_inclusion_text(const InclusionText& inclusion, const Hash& leaf, const LogKeys& log,
                                               std::span<const VerifierKey> witnesses) {
    KAIGONG_TRY(opened, open_checkpoint(inclusion.checkpoint, log, witnesses));
    KAIGONG_CHECK(verify_inclusion(leaf, inclusion.index, opened.checkpoint.tree, inclusion.proof));
    return std::move(opened);
}

}  // namespace kaigong::tlog
