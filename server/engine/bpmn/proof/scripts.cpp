#include "engine/bpmn/proof/scripts.hpp"

#include <algorithm>

#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn::proof {
namespace {

constexpr std::string_view kThrow = "throw error";

/// The code in `("CODE")…`; empty when it is computed. Leaves in `text` what follows.
std::string literal_code(std::string_view& text) {
    std::string_view rest = trimmed(text);
    if (!rest.starts_with('(')) return "";
    rest = trimmed(rest.substr(1));
    const std::size_t end = rest.find('"', 1);
    if (!rest.starts_with('"') || end == std::string_view::npos) return "";
    std::string code(rest.substr(1, end - 1));
    rest = trimmed(rest.substr(end + 1));
    if (!rest.starts_with(')') || code.find('\\') != std::string::npos) return "";
    text = rest.substr(1);
    return code;
}

}  // namespace

ScriptErrors errors_raised_by(std::string_view script) {
    ScriptErrors errors;
    std::string_view text = trimmed(script);
    const bool begins = text.starts_with(kThrow);
    for (std::size_t at = text.find(kThrow); at != std::string_view::npos; at = text.find(kThrow)) {
        text.remove_prefix(at + kThrow.size());
        std::string code = literal_code(text);
        if (code.empty()) errors.any_code = true;
        const bool is_new = std::find(errors.codes.begin(), errors.codes.end(), code) == errors.codes.end();
        if (!code.empty() && is_new) errors.codes.push_back(std::move(code));
    }
    errors.always = begins && !errors.any_code && errors.codes.size() == 1 && trimmed(text).empty();
    return errors;
}

}  // namespace kaigong::bpmn::proof
