// The background work of previews: tries a draft and the version in force on the cases of the last twelve months and
// writes down what changes. One preview at a time, on two threads of its own. Restricted cases (限制知悉) have no part
// in it, whoever asked: rules are judged without them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <tuple>

#include "modules/catalog/catalog.hpp"
#include "modules/catalog/package_store.hpp"

namespace kaigong::catalog {

/// A draft beside the version in force, on the cases of the past. `page` is asked by one thread at a time, the cases
/// that it gives are tried by several.
class Trial {
  public:
    struct Case {
        std::string application_id;
        std::function<std::vector<store::PreviewChangeRow>()> run;
    };

    Trial() = default;
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    virtual ~Trial() = default;

    virtual Result<std::int64_t> count() = 0;
    /// In the order of their ids, after `after`, at most `limit`; fewer: the end.
    virtual Result<std::vector<Case>> page(const std::string& after, int limit) = 0;
};

struct PreviewJob {
    store::PreviewRow row;
    std::shared_ptr<Trial> trial;
};

/// How often each change came, for a preview's page.
class ChangeCounts {
  public:
    void add(const store::PreviewChangeRow& change);
    /// Takes one back that `read` or `add` counted.
    void remove(const store::PreviewChangeRow& change);
    /// [{<subject>, title, before, after, count}], the most frequent first; the first name is the package's word.
    std::string to_json_text(const char* subject) const;
    static ChangeCounts read(const std::string& json_text, const char* subject);

  private:
    struct Count {
        std::string title;
        std::int64_t count = 0;
    };
    std::map<std::tuple<std::string, std::string, std::string>, Count> counts_;
};

class Previews {
  public:
    struct Parts {
        db::Database& database;
        const Clock& machine_clock;
        const store::PackageTables& tables;
        RestrictedCases& restricted_cases;
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
