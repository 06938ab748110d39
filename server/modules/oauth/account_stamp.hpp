// What an account was when a token was given for it. A token dies when the person changes company, post or area: what
// he agreed to was for the person he was.
#pragma once

#include <string>

#include "modules/identity/identity.hpp"

namespace kaigong::oauth {

std::string account_stamp(const identity::Account& account);

}  // namespace kaigong::oauth
