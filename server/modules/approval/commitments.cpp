#include "modules/approval/commitments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "modules/approval/case_work.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/asides.hpp"

namespace kaigong::approval {
namespace {

bool runs(const store::EpisodeRow& episode) {
    return episode.kind == kCommitment && (is_open(episode) || episode.state == kChosen);
}

/// Whoever checks it must take part in the case: the item of its terms, else the first that does.
std::string item_that_checks(const std::vector<store::ItemRow>& items, const std::string& wanted) {
    constexpr std::string_view kAbsent = "not_applicable";
    const auto own = std::ranges::find(items, wanted, &store::ItemRow::item);
    if (own != items.end() && own->state != kAbsent) return own->item;
    const auto first = std::ranges::find_if(items, [&](const auto& item) { return item.state != kAbsent; });
    return first == items.end() ? "" : first->item;
}

void choose(db::Session& session, CaseWork& work, const std::string& material_code, const boost::json::object& terms) {
    store::EpisodeRow episode;
    episode.kind = kCommitment;
    episode.item = item_that_checks(work.items(), std::string(terms.at("item").as_string()));
    episode.material_code = material_code;
    episode.reason = std::string(terms.at("replaces").as_string());
    episode.legal_basis = "优化营商环境条例 40";
    episode.working_days = terms.at("check_within_working_days").as_int64();
    const auto number = work.begin_episode(std::move(episode));
    auto chosen = store::find_episode(session, work.procedure().application_id, number).value();
    chosen.state = kChosen;
    store::save_episode(session, chosen);
}

}  // namespace

const boost::json::object* find_terms(const catalog::Matter& matter, std::string_view material_code) {
    for (const auto& one : matter.material_list()) {
        const auto& material = one.as_object();
        const auto* terms = material.if_contains("commitment");
        if (terms != nullptr && material.at("material_code").as_string() == material_code) return &terms->as_object();
    }
    return nullptr;
}

int supplement_working_days(const catalog::Matter& matter) {
    return static_cast<int>(matter.settings().at("commitment").at("supplement_working_days").as_int64());
}

std::vector<std::string> items_with_commitments(const std::vector<store::EpisodeRow>& episodes) {
    std::vector<std::string> items;
    for (const auto& one : episodes) {
        if (one.kind == kCommitment && is_open(one)) items.push_back(one.item);
    }
    return items;
}

std::vector<std::string> promised_materials(const applications::Submission& submission) {
    std::vector<std::string> codes;
    for (const auto& one : submission.materials) {
        const auto& material = one.as_object();
        const bool promised = material.at("proved_by") == "commitment" && material.at("required") != false;
        if (promised) codes.emplace_back(material.at("material_code").as_string());
    }
    return codes;
}

void follow_filing(db::Session& session, CaseWork& work, const applications::Submission& submission) {
    const auto promised = promised_materials(submission);
    std::vector<std::string> known;
    for (auto& one : work.episodes()) {
        if (!runs(one)) continue;
        if (std::ranges::find(promised, one.material_code) != promised.end()) {
            known.push_back(one.material_code);
        } else {
            work.end_episode(std::move(one), "已提交材料，不再以承诺代替");
        }
    }
    for (const auto& code : promised) {
        const auto* terms = find_terms(work.matter(), code);
        if (terms == nullptr || std::ranges::find(known, code) != known.end()) continue;
        choose(session, work, code, *terms);
    }
    if (work.application_state() == ApplicationState::accepted) begin_commitments(session, work);
}

void begin_commitments(db::Session& session, CaseWork& work) {
    bool begun = false;
    for (auto& one : work.episodes()) {
        if (one.kind != kCommitment || one.state != kChosen) continue;
        one.state = "open";
        store::save_episode(session, one);
        work.note(
            "commitment_begun", "告知承诺：" + material_name(work.matter(), one.material_code),
            fmt::format("以书面承诺代替这份材料，审批期限照常计算。准予许可后 {} 个工作日内核查。", one.working_days),
            true);
        begun = true;
    }
    if (begun) work.tell_letter("commitment_letter");
}

void begin_commitment_checks(db::Session& session, CaseWork& work, std::int64_t now_ms) {
    for (auto& one : work.episodes()) {
        if (one.kind != kCommitment || !is_open(one)) continue;
        const auto days = static_cast<int>(one.working_days);
        one.due_on = to_string(work.calendar().add_working_days(work.today(), days).value);
        store::save_episode(session, one);
        operations::open_commitment_check(session, work, one, now_ms);
    }
}

}  // namespace kaigong::approval
