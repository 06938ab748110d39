// Messages and signals on their way between cases. A case that throws one says so in the outbox, in the transaction of
// its own command; others hear of it in transactions of their own, each once.
//
// A message is kept in a table until somebody takes it, and whoever begins to wait says so in the outbox as well. Both
// are looked at after they were saved, so whichever comes last finds the other, also where two transactions did not see
// each other. A signal goes to those who wait when it is thrown; nobody gets it later.
#pragma once

#include "modules/approval/case_work.hpp"

namespace kaigong::approval {

/// Subscribes to what this module itself tells; before the dispatcher starts. Everything must live longer.
/// `nudge_timers` is called after a commit that may have set a timer.
void subscribe_messages(events::Outbox& outbox, const Surroundings& surroundings, const Clock& clock,
                        std::function<void()> nudge_timers);

}  // namespace kaigong::approval
