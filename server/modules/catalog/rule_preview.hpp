// The background work of previews: runs a draft and the rules in force on the cases of the last twelve months and
// writes down which results change. One preview at a time, on two threads of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "modules/catalog/catalog.hpp"
#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/rule_store.hpp"

namespace kaigong::catalog {

struct PreviewJob {
    store::PreviewRow row;
    std::int64_t since_ms = 0;
    std::shared_ptr<const LoadedMatter> in_force;
    dmn::Model drafted;
};

class Previews {
  public:
    struct Parts {
        db::Database& database;
        const Clock& machine_clock;
        PastCases& past_cases;
    };
    explicit Previews(Parts parts) : parts_(parts) {}
    Previews(const Previews&) = delete;
    Previews& operator=(const Previews&) = delete;
    ~Previews() { stop(); }

    void start();
    /// Returns when the threads have ended; a preview that runs is failed with a sentence that says so.
    void stop();
    void add(PreviewJob job);
    /// Nothing was heard of it for so long that its process must have died.
    bool is_silent(const store::PreviewRow& row);
    Result<void> fail_abandoned(const std::string& preview_id);

  private:
    void run();

    Parts parts_;
    std::mutex mutex_;
    std::condition_variable bell_;
    std::deque<PreviewJob> waiting_;
    std::set<std::string> own_;  ///< that this process runs or will run
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace kaigong::catalog
