#include "modules/catalog/rule_explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {
namespace {

using feel::Kind;
using feel::Value;

constexpr std::array<std::string_view, 3> kParts{"applies", "unchecked", "fails"};
constexpr std::size_t kReadsMax = 20;
constexpr std::size_t kTextBytesMax = 300;

/// `participants[role = "owner"][1].lead.name` → `participants.lead.name`
std::string without_filters(std::string_view path) {
    std::string plain;
    int depth = 0;
    for (const char c : path) {
        if (c == '[') ++depth;
        if (depth == 0) plain += c;
        if (c == ']') --depth;
    }
    return plain;
}

std::string_view root_of(std::string_view plain) {
    return plain.substr(0, plain.find('.'));
}

std::string_view leaf_of(std::string_view plain) {
    const auto dot = plain.rfind('.');
    return dot == std::string_view::npos ? plain : plain.substr(dot + 1);
}

std::string cut(std::string text) {
    if (text.size() <= kTextBytesMax) return text;
    auto end = kTextBytesMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "…";
}

/// A list or a context may hold anybody: of it only the size.
std::string plain_text(const Value& value) {
    if (value.is(Kind::list)) return fmt::format("{} 项", value.as_list().size());
    if (value.is(Kind::context)) return fmt::format("{} 个字段", value.as_context().size());
    if (value.is(Kind::function) || value.is(Kind::range)) return std::string(name_of(value.kind()));
    return cut(value.to_text());
}

FindingRead shown_whole(const dmn::Read& read) {
    return {read.path, cut(read.value.to_text()), std::string(read.value.null_reason())};
}

}  // namespace

ReadMask::ReadMask(const std::vector<std::string>& personal_paths, const feel::Context& inputs) : inputs_(inputs) {
    for (const auto& path : personal_paths) personal_names_.emplace(leaf_of(without_filters(path)));
    // A file is often named after the person whose paper it is.
    personal_names_.emplace("file_name");
}

FindingRead ReadMask::shown(const dmn::Read& read) const {
    const auto plain = without_filters(read.path);
    if (personal_names_.contains(leaf_of(plain))) return {read.path, "", ""};
    const bool is_input = inputs_.find(root_of(plain)) != nullptr;
    if (read.value.is(Kind::string) && !is_input) return {read.path, "", ""};
    return {read.path, plain_text(read.value), is_input ? std::string(read.value.null_reason()) : ""};
}

ExplainedRules::ExplainedRules(const dmn::Explanation& explanation) {
    for (const auto& table : explanation.tables) {
        for (const auto& match : table.matches) {
            for (const auto& output : match.outputs) {
                if (output.name != kRuleColumn || !output.value.is(Kind::string)) continue;
                matches_.emplace(output.value.as_string(), &match);
                break;
            }
        }
    }
}

std::vector<ExplanationLine> ExplainedRules::lines_of(const std::string& rule, const ReadMask* mask) const {
    std::vector<ExplanationLine> lines;
    const auto found = matches_.find(rule);
    if (found == matches_.end()) return lines;
    for (const auto& output : found->second->outputs) {
        if (std::ranges::find(kParts, output.name) == kParts.end()) continue;
        ExplanationLine line{output.name, output.text, plain_text(output.value), {}};
        // A condition gives a boolean or null; what else it might give is nobody's to see.
        if (mask != nullptr && output.value.is(Kind::string)) line.value_text.clear();
        for (const auto& read : output.reads) {
            if (line.reads.size() == kReadsMax) break;
            line.reads.push_back(mask != nullptr ? mask->shown(read) : shown_whole(read));
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<ExplanationLine> deciding_line(std::vector<ExplanationLine> lines, const std::string& outcome) {
    const auto part_is = [&](std::string_view part, std::string_view text) {
        return std::ranges::find_if(
            lines, [&](const auto& line) { return line.part == part && (text.empty() || line.value_text == text); });
    };
    auto found = lines.end();
    if (outcome == "unchecked") found = part_is("unchecked", "true");
    if (found == lines.end()) found = part_is("fails", "");
    if (found == lines.end()) return {};
    return {std::move(*found)};
}

boost::json::array explanation_json(const std::vector<ExplanationLine>& lines) {
    boost::json::array list;
    for (const auto& line : lines) {
        boost::json::array reads;
        for (const auto& read : line.reads) {
            boost::json::object one{{"path", read.path}, {"value_text", read.value_text}, {"null_reason", nullptr}};
            if (!read.null_reason.empty()) one["null_reason"] = read.null_reason;
            reads.push_back(std::move(one));
        }
        list.push_back({{"part", line.part},
                        {"expression", line.expression},
                        {"value_text", line.value_text},
                        {"reads", std::move(reads)}});
    }
    return list;
}

}  // namespace kaigong::catalog
