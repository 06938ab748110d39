// Addresses that a browser is sent to.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kaigong::oauth {

/// The client's address with more in its query; what is empty is left out.
std::string answer_address(std::string_view redirect_uri,
                           std::initializer_list<std::pair<std::string_view, std::string>> parameters);

}  // namespace kaigong::oauth
