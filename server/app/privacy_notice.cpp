#include "app/privacy_notice.hpp"

#include "base/json_members.hpp"
#include "http/reply.hpp"

namespace kaigong::app {

http::Endpoint privacy_endpoint(const PrivacyNotice& notice, const identity::Policy& policy) {
    const boost::json::object shown{{"handler", text_or_null(notice.handler)},
                                    {"contact", text_or_null(notice.contact)},
                                    {"session_hours", policy.absolute_ms / identity::kHourMs},
                                    {"sign_ins_days", policy.sign_ins_kept_ms / identity::kDayMs},
                                    {"messages_days", policy.messages_kept_ms / identity::kDayMs}};
    return {.method = http::Method::get,
            .path = "/api/v1/privacy-notice",
            .access = http::Access::anonymous,
            .handler = [shown](const http::Request&) -> Result<http::Reply> { return http::json_reply(shown); }};
}

}  // namespace kaigong::app
