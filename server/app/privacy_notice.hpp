// What a page that tells people about their personal values (个人信息保护法 17) needs to know of this bureau: who
// handles them, whom to ask, and the times that are settings.
#pragma once

#include <string>

#include "http/router.hpp"
#include "modules/identity/policy.hpp"

namespace kaigong::app {

struct PrivacyNotice {
    std::string handler;  ///< 个人信息处理者; empty: nobody has written it down yet
    std::string contact;  ///< where people ask: a phone, an address
};

http::Endpoint privacy_endpoint(const PrivacyNotice& notice, const identity::Policy& policy);

}  // namespace kaigong::app
