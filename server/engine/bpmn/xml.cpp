#include "engine/bpmn/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <pugixml.hpp>

#include "base/text.hpp"

namespace kaigong::bpmn {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// Turns the parser's tree into ours. Stops at the first fault: every one of them is a file that nobody drew.
class Conversion {
  public:
    Conversion(std::string_view text, std::vector<Problem>& problems) : problems_(problems) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') line_ends_.push_back(static_cast<std::ptrdiff_t>(i));
        }
    }

    int line_at(std::ptrdiff_t offset) const {
        const auto end = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
        return static_cast<int>(end - line_ends_.begin()) + 1;
    }

    void refuse(int line, std::string element, std::string code, std::string zh, std::string en) {
        if (failed_) return;
        failed_ = true;
        problems_.push_back(
            {Problem::Severity::error, std::move(element), line, std::move(code), std::move(zh), std::move(en)});
    }

    bool failed() const { return failed_; }

    XmlElement convert(const pugi::xml_node& node, int depth) {
        XmlElement element;
        element.line = line_at(node.offset_debug());
        if (!within_limits(node, element.line, depth)) return element;
        const std::vector<Binding> outer = bind_prefixes(node);
        resolve(node.name(), true, element.line, element.name_space, element.name);
        read_attributes(node, element);
        for (const pugi::xml_node& child : node) {
            if (failed_) break;
            if (child.type() == pugi::node_element) element.children.push_back(convert(child, depth + 1));
            if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) element.text += child.value();
        }
        element.text = std::string(trimmed(element.text));
        for (const Binding& binding : outer) restore(binding);
        return element;
    }

  private:
    struct Binding {
        std::string prefix;
        std::optional<std::string> name_space;
    };

    bool within_limits(const pugi::xml_node& node, int line, int depth) {
        if (depth > kXmlDepthMax) {
            refuse(line, node.name(), "too_deep", fmt::format("元素嵌套超过{}层,请简化模型。", kXmlDepthMax),
                   fmt::format("Elements are nested deeper than {}.", kXmlDepthMax));
        }
        if (++nodes_ > kXmlNodesMax) {
            refuse(line, node.name(), "too_many_nodes",
                   fmt::format("文件的元素和属性超过{}个,请拆分模型。", kXmlNodesMax),
                   fmt::format("The file has more than {} elements and attributes.", kXmlNodesMax));
        }
        return !failed_;
    }

    /// Takes this element's xmlns declarations into scope; the result says what they hide.
    std::vector<Binding> bind_prefixes(const pugi::xml_node& node) {
        std::vector<Binding> hidden;
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
            const std::string prefix(name == "xmlns" ? "" : name.substr(6));
            const auto bound = prefixes_.find(prefix);
            hidden.push_back({prefix, bound == prefixes_.end() ? std::nullopt : std::optional(bound->second)});
            prefixes_[prefix] = attribute.value();
        }
        std::reverse(hidden.begin(), hidden.end());
        return hidden;
    }

    void restore(const Binding& binding) {
        if (binding.name_space) {
            prefixes_[binding.prefix] = *binding.name_space;
        } else {
            prefixes_.erase(binding.prefix);
        }
    }

    void resolve(std::string_view name, bool is_element, int line, std::string& name_space, std::string& local) {
        const std::size_t colon = name.find(':');
        const std::string prefix(colon == std::string_view::npos ? "" : name.substr(0, colon));
        local = std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
        if (prefix == "xml" || (prefix.empty() && !is_element)) return;
        const auto bound = prefixes_.find(prefix);
        if (bound != prefixes_.end()) {
            name_space = bound->second;
        } else if (!prefix.empty()) {
            refuse(line, std::string(name), "prefix_unknown", fmt::format("前缀 {} 没有声明命名空间。", prefix),
                   fmt::format("The prefix {} is bound to no namespace.", prefix));
        }
    }

    void read_attributes(const pugi::xml_node& node, XmlElement& element) {
        for (const pugi::xml_attribute& attribute : node.attributes()) {
            const std::string_view name = attribute.name();
            if (name == "xmlns" || name.starts_with("xmlns:")) continue;
            if (!within_limits(node, element.line, 0)) return;
            ForeignAttribute& read = element.attributes.emplace_back();
            resolve(name, false, element.line, read.name_space, read.name);
            read.value = attribute.value();
        }
    }

    std::vector<Problem>& problems_;
    std::vector<std::ptrdiff_t> line_ends_;
    std::map<std::string, std::string> prefixes_;
    int nodes_ = 0;
    bool failed_ = false;
};

}  // namespace

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kWhiteSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1);
}

std::string_view XmlElement::attribute(std::string_view attribute_name) const {
    for (const ForeignAttribute& attribute : attributes) {
        if (attribute.name == attribute_name && attribute.name_space.empty()) return attribute.value;
    }
    return {};
}

bool XmlElement::has(std::string_view attribute_name) const {
    return std::any_of(attributes.begin(), attributes.end(), [attribute_name](const ForeignAttribute& attribute) {
        return attribute.name == attribute_name && attribute.name_space.empty();
    });
}

const XmlElement* XmlElement::child(std::string_view element_name) const {
    for (const XmlElement& element : children) {
        if (element.is_model(element_name)) return &element;
    }
    return nullptr;
}

XmlElement read_xml(std::string_view text, std::vector<Problem>& problems) {
    if (text.size() > kXmlBytesMax) {
        Conversion({}, problems)
            .refuse(0, "", "too_large", "文件超过4 MB,请检查是否选错了文件。", "The file is larger than 4 MiB.");
        return {};
    }
    Conversion conversion(text, problems);
    if (!count_code_points(text)) {
        conversion.refuse(0, "", "not_utf8", "文件不是 UTF-8 编码,请另存为 UTF-8。", "The file is not UTF-8.");
        return {};
    }
    pugi::xml_document document;
    constexpr unsigned kOptions = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
    const auto parsed = document.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8);
    if (!parsed) {
        conversion.refuse(conversion.line_at(parsed.offset), "", "not_xml",
                          "文件不是完整的 XML,请用流程设计器重新导出。",
                          fmt::format("Not well-formed XML: {}.", parsed.description()));
        return {};
    }
    for (const pugi::xml_node& node : document) {
        if (node.type() != pugi::node_doctype) continue;
        conversion.refuse(1, "", "doctype", "文件含有 DOCTYPE,为安全起见不予读取,请删除后重试。",
                          "The file has a DOCTYPE, which is refused.");
        return {};
    }
    return conversion.convert(document.document_element(), 1);
}

}  // namespace kaigong::bpmn
