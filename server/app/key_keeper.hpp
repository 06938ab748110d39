// Keeps the keys of a running process: takes a changed key file without a restart, tells the other processes of the
// database what it knows, and seals with a new key only when all that live know it. A key goes through four states:
//
//     published   in the key file of at least one process; nothing is sealed with it
//     current     every process that was seen within kHolderLivesMs knows it; new values are sealed with it
//     former      a newer one is current; what it sealed is carried over by `ReSealing`
//     retired     nothing sealed with it is left; only its link key stays, for printed certificates
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"

namespace kaigong::app {

/// A process that was not heard of for so long is taken for gone. It tells every kHolderTellsMs that it lives.
inline constexpr std::int64_t kHolderLivesMs = 60'000;
inline constexpr std::int64_t kHolderTellsMs = 10'000;
/// Requests and uploads that began under a former key have ended after so long.
inline constexpr std::int64_t kFormerKeyRestsMs = 3'600'000;
/// Who had read a value before a round re-sealed it has written it back, or gone, after so long.
inline constexpr std::int64_t kRoundRestsMs = 600'000;

class KeyKeeper {
  public:
    struct Parts {
        db::Database& database;
        const Clock& machine_clock;
        crypto::KeyRing& ring;
        std::filesystem::path key_file;
        std::filesystem::path signing_folder;
        /// The name of this process among those of the database.
        std::string holder;
        /// The process was taken for gone, and keys that it has not got came meanwhile: it must serve nobody any more.
        std::function<void()> lost = [] {};
    };
    KeyKeeper(Parts parts, std::vector<crypto::SealedColumn> places);
    KeyKeeper(const KeyKeeper&) = delete;
    KeyKeeper& operator=(const KeyKeeper&) = delete;

    /// Before anything sealed is read: the key file has every key that something is sealed with, and they are the right
    /// ones. Publishes keys that are new and goes on sealing with the one that is current. Fails with
    /// app.keys_incomplete (which keys, how many values), app.keys_wrong (the same ids with other bytes).
    Result<void> check_in();
    /// Before anybody is served: from here on no key becomes current that this process does not know. Fails with
    /// app.keys_incomplete when one did since `check_in`.
    Result<void> enter() { return tell(parts_.machine_clock.now_ms()); }
    /// Once a second. What fails is logged and tried again.
    void keep(std::int64_t now_ms);
    /// The process serves no more.
    void leave();

    /// Nothing sealed with the key is left, it has rested, and no process uses it: marks it as retired and cuts it out
    /// of the key file. Fails with app.key_not_former, app.key_in_use (where, how many values), app.key_not_rested.
    Result<void> retire(const std::string& key_id);
    /// A machine that was taken away, so that no key waits for it. Fails with app.key_holder_unknown,
    /// app.key_holder_lives.
    Result<void> forget_holder(const std::string& holder);

  private:
    Result<void> check_known();
    Result<void> check_right(const crypto::KeyRing& ring);
    Result<std::optional<bool>> opens_any(const crypto::SealedColumn& place, const std::string& key_id) const;
    Result<void> check_sample(const crypto::KeyVersion& key) const;
    Result<void> publish();
    Result<void> tell(std::int64_t now_ms);
    Result<void> must_know_all(db::Session& session) const;
    Result<void> follow(std::int64_t now_ms);
    Result<bool> has_rested(std::int64_t replaced_at_ms, std::int64_t now_ms) const;
    void take_changed_file();
    Result<void> take_file();
    void lasting_warning(const Error& fault);

    Parts parts_;
    std::vector<crypto::SealedColumn> places_;
    std::filesystem::file_time_type file_changed_at_ = std::filesystem::file_time_type::min();
    /// Told once for each write to the file.
    std::filesystem::file_time_type refused_at_ = std::filesystem::file_time_type::min();
    std::int64_t told_at_ms_ = 0;
    std::string told_;
    std::string warned_of_;
    bool lost_ = false;
};

/// How many values each key has sealed, place by place.
struct SealedCount {
    std::string place;
    std::int64_t values = 0;
};
Result<std::map<std::string, std::vector<SealedCount>>> count_sealed(const std::vector<crypto::SealedColumn>& places);

}  // namespace kaigong::app
