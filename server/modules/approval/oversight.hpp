// The supervisor's side of the procedure (督办台): who has held what for how long, load and lateness, orders that must
// be answered (督办单), the warning ladder, and the self-check that every case is in somebody's hands. Not for what an
// officer does with his own task (approval.hpp).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "modules/approval/approval.hpp"

namespace kaigong::approval {

class Oversight {
  public:
    Oversight() = default;
    Oversight(const Oversight&) = delete;
    Oversight& operator=(const Oversight&) = delete;
    virtual ~Oversight() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
    /// Carries out the steps of the warning ladder that are due, begins the self-check of the night and goes on with
    /// one that runs, a bounded number of each. Several processes may call it at once; gives how many cases it moved.
    virtual int keep_watch(std::int64_t now_ms) = 0;
};

/// `cases` says who may read which.
std::unique_ptr<Oversight> make_oversight(Parts parts, Approval& cases);

}  // namespace kaigong::approval
