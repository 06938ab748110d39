#include "app/process_files.hpp"

#include <algorithm>
#include <filesystem>

#include "app/verbs.hpp"
#include "engine/bpmn/document.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;
using kaigong::bpmn::DocumentNode;

bool is_process(const DocumentNode& node, std::string_view process) {
    if (node.kind != DocumentNode::Kind::element || node.name.local != "process" ||
        node.name.name_space != kaigong::bpmn::kModelNamespace)
        return false;
    return std::ranges::any_of(node.attributes, [process](const auto& attribute) {
        return attribute.name.written() == "id" && attribute.value == process;
    });
}

bool holds(const std::string& xml, std::string_view process) {
    // Most files of a folder do not even name it.
    if (xml.find(process) == std::string::npos) return false;
    const auto document = kaigong::bpmn::read_document(xml);
    return document && std::ranges::any_of(document->root().children,
                                           [process](const DocumentNode& node) { return is_process(node, process); });
}

std::vector<std::string> files_beside(const std::string& file) {
    const fs::path folder = fs::path(file).parent_path();
    std::vector<std::string> files;
    std::error_code fault;
    for (const auto& entry : fs::directory_iterator(folder.empty() ? "." : folder, fault)) {
        if (entry.path().extension() == ".bpmn") files.push_back(entry.path().string());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

kaigong::bpmn::Library library_of(std::vector<std::string> files) {
    return [files = std::move(files)](std::string_view process) -> std::optional<std::string> {
        std::vector<std::string> places = files;
        if (!files.empty()) std::ranges::copy(files_beside(files.front()), std::back_inserter(places));
        for (const std::string& place : places) {
            auto text = text_or_file("@" + place);
            if (text && holds(*text, process)) return std::move(*text);
        }
        return std::nullopt;
    };
}

}  // namespace kaigong::app
