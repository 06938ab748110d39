// verify: certificate files, judged by the rules of docs/proof-formats.md without a network; with --online the
// authority is asked whether the permit holds now.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <optional>
#include <regex>

#include "app/verbs.hpp"
#include "base/civil_date.hpp"
#include "base/clock.hpp"
#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "http/client.hpp"
#include "verify/status.hpp"
#include "verify/verify.hpp"

namespace kaigong::app {
namespace {

using kaigong::verify::Answer;
using kaigong::verify::Check;
using kaigong::verify::Outcome;
using kaigong::verify::Verdict;

constexpr std::size_t kVerifyShownMax = 200;
/// A sentence with its advice, the names in it cut already (verify/sentences.cpp).
constexpr std::size_t kSentenceShownMax = 800;

/// `2026-12-05T02:00:00Z` or with `+08:00`, in UTC milliseconds; nothing for anything else.
std::optional<std::int64_t> verify_instant(const std::string& text) {
    static const std::regex kForm(
        R"((\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{3}))?(Z|([+-])(\d{2}):(\d{2})))");
    std::smatch found;
    if (!std::regex_match(text, found, kForm)) return std::nullopt;
    const auto date = parse_date(found[1].str());
    const auto number = [&found](std::size_t part) { return found[part].matched ? std::stoll(found[part].str()) : 0; };
    if (!date || number(2) > 23 || number(3) > 59 || number(4) > 59 || number(8) > 23 || number(9) > 59) {
        return std::nullopt;
    }
    const std::int64_t ahead_minutes = (number(8) * 60 + number(9)) * (found[7].str() == "-" ? -1 : 1);
    const std::int64_t minutes = days_of(*date) * 1440 + number(2) * 60 + number(3) - ahead_minutes;
    return minutes * 60'000 + number(4) * 1'000 + number(5);
}

Result<verify::Trust> trust_of(const Arguments& arguments) {
    const std::string path = option(arguments, "--trust");
    if (path.empty()) {
        return error(Errc::invalid_input, "verify.trust_missing",
                     "没有信任文件，无法判断文件是谁签的。请从发证机关网站下载 /ledger/trust.json（只需一次，网址由发证"
                     "机关当面或书面告知），再用 --trust 指明。");
    }
    KAIGONG_TRY(text, text_or_file("@" + path));
    return verify::read_trust(text);
}

Result<std::vector<Answer>> judge_files(const Arguments& files, const verify::Trust& trust, std::int64_t now_ms) {
    std::vector<Answer> answers;
    for (const std::string& path : files) {
        KAIGONG_TRY(bytes, text_or_file("@" + path));
        answers.push_back(verify_file({std::filesystem::path(path).filename().string(), bytes}, trust, now_ms));
    }
    return answers;
}

std::string_view verdict_words(Verdict verdict) {
    switch (verdict) {
        case Verdict::genuine: return "文件真实  GENUINE";
        case Verdict::training: return "培训样证，不具效力  TRAINING";
        case Verdict::not_genuine: return "不可信  NOT GENUINE";
        case Verdict::cannot_judge: return "无法判断  CANNOT BE JUDGED";
    }
    return "";
}

void print_checks(const Answer& answer) {
    std::string passed;
    for (const Check& one : answer.checks) {
        if (one.outcome == Outcome::pass) {
            passed += (passed.empty() ? "" : "；") + one.zh;
            continue;
        }
        fmt::print("  {} {}（{}）\n      {}\n", one.outcome == Outcome::fail ? "✗" : "–",
                   printable(one.zh, kSentenceShownMax), one.code, printable(one.en, kSentenceShownMax));
    }
    if (!passed.empty()) fmt::print("  ✓ {}\n", passed);
}

/// What a stranger wrote goes to a terminal: nothing in it may be more than text.
void print_certificate(const boost::json::object& certificate) {
    const auto line = [](std::string_view name, const boost::json::value& value) {
        const auto* const text = value.if_string();
        if (text != nullptr) fmt::print("  {}：{}\n", name, printable(*text, kVerifyShownMax));
    };
    line("编号", certificate.at("permit_number"));
    line("工程名称", certificate.at("project").at("works_name"));
    line("建设单位", certificate.at("holder").at("name"));
    line("发证机关", certificate.at("issuer").at("name"));
    line("发证日期", certificate.at("issued_on"));
    line("电子证照标识", certificate.at("certificate_identifier"));
}

/// A true copy for a loan is none for a tender: whoever holds it must be told.
void print_copy(const boost::json::object& copy) {
    const auto said = [&copy](std::string_view name) { return printable(text_of(copy, name), kVerifyShownMax); };
    fmt::print("  用途复制件：{}，仅供 {} 使用（{} 制作）  COPY for this purpose and recipient only\n", said("purpose"),
               said("made_for"), said("made_on"));
}

void print_answer(const Answer& answer) {
    fmt::print("{}\n■ {}\n", printable(answer.file, kVerifyShownMax), verdict_words(answer.verdict));
    print_checks(answer);
    if (answer.certificate) print_certificate(*answer.certificate);
    if (answer.copy) print_copy(*answer.copy);
    if (answer.as_of_ms) fmt::print("  截至 as of {}\n", verify::instant_text(*answer.as_of_ms));
    fmt::print("\n");
}

/// The file is genuine, and where the authority was asked, it did not say that the permit no longer holds.
bool holds_up(const Answer& answer) {
    const bool denied = std::ranges::any_of(answer.checks, [](const Check& one) {
        return one.check == verify::CheckName::status && one.outcome == Outcome::fail;
    });
    return !denied && (answer.verdict == Verdict::genuine || answer.verdict == Verdict::training);
}

/// Asked, and left open: whoever asked must not take it for a yes.
bool is_left_open(const Answer& answer) {
    return std::ranges::any_of(answer.checks,
                               [](const Check& one) { return one.code == "verify.authority_unreachable"; });
}

/// The address comes from the list, never from the file.
Answer ask_authority(Answer answer, const verify::Trust& trust) {
    if (!answer.certificate || (answer.verdict != Verdict::genuine && answer.verdict != Verdict::training))
        return answer;
    const std::string number(answer.certificate->at("permit_number").as_string());
    const bool digits = number.find_first_not_of("0123456789") == std::string::npos;
    const auto reply = digits ? http::call({.url = trust.public_url + "/api/v1/public/permits/" + number})
                              : Result<http::Answer>(error(Errc::invalid_input, "verify.number_malformed", ""));
    if (!reply) return verify::with_status(std::move(answer), verify::authority_unreachable());
    const auto body = parse_json(reply->body);
    auto check = verify::judge_status(*answer.certificate, {reply->status, body ? *body : boost::json::value(nullptr)});
    return verify::with_status(std::move(answer), check ? std::move(*check) : verify::authority_unreachable());
}

/// An option that is not known, or stands without its value.
bool has_option_not_of_verify(const Arguments& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i].starts_with("--") || arguments[i] == "--json" || arguments[i] == "--online") continue;
        const bool takes_value = arguments[i] == "--trust" || arguments[i] == "--at";
        if (!takes_value || ++i == arguments.size()) return true;
    }
    return false;
}

}  // namespace

int verify_files(const Arguments& arguments) {
    const auto files = positional(arguments, {"--json", "--online"});
    const std::string at = option(arguments, "--at");
    const auto now_ms = at.empty() ? std::optional(SystemClock().now_ms()) : verify_instant(at);
    if (files.empty() || !now_ms || has_option_not_of_verify(arguments)) {
        fmt::print(stderr, "verify FILE… --trust trust.json [--at 2026-12-05T02:00:00Z] [--online] [--json]\n");
        return kWrongUse;
    }
    const auto trust = trust_of(arguments);
    if (!trust) return refuse(trust.error());
    auto answers = judge_files(files, *trust, *now_ms);
    if (!answers) return refuse(answers.error());
    if (flag(arguments, "--online")) {
        for (Answer& answer : *answers) answer = ask_authority(std::move(answer), *trust);
    }
    boost::json::array list;
    for (const Answer& answer : *answers) {
        if (!flag(arguments, "--json")) print_answer(answer);
        list.push_back(to_json(answer));
    }
    if (flag(arguments, "--json")) fmt::print("{}\n", boost::json::serialize(list));
    if (!std::ranges::all_of(*answers, holds_up)) return kNegative;
    return std::ranges::any_of(*answers, is_left_open) ? kRefused : kDone;
}

}  // namespace kaigong::app
