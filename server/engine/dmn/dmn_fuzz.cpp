// Any bytes as a decision model: refused, or every decision evaluates within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/dmn/dmn.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong;
    const auto model = dmn::parse({reinterpret_cast<const char*>(bytes), size});
    if (!model) return 0;
    feel::Environment environment;
    environment.limits.evaluation_steps_max = 20'000;
    feel::Context inputs;
    for (const auto& input : model->inputs()) inputs.put(input.name, feel::Value(7));
    for (const auto& decision : model->decisions()) {
        const auto outcome = dmn::evaluate(*model, decision.name, inputs, environment, {.explain = true});
        if (outcome) static_cast<void>(outcome->value.to_text());
    }
    return 0;
}
