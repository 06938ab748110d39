#include "modules/approval/opinion_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr const char* kLibrary = "clauses";

const array& list_of(const object& of, std::string_view name) {
    static const array none;
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_array() ? found->get_array() : none;
}

bool names(const object& of, std::string_view list, const std::string& wanted) {
    return std::ranges::find(list_of(of, list), value(wanted)) != list_of(of, list).end();
}

std::string material_name(const catalog::Matter& matter, const std::string& code) {
    for (const auto& one : matter.material_list()) {
        if (text_of(one.as_object(), "material_code") == code) return text_of(one.as_object(), "name");
    }
    return code;
}

object clause_json(const catalog::Matter& matter, const object& clause, const std::string& item) {
    array materials;
    for (const auto& code : list_of(clause, "materials")) {
        materials.emplace_back(material_name(matter, std::string(code.as_string())));
    }
    return {{"clause", text_of(clause, "clause")},
            {"citation", fmt::format("《{}》{}", text_of(clause, "law"), text_of(clause, "article"))},
            {"summary", text_of(clause, "summary")},
            {"materials", std::move(materials)},
            {"rules", list_of(clause, "rules")},
            {"confirmed", clause.at("confirmed")},
            {"of_this_item", !item.empty() && names(clause, "items", item)}};
}

object opinion_json(const catalog::Matter& matter, const object& opinion) {
    const auto material = text_of(opinion, "material");
    return {{"opinion", text_of(opinion, "opinion")},
            {"text", text_of(opinion, "text")},
            {"outcome", text_or_null(text_of(opinion, "outcome"))},
            {"checkpoint", text_or_null(text_of(opinion, "checkpoint"))},
            {"material", material.empty() ? value(nullptr) : value(material_name(matter, material))},
            {"clauses", list_of(opinion, "clauses")}};
}

bool suits(const object& opinion, const store::TaskRow& task) {
    const auto item = text_of(opinion, "item");
    return text_of(opinion, "kind") == task.kind && (item.empty() || item == task.item);
}

}  // namespace

object choice_json(const catalog::Matter& matter, const store::TaskRow& task) {
    array bureau;
    array here;
    array elsewhere;
    if (const auto* library = matter.find_template(kLibrary)) {
        for (const auto& one : list_of(*library, "opinions")) {
            if (suits(one.as_object(), task)) bureau.push_back(opinion_json(matter, one.as_object()));
        }
        for (const auto& one : list_of(*library, "clauses")) {
            auto clause = clause_json(matter, one.as_object(), task.item);
            (clause.at("of_this_item").as_bool() ? here : elsewhere).push_back(std::move(clause));
        }
    }
    for (auto& clause : elsewhere) here.push_back(std::move(clause));
    return {{"bureau", std::move(bureau)}, {"clauses", std::move(here)}};
}

object values_json(const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                   const store::TaskRow& task, CivilDate today) {
    object values{{"works_name", procedure.works_name},
                  {"owner_name", procedure.owner_name},
                  {"application_number", procedure.application_number},
                  {"received_on", date_text(office_date(procedure.received_at_ms))},
                  {"today", date_text(today)}};
    const auto item = std::ranges::find(items, task.item, &store::ItemRow::item);
    if (item != items.end()) {
        values["item_name"] = item->name;
        values["department_name"] = item->department_name;
    }
    return values;
}

}  // namespace kaigong::approval
