#include "modules/catalog/process_service.hpp"

#include <algorithm>

#include "engine/bpmn/document.hpp"
#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/process_check.hpp"
#include "modules/catalog/process_replay.hpp"

namespace kaigong::catalog {
namespace {

constexpr std::size_t kCalledMax = 50;
constexpr PackageWords kWords{
    store::kProcessTables, "process-packages", "process_package", "processes", "流程", "bpmn", "called"};

struct CalledFile {
    std::string file;
    std::string bpmn;
};

CalledFile read_called(JsonReader& item) {
    CalledFile called;
    called.file = item.text("file", {.length_max = 160});
    called.bpmn = item.text("bpmn", {.length_max = bpmn::kXmlBytesMax, .lines = true});
    return called;
}

/// As a draft's reply has them; in the order of their names.
std::string called_text(const std::vector<CalledFile>& files) {
    boost::json::array list;
    for (const auto& one : files) list.push_back({{"file", one.file}, {"bpmn", one.bpmn}});
    return boost::json::serialize(list);
}

MatterFiles called_files(const std::string& text) {
    MatterFiles files;
    const auto list = boost::json::parse(text);
    for (const auto& one : list.as_array()) {
        files[std::string(one.at("file").as_string())] = std::string(one.at("bpmn").as_string());
    }
    return files;
}

/// The drafted process beside the one in force, on the cases as they were worked on.
class ProcessTrial final : public Trial {
  public:
    ProcessTrial(PastProcedures& past, std::string matter_code, std::int64_t since_ms, ProcessReplay replay)
        : past_(past), matter_code_(std::move(matter_code)), since_ms_(since_ms), replay_(std::move(replay)) {}

    Result<std::int64_t> count() override { return past_.count(matter_code_, since_ms_); }

    Result<std::vector<Case>> page(const std::string& after, int limit) override {
        KAIGONG_TRY(cases, past_.page(matter_code_, since_ms_, after, limit));
        std::vector<Case> page;
        page.reserve(cases.size());
        for (auto& one : cases) {
            auto id = one.application_id;
            page.push_back({std::move(id), [this, past = std::move(one)] { return replay_.run(past); }});
        }
        return page;
    }

  private:
    PastProcedures& past_;
    std::string matter_code_;
    std::int64_t since_ms_;
    ProcessReplay replay_;
};

}  // namespace

std::unique_ptr<Packages> make_process_packages(ProcessPackageParts parts) {
    return std::make_unique<ProcessService>(parts);
}

ProcessService::ProcessService(const ProcessPackageParts& parts)
    : PackageService({parts.database, parts.clock, parts.machine_clock, parts.permissions, parts.catalog,
                      parts.identity, parts.audit, parts.restricted_cases},
                     kWords),
      past_procedures_(parts.past_procedures),
      rules_(parts.process_rules) {}

Result<TypedDraft> ProcessService::read_typed(const boost::json::value& body) const {
    JsonReader reader(body);
    TypedDraft typed;
    typed.main = reader.text("bpmn", {.length_max = bpmn::kXmlBytesMax, .lines = true});
    const auto called = reader.list<CalledFile>("called", {.count_min = 0, .count_max = kCalledMax}, read_called);
    typed.note = reader.text("note", kVersionNote);
    KAIGONG_CHECK(reader.finish());
    typed.beside = called_text(called);
    return typed;
}

Result<void> ProcessService::must_be_readable(const TypedDraft& typed) const {
    const auto readable = [](const char* field, const std::string& text) -> Result<void> {
        const auto document = bpmn::read_document(text);
        if (document) return {};
        return invalid_field(field, "catalog.process_unreadable", document.error().zh);
    };
    KAIGONG_CHECK(readable("bpmn", typed.main));
    for (const auto& [name, text] : called_files(typed.beside)) {
        if (!is_process_file(name) || name.contains('/')) {
            return invalid_field("called", "catalog.process_file_name",
                                 "流程文件名须以 .bpmn 结尾，不含斜线，请改正。");
        }
        KAIGONG_CHECK(readable("called", text));
    }
    return {};
}

TypedDraft ProcessService::contents_of(const Package& package, const MatterFiles& files) const {
    const auto main_file = package.matter->process_file();
    TypedDraft contents;
    std::vector<CalledFile> called;
    for (const auto& [name, text] : files) {
        if (name == main_file) {
            contents.main = text;
        } else if (is_process_file(name)) {
            called.push_back({name, text});
        }
    }
    contents.beside = called_text(called);
    return contents;
}

std::pair<const char*, std::int64_t> ProcessService::size_of(const Package& package) const {
    const auto& elements = package.matter->process().elements();
    return {"task_count", std::ranges::count(elements, bpmn::Kind::user_task, &bpmn::Element::kind)};
}

CheckedDraft ProcessService::judge(const Package& package, const store::DraftRow& row, const MatterFiles& base) const {
    return check_process({row.main, called_files(row.beside)}, {*package.matter, *package.in_force->files}, base,
                         rules_);
}

MatterFiles ProcessService::published(const Package& package, const store::DraftRow& row, MatterFiles base) const {
    std::erase_if(base, [](const auto& file) { return is_process_file(file.first); });
    for (auto& [name, text] : called_files(row.beside)) base[name] = text;
    base[package.matter->process_file()] = row.main;
    return base;
}

bool ProcessService::owns(const Package& /*package*/, const std::string& file) const {
    return is_process_file(file);
}

Result<std::shared_ptr<Trial>> ProcessService::trial_of(const Package& package, const store::DraftRow& row,
                                                        std::int64_t since_ms) {
    const auto called = called_files(row.beside);
    const auto drafted = bpmn::parse(row.main, "", process_library(called));
    if (!drafted) return draft_has_blockers({drafted.error().message});
    return std::shared_ptr<Trial>(
        std::make_shared<ProcessTrial>(past_procedures_, row.matter_code, since_ms,
                                       ProcessReplay(package.matter->process(), *drafted, parts().catalog.calendar())));
}

}  // namespace kaigong::catalog
