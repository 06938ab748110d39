// What is read of a note, a checkpoint, a proof or a request to a witness is written again as the same bytes.
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/witness.hpp"

#include <cstdlib>
#include <string_view>

using namespace kaigong;
using namespace kaigong::tlog;

namespace {

void must(bool right) {
    if (!right) std::abort();
}

const SignerKey& log_key() {
    static const SignerKey key = *SignerKey::from_seed("a.example/log", SignatureType::ed25519,
                                                       crypto::view("0123456789abcdef0123456789abcdef"));
    return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto note = parse_note(text)) {
        must(note_text(*note) == text);
        const auto checkpoint = Checkpoint::parse(note->text);
        if (checkpoint) must(checkpoint->to_text() == note->text);
        (void)open_note(*note, {&log_key().verifier(), 1}).has_value();
    }
    if (const auto checkpoint = Checkpoint::parse(text)) must(checkpoint->to_text() == text);
    if (const auto key = VerifierKey::parse(text)) must(key->to_text() == text);
    if (const auto inclusion = InclusionText::parse(text)) must(inclusion->to_text() == text);
    if (const auto request = AddCheckpoint::parse(text)) must(request->to_text() == text);
    const WitnessedLog known{{"a.example/log", {log_key().verifier()}}, {}};
    const auto answer = answer_add_checkpoint(text, [&](auto) { return &known; }, {}, 1);
    must(answer.status >= 200 && answer.accepted.has_value() == (answer.status == 200));
    return 0;
}
