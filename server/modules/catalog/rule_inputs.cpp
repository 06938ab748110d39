#include "modules/catalog/rule_inputs.hpp"

#include <algorithm>

#include "engine/feel/json.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

const object* group(const object& form, std::string_view name) {
    const auto* found = form.if_contains(name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

value member_or_null(const object* of, std::string_view name) {
    const auto* found = of == nullptr ? nullptr : of->if_contains(name);
    return found != nullptr && found->is_string() && !found->get_string().empty() ? *found : value(nullptr);
}

array materials_json(const std::vector<MaterialState>& materials) {
    array list;
    for (const auto& material : materials) {
        list.push_back({{"material_code", material.material_code},
                        {"name", material.name},
                        {"required", material.required ? value(*material.required) : value(nullptr)},
                        {"has_file", material.proved_by == "file" || material.generated},
                        {"register_proved", material.proved_by == "register"},
                        {"committed", material.committed}});
    }
    return list;
}

array files_json(const PrecheckInput& input) {
    array list;
    for (const auto& file : input.files) {
        list.push_back({{"file_name", file.file_name},
                        {"sha256", file.sha256},
                        {"material_code", file.material_code.empty() ? value(nullptr) : value(file.material_code)}});
    }
    return list;
}

array texts(const std::vector<std::string>& list) {
    array result;
    for (const auto& one : list) result.emplace_back(one);
    return result;
}

object authority_json(const Authority* authority) {
    if (authority == nullptr) return {{"region_codes", array{}}};
    return {{"region_codes", texts(authority->region_codes)}, {"name", authority->name}, {"phone", authority->phone}};
}

/// An empty text is how a page sends "not answered".
void drop_empty_texts(value& at) {
    if (at.is_array()) {
        for (auto& element : at.get_array()) drop_empty_texts(element);
    } else if (at.is_object()) {
        for (auto& member : at.get_object()) drop_empty_texts(member.value());
    } else if (at.is_string() && at.get_string().empty()) {
        at = nullptr;
    }
}

bool has_power_of_attorney(const PrecheckInput& input) {
    return std::ranges::any_of(input.files, [](const auto& file) { return file.material_code == "M-04"; });
}

}  // namespace

array people_of(const object& form) {
    array people;
    const auto* participants = form.if_contains("participants");
    if (participants == nullptr || !participants->is_array()) return people;
    for (const auto& participant : participants->get_array()) {
        if (!participant.is_object()) continue;
        if (const auto* lead = group(participant.get_object(), "lead")) {
            object one = *lead;
            one["position"] = "lead";
            people.push_back(std::move(one));
        }
        const auto* list = participant.get_object().if_contains("people");
        if (list == nullptr || !list->is_array()) continue;
        for (const auto& person : list->get_array()) people.push_back(person);
    }
    return people;
}

feel::Value materials_input(const std::vector<MaterialState>& materials) {
    return feel::from_json(materials_json(materials));
}

feel::Context rule_inputs(const PrecheckInput& input, const SharedFacts& shared, const std::string& region_code) {
    value form = input.form;
    drop_empty_texts(form);
    object all = std::move(form.get_object());
    const auto today = to_string(input.today);
    auto& application =
        all["application"].is_object() ? all["application"].get_object() : all["application"].emplace_object();
    application["submitted_on"] = today;
    application["round"] = input.round;
    all["today"] = today;
    all["calendar"] = object{{"published_years", shared.published_years()}};
    // The division of the works, which need not be that of the authority asked.
    const auto works_region = member_or_null(group(all, "works"), "region_code");
    all["region_entry"] =
        works_region.is_string() ? shared.find_division(std::string(works_region.get_string())) : value(nullptr);
    all["unprintable_characters"] = array{};
    all["applicant"] =
        object{{"credit_code", input.applicant_credit_code}, {"is_owner_himself", input.applicant_is_owner_himself}};
    all["authority"] = authority_json(shared.find_authority(region_code));
    all["registers"] = shared.ask_registers(input);
    all["people"] = people_of(input.form);
    all["committed"] = texts(input.committed);
    all["materials"] = array{};
    all["files"] = files_json(input);
    all["changed_fields"] = texts(input.changed_fields);
    all["correction_points"] = input.correction_points;
    array fields;
    for (const auto& point : input.correction_points) {
        if (const auto field = member_or_null(&point.as_object(), "field"); !field.is_null()) fields.push_back(field);
    }
    all["correction_point_fields"] = std::move(fields);
    if (auto* agent = all.if_contains("agent"); agent != nullptr && agent->is_object()) {
        agent->get_object()["power_uploaded"] = has_power_of_attorney(input);
    }
    return feel::context_from_json(all, {.typed_by_suffix = true});
}

}  // namespace kaigong::catalog
