// What the authorization server says about itself (RFC 8414, OpenID Connect Discovery).
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace kaigong::oauth {

boost::json::object server_metadata(const std::string& issuer);

}  // namespace kaigong::oauth
