#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/document.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {
namespace {

using NodeKind = DocumentNode::Kind;

/// `{namespace}local`; a prefix that was never declared stands for itself.
std::string expanded(const QualifiedName& name) {
    return fmt::format("{{{}}}{}", name.name_space, name.is_undeclared() ? name.written() : name.local);
}

/// Something that carries meaning among the children of a node.
struct Item {
    NodeKind kind = NodeKind::element;
    std::string value;
    const DocumentNode* node = nullptr;
};

/// Text and CDATA that touch are one text, comments between them or not; white space around it is none.
class Items {
  public:
    explicit Items(const std::vector<DocumentNode>& nodes) {
        for (const DocumentNode& node : nodes) {
            if (node.kind == NodeKind::text || node.kind == NodeKind::cdata) {
                text_ += node.value;
            } else if (node.kind == NodeKind::comment) {
                comments_.push_back({node.kind, std::string(trimmed(node.value)), &node});
            } else if (node.kind != NodeKind::declaration) {
                end_text();
                items_.push_back({node.kind, std::string(trimmed(node.value)), &node});
            }
        }
        end_text();
    }

    const std::vector<Item>& list() const { return items_; }

  private:
    void end_text() {
        if (!trimmed(text_).empty()) items_.push_back({NodeKind::text, std::string(trimmed(text_)), nullptr});
        text_.clear();
        std::ranges::move(comments_, std::back_inserter(items_));
        comments_.clear();
    }

    std::vector<Item> items_;
    std::vector<Item> comments_;
    std::string text_;
};

std::vector<std::pair<std::string, std::string>> sorted_attributes(const DocumentNode& node) {
    std::vector<std::pair<std::string, std::string>> sorted;
    for (const DocumentAttribute& attribute : node.attributes) {
        if (!attribute.is_declaration()) sorted.emplace_back(expanded(attribute.name), attribute.value);
    }
    std::ranges::sort(sorted);
    return sorted;
}

std::optional<std::string> difference(const Item& left, const Item& right, const std::string& path);

std::optional<std::string> difference(const std::vector<DocumentNode>& left, const std::vector<DocumentNode>& right,
                                      const std::string& path) {
    const Items left_items(left);
    const Items right_items(right);
    const std::size_t count = std::min(left_items.list().size(), right_items.list().size());
    for (std::size_t i = 0; i < count; ++i) {
        if (auto found = difference(left_items.list()[i], right_items.list()[i], fmt::format("{}/{}", path, i + 1)))
            return found;
    }
    if (left_items.list().size() == right_items.list().size()) return std::nullopt;
    return fmt::format("{}: {} children and {}", path, left_items.list().size(), right_items.list().size());
}

std::optional<std::string> difference(const Item& left, const Item& right, const std::string& path) {
    if (left.kind != right.kind) return fmt::format("{}: different kinds of nodes", path);
    if (left.value != right.value) return fmt::format("{}: the text differs", path);
    if (left.node == nullptr) return std::nullopt;
    const std::string name = expanded(left.node->name);
    if (name != expanded(right.node->name)) return fmt::format("{}: {} and {}", path, name, expanded(right.node->name));
    const std::string here = left.kind == NodeKind::element ? fmt::format("{}:{}", path, left.node->name.local) : path;
    const auto attributes = sorted_attributes(*left.node);
    const auto others = sorted_attributes(*right.node);
    if (attributes != others) {
        const auto at = std::ranges::mismatch(attributes, others);
        return fmt::format("{}: the attribute {} differs", here,
                           at.in1 == attributes.end() ? at.in2->first : at.in1->first);
    }
    return difference(left.node->children, right.node->children, here);
}

}  // namespace

std::optional<std::string> first_difference(const Document& left, const Document& right) {
    return difference(left.nodes, right.nodes, "");
}

}  // namespace kaigong::bpmn
