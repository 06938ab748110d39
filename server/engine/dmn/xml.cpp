#include "engine/dmn/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/feel/position.hpp"

namespace kaigong::dmn {

namespace {

constexpr std::array<std::string_view, 4> kNamespaces{
    "http://www.omg.org/spec/DMN/20180521/MODEL/",   // 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  // 1.3
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  // 1.4
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  // 1.5
};

Error invalid(std::string reason, std::string message) {
    return error(Errc::invalid_input, std::move(reason), std::move(message));
}

/// 「第 3 行第 5 列」: where an editor puts its cursor.
std::string place_of(std::string_view xml, std::ptrdiff_t offset) {
    const auto at = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), xml.size());
    const auto position = feel::position_of(xml, at);
    return fmt::format("第 {} 行第 {} 列", position.line, position.column);
}

std::string namespace_of(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    const std::string wanted =
        colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string(name.substr(0, colon));
    return node.attribute(wanted.c_str()).value();
}

/// Counts elements and depth while the tree is walked without recursion.
class Measure : public pugi::xml_tree_walker {
  public:
    explicit Measure(const Limits& limits) : limits_(limits) {}
    bool for_each(pugi::xml_node& node) override {
        if (node.type() == pugi::node_doctype) has_doctype = true;
        ++nodes_;
        place = node.offset_debug();
        return !has_doctype && nodes_ <= limits_.elements_max && depth() <= static_cast<int>(limits_.xml_depth_max);
    }
    bool has_doctype = false;
    std::ptrdiff_t place = 0;  ///< of the node that was looked at last

  private:
    const Limits& limits_;
    std::size_t nodes_ = 0;
};

}  // namespace

Result<std::unique_ptr<pugi::xml_document>> read_document(std::string_view xml, const Limits& limits) {
    if (xml.size() > limits.xml_bytes_max) {
        return error(Errc::too_large, "dmn.xml_too_large", "决策模型文件太大，请拆成几个模型再导入。");
    }
    auto document = std::make_unique<pugi::xml_document>();
    const auto parsed = document->load_buffer(xml.data(), xml.size(),
                                              pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single);
    if (!parsed) {
        return invalid("dmn.xml_invalid", fmt::format("{}附近不是有效的 XML，请改正这里的标签，或用建模工具重新导出。",
                                                      place_of(xml, parsed.offset)));
    }
    Measure measure(limits);
    const bool whole = document->traverse(measure);
    if (measure.has_doctype) {
        return invalid("dmn.xml_forbidden",
                       fmt::format("{}有 DOCTYPE 声明，请删去后再导入。", place_of(xml, measure.place)));
    }
    if (!whole) {
        return error(Errc::too_large, "dmn.xml_too_large",
                     fmt::format("{}起内容太多或嵌套太深，请拆成几个模型再导入。", place_of(xml, measure.place)));
    }
    const pugi::xml_node root = document->document_element();
    const std::string uri = namespace_of(root);
    if (local_name(root) != "definitions" || std::ranges::find(kNamespaces, uri) == kNamespaces.end()) {
        return invalid("dmn.unknown_version", "只认识 DMN 1.2 到 1.5 的模型，请用建模工具另存为这些版本。");
    }
    return document;
}

std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view local) {
    for (const pugi::xml_node& candidate : node.children()) {
        if (candidate.type() == pugi::node_element && local_name(candidate) == local) return candidate;
    }
    return {};
}

std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view local) {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node& candidate : node.children()) {
        if (candidate.type() == pugi::node_element && local_name(candidate) == local) found.push_back(candidate);
    }
    return found;
}

std::string text_of(const pugi::xml_node& node) {
    std::string text;
    for (const pugi::xml_node& part : child(node, "text").children()) text += part.value();
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t from = text.find_first_not_of(kBlank);
    if (from == std::string::npos) return "";
    return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

std::string attribute(const pugi::xml_node& node, const char* name) {
    return node.attribute(name).value();
}

}  // namespace kaigong::dmn
