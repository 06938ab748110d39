#include "modules/approval/consultation_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string text_in(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

/// Papers and the summary before filing are no part of the form.
bool shows_values(const object& section) {
    const auto kind = text_in(section, "kind");
    return kind == "fields" || kind == "repeat";
}

/// Calls `seen(step, section, code)` for each part in the order of the layout.
template <class Seen>
void for_each_part(const catalog::Matter& matter, Seen seen) {
    for (const auto& step : matter.layout().at("steps").as_array()) {
        const auto code = text_in(step.as_object(), "step");
        std::size_t place = 0;
        for (const auto& section : step.as_object().at("sections").as_array()) {
            const auto name = fmt::format("{}/{}", code, place++);
            if (shows_values(section.as_object())) seen(step.as_object(), section.as_object(), name);
        }
    }
}

bool is_chosen(const std::vector<std::string>& sections, const std::string& code) {
    return std::ranges::find(sections, code) != sections.end();
}

object& object_at(object& of, std::string_view name) {
    auto& place = of[name];
    if (!place.is_object()) place = object();
    return place.get_object();
}

void copy_path(const object& from, object& to, std::string_view path);

void copy_rows(const array& from, value& to, std::string_view rest) {
    if (!to.is_array()) to = array();
    auto& rows = to.get_array();
    while (rows.size() < from.size()) rows.emplace_back(object());
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (from[i].is_object()) copy_path(from[i].get_object(), rows[i].get_object(), rest);
    }
}

/// `participants[].people[].name` and what stands there, in each row.
void copy_path(const object& from, object& to, std::string_view path) {
    const auto dot = path.find('.');
    auto name = path.substr(0, dot);
    const auto rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    const bool is_list = name.ends_with("[]");
    if (is_list) name.remove_suffix(2);
    const auto* source = from.if_contains(name);
    if (source == nullptr) return;
    if (rest.empty()) {
        to[name] = *source;
    } else if (is_list) {
        if (source->is_array()) copy_rows(source->get_array(), to[name], rest);
    } else if (source->is_object()) {
        copy_path(source->get_object(), object_at(to, name), rest);
    }
}

std::int64_t code_points(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

/// As `store::end_consultations_of_ended_items` has them.
constexpr std::array<std::string_view, 5> kEndedItems{"agreed", "agreed_with_conditions", "disagreed", "not_applicable",
                                                      "voided"};

bool is_over(const store::ConsultationRow& row, std::int64_t now_ms) {
    return now_ms >= row.until_at_ms;
}

Error consultation_closed() {
    return error(Errc::conflict, "approval.consultation_closed",
                 "这次征求意见已经结束，链接不能再使用。需要时请重新征求。");
}

}  // namespace

std::vector<FormPart> form_parts(const catalog::Matter& matter) {
    std::vector<FormPart> parts;
    for_each_part(matter, [&](const object& step, const object& section, const std::string& code) {
        parts.push_back({code, text_in(step, "title"), text_in(step, "title_en"), text_in(section, "title"),
                         text_in(section, "title_en")});
    });
    return parts;
}

object layout_of_parts(const catalog::Matter& matter, const std::vector<std::string>& sections) {
    array steps;
    for_each_part(matter, [&](const object& step, const object& section, const std::string& code) {
        if (!is_chosen(sections, code)) return;
        if (steps.empty() || text_in(steps.back().as_object(), "step") != text_in(step, "step")) {
            auto shown = step;
            shown["sections"] = array();
            steps.emplace_back(std::move(shown));
        }
        auto part = section;
        part["visible_when"] = nullptr;
        steps.back().as_object().at("sections").as_array().emplace_back(std::move(part));
    });
    return {{"steps", std::move(steps)}};
}

object form_of_parts(const catalog::Matter& matter, const std::vector<std::string>& sections, const object& form) {
    object shown;
    for_each_part(matter, [&](const object&, const object& section, const std::string& code) {
        if (!is_chosen(sections, code)) return;
        const auto base = text_in(section, "path");
        for (const auto& field : section.at("fields").as_array()) {
            const auto path = text_in(field.as_object(), "path");
            copy_path(form, shown, base.empty() ? path : base + "[]." + path);
        }
    });
    return shown;
}

std::vector<std::string> texts_of(const std::string& json) {
    std::vector<std::string> texts;
    const auto list = boost::json::parse(json);
    for (const auto& one : list.as_array()) texts.emplace_back(one.as_string());
    return texts;
}

std::string_view shown_state(const store::ConsultationRow& row, std::int64_t now_ms) {
    if (row.state != "open") return row.state;
    if (is_over(row, now_ms)) return "overdue";
    return row.opened_at_ms ? "opened" : "asked";
}

bool is_live(const store::ConsultationRow& row, const store::ProcedureRow& procedure,
             const std::vector<store::ItemRow>& items, std::int64_t now_ms) {
    const bool waits = row.state == "open" || row.state == "answered";
    if (!waits || row.closed_at_ms || is_over(row, now_ms)) return false;
    if (procedure.confidentiality != to_string(authz::Confidentiality::normal)) return false;
    if (has_ended(parse_application_state(procedure.state).value())) return false;
    const auto item = std::ranges::find(items, row.item, &store::ItemRow::item);
    return item != items.end() && std::ranges::find(kEndedItems, item->state) == kEndedItems.end();
}

Result<void> may_remind_now(const store::ConsultationRow& row, std::int64_t now_ms) {
    if (row.state != "open" || row.closed_at_ms || is_over(row, now_ms)) return consultation_closed();
    const auto last_ms = row.reminded_at_ms.value_or(row.asked_at_ms);
    if (row.reminders < kRemindersMax && now_ms - last_ms >= kRemindEveryMs) return {};
    return error(Errc::rate_limited, "approval.consultation_reminded_enough",
                 row.reminders >= kRemindersMax
                     ? fmt::format("已经提醒过 {} 次，请直接与对方联系。", kRemindersMax)
                     : std::string("24 小时内已经发送过，请明天再提醒，或者直接与对方联系。"));
}

Result<void> may_recall_now(const store::ConsultationRow& row) {
    if (row.closed_at_ms) return consultation_closed();
    return {};
}

Result<void> may_take_now(const store::ConsultationRow& row) {
    if (row.state == "answered") return {};
    return error(
        Errc::conflict, "approval.consultation_not_answered",
        row.state == "taken" ? "这份意见已经采用过，请刷新页面查看。" : "对方还没有答复，没有可以采用的意见。");
}

std::vector<store::ConsultationFileRow> files_at_hand(const store::ConsultationRow& row,
                                                      const std::vector<store::ConsultationFileRow>& files) {
    std::vector<store::ConsultationFileRow> found;
    std::ranges::copy_if(files, std::back_inserter(found), [&](const store::ConsultationFileRow& one) {
        return one.answer_no == 0 || one.answer_no == row.answers;
    });
    return found;
}

std::vector<store::ConsultationFileRow> files_of_answer(const store::ConsultationRow& row,
                                                        const std::vector<store::ConsultationFileRow>& files) {
    std::vector<store::ConsultationFileRow> found;
    if (row.answers == 0) return found;
    std::ranges::copy_if(files, std::back_inserter(found), [&](const store::ConsultationFileRow& one) {
        return one.consultation_id == row.consultation_id && one.answer_no == row.answers;
    });
    return found;
}

std::string answer_digest(const store::ConsultationRow& answered,
                          const std::vector<store::ConsultationFileRow>& files) {
    boost::json::array list;
    for (const auto& file : files) list.push_back({{"sha256", file.sha256}, {"file_name", file.file_name}});
    const boost::json::object said{{"consultation_id", answered.consultation_id},
                                   {"answer_no", answered.answers},
                                   {"outcome", answered.outcome},
                                   {"words", answered.words},
                                   {"files", std::move(list)}};
    return crypto::to_hex(crypto::sha256(crypto::view(boost::json::serialize(said))));
}

std::string masked_contact(std::string_view contact) {
    if (const auto at = contact.find('@'); at != std::string_view::npos) {
        return std::string(contact.substr(0, 1)) + "***" + std::string(contact.substr(at));
    }
    if (contact.size() < 8) return contact.empty() ? "" : "****";
    return std::string(contact.substr(0, 3)) + "****" + std::string(contact.substr(contact.size() - 4));
}

std::string masked_name(std::string_view name) {
    std::size_t first = name.empty() ? 0 : 1;
    while (first < name.size() && (static_cast<unsigned char>(name[first]) & 0xC0U) == 0x80U) ++first;
    std::string masked(name.substr(0, first));
    const auto hidden = std::max<std::int64_t>(code_points(name) - 1, 1);
    for (std::int64_t i = 0; i < hidden; ++i) masked += '*';
    return masked;
}

std::string contact_hint(std::string_view contact) {
    if (contact.find('@') != std::string_view::npos || contact.size() < 2) return "";
    return std::string(contact.substr(contact.size() - 2));
}

}  // namespace kaigong::approval
