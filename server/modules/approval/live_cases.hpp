// Open pages learn that somebody else acted on their case (server-sent events). An event says that something changed
// and who did what, as the timeline tells it; what it is now the page asks for by its normal routes. What a
// request of this process committed wakes; a look at the versions of the cases that are listened to finds all else.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "db/database.hpp"
#include "http/event_stream.hpp"
#include "modules/approval/lookout.hpp"

namespace kaigong::approval {

/// How far a page has seen a case; as the id of an event `12-7-15`.
struct CasePosition {
    std::int64_t version = 0;
    std::int64_t act_no = 0;
    std::int64_t entry_no = 0;

    bool operator==(const CasePosition&) const = default;
};
std::string to_string(const CasePosition& position);
/// Nothing for what is none.
std::optional<CasePosition> parse_position(std::string_view text);

class LiveCases {
  public:
    /// The database must live longer.
    explicit LiveCases(db::Database& database, http::EventHubLimits limits = {});
    LiveCases(const LiveCases&) = delete;
    LiveCases& operator=(const LiveCases&) = delete;
    /// Tells at once where the case stands: `here`, or `changed` since what a client that comes back has seen. Fails
    /// with http.too_many_streams.
    Result<http::SharedEvents> open(const std::string& account_id, const std::string& application_id,
                                    std::string_view last_event_id, http::StillAllowed still_allowed);
    /// After a commit that changed a case. Any thread, never waits for the database.
    void wake() { lookout_.wake(); }
    /// Tells what is new; what the thread does again and again.
    void look();

  private:
    void tell(const std::string& application_id);
    /// Those to end where the case is known as something else now.
    std::vector<http::SharedEvents> take_outdated(const std::string& application_id, const std::string& known_as);

    db::Database& database_;
    http::EventHub hub_;
    std::mutex mutex_;
    /// Of the cases that are listened to: what was told.
    std::map<std::string, CasePosition> told_;
    /// As what each of them is known (限制知悉), and who listens: when that changes all of them end at once, and
    /// whoever may still know the case comes back.
    std::map<std::string, std::string> known_as_;
    std::map<std::string, std::vector<std::weak_ptr<http::EventStream>>> streams_;
    /// Begun with the first stream, ended before what it looks at.
    Lookout lookout_{[this] { look(); }};
};

}  // namespace kaigong::approval
