#include "verify/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <ranges>
#include <stdexcept>

#include "base/civil_date.hpp"
#include "verify/sentences.hpp"

namespace kaigong::verify {
namespace {

constexpr std::array<std::string_view, 5> kKinds{"pdf", "ofd", "xml", "json", "unknown"};
constexpr std::array<std::string_view, 4> kVerdicts{"genuine", "training", "not_genuine", "cannot_judge"};
constexpr std::array<std::string_view, 3> kOutcomes{"pass", "fail", "unchecked"};
constexpr std::array<std::string_view, 12> kCheckNames{"file",      "signature",  "signer",  "seal",
                                                       "timestamp", "data",       "content", "page",
                                                       "proof",     "checkpoint", "times",   "status"};

}  // namespace

std::string_view to_string(Kind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(Verdict verdict) {
    return kVerdicts.at(static_cast<std::size_t>(verdict));
}

std::string_view to_string(Outcome outcome) {
    return kOutcomes.at(static_cast<std::size_t>(outcome));
}

std::string_view to_string(CheckName check) {
    return kCheckNames.at(static_cast<std::size_t>(check));
}

std::string instant_text(std::int64_t at_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t day = at_ms >= 0 ? at_ms / kDayMs : (at_ms + 1) / kDayMs - 1;
    const std::int64_t rest = at_ms - day * kDayMs;
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", kaigong::to_string(date_of_days(day)), rest / 3'600'000,
                       rest / 60'000 % 60, rest / 1'000 % 60, rest % 1'000);
}

boost::json::object to_json(const Answer& answer) {
    boost::json::array checks;
    for (const Check& one : answer.checks) {
        checks.push_back(boost::json::object{{"check", to_string(one.check)},
                                             {"outcome", to_string(one.outcome)},
                                             {"code", one.code},
                                             {"zh", one.zh},
                                             {"en", one.en}});
    }
    boost::json::object json{{"file", answer.file},
                             {"kind", to_string(answer.kind)},
                             {"verdict", to_string(answer.verdict)},
                             {"checks", std::move(checks)},
                             {"certificate", nullptr},
                             {"copy", nullptr},
                             {"as_of", nullptr}};
    if (answer.certificate) json["certificate"] = *answer.certificate;
    if (answer.copy) json["copy"] = *answer.copy;
    if (answer.as_of_ms) json["as_of"] = instant_text(*answer.as_of_ms);
    return json;
}

void Findings::pass(CheckName check) {
    auto [zh, en] = passed_text(check);
    add({check, Outcome::pass, "", std::move(zh), std::move(en)});
}

void Findings::fail(CheckName check, std::string_view code, const std::string& names) {
    fail(check, code, Words{names, names});
}

void Findings::fail(CheckName check, std::string_view code, const Words& names) {
    auto [zh, en] = sentence(code, names);
    add({check, Outcome::fail, std::string(code), std::move(zh), std::move(en)});
}

void Findings::skip(CheckName check, std::string_view code) {
    auto [zh, en] = sentence(code);
    add({check, Outcome::unchecked, std::string(code), std::move(zh), std::move(en)});
}

void Findings::add(Check check) {
    const CheckName name = check.check;
    if (!found_.emplace(name, std::move(check)).second) {
        throw std::logic_error(fmt::format("{} was judged twice", to_string(name)));
    }
}

std::optional<Outcome> Findings::outcome(CheckName check) const {
    const auto found = found_.find(check);
    return found == found_.end() ? std::nullopt : std::optional(found->second.outcome);
}

bool Findings::any_failed() const {
    return std::ranges::any_of(found_, [](const auto& one) { return one.second.outcome == Outcome::fail; });
}

std::vector<Check> Findings::list() const {
    const auto checks = std::views::values(found_);
    return {checks.begin(), checks.end()};
}

}  // namespace kaigong::verify
