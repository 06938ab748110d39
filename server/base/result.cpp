#include "base/result.hpp"

namespace kaigong {

std::string_view to_string(Errc code) {
    switch (code) {
        case Errc::invalid_input: return "invalid_input";
        case Errc::unauthenticated: return "unauthenticated";
        case Errc::forbidden: return "forbidden";
        case Errc::not_found: return "not_found";
        case Errc::conflict: return "conflict";
        case Errc::precondition_failed: return "precondition_failed";
        case Errc::too_large: return "too_large";
        case Errc::rate_limited: return "rate_limited";
        case Errc::unavailable: return "unavailable";
        case Errc::internal: return "internal";
    }
    return "internal";
}

}  // namespace kaigong
