#include "modules/catalog/loaded_matter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "engine/clock/warning_ladder.hpp"
#include "engine/clock/working_time.hpp"
#include "modules/catalog/clause_library.hpp"
#include "modules/catalog/commitment_terms.hpp"
#include "modules/catalog/findings.hpp"
#include "modules/catalog/invited_parts.hpp"
#include "modules/catalog/matter_checks.hpp"
#include "modules/catalog/rule_inputs.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

bool flag_of(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

std::vector<std::string> texts_of(const object& of, std::string_view name) {
    std::vector<std::string> list;
    const auto* found = of.if_contains(name);
    if (found == nullptr || !found->is_array()) return list;
    for (const auto& one : found->get_array()) list.emplace_back(one.as_string());
    return list;
}

Result<feel::Expression> condition(const object& of, std::string_view file) {
    auto parsed = feel::parse(text_of(of, "required_when"));
    if (!parsed) return malformed(file, parsed.error().message);
    return std::move(*parsed);
}

/// An application with 500 buildings and 100 participants needs about a tenth of this.
constexpr std::size_t kRuleStepsMax = 50'000'000;

/// The divisions of GB/T 2260, which all matters share, under this name.
constexpr std::string_view kRegionTable = "region";

/// Members of matter.json that are FEEL over the form.
constexpr std::array kDisplayValues{"region",     "works_name", "works_address",  "owner_credit_code",
                                    "owner_name", "category",   "owner_id_number"};

}  // namespace

bpmn::Library process_library(const MatterFiles& files) {
    return [&files](std::string_view process_id) -> std::optional<std::string> {
        for (const auto& [name, text] : files) {
            // Most files do not even name it.
            if (!name.ends_with(".bpmn") || text.find(process_id) == std::string::npos) continue;
            if (bpmn::check(text, process_id).process_id == process_id) return text;
        }
        return std::nullopt;
    };
}

Result<value> LoadedMatter::json_file(const MatterFiles& files, std::string_view setting) const {
    const auto name = text_of(settings_.at("files").as_object(), setting);
    const auto found = files.find(name);
    if (found == files.end()) return malformed("matter.json", fmt::format("files.{} 指向的 {} 不存在", setting, name));
    auto parsed = parse_json(found->second, {.bytes_max = 4U << 20U, .depth_max = 40, .values_max = 500'000});
    if (!parsed) return malformed(name, parsed.error().message);
    return std::move(*parsed);
}

Result<std::shared_ptr<const LoadedMatter>> LoadedMatter::read(const MatterFiles& files, SharedFacts shared,
                                                               const std::optional<Naming>& naming) {
    auto matter = std::make_shared<LoadedMatter>();
    matter->shared_ = std::move(shared);
    KAIGONG_CHECK(matter->read_settings(files));
    if (naming) {
        matter->version_ = naming->version;
        matter->effective_from_on_ = naming->effective_from_on;
    }
    KAIGONG_TRY(schema, matter->json_file(files, "form_schema"));
    matter->schema_ = std::move(schema.as_object());
    KAIGONG_CHECK(check_schema(matter->schema_));
    matter->personal_kinds_ = catalog::personal_kinds(matter->schema_);
    for (const auto& [path, kind] : matter->personal_kinds_) matter->personal_paths_.push_back(path);
    KAIGONG_TRY(layout, matter->json_file(files, "layout"));
    matter->layout_ = std::move(layout.as_object());
    KAIGONG_TRY(tables, matter->json_file(files, "code_tables"));
    matter->code_tables_ = std::move(tables.as_object());
    for (const auto& table : code_tables_of(matter->schema_)) {
        if (table == kRegionTable || matter->code_tables_.contains(table)) continue;
        return malformed(text_of(matter->settings_.at("files").as_object(), "form_schema"),
                         fmt::format("x-code-table {} 没有对应的代码表", table));
    }
    KAIGONG_TRY(materials, matter->json_file(files, "materials"));
    matter->material_list_ = std::move(materials.as_array());
    KAIGONG_CHECK(matter->read_items_and_materials(matter->material_list_));
    KAIGONG_CHECK(matter->read_rules(files));
    KAIGONG_CHECK(matter->read_clauses(files));
    KAIGONG_CHECK(matter->read_public_record());
    for (const auto& [name, text] : files) {
        const bool is_letter = name.starts_with(text_of(matter->settings_.at("files").as_object(), "letters") + "/");
        if (!is_letter && name != "certificate.json") continue;
        auto parsed = parse_json(text);
        if (!parsed || !parsed->is_object()) return malformed(name, "不是 JSON 对象");
        matter->templates_[name.substr(name.find('/') + 1)] = std::move(parsed->get_object());
    }
    return std::shared_ptr<const LoadedMatter>(std::move(matter));
}

Result<void> LoadedMatter::read_settings(const MatterFiles& files) {
    const auto found = files.find("matter.json");
    if (found == files.end()) return malformed("matter.json", "文件不存在");
    auto parsed = parse_json(found->second);
    if (!parsed || !parsed->is_object()) return malformed("matter.json", "不是 JSON 对象");
    settings_ = std::move(parsed->get_object());
    code_ = text_of(settings_, "matter_code");
    name_ = text_of(settings_, "name");
    for (const char* name : {"statutory_working_days", "promised_working_days", "intake_working_days"}) {
        const auto* days = settings_.if_contains(name);
        if (days == nullptr || !days->is_int64()) return malformed("matter.json", fmt::format("缺少 {}", name));
    }
    if (code_.empty() || name_.empty() || !settings_.contains("files")) {
        return malformed("matter.json", "缺少 matter_code、name 或 files");
    }
    effective_from_on_ = text_of(settings_, "effective_from_on");
    if (!parse_date(effective_from_on_)) return malformed("matter.json", "effective_from_on 应写成 2026-01-01 这样");
    version_ = version_of(files, effective_from_on_);
    if (const auto ladder = clock::ladder_from_json(settings_); !ladder) {
        return malformed("matter.json", ladder.error().message);
    }
    if (const auto hours = clock::office_hours_from_json(settings_); !hours) {
        return malformed("matter.json", hours.error().message);
    }
    const auto* rule = settings_.if_contains("number_rule");
    if (rule != nullptr && rule->is_object()) settings_["category"] = text_of(rule->get_object(), "category");
    for (const char* name : kDisplayValues) {
        const auto text = text_of(settings_, name);
        if (text.empty()) continue;
        auto expression = feel::parse(text);
        if (!expression) return malformed("matter.json", fmt::format("{} 不是 FEEL", name));
        display_.emplace(name, std::move(*expression));
    }
    return {};
}

Result<void> LoadedMatter::read_items_and_materials(const array& materials) {
    for (const auto& one : settings_.at("items").as_array()) {
        const auto& item = one.as_object();
        KAIGONG_TRY(required_when, condition(item, "matter.json"));
        const auto* days = item.if_contains("working_days");
        items_.push_back(
            {text_of(item, "item"), text_of(item, "name"), text_of(item, "department"),
             text_of(item, "department_name"), text_of(item, "legal_basis"),
             days != nullptr && days->is_int64() ? static_cast<int>(days->get_int64()) : statutory_working_days(),
             texts_of(item, "prerequisites")});
        item_rules_.push_back({items_.back(), std::move(required_when)});
    }
    KAIGONG_CHECK(check_prerequisites(items_));
    KAIGONG_CHECK(read_invited_parts(settings_, schema_));
    KAIGONG_CHECK(check_episode_settings(settings_, materials));
    KAIGONG_CHECK(check_commitments(settings_, items_, materials));
    KAIGONG_TRY(inputs, read_item_inputs(settings_, schema_, materials));
    item_inputs_ = std::move(inputs);
    for (const auto& one : materials) {
        const auto& material = one.as_object();
        KAIGONG_TRY(required_when, condition(material, "materials.json"));
        const auto* pages = material.if_contains("pages_max");
        material_rules_.push_back({text_of(material, "material_code"), text_of(material, "name"),
                                   std::move(required_when), flag_of(material, "may_commit"),
                                   flag_of(material, "generated"),
                                   pages != nullptr && pages->is_int64() ? static_cast<int>(pages->get_int64()) : 0,
                                   texts_of(material, "formats"), text_of(material, "legal_basis")});
    }
    return {};
}

Result<void> LoadedMatter::read_rules(const MatterFiles& files) {
    const auto& names = settings_.at("files").as_object();
    const auto process = files.find(text_of(names, "process"));
    const auto rules = files.find(text_of(names, "precheck"));
    if (process == files.end() || rules == files.end()) return malformed("matter.json", "缺少流程或规则文件");
    process_xml_ = process->second;
    auto definition = bpmn::parse(process_xml_, "", process_library(files));
    if (!definition) return definition.error();
    process_ = std::move(*definition);
    auto model = dmn::parse(rules->second);
    if (!model) return model.error();
    rules_ = std::move(*model);
    return {};
}

/// A matter may have none.
Result<void> LoadedMatter::read_clauses(const MatterFiles& files) {
    const auto& names = settings_.at("files").as_object();
    const auto name = text_of(names, "clauses");
    if (name.empty()) return {};
    KAIGONG_TRY(library, json_file(files, "clauses"));
    KAIGONG_CHECK(check_clause_library(name, library, {items_, material_list_}));
    templates_["clauses.json"] = std::move(library.as_object());
    return {};
}

Result<void> LoadedMatter::read_public_record() {
    const auto* entries = settings_.if_contains("public_record");
    if (entries == nullptr || !entries->is_object()) return malformed("matter.json", "缺少 public_record");
    KAIGONG_TRY(record, read_record_entries(entries->get_object()));
    record_ = std::move(record);
    return {};
}

std::vector<ItemChange> LoadedMatter::item_changes(const InputChanges& changes) const {
    return changes_of_items(item_inputs_, {schema_, material_list_, personal_paths_}, changes);
}

object LoadedMatter::public_record(const object& form) const {
    return record_of(record_, form, [this](const auto& table, const auto& code) { return code_name(table, code); });
}

const object* LoadedMatter::find_template(const std::string& name) const {
    const auto found = templates_.find(name + ".json");
    return found == templates_.end() ? nullptr : &found->second;
}

bool LoadedMatter::has_code(std::string_view table, std::string_view code) const {
    const auto* entries = code_tables_.if_contains(table);
    if (entries == nullptr || !entries->is_array()) return false;
    return std::ranges::any_of(entries->get_array(),
                               [&](const auto& entry) { return text_of(entry.as_object(), "code") == code; });
}

std::string LoadedMatter::code_name(const std::string& table, const std::string& code) const {
    const auto* entries = code_tables_.if_contains(table);
    if (entries == nullptr || !entries->is_array()) return code;
    for (const auto& entry : entries->get_array()) {
        if (text_of(entry.as_object(), "code") == code) return text_of(entry.as_object(), "name");
    }
    return code;
}

Result<void> LoadedMatter::check_form(const object& form, Strictness strictness) const {
    return catalog::check_form(schema_, form, strictness, [this](std::string_view table, std::string_view code) {
        return table == kRegionTable ? !shared_.find_division(std::string(code)).is_null() : has_code(table, code);
    });
}

std::string LoadedMatter::text_at(const object& form, const std::string& setting) const {
    const auto found = display_.find(setting);
    if (found == display_.end()) return "";
    const auto result = feel::evaluate(found->second, feel::context_from_json(form));
    return result.is(feel::Kind::string) ? result.as_string() : "";
}

std::vector<MaterialState> LoadedMatter::material_states(const PrecheckInput& input,
                                                         const feel::Context& context) const {
    std::vector<MaterialState> states;
    const bool allowed = commitments_allowed(settings_, region_of(input));
    for (const auto& rule : material_rules_) {
        const bool may_commit = rule.may_commit && allowed;
        MaterialState state{rule.material_code, rule.name,    std::nullopt,    "", may_commit, false, rule.generated,
                            rule.pages_max,     rule.formats, rule.legal_basis};
        const auto required = feel::evaluate(rule.required_when, context);
        if (required.is(feel::Kind::boolean)) state.required = required.as_bool();
        state.committed = may_commit && std::ranges::find(input.committed, rule.material_code) != input.committed.end();
        const bool has_file = std::ranges::any_of(
            input.files, [&](const auto& file) { return file.material_code == rule.material_code; });
        state.proved_by = has_file ? "file" : state.committed ? "commitment" : rule.generated ? "generated" : "";
        states.push_back(std::move(state));
    }
    return states;
}

std::string LoadedMatter::process_file() const {
    return text_of(settings_.at("files").as_object(), "process");
}

std::string LoadedMatter::rules_file() const {
    return text_of(settings_.at("files").as_object(), "precheck");
}

std::string LoadedMatter::region_of(const PrecheckInput& input) const {
    return input.region_code.empty() ? text_at(input.form, "region") : input.region_code;
}

feel::Context LoadedMatter::rule_context(const PrecheckInput& input) const {
    auto context = rule_inputs(input, shared_, region_of(input));
    context.put("materials", materials_input(material_states(input, context)));
    return context;
}

Precheck LoadedMatter::precheck(const PrecheckInput& input) const {
    feel::Environment environment{.now_at_ms = office_midnight_ms(input.today)};
    environment.limits.evaluation_steps_max = kRuleStepsMax;
    Precheck result;
    auto context = rule_inputs(input, shared_, region_of(input));
    result.materials = material_states(input, context);
    for (const auto& rule : item_rules_) {
        // What can't be computed is asked for: leaving a department out is the worse mistake.
        if (!feel::evaluate(rule.required_when, context, environment).is_false()) {
            result.required_items.push_back(rule.item.item);
        }
    }
    context.put("materials", materials_input(result.materials));
    const auto decided = dmn::evaluate(*rules_, kFindingsDecision, context, environment, {.explain = true});
    read_findings(decided, ReadMask(personal_paths_, context), result);
    return result;
}

}  // namespace kaigong::catalog
