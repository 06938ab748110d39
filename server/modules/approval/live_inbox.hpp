// Open lists of tasks learn that something in them came, went or changed hands (server-sent events, as live_cases.hpp).
// An event says that and nothing else: what is there now the page asks for by its normal routes. Each second, and after
// what a request of this process committed, one look at `inbox_changes` for all who listen; tasks themselves are not
// looked at.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "http/event_stream.hpp"
#include "modules/approval/lookout.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval {

/// What an officer's lists hold.
struct ListsOf {
    /// He, and everybody in whose place he acts.
    std::vector<std::string> accounts;
    std::vector<std::string> regions;
    std::vector<std::string> groups;  ///< department:role
    /// Also what others hold of these groups (the view `all`).
    bool held_by_others = false;
    /// Kinds of case; empty: all.
    std::vector<std::string> matters = {};
    authz::Confidentiality clearance = authz::Confidentiality::normal;

    bool operator==(const ListsOf&) const = default;
};

/// Whether one of the lists shows the difference.
bool concerns(const ListsOf& lists, const store::InboxChange& change);

/// Which numbers of changes were seen. Numbers are given before their transactions are committed, so a lower one may
/// come after a higher one: what is missing is waited for a while, and was rolled back if it does not come.
class SeenNumbers {
  public:
    using Instant = std::chrono::steady_clock::time_point;

    /// What is lower counts as seen.
    explicit SeenNumbers(std::int64_t through = 0) : through_(through) {}

    /// Up to here all were seen, or will never come.
    std::int64_t through() const { return through_; }
    /// Those that are new, of what lies beyond `through`.
    std::vector<store::InboxChange> take(const std::vector<store::InboxChange>& changes, Instant at);

  private:
    std::int64_t through_;
    std::map<std::int64_t, Instant> beyond_;
};

class LiveInbox {
  public:
    /// Asked when a stream is opened, when its rights are looked at again, and when the officer's deputyships change.
    using Lists = std::function<ListsOf(const authz::Actor& actor, bool all)>;

    /// The database must live longer, and what `lists` asks.
    LiveInbox(db::Database& database, Lists lists, http::EventHubLimits limits = {});
    LiveInbox(const LiveInbox&) = delete;
    LiveInbox& operator=(const LiveInbox&) = delete;

    /// Says at once `here`, or `changed` where that was so since what a client that comes back has seen; `changed` too
    /// where nobody knows any more. `all`: for the view of that name. Fails with http.too_many_streams.
    Result<http::SharedEvents> open(const authz::Actor& actor, bool all, std::string_view last_event_id,
                                    http::StillAllowed still_allowed);
    /// After a commit that changed a case. Any thread, never waits for the database.
    void wake() { lookout_.wake(); }
    /// Tells what is new; what the thread does again and again.
    void look();
    /// Cuts off what nobody needs any more, a bounded number at a time.
    void forget_old();

  private:
    struct Listener {
        authz::Actor actor;
        bool all = false;
        ListsOf lists;
    };
    /// How it stands when a stream is opened.
    struct Start {
        SeenNumbers seen;
        bool missed = false;
    };

    Result<Start> start_of(const ListsOf& lists, std::string_view last_event_id);
    /// Whether they are others now.
    bool renew(const std::string& topic, const authz::Actor& actor);
    void tell(const std::string& topic);

    db::Database& database_;
    const Lists lists_;
    http::EventHub hub_;
    std::mutex mutex_;
    /// By topic, as long as somebody listens; `seen_` is of use while there are any.
    std::map<std::string, Listener> listeners_;
    SeenNumbers seen_;
    Lookout lookout_{[this] { look(); }};
};

}  // namespace kaigong::approval
