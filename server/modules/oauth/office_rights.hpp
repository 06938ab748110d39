// Who looks after clients and keys. They are the whole installation's: whoever administers a part of it (an area) would
// rule what reaches all others, so he neither sees nor changes them.
#pragma once

#include <string_view>

#include "authz/permissions.hpp"
#include "base/result.hpp"

namespace kaigong::oauth {

/// Fails with authz.not_permitted, oauth.whole_installation_only.
inline Result<void> require_office(const authz::Permissions& permissions, const authz::Actor& by,
                                   std::string_view action) {
    KAIGONG_CHECK(permissions.require(by, action));
    if (by.region_code.empty()) return {};
    return error(Errc::forbidden, "oauth.whole_installation_only",
                 "接入系统和签名密钥关系到全部行政区划，由不限区划的管理员管理；如需办理，请联系上级系统管理员。");
}

}  // namespace kaigong::oauth
