#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "base/text.hpp"
#include "engine/bpmn/document.hpp"

namespace kaigong::bpmn {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";
/// Named where no element can be.
constexpr const char* kFile = "xml";
constexpr std::string_view kNotXmlZh = "文件不是完整的 XML，请用流程设计器重新导出。";

bool is_blank(std::string_view text) {
    return text.find_first_not_of(kWhiteSpace) == std::string_view::npos;
}

Problem fault(int line, std::string element, std::string code, std::string zh, std::string en) {
    return {Problem::Severity::error, std::move(element), line, std::move(code), std::move(zh), std::move(en)};
}

Problem not_xml(int line, std::string_view what) {
    return fault(line, kFile, "not_xml", std::string(kNotXmlZh), fmt::format("Not well-formed XML: {}.", what));
}

/// XML 1.0, production 2.
bool is_xml_character(std::uint32_t code_point) {
    if (code_point < 0x20) return code_point == '\t' || code_point == '\n' || code_point == '\r';
    return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF) && code_point != 0xFFFE &&
           code_point != 0xFFFF;
}

void append_utf8(std::string& text, std::uint32_t code_point) {
    const auto put = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
    const auto tail = [&](unsigned shift) { put(0x80U | ((code_point >> shift) & 0x3FU)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
        tail(0);
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        tail(6);
        tail(0);
    } else {
        put(0xF0U | (code_point >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// The character of `#10` or `#x4E2D`, or nothing.
std::optional<std::uint32_t> numbered_character(std::string_view reference) {
    reference.remove_prefix(1);
    const bool is_hex = reference.starts_with('x');
    if (is_hex) reference.remove_prefix(1);
    std::uint32_t code_point = 0;
    const char* const begin = reference.data();
    const char* const end = begin + reference.size();
    const auto read = std::from_chars(begin, end, code_point, is_hex ? 16 : 10);
    if (read.ec != std::errc{} || read.ptr != end || !is_xml_character(code_point)) return std::nullopt;
    return code_point;
}

std::optional<char> named_character(std::string_view name) {
    using Entity = std::pair<std::string_view, char>;
    constexpr std::array<Entity, 5> kEntities{Entity{"lt", '<'}, Entity{"gt", '>'}, Entity{"amp", '&'},
                                              Entity{"quot", '"'}, Entity{"apos", '\''}};
    const auto* const found = std::ranges::find(kEntities, name, &Entity::first);
    return found == kEntities.end() ? std::nullopt : std::optional(found->second);
}

/// The file as XML sees it: without a byte order mark, every line end one \n.
std::string with_plain_line_ends(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    std::string text;
    text.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
        text += bytes[i] == '\r' ? '\n' : bytes[i];
    }
    return text;
}

/// Turns the parser's tree into ours. Stops at the first fault: every one of them is a file that nobody drew.
class Conversion {
  public:
    explicit Conversion(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') line_ends_.push_back(static_cast<std::ptrdiff_t>(i));
        }
    }

    int line_at(std::ptrdiff_t offset) const {
        const auto end = std::lower_bound(line_ends_.begin(), line_ends_.end(), offset);
        return static_cast<int>(end - line_ends_.begin()) + 1;
    }

    std::expected<Document, Problem> convert(const pugi::xml_document& source) {
        Document document;
        int roots = 0;
        for (const pugi::xml_node& child : source) {
            const int line = line_at(child.offset_debug());
            if (child.type() == pugi::node_element && ++roots > 1) fail(not_xml(line, "a second root element"));
            if (child.type() == pugi::node_cdata || (child.type() == pugi::node_pcdata && !is_blank(child.value())))
                fail(not_xml(line, "text outside of the root element"));
            add(child, 1, document.nodes);
            if (fault_) return std::unexpected(*fault_);
        }
        if (roots == 0) return std::unexpected(not_xml(1, "no root element"));
        return document;
    }

  private:
    struct Binding {
        std::string prefix;
        std::optional<std::string> name_space;
    };

    void fail(Problem problem) {
        if (!fault_) fault_ = std::move(problem);
    }

    void count(int line, std::string_view name) {
        if (++nodes_ <= kXmlNodesMax) return;
        fail(fault(line, std::string(name), "too_many_nodes",
                   fmt::format("文件的元素和属性超过{}个，请拆分模型。", kXmlNodesMax),
                   fmt::format("The file has more than {} elements and attributes.", kXmlNodesMax)));
    }

    void add(const pugi::xml_node& source, int depth, std::vector<DocumentNode>& into) {
        const int line = line_at(source.offset_debug());
        if (source.type() != pugi::node_pcdata) count(line, source.name());
        switch (source.type()) {
            case pugi::node_element: return add_element(source, line, depth, into);
            case pugi::node_declaration: return add_declaration(source, line, into);
            case pugi::node_pcdata: return add_text(source, line, into);
            case pugi::node_cdata: return add_literal(DocumentNode::Kind::cdata, source, line, into);
            case pugi::node_comment: return add_comment(source, line, into);
            case pugi::node_pi: return add_literal(DocumentNode::Kind::instruction, source, line, into);
            default:
                return fail(fault(line, kFile, "doctype", "文件含有 DOCTYPE，为安全起见不予读取，请删除后重试。",
                                  "The file has a DOCTYPE, which is refused."));
        }
    }

    void add_text(const pugi::xml_node& source, int line, std::vector<DocumentNode>& into) {
        const std::string_view raw = source.value();
        if (raw.find("]]>") != std::string_view::npos) fail(not_xml(line, "]]> in text"));
        into.push_back({DocumentNode::Kind::text, line, {}, {}, resolved(raw, line), {}});
    }

    void add_literal(DocumentNode::Kind kind, const pugi::xml_node& source, int line, std::vector<DocumentNode>& into) {
        into.push_back({kind, line, {"", source.name(), ""}, {}, source.value(), {}});
    }

    void add_comment(const pugi::xml_node& source, int line, std::vector<DocumentNode>& into) {
        const std::string_view text = source.value();
        if (text.find("--") != std::string_view::npos || text.ends_with('-')) fail(not_xml(line, "-- in a comment"));
        add_literal(DocumentNode::Kind::comment, source, line, into);
    }

    void add_declaration(const pugi::xml_node& source, int line, std::vector<DocumentNode>& into) {
        if (!into.empty()) fail(not_xml(line, "an XML declaration that is not the first thing"));
        DocumentNode& node = into.emplace_back();
        node.kind = DocumentNode::Kind::declaration;
        node.line = line;
        for (const pugi::xml_attribute& attribute : source.attributes()) {
            const std::string_view value = attribute.value();
            if (value.find_first_of("&<>\"'\n\t") != std::string_view::npos) fail(not_xml(line, "the XML declaration"));
            node.attributes.push_back({{"", attribute.name(), ""}, std::string(value)});
        }
    }

    void add_element(const pugi::xml_node& source, int line, int depth, std::vector<DocumentNode>& into) {
        if (depth > kXmlDepthMax) {
            fail(fault(line, source.name(), "too_deep", fmt::format("元素嵌套超过{}层，请简化模型。", kXmlDepthMax),
                       fmt::format("Elements are nested deeper than {}.", kXmlDepthMax)));
        }
        if (fault_) return;
        DocumentNode node;
        node.line = line;
        read_attributes(source, node);
        const std::vector<Binding> hidden = bind_prefixes(node);
        node.name = qualified(source.name(), true, line);
        for (DocumentAttribute& attribute : node.attributes)
            attribute.name = qualified(attribute.name.local, false, line);
        refuse_attribute_twice(node);
        for (const pugi::xml_node& child : source) {
            if (fault_) return;
            add(child, depth + 1, node.children);
        }
        for (const Binding& binding : hidden) restore(binding);
        into.push_back(std::move(node));
    }

    /// Names as they are written, for the declarations among them decide what they mean.
    void read_attributes(const pugi::xml_node& source, DocumentNode& node) {
        for (const pugi::xml_attribute& attribute : source.attributes()) {
            count(node.line, source.name());
            if (fault_) return;
            const std::string_view raw = attribute.value();
            if (raw.find('<') != std::string_view::npos) fail(not_xml(node.line, "< in an attribute"));
            std::string spaced(raw);
            // XML: a line end or tab that is written as such is a blank; &#10; is a line end.
            std::ranges::replace_if(spaced, [](char c) { return c == '\n' || c == '\t'; }, ' ');
            node.attributes.push_back({{"", attribute.name(), ""}, resolved(spaced, node.line)});
        }
    }

    /// Takes the element's xmlns declarations into scope; the result says what they hide, last first.
    std::vector<Binding> bind_prefixes(const DocumentNode& node) {
        std::vector<Binding> hidden;
        for (const DocumentAttribute& attribute : node.attributes) {
            const std::string_view name = attribute.name.local;
            if (name != "xmlns" && !name.starts_with("xmlns:")) continue;
            const std::string prefix(name == "xmlns" ? "" : name.substr(6));
            const auto bound = prefixes_.find(prefix);
            hidden.push_back({prefix, bound == prefixes_.end() ? std::nullopt : std::optional(bound->second)});
            prefixes_[prefix] = attribute.value;
        }
        std::ranges::reverse(hidden);
        return hidden;
    }

    void restore(const Binding& binding) {
        if (binding.name_space) {
            prefixes_[binding.prefix] = *binding.name_space;
        } else {
            prefixes_.erase(binding.prefix);
        }
    }

    QualifiedName qualified(std::string_view written, bool is_element, int line) {
        const std::size_t colon = written.find(':');
        QualifiedName name;
        if (colon != std::string_view::npos) name.prefix = written.substr(0, colon);
        name.local = written.substr(colon == std::string_view::npos ? 0 : colon + 1);
        const bool is_lone_colon = colon != std::string_view::npos && (name.prefix.empty() || name.local.empty());
        if (is_lone_colon || name.local.find(':') != std::string::npos)
            fail(not_xml(line, fmt::format("the name {}", printable(written))));
        if (name.prefix == "xml") {
            name.name_space = kXmlNamespace;
        } else if (name.prefix == "xmlns" || (!is_element && written == "xmlns")) {
            name.name_space = kXmlnsNamespace;
        } else if (is_element || !name.prefix.empty()) {
            const auto bound = prefixes_.find(name.prefix);
            if (bound != prefixes_.end()) name.name_space = bound->second;
        }
        return name;
    }

    void refuse_attribute_twice(const DocumentNode& node) {
        std::set<std::pair<std::string_view, std::string>> names;
        for (const DocumentAttribute& attribute : node.attributes) {
            const QualifiedName& name = attribute.name;
            // An undeclared prefix stands for itself.
            if (!names.emplace(name.name_space, name.is_undeclared() ? name.written() : name.local).second)
                fail(not_xml(node.line, fmt::format("the attribute {} twice", printable(name.written()))));
        }
    }

    std::string resolved(std::string_view raw, int line) {
        std::string text;
        text.reserve(raw.size());
        while (true) {
            const std::size_t mark = raw.find('&');
            text += raw.substr(0, mark);
            if (mark == std::string_view::npos) return text;
            const std::size_t end = raw.find(';', mark);
            const std::string_view name = end == std::string_view::npos ? "" : raw.substr(mark + 1, end - mark - 1);
            if (!append_reference(name, line, text)) return text;
            raw.remove_prefix(end + 1);
        }
    }

    bool append_reference(std::string_view name, int line, std::string& text) {
        if (name.empty() || name.find_first_of(" \t\n&<>\"'") != std::string_view::npos) {
            fail(not_xml(line, "& that begins no reference"));
        } else if (name.starts_with('#')) {
            const auto character = numbered_character(name);
            if (character) append_utf8(text, *character);
            if (!character) fail(not_xml(line, fmt::format("the reference &{};", printable(name))));
        } else if (const auto character = named_character(name)) {
            text += *character;
        } else {
            fail(fault(line, kFile, "entity",
                       fmt::format("文件引用了实体 &{};，为安全起见不予读取，请换成文字后重试。", printable(name)),
                       fmt::format("The entity &{}; is refused.", printable(name))));
        }
        return !fault_;
    }

    std::vector<std::ptrdiff_t> line_ends_;
    std::map<std::string, std::string, std::less<>> prefixes_;
    std::optional<Problem> fault_;
    int nodes_ = 0;
};

/// Lines end alike in all encodings that are not told by their first bytes.
int first_line_of_other_encoding(std::string_view bytes) {
    int line = 1;
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        if (!count_code_points(bytes.substr(0, end)) || end == std::string_view::npos) break;
        bytes.remove_prefix(end + 1);
        ++line;
    }
    return line;
}

std::optional<Problem> encoding_fault(std::string_view bytes) {
    for (const std::string_view mark : {std::string_view("\xFF\xFE", 2), std::string_view("\xFE\xFF", 2),
                                        std::string_view("<\0", 2), std::string_view("\0<", 2)}) {
        if (!bytes.starts_with(mark)) continue;
        return fault(1, kFile, "not_utf8", "文件是 UTF-16 编码，请另存为 UTF-8。", "The file is UTF-16, not UTF-8.");
    }
    if (count_code_points(bytes)) return std::nullopt;
    return fault(first_line_of_other_encoding(bytes), kFile, "not_utf8", "文件不是 UTF-8 编码，请另存为 UTF-8。",
                 "The file is not UTF-8.");
}

/// Characters that no XML file may hold, which the parser below would let pass.
std::optional<std::size_t> forbidden_character(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_xml_character(static_cast<unsigned char>(text[i]))) return i;
        if (text.substr(i, 3) == "\xEF\xBF\xBE" || text.substr(i, 3) == "\xEF\xBF\xBF") return i;
    }
    return std::nullopt;
}

/// Text in another encoding whose bytes happen to be valid UTF-8 would be read as something else.
std::optional<Problem> declared_encoding_fault(const Document& document, std::string_view text) {
    const DocumentNode& first = document.nodes.front();
    if (first.kind != DocumentNode::Kind::declaration || std::ranges::all_of(text, [](char c) { return c > 0; }))
        return std::nullopt;
    for (const DocumentAttribute& attribute : first.attributes) {
        std::string encoding = attribute.value;
        std::ranges::transform(encoding, encoding.begin(), [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
        if (attribute.name.local != "encoding" || encoding == "UTF-8" || encoding == "UTF8") continue;
        const std::string named = printable(attribute.value);
        return fault(1, kFile, "not_utf8", fmt::format("文件声明为 {} 编码，请另存为 UTF-8。", named),
                     fmt::format("The file says that it is {}, not UTF-8.", named));
    }
    return std::nullopt;
}

}  // namespace

const DocumentNode& Document::root() const {
    return *std::ranges::find(nodes, DocumentNode::Kind::element, &DocumentNode::kind);
}

std::expected<Document, Problem> read_document(std::string_view bytes) {
    if (bytes.size() > kXmlBytesMax) {
        return std::unexpected(
            fault(1, kFile, "too_large", "文件超过4 MB，请检查是否选错了文件。", "The file is larger than 4 MiB."));
    }
    if (auto problem = encoding_fault(bytes)) return std::unexpected(*std::move(problem));
    const std::string text = with_plain_line_ends(bytes);
    Conversion conversion(text);
    const auto line_of = [&](std::size_t offset) { return conversion.line_at(static_cast<std::ptrdiff_t>(offset)); };
    if (const auto at = forbidden_character(text))
        return std::unexpected(not_xml(line_of(*at), "a character that XML does not allow"));
    pugi::xml_document source;
    // References, blanks and namespaces are resolved above, where what XML forbids can be told from what it allows.
    constexpr unsigned kOptions = pugi::parse_cdata | pugi::parse_comments | pugi::parse_pi | pugi::parse_declaration |
                                  pugi::parse_doctype | pugi::parse_ws_pcdata | pugi::parse_fragment;
    const auto parsed = source.load_buffer(text.data(), text.size(), kOptions, pugi::encoding_utf8);
    if (!parsed) return std::unexpected(not_xml(conversion.line_at(parsed.offset), parsed.description()));
    auto document = conversion.convert(source);
    if (!document) return document;
    if (auto problem = declared_encoding_fault(*document, text)) return std::unexpected(*std::move(problem));
    return document;
}

}  // namespace kaigong::bpmn
