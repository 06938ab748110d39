// The page that judges files, as one file to keep, with the list of whom to trust in it: whoever saved it needs nothing
// else when there is no network. The page itself is built by web/verify/.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::certificates {

inline constexpr const char* kSavedPageName = "kaigong-verify.html";
/// Its route, for links.
inline constexpr const char* kSavedPageAddress = "/verify/kaigong-verify.html";

/// `built` with the list in its element `trust`. Its policy names script and style by their digests, and the list is
/// neither, so they stay right. Fails with certificates.page_not_built: no such page, or one without that element.
Result<std::string> page_with_trust(std::string_view built, const boost::json::object& trust);

}  // namespace kaigong::certificates
