#include "modules/catalog/rule_service.hpp"

#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/rule_check.hpp"
#include "modules/catalog/rule_comparison.hpp"
#include "modules/catalog/rule_examples.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

constexpr std::size_t kRulesBytesMax = 4UL * 1024 * 1024;
constexpr PackageWords kWords{store::kRuleTables, "rule-packages", "rule_package", "rules", "规则", "dmn", "tests"};

std::string text_at(const MatterFiles& files, const std::string& name) {
    const auto found = files.find(name);
    return found == files.end() ? std::string() : found->second;
}

/// The drafted rules beside those in force, on the cases as they were filed.
class RuleTrial final : public Trial {
  public:
    RuleTrial(PastCases& past_cases, std::string matter_code, std::int64_t since_ms,
              std::shared_ptr<const LoadedMatter> in_force, const dmn::Model& drafted)
        : past_cases_(past_cases),
          matter_code_(std::move(matter_code)),
          since_ms_(since_ms),
          comparison_(std::move(in_force), drafted) {}

    Result<std::int64_t> count() override { return past_cases_.count(matter_code_, since_ms_); }

    Result<std::vector<Case>> page(const std::string& after, int limit) override {
        KAIGONG_TRY(cases, past_cases_.page(matter_code_, since_ms_, after, limit));
        std::vector<Case> page;
        page.reserve(cases.size());
        for (auto& one : cases) {
            auto id = one.application_id;
            page.push_back({std::move(id), [this, past = std::move(one)] { return comparison_.run(past); }});
        }
        return page;
    }

  private:
    PastCases& past_cases_;
    std::string matter_code_;
    std::int64_t since_ms_;
    RuleComparison comparison_;
};

}  // namespace

std::unique_ptr<Packages> make_rule_packages(RulePackageParts parts) {
    return std::make_unique<RuleService>(parts);
}

RuleService::RuleService(const RulePackageParts& parts)
    : PackageService({parts.database, parts.clock, parts.machine_clock, parts.permissions, parts.catalog,
                      parts.identity, parts.audit, parts.restricted_cases},
                     kWords),
      past_cases_(parts.past_cases) {}

Result<TypedDraft> RuleService::read_typed(const boost::json::value& body) const {
    JsonReader reader(body);
    TypedDraft typed;
    typed.main = reader.text("dmn", {.length_max = kRulesBytesMax, .lines = true});
    const auto examples = reader.list<RuleExample>("tests", {.count_max = kExamplesMax}, read_example);
    typed.note = reader.text("note", kVersionNote);
    KAIGONG_CHECK(reader.finish());
    typed.beside = boost::json::serialize(examples_json(examples));
    return typed;
}

Result<void> RuleService::must_be_readable(const TypedDraft& typed) const {
    const auto model = dmn::parse(typed.main);
    if (model) return {};
    const auto& reason = model.error().reason;
    if (reason != "dmn.xml_invalid" && reason != "dmn.xml_forbidden" && reason != "dmn.xml_too_large") return {};
    return invalid_field("dmn", "catalog.rules_unreadable", model.error().message);
}

TypedDraft RuleService::contents_of(const Package& package, const MatterFiles& files) const {
    const auto examples = examples_of_text(text_at(files, package.matter->examples_file()));
    return {text_at(files, package.matter->rules_file()), boost::json::serialize(examples_json(examples)), ""};
}

std::pair<const char*, std::int64_t> RuleService::size_of(const Package& package) const {
    return {"rule_count", static_cast<std::int64_t>(rule_rows(package.matter->rules()).size())};
}

CheckedDraft RuleService::judge(const Package& package, const store::DraftRow& row, const MatterFiles& base) const {
    const auto examples = examples_of_text(row.beside);
    return check_rules({row.main, examples, base, package.matter->rules_file()},
                       {*package.in_force->files, package.matter->rules(), package.matter->find_template("clauses")});
}

MatterFiles RuleService::published(const Package& package, const store::DraftRow& row, MatterFiles base) const {
    base[package.matter->rules_file()] = row.main;
    base[package.matter->examples_file()] = examples_text(examples_of_text(row.beside));
    return base;
}

bool RuleService::owns(const Package& package, const std::string& file) const {
    return file == package.matter->rules_file() || file == package.matter->examples_file();
}

Result<std::shared_ptr<Trial>> RuleService::trial_of(const Package& package, const store::DraftRow& row,
                                                     std::int64_t since_ms) {
    const auto model = dmn::parse(row.main);
    if (!model) return draft_has_blockers({model.error().message});
    return std::shared_ptr<Trial>(
        std::make_shared<RuleTrial>(past_cases_, row.matter_code, since_ms, package.matter, *model));
}

}  // namespace kaigong::catalog
