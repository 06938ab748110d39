// The action of consultations in the table of permissions.
#pragma once

#include <string_view>

namespace kaigong::approval {

/// Asks somebody outside about an item of one's department (对外征求意见).
inline constexpr std::string_view kConsultOutside = "approval.consult_outside";

}  // namespace kaigong::approval
