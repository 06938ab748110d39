#include "engine/bpmn/elements/listing.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

/// Refused by name at deployment; anything else that BPMN's namespace does not know is, too.
constexpr std::array kDeclined{"complexGateway",
                               "an event with several event definitions, or parallelMultiple",
                               "eventBasedGateway that begins a process, or waits for all its events",
                               "receiveTask with instantiate",
                               "startQuantity, completionQuantity other than 1",
                               "multi-instance behaviour other than All",
                               "scripts and expressions that are not FEEL (plain ${…} is translated)"};

/// Kept, written back, and told as a warning.
constexpr std::array kKept{"processes with isExecutable false",
                           "collaboration, pools, message flows",
                           "data objects, data stores, input and output specifications",
                           "text annotations, groups, associations (but those of a compensation event)",
                           "performers and potential owners",
                           "extension elements of other tools"};

std::string triggers_of(const Handler& handler) {
    std::string text;
    for (const Trigger trigger : handler.triggers) {
        if (handler.triggers.size() == 1 && trigger == Trigger::none) return "–";
        text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(trigger));
    }
    return text;
}

template <class List>
std::string bullets(const List& list) {
    std::string text;
    for (const char* one : list) text += fmt::format("- {}\n", one);
    return text;
}

}  // namespace

std::string file_name_of(std::string_view xml_name) {
    std::string name;
    for (const char c : xml_name) {
        const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
        if (upper) name += '_';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return name;
}

std::string element_listing() {
    std::string text = "| element | events it takes | repeated, mapped | test |\n|---|---|---|---|\n";
    for (const Handler& handler : handlers()) {
        const auto name = to_string(handler.kind);
        text += fmt::format("| `{}` | {} | {} | `elements/{}_test.cpp` |\n", name, triggers_of(handler),
                            is_activity(handler.kind) ? "yes" : "–", file_name_of(name));
    }
    return text + "\nRefused at deployment, by element, line and reason:\n\n" + bullets(kDeclined) +
           "\nKept and written back, not executed, told as a warning:\n\n" + bullets(kKept);
}

}  // namespace kaigong::bpmn
