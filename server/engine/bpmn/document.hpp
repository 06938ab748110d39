// An XML file as a tree that loses nothing: what it holds in order, prefixes as written, comments, CDATA, processing
// instructions, white space. For reading, writing and comparing models; what a model means is read from xml.hpp.
// Held fast: no DTD, no entities but XML's own five, the limits of definition.hpp.
//
// What is not kept, because XML says that it means nothing: quotation marks and white space between attributes, line
// ends other than \n, how a character was escaped, a byte order mark. A file is written in UTF-8.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

inline constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view kXmlnsNamespace = "http://www.w3.org/2000/xmlns/";

/// A name as written, and the namespace that its prefix stood for there. A prefix that was never declared is kept, with
/// an empty namespace.
struct QualifiedName {
    std::string prefix;
    std::string local;
    std::string name_space;

    bool is_undeclared() const { return !prefix.empty() && name_space.empty(); }
    /// `bpmn:task`
    std::string written() const { return prefix.empty() ? local : prefix + ":" + local; }
};

struct DocumentAttribute {
    QualifiedName name;
    std::string value;

    /// `xmlns` and `xmlns:…`, which are attributes like any other here.
    bool is_declaration() const { return name.name_space == kXmlnsNamespace; }
};

struct DocumentNode {
    enum class Kind { element, text, cdata, comment, instruction, declaration };
    Kind kind = Kind::element;
    int line = 0;
    /// Of an element; of an instruction its target, in `local`.
    QualifiedName name;
    /// Of an element and of the XML declaration, in the order of the file.
    std::vector<DocumentAttribute> attributes;
    /// Of everything but an element, with references resolved.
    std::string value;
    std::vector<DocumentNode> children;
};

struct Document {
    /// The root element, and what stands before and behind it.
    std::vector<DocumentNode> nodes;

    const DocumentNode& root() const;
};

/// Fails with one of `not_utf8`, `too_large`, `not_xml`, `doctype`, `entity`, `too_deep`, `too_many_nodes`. A prefix
/// without a namespace is no failure.
std::expected<Document, Problem> read_document(std::string_view bytes);

/// What `read_document` reads as the same document, and writes as the same bytes.
std::string write_document(const Document& document);

/// Where the two begin to mean different things, as a path of elements and a sentence, or nothing. Prefixes, the order
/// of attributes, white space around text and between elements, and where a CDATA section begins mean nothing.
std::optional<std::string> first_difference(const Document& left, const Document& right);

}  // namespace kaigong::bpmn
