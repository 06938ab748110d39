#include "modules/catalog/register_list.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using catalog::RegisterAnswer;

namespace {

constexpr std::int64_t kNowMs = 1'800'000'000'000;
constexpr std::int64_t kHourMs = 3'600'000;

class OneAnswer final : public catalog::RegisterSource {
  public:
    RegisterAnswer answer;
    RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return answer; }
};

boost::json::object seen(const RegisterAnswer& answer) {
    OneAnswer source;
    source.answer = answer;
    const std::vector<catalog::Register> registers{{"planning", "规划许可", 24}};
    return catalog::register_inputs(registers, source, {}, kNowMs).at("planning").as_object();
}

}  // namespace

TEST_CASE("a fresh answer is seen with its facts, its time and who said so") {
    const auto planning = seen({"ok", kNowMs - 24 * kHourMs, "规划局", {{"found", true}}});
    CHECK(planning.at("status") == "ok");
    CHECK(planning.at("found") == true);
    CHECK(planning.at("as_of_at_ms") == kNowMs - 24 * kHourMs);
    CHECK(planning.at("source") == "规划局");
}

TEST_CASE("an answer that is too old is as good as none, and its facts are not seen") {
    const auto planning = seen({"ok", kNowMs - 24 * kHourMs - 1, "规划局", {{"found", true}}});
    CHECK(planning.at("status") == "unavailable");
    CHECK(planning.at("stale") == true);
    CHECK_FALSE(planning.contains("found"));
}

TEST_CASE("a register that does not answer leaves nothing but that") {
    const auto planning = seen({});
    CHECK(planning.at("status") == "unavailable");
    CHECK(planning.size() == 1);
}

TEST_CASE("from a register's silence nothing follows but that a rule could not be checked") {
    const auto read = [](const char* outcome) {
        return catalog::read_registers(boost::json::value{
            {"registers",
             {{{"register", "planning"}, {"name", "规划许可"}, {"fresh_hours", 24}, {"when_unavailable", outcome}}}}});
    };
    REQUIRE(read("unchecked"));
    CHECK(read("unchecked")->front().fresh_hours == 24);
    REQUIRE_FALSE(read("pass"));
    CHECK(read("pass").error().reason == "catalog.matter_malformed");
    CHECK_FALSE(catalog::read_registers(boost::json::array{}));
}
