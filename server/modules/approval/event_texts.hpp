// What a timeline says of an application event, in words that applicants and officers share.
#pragma once

#include <string_view>

namespace kaigong::approval {

struct EventText {
    std::string_view title;
    std::string_view detail;
};

/// Never fails: an event without words of its own is named by its code.
EventText text_of_event(std::string_view event);

}  // namespace kaigong::approval
