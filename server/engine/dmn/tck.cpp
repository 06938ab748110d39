#include "engine/dmn/tck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "engine/dmn/xml.hpp"
#include "engine/feel/compare.hpp"

namespace kaigong::dmn::tck {

namespace {

namespace fs = std::filesystem;
using feel::Context;
using feel::Kind;
using feel::List;
using feel::Value;

constexpr std::string_view kTolerance = "0.00000001";

Value typed_value(const pugi::xml_node& node, const feel::Environment& environment) {
    for (const pugi::xml_attribute& mark : node.attributes()) {
        if (std::string_view(mark.name()).ends_with("nil") && mark.as_bool()) return {};
    }
    std::string type = "string";
    for (const pugi::xml_attribute& mark : node.attributes()) {
        const std::string_view name = mark.name();
        if (name.ends_with(":type"))
            type = std::string_view(mark.value()).substr(std::string_view(mark.value()).find(':') + 1);
    }
    const std::string text = node.text().as_string();
    if (type == "boolean") return Value(text == "true" || text == "1");
    if (type == "decimal" || type == "double" || type == "integer" || type == "int" || type == "float") {
        const auto number = feel::Decimal::parse(text);
        return number ? Value(*number) : Value();
    }
    if (type == "date") {
        const auto date = feel::parse_date(text);
        return date ? Value(*date) : Value();
    }
    if (type == "time") {
        auto time = feel::parse_time(text, environment.zones);
        return time ? Value(std::move(*time)) : Value();
    }
    if (type == "dateTime") {
        auto date_time = feel::parse_date_time(text, environment.zones);
        return date_time ? Value(std::move(*date_time)) : Value();
    }
    if (type == "duration") {
        if (const auto months = feel::parse_years_months(text)) return Value(*months);
        const auto seconds = feel::parse_days_time(text);
        return seconds ? Value(*seconds) : Value();
    }
    return Value(text);
}

/// What a node of the test holds: one value, components (a context) or a list.
Value value_in(const pugi::xml_node& node, const feel::Environment& environment) {
    if (const auto list = child(node, "list")) {
        List items;
        for (const pugi::xml_node& item : children(list, "item")) items.push_back(value_in(item, environment));
        return Value(std::move(items));
    }
    const auto components = children(node, "component");
    if (!components.empty()) {
        Context context;
        for (const pugi::xml_node& part : components) context.put(attribute(part, "name"), value_in(part, environment));
        return Value(std::move(context));
    }
    const auto value = child(node, "value");
    return value ? typed_value(value, environment) : Value();
}

bool is_as_expected(const Value& actual, const Value& expected) {
    if (expected.is(Kind::number) && actual.is(Kind::number)) {
        const auto difference = (actual.as_number() - expected.as_number()).abs();
        const auto size = expected.as_number().abs();
        const auto tolerance = *feel::Decimal::parse(kTolerance);
        return difference <= tolerance || difference <= size * tolerance;
    }
    if (expected.is(Kind::list) && actual.is(Kind::list)) {
        return std::ranges::equal(actual.as_list(), expected.as_list(), is_as_expected);
    }
    if (expected.is(Kind::context) && actual.is(Kind::context)) {
        const Context& found = actual.as_context();
        return found.size() == expected.as_context().size() &&
               std::ranges::all_of(expected.as_context(), [&](const Context::Entry& entry) {
                   const Value* value = found.get(entry.first);
                   return value != nullptr && is_as_expected(*value, entry.second);
               });
    }
    return feel::is_same(actual, expected);
}

Result<Outcome> asked(const Model& model, const pugi::xml_node& test, const std::string& name, const Context& inputs,
                      const feel::Environment& environment) {
    const std::string type = attribute(test, "type");
    const std::string invocable = attribute(test, "invocableName");
    if (type == "decisionService") {
        auto outcome = evaluate_service(model, invocable, inputs, environment);
        // A service with several outputs answers with a context; each result node names one of them.
        if (outcome && outcome->value.is(Kind::context)) {
            if (const Value* part = outcome->value.as_context().find(name)) outcome->value = Value(*part);
        }
        return outcome;
    }
    if (type == "bkm") return evaluate_knowledge_model(model, invocable, inputs, environment);
    return evaluate(model, name, inputs, environment);
}

std::string described(const Result<Outcome>& outcome) {
    if (!outcome) return outcome.error().reason;
    const Value& value = outcome->value;
    return value.is_null() ? fmt::format("null ({} {})", value.null_code(), value.null_reason()) : value.to_text();
}

void run_case(const Model& model, const pugi::xml_node& test, const feel::Environment& environment, Suite& suite) {
    Context inputs;
    for (const pugi::xml_node& node : children(test, "inputNode")) {
        const std::string uri = attribute(node, "namespace");
        std::string name = attribute(node, "name");
        if (!uri.empty() && uri != model.namespace_uri()) name.insert(0, uri + "#");
        inputs.put(name, value_in(node, environment));
    }
    std::vector<Failure> failures;
    std::string refused;
    for (const pugi::xml_node& node : children(test, "resultNode")) {
        const std::string name = attribute(node, "name");
        const Value expected = value_in(child(node, "expected"), environment);
        const auto outcome = asked(model, test, name, inputs, environment);
        if (outcome && !outcome->refused_functions.empty()) refused = outcome->refused_functions.front();
        if (outcome && is_as_expected(outcome->value, expected)) continue;
        failures.push_back({attribute(test, "id"), name, expected.to_text(), described(outcome)});
    }
    if (!refused.empty()) {
        ++suite.refused;
        suite.refusals.push_back({attribute(test, "id"), refused});
        return;
    }
    ++suite.total;
    suite.passed += failures.empty() ? 1 : 0;
    suite.failures.insert(suite.failures.end(), failures.begin(), failures.end());
}

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The models of one folder, each read after those that it imports.
class Models {
  public:
    explicit Models(const fs::path& folder) {
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (entry.path().extension() != ".dmn") continue;
            pugi::xml_document document;
            if (!document.load_file(entry.path().c_str())) continue;
            by_namespace_[document.document_element().attribute("namespace").value()].push_back(entry.path());
        }
    }

    Result<Model> load(const fs::path& path) {
        if (const auto known = loaded_.find(path); known != loaded_.end()) return known->second;
        const std::string xml = content_of(path);
        KAIGONG_TRY(namespaces, imported_namespaces(xml));
        std::vector<Model> imports;
        if (!open_.insert(path).second) {
            return error(Errc::invalid_input, "dmn.missing_import", "模型互相导入，绕成了一圈。");
        }
        for (const std::string& uri : namespaces) {
            for (const fs::path& imported : by_namespace_[uri]) {
                KAIGONG_TRY(model, load(imported));
                imports.push_back(std::move(model));
            }
        }
        open_.erase(path);
        KAIGONG_TRY(model, parse(xml, imports));
        return loaded_.emplace(path, std::move(model)).first->second;
    }

  private:
    std::map<std::string, std::vector<fs::path>> by_namespace_;
    std::map<fs::path, Model> loaded_;
    std::set<fs::path> open_;
};

Error invalid_test(const fs::path& path) {
    return error(Errc::invalid_input, "dmn.test_invalid",
                 fmt::format("{} 不是 DMN 测试文件，请检查文件。", path.filename().string()));
}

Result<Suite> run_file(const fs::path& path, Models& models, const feel::Environment& environment) {
    const std::string xml = content_of(path);
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size())) return invalid_test(path);
    const std::string model_name = child(document.document_element(), "modelName").text().as_string();
    const auto model = models.load(path.parent_path() / model_name);
    if (model) return run_tests(*model, xml, environment);
    Suite suite;
    for (const pugi::xml_node& test : children(document.document_element(), "testCase")) {
        ++suite.total;
        suite.failures.push_back({attribute(test, "id"), model_name, "", model.error().message});
    }
    return suite;
}

bool is_test_file(const fs::path& path) {
    return path.extension() == ".xml" && path.filename().string().contains("-test-");
}

}  // namespace

Result<Suite> run_tests(const Model& model, std::string_view test_xml, const feel::Environment& environment) {
    pugi::xml_document document;
    if (!document.load_buffer(test_xml.data(), test_xml.size(), pugi::parse_default | pugi::parse_ws_pcdata_single) ||
        local_name(document.document_element()) != "testCases") {
        return error(Errc::invalid_input, "dmn.test_invalid", "这不是 DMN 测试文件，根元素应为 testCases。");
    }
    Suite suite;
    for (const pugi::xml_node& test : children(document.document_element(), "testCase")) {
        run_case(model, test, environment, suite);
    }
    return suite;
}

Result<std::vector<Suite>> run_folder(const std::string& path, const feel::Environment& environment) {
    std::map<fs::path, std::vector<fs::path>> tests;
    std::error_code failure;
    for (const auto& entry : fs::recursive_directory_iterator(path, failure)) {
        if (is_test_file(entry.path())) tests[entry.path().parent_path()].push_back(entry.path());
    }
    if (tests.empty()) {
        return error(Errc::not_found, "dmn.no_tests", fmt::format("{} 里没有 *-test-*.xml，请检查文件夹。", path));
    }
    std::vector<Suite> suites;
    for (auto& [folder, files] : tests) {
        std::ranges::sort(files);
        Models models(folder);
        Suite whole;
        whole.name = folder.filename().string();
        for (const fs::path& file : files) {
            KAIGONG_TRY(suite, run_file(file, models, environment));
            whole.passed += suite.passed;
            whole.total += suite.total;
            whole.refused += suite.refused;
            whole.refusals.insert(whole.refusals.end(), suite.refusals.begin(), suite.refusals.end());
            whole.failures.insert(whole.failures.end(), suite.failures.begin(), suite.failures.end());
        }
        suites.push_back(std::move(whole));
    }
    return suites;
}

}  // namespace kaigong::dmn::tck
