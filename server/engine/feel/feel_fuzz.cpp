// Any text as expression and as unary tests: it is read or refused, and what is read evaluates within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/feel/feel.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace kaigong::feel;
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    Environment environment;
    environment.now_at_ms = 1'795'406'400'000;
    environment.limits.evaluation_steps_max = 20'000;
    environment.limits.list_items_max = 5'000;
    environment.limits.string_bytes_max = 64UL * 1024UL;
    Context variables;
    variables.put("x", Value(3));
    variables.put("list", Value(List{Value(1), Value("a"), Value()}));
    if (const auto expression = parse(text)) {
        const Value value = evaluate(*expression, variables, environment);
        static_cast<void>(from_json_text(to_json_text(value)));
    }
    if (const auto tests = parse_unary_tests(text)) {
        static_cast<void>(evaluate(*tests, Value(5), variables, environment).to_text());
    }
    static_cast<void>(from_json_text(text, {.typed_by_suffix = true}));
    return 0;
}
