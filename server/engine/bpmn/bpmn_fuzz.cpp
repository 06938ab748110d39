// Strangers' models: whatever the bytes are, reading, judging and a few steps of running never crash, never run on for
// ever, and never leave an instance that waits for nothing (decide throws then). What could be read is written, and
// read again it is the same.
#include <cstddef>
#include <cstdint>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/document.hpp"

using namespace kaigong::bpmn;

namespace {

Command next_command(const State& state, int step) {
    const Waiting waiting = waiting_for(state);
    if (step % 5 == 4 && !waiting.timers.empty()) return FireTimer{waiting.timers.front().timer};
    if (!waiting.jobs.empty()) return CompleteJob{waiting.jobs.front().token, {}};
    if (!waiting.tasks.empty()) return CompleteTask{waiting.tasks.front().token, {{"x", step}}};
    if (!waiting.timers.empty()) return FireTimer{waiting.timers.front().timer};
    if (!waiting.incidents.empty()) return ResolveIncident{waiting.incidents.front().incident, {{"x", true}}};
    return Cancel{"fuzz"};
}

void write_and_read_again(std::string_view xml) {
    const auto document = read_document(xml);
    if (!document) return;
    const std::string written = write_document(*document);
    // References may be longer than the characters that they stand for.
    if (written.size() > kXmlBytesMax) return;
    const auto again = read_document(written);
    if (!again || first_difference(*document, *again) || write_document(*again) != written) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view xml(reinterpret_cast<const char*>(bytes), size);
    write_and_read_again(xml);
    const Judgement whole = check(xml);
    // One process at a time from here on: the first, where there are several.
    const auto definition = parse(xml, whole.process_id);
    const bool deployable = check(xml, whole.process_id).deployable();
    if (definition.has_value() != deployable || (whole.deployable() && !deployable)) __builtin_trap();
    if (!definition) return 0;
    State state;
    constexpr std::int64_t kNowMs = 1'795'395'600'000;
    for (int step = 0; step < 12; ++step) {
        const Command command = step == 0 ? Command(Start{{{"x", 1}, {"again", true}}}) : next_command(state, step);
        const auto events =
            decide(*definition, state, command, kNowMs + step * 86'400'000LL, {.steps_max = 50, .tokens_max = 30});
        if (!events) continue;
        for (const Event& event : *events) apply(state, event_from_json(event_to_json(event)).value());
        if (!(state_from_json(state_to_json(state)).value() == state)) __builtin_trap();
    }
    return 0;
}
