// Service tasks are durable jobs: approval writes JobCreated, the module that owns the type works, approval goes on.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/metrics.hpp"
#include "events/outbox.hpp"
#include "modules/approval/approval.hpp"
#include "modules/certificates/certificates.hpp"
#include "modules/letters/letters.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::app {

struct JobOwners {
    approval::Approval& approval;
    letters::Letters& letters;
    permits::Permits& permits;
    certificates::Certificates& certificates;
    Counter& failed;
    /// Told the type of a job that is done, before the case hears of it: tests that die there.
    std::function<void(const char* type)> after_job = {};
};

/// What `job_worker` knows how to do.
std::vector<std::string> job_types();

/// Does each job and tells approval. What retrying can mend (unavailable) is tried again by the dispatcher; anything
/// else becomes an incident that officers see. Letters that an event of the application brings with it go the same way,
/// so that those of one case are issued in the order of their causes.
events::Subscription job_worker(JobOwners owners);

}  // namespace kaigong::app
