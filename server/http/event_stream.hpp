// Server-sent events: a stream that stays open and is written whenever somebody has something to say. It holds no
// worker and no thread; connection.cpp sleeps on it. Any thread may send. Not for what must arrive: a stream may end at
// any time, and the client comes back with the id of the last event it saw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"

namespace kaigong::http {

struct ServerEvent {
    /// What a client that comes back names as the last one it saw. Id and name without line breaks.
    std::string id;
    std::string name;
    std::string data;
};

/// As bytes of the stream; data of several lines becomes several lines.
std::string to_text(const ServerEvent& event);

/// Who may still read; asked again while the stream lasts.
using StillAllowed = std::function<Result<void>(const Session& session)>;

class EventStream;
using SharedEvents = std::shared_ptr<EventStream>;

class EventStream {
  public:
    EventStream(std::size_t pending_bytes_max, StillAllowed still_allowed);
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;
    ~EventStream();

    /// A reader who is further behind than the limit is dropped.
    void send(const ServerEvent& event);
    /// What was sent before is still written.
    void end();
    bool has_ended() const;

    /// For the connection: all that was sent since; whom to wake when there is more, from any thread and not under its
    /// own locks. Nobody is woken once this gets an empty function.
    std::string take();
    void on_change(std::function<void()> wake);
    Result<void> check(const Session& session) const { return still_allowed_(session); }

  private:
    friend class EventHub;

    const std::size_t pending_bytes_max_;
    const StillAllowed still_allowed_;
    /// Gives the place in its hub back.
    std::function<void()> on_gone_;
    mutable std::mutex mutex_;
    std::string pending_;
    std::function<void()> wake_;
    bool ended_ = false;
};

/// Its body is a Stream of kEndless bytes, which ends with the connection.
Reply event_stream_reply(SharedEvents stream);
inline constexpr std::uint64_t kEndless = std::numeric_limits<std::uint64_t>::max();
/// Null for every other reply.
SharedEvents events_of(const Reply& reply);

struct EventHubLimits {
    std::size_t streams_max = 2'000;   ///< in all: each is a connection; the next one gets 503
    std::size_t per_account_max = 20;  ///< windows of one person: 429
    std::size_t pending_bytes_max = std::size_t{64} * 1024;
};

/// Streams by what they are about. Any thread.
class EventHub {
  public:
    explicit EventHub(EventHubLimits limits = {});
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    /// Ends all streams.
    ~EventHub();

    /// Fails with http.too_many_streams (unavailable, or rate_limited for one account).
    Result<SharedEvents> open(const std::string& account_id, const std::string& topic, StillAllowed still_allowed);
    /// To all who listen to the topic; `event_for` gives it for an account.
    void publish(const std::string& topic, const std::function<ServerEvent(const std::string& account_id)>& event_for);
    /// Those that somebody listens to.
    std::vector<std::string> topics() const;
    std::size_t count() const;

  private:
    struct Places;
    std::shared_ptr<Places> places_;
};

}  // namespace kaigong::http
