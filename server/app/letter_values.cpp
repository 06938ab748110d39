#include "app/letter_values.hpp"

#include <fmt/format.h>

#include <array>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "modules/catalog/input_labels.hpp"

namespace kaigong::app {
namespace {

using boost::json::array;
using boost::json::object;

std::string day_text(const std::string& date, bool provisional) {
    const auto parsed = parse_date(date);
    if (!parsed) return "";
    return date_weekday_text(*parsed) + (provisional ? "（预计，放假安排未公布）" : "");
}

/// A field that the form does not have is told as it was written, in bytes; a longer one would not fit into a letter.
constexpr std::size_t kUnknownFieldMax = 60;

/// Where the applicant finds it: the paper by its code and name, the field as the form calls it.
std::string place_of(const object& point, const catalog::Matter& matter) {
    const auto field = text_of(point, "field");
    const auto code = text_of(point, "material_code");
    const auto label = catalog::field_label(matter.form_schema(), field);
    const auto& where = label.empty() && field.size() <= kUnknownFieldMax ? field : label;
    if (code.empty()) return where.empty() ? "申请内容" : where;
    const auto name = catalog::material_label(matter.material_list(), code);
    const auto paper = name == code ? code : fmt::format("{} {}", code, name);
    return where.empty() ? paper : fmt::format("{}，{}", paper, where);
}

/// Those that were asked on this round, in one letter.
array points_of(const approval::ProcedureFacts& facts, const catalog::Matter& matter, int round) {
    array points;
    for (const auto& one : facts.points) {
        const auto& point = one.as_object();
        if (text_of(point, "state") == "recorded" || point.at("round").as_int64() != round) continue;
        points.push_back({{"no", std::to_string(points.size() + 1)},
                          {"department_name", text_of(point, "department_name")},
                          {"where", place_of(point, matter)},
                          {"what", text_of(point, "what")},
                          {"how_to_mend", text_of(point, "how_to_mend")},
                          {"legal_basis", text_of(point, "legal_basis")}});
    }
    return points;
}

/// Papers as they came, for the receipt: form of the paper, not its contents.
array materials_of(const applications::Submission& submission) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kForms{
        {{"file", "电子文件"}, {"commitment", "告知承诺"}, {"register", "登记系统核验"}, {"generated", "系统生成"}}};
    array materials;
    for (const auto& one : submission.materials) {
        const auto proved_by = text_of(one.as_object(), "proved_by");
        for (const auto& [code, words] : kForms) {
            if (code != proved_by) continue;
            materials.push_back(
                {{"material_name", text_of(one.as_object(), "name")}, {"form_text", words}, {"pages_text", ""}});
        }
    }
    return materials;
}

/// What the departments said against it, each with its articles (行政许可法 38).
std::string facts_against(const approval::ProcedureFacts& facts) {
    std::string text;
    for (const auto& one : facts.opinions) {
        const auto& opinion = one.as_object();
        if (text_of(opinion, "state") != "disagreed") continue;
        text += fmt::format("{}：{}（依据：{}）\n", text_of(opinion, "department_name"), text_of(opinion, "opinion"),
                            text_of(opinion, "legal_basis"));
    }
    return text;
}

std::string conditions_of(const approval::ProcedureFacts& facts) {
    std::string text;
    for (const auto& one : facts.opinions) {
        const auto& opinion = one.as_object();
        if (text_of(opinion, "state") != "agreed_with_conditions") continue;
        text += fmt::format("{}：{}\n", text_of(opinion, "department_name"), text_of(opinion, "opinion"));
    }
    return text;
}

const object* find_episode(const approval::ProcedureFacts& facts, std::string_view kind, std::int64_t number,
                           std::string_view material_code = "") {
    for (const auto& one : facts.episodes) {
        const auto& episode = one.as_object();
        const bool same = number != 0 ? episode.at("episode_no").as_int64() == number
                                      : text_of(episode, "material_code") == material_code;
        if (same && text_of(episode, "kind") == kind) return &episode;
    }
    return nullptr;
}

std::string numbered(const array& lines) {
    std::string text;
    for (const auto& line : lines) {
        text +=
            fmt::format("{}{}．{}", text.empty() ? "" : "\n", &line - lines.data() + 1, std::string(line.as_string()));
    }
    return text;
}

/// 优化营商环境条例 40: each with the conditions in full, the proof that it stands for, the check and what a false one
/// leads to.
array commitments_of(const approval::ProcedureFacts& facts) {
    array list;
    for (const auto& one : facts.episodes) {
        const auto& episode = one.as_object();
        if (text_of(episode, "kind") != "commitment" || text_of(episode, "state") != "open") continue;
        const auto& terms = episode.at("terms").as_object();
        list.push_back({{"material_name", text_of(episode, "material_name")},
                        {"conditions", numbered(terms.at("conditions").as_array())},
                        {"replaces", text_of(terms, "replaces")},
                        {"check", fmt::format("准予许可后 {} 个工作日内，由办理“{}”的部门核查。{}",
                                              episode.at("working_days").as_int64(), text_of(episode, "item_name"),
                                              text_of(terms, "check"))},
                        {"consequence", text_of(terms, "consequence")}});
    }
    return list;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kEpisodeLetters{
    {{"special_procedure_notice", "special_procedure"},
     {"decision_extension_notice", "decision_extension"},
     {"tolerated_omission_notice", "tolerated_omission"},
     {"supplement_order", "supplement"}}};

/// What a letter says of the episode that caused it.
void add_episode(object& values, const approval::ProcedureFacts& facts, const LetterCause& cause) {
    for (const auto& [letter, kind] : kEpisodeLetters) {
        if (cause.letter_kind != letter) continue;
        const auto* episode = find_episode(facts, kind, cause.round);
        if (episode == nullptr) return;
        const auto due_on = day_text(text_of(*episode, "due_on"), false);
        values["reasons"] = text_of(*episode, "reason");
        values["legal_basis"] = text_of(*episode, "legal_basis");
        values["procedure_name"] = text_of(*episode, "name");
        values["department_name"] = text_of(*episode, "item_name");
        values["material_name"] = text_of(*episode, "material_name");
        values["working_days"] = std::to_string(episode->at("working_days").as_int64());
        values["extension_days"] = values["working_days"];
        values["planned_on_text"] = due_on;
        values["supplement_by_text"] = due_on;
        values["counted_text"] = episode->at("counted").as_bool() ? "所需时间计入审批时限，我们会尽快完成"
                                                                  : "所需时间不计入审批时限，结束后审批时限继续计算";
        const auto* owed = find_episode(facts, "tolerated_omission", 0, text_of(*episode, "material_code"));
        values["owed_by_text"] = owed == nullptr ? "" : day_text(text_of(*owed, "due_on"), false);
        const bool promised = owed == nullptr && cause.letter_kind == "supplement_order";
        values["checked_on_text"] =
            promised ? date_text(office_date(episode->at("begun_at_ms").as_int64())) : std::string();
    }
}

void add_authority(object& values, const catalog::Authority* authority) {
    if (authority == nullptr) return;
    values["authority_name"] = authority->name;
    values["contact"] = authority->phone + "，" + authority->address;
    values["reconsideration_body"] = authority->reconsideration_body;
    values["court"] = authority->court;
}

}  // namespace

object letter_values(const LetterCause& cause, const catalog::Matter& matter, const catalog::Authority* authority,
                     const applications::Filing& filing, const applications::Submission& submission,
                     const approval::ProcedureFacts& facts) {
    object values = matter.public_record(submission.form);
    add_authority(values, authority);
    values["owner_name"] = filing.owner_name;
    values["credit_code"] = filing.owner_credit_code;
    // A person who applies for himself has none, and his ID number stands in no letter.
    values["owner_code_text"] =
        filing.owner_credit_code.empty() ? "" : "（统一社会信用代码 " + filing.owner_credit_code + "）";
    values["works_name"] = filing.works_name;
    values["application_number"] = filing.application_number;
    values["received_on_text"] = date_weekday_text(office_date(filing.received_at_ms));
    values["received_at_text"] = instant_text(submission.submitted_at_ms);
    values["round"] = fmt::format("第 {} 次提交", submission.round);
    values["intake_due_on_text"] = day_text(facts.intake_due_on, facts.provisional);
    values["due_on_text"] = day_text(facts.due_on, facts.provisional);
    values["statutory_working_days"] = std::to_string(matter.statutory_working_days());
    values["promised_working_days"] = std::to_string(facts.promised_working_days);
    // 行政许可法 32(4): by default it counts as accepted from the day of receipt.
    values["accepted_on_text"] =
        date_text(office_date(facts.accepted_by_default ? filing.received_at_ms : facts.accepted_at_ms));
    values["withdrawn_on_text"] = "";
    values["permit_number"] = facts.permit_number;
    values["conditions"] = conditions_of(facts);
    values["facts"] = facts_against(facts);
    values["reasons"] =
        cause.letter_kind == "withdrawal_confirmation" ? "申请人自愿撤回本次申请。" : facts.decision_reason;
    values["points"] = points_of(facts, matter, cause.round);
    values["materials"] = materials_of(submission);
    if (cause.letter_kind == "commitment_letter") values["commitments"] = commitments_of(facts);
    add_episode(values, facts, cause);
    return values;
}

}  // namespace kaigong::app
