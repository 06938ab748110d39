#include "engine/bpmn/document.hpp"

namespace kaigong::bpmn {
namespace {

/// In an attribute line ends and tabs are written as references, for as themselves they would be read as blanks. A
/// carriage return is never a plain character of a file that was read.
std::string_view reference_of(char c, bool in_attribute) {
    switch (c) {
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '&': return "&amp;";
        case '\r': return "&#13;";
        case '"': return in_attribute ? "&quot;" : "";
        case '\n': return in_attribute ? "&#10;" : "";
        case '\t': return in_attribute ? "&#9;" : "";
        default: return "";
    }
}

void write_escaped(std::string_view value, bool in_attribute, std::string& out) {
    for (const char c : value) {
        const std::string_view reference = reference_of(c, in_attribute);
        if (reference.empty()) {
            out += c;
        } else {
            out += reference;
        }
    }
}

void write_attributes(const DocumentNode& node, std::string& out) {
    const bool declares = node.kind == DocumentNode::Kind::declaration;
    for (const DocumentAttribute& attribute : node.attributes) {
        out += ' ';
        out += attribute.name.written();
        out += "=\"";
        if (declares && attribute.name.local == "encoding") {
            out += "UTF-8";
        } else {
            write_escaped(attribute.value, true, out);
        }
        out += '"';
    }
}

void write_node(const DocumentNode& node, std::string& out);

void write_element(const DocumentNode& node, std::string& out) {
    const std::string name = node.name.written();
    out += '<';
    out += name;
    write_attributes(node, out);
    if (node.children.empty()) {
        out += "/>";
        return;
    }
    out += '>';
    for (const DocumentNode& child : node.children) write_node(child, out);
    out += "</";
    out += name;
    out += '>';
}

void write_instruction(const DocumentNode& node, std::string& out) {
    out += "<?";
    out += node.name.local;
    if (!node.value.empty()) out += ' ';
    out += node.value;
    out += "?>";
}

void write_node(const DocumentNode& node, std::string& out) {
    switch (node.kind) {
        case DocumentNode::Kind::element: return write_element(node, out);
        case DocumentNode::Kind::text: return write_escaped(node.value, false, out);
        case DocumentNode::Kind::instruction: return write_instruction(node, out);
        case DocumentNode::Kind::cdata:
            out += "<![CDATA[";
            out += node.value;
            out += "]]>";
            return;
        case DocumentNode::Kind::comment:
            out += "<!--";
            out += node.value;
            out += "-->";
            return;
        case DocumentNode::Kind::declaration:
            out += "<?xml";
            write_attributes(node, out);
            out += "?>";
            return;
    }
}

}  // namespace

std::string write_document(const Document& document) {
    std::string out;
    for (const DocumentNode& node : document.nodes) write_node(node, out);
    return out;
}

}  // namespace kaigong::bpmn
