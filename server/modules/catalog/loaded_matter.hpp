// One matter as it was read from its files; see Matter in catalog.hpp.
#pragma once

#include <functional>
#include <map>

#include "engine/dmn/dmn.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/item_inputs.hpp"
#include "modules/catalog/matter_files.hpp"
#include "modules/catalog/public_record.hpp"
#include "modules/catalog/rule_inputs.hpp"

namespace kaigong::catalog {

/// Call activities are bound to the process files of the same version of the matter, so that a case goes on with the
/// called process that was there when it was filed. `files` must live longer.
bpmn::Library process_library(const MatterFiles& files);

struct MaterialRule {
    std::string material_code;
    std::string name;
    feel::Expression required_when;
    bool may_commit = false;
    bool generated = false;
    int pages_max = 0;
    std::vector<std::string> formats;
    std::string legal_basis;
};

struct ItemRule {
    Item item;
    feel::Expression required_when;
};

class LoadedMatter final : public Matter {
  public:
    /// What a kept version is called and when it begins; a folder says so itself.
    struct Naming {
        std::string version;
        std::string effective_from_on;
    };
    /// Fails with catalog.matter_malformed naming the file.
    static Result<std::shared_ptr<const LoadedMatter>> read(const MatterFiles& files, SharedFacts shared,
                                                            const std::optional<Naming>& naming = {});

    const std::string& matter_code() const override { return code_; }
    const std::string& name() const override { return name_; }
    const std::string& version() const override { return version_; }
    int statutory_working_days() const override { return days("statutory_working_days"); }
    int promised_working_days() const override { return days("promised_working_days"); }
    int intake_working_days() const override { return days("intake_working_days"); }
    const boost::json::object& settings() const override { return settings_; }
    const boost::json::object& form_schema() const override { return schema_; }
    const boost::json::object& layout() const override { return layout_; }
    const boost::json::object& code_tables() const override { return code_tables_; }
    const boost::json::array& material_list() const override { return material_list_; }
    const std::vector<Item>& items() const override { return items_; }
    const bpmn::Definition& process() const override { return *process_; }
    const std::string& process_xml() const override { return process_xml_; }
    const boost::json::object* find_template(const std::string& name) const override;
    const std::string& effective_from_on() const override { return effective_from_on_; }
    std::string code_name(const std::string& table, const std::string& code) const override;
    const std::vector<std::string>& personal_paths() const override { return personal_paths_; }
    const std::map<std::string, std::string>& personal_kinds() const override { return personal_kinds_; }
    Result<void> check_form(const boost::json::object& form, Strictness strictness) const override;
    Precheck precheck(const PrecheckInput& input) const override;
    std::vector<ItemChange> item_changes(const InputChanges& changes) const override;
    std::string text_at(const boost::json::object& form, const std::string& setting) const override;
    boost::json::object public_record(const boost::json::object& form) const override;

    const dmn::Model& rules() const { return *rules_; }
    std::string process_file() const;
    /// Names of the files of the rules and of their examples.
    std::string rules_file() const;
    std::string examples_file() const { return examples_name(rules_file()); }
    /// What the rules see of a case.
    feel::Context rule_context(const PrecheckInput& input) const;

  private:
    Result<void> read_settings(const MatterFiles& files);
    Result<void> read_rules(const MatterFiles& files);
    Result<void> read_clauses(const MatterFiles& files);
    Result<void> read_public_record();
    Result<void> read_items_and_materials(const boost::json::array& materials);
    Result<boost::json::value> json_file(const MatterFiles& files, std::string_view setting) const;
    int days(std::string_view name) const { return static_cast<int>(settings_.at(name).as_int64()); }
    bool has_code(std::string_view table, std::string_view code) const;
    std::vector<MaterialState> material_states(const PrecheckInput& input, const feel::Context& context) const;
    std::string region_of(const PrecheckInput& input) const;

    std::string code_;
    std::string name_;
    std::string version_;
    std::string effective_from_on_;
    boost::json::object settings_;
    boost::json::object schema_;
    boost::json::object layout_;
    boost::json::object code_tables_;
    boost::json::array material_list_;
    std::vector<Item> items_;
    std::vector<ItemRule> item_rules_;
    std::vector<ItemInputs> item_inputs_;
    std::vector<MaterialRule> material_rules_;
    std::map<std::string, boost::json::object> templates_;
    std::optional<bpmn::Definition> process_;
    std::string process_xml_;
    std::optional<dmn::Model> rules_;
    std::map<std::string, feel::Expression> display_;
    std::vector<std::string> personal_paths_;
    std::map<std::string, std::string> personal_kinds_;
    std::vector<RecordEntry> record_;
    SharedFacts shared_;
};

}  // namespace kaigong::catalog
