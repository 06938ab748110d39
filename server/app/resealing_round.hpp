// Carries everything that is sealed over to the current key, beside the running office: in small batches, each row only
// where it still is what was read, and from where it stood after a death. A round counts what there is to do, re-seals
// pass by pass, and ends with a pass that found nothing to do: what it counted then is what each key still protects.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/rotation_store.hpp"
#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"

namespace kaigong::app {

class ReSealing {
  public:
    struct Parts {
        db::Database& database;
        const Clock& machine_clock;
        const crypto::KeyRing& ring;
        Metrics& metrics;
        /// The name of this process among those of the database.
        std::string worker;
        /// Tests only: called after each batch that was written.
        std::function<void(const char*)> after_step;
    };
    ReSealing(Parts parts, std::vector<crypto::SealedColumn> places);
    ReSealing(const ReSealing&) = delete;
    ReSealing& operator=(const ReSealing&) = delete;
    ~ReSealing();

    /// Begins a round to the current key; one that is running already goes on. `by` is an account id, or `system`.
    Result<void> start(const std::string& by);
    /// One batch, where there is a round that no other process is at. Begins one by itself when a key was replaced, or
    /// numbers of persons are to be indexed. Gives when to come back: at once, or in a second.
    std::int64_t work(std::int64_t now_ms);

    /// Nothing before the first round.
    Result<std::optional<rotation_store::RoundRow>> latest();

  private:
    using Round = rotation_store::RoundRow;
    Result<bool> step(std::int64_t now_ms);
    Result<bool> may_begin(const Round& round, std::int64_t now_ms);
    Result<void> start_where_needed();
    Result<void> batch(Round& round);
    Result<void> write(Round& round, const crypto::SealedColumn& place, const std::vector<crypto::SealedRow>& rows);
    void next_place(Round& round, std::int64_t now_ms) const;
    std::vector<crypto::SealedColumn>::const_iterator place_of(const Round& round) const;

    Parts parts_;
    std::vector<crypto::SealedColumn> places_;
    std::atomic<std::int64_t> left_ = 0;
    Counter& resealed_;
    std::string looked_for_key_;
};

/// What is still to be sealed anew in a round; it is known when the counting is done.
std::int64_t left_in(const rotation_store::RoundRow& round);

}  // namespace kaigong::app
