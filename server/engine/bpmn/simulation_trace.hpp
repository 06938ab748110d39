// The facts of an instance as lines that a person or a test reads: what happened at which element of the diagram.
// Internal to engine/bpmn.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {

/// `2026-11-23T09:00:00+08:00`, the office's time; with milliseconds where there are some.
std::string office_instant(std::int64_t at_ms);

/// `{"element","type","event","at"}` and what belongs to the event. `type` is the XML name of the element. Events:
/// entered · waiting (a task or job is open) · joined (a token waits at a join, which is entered when it fires) ·
/// completed · cancelled (`cause`) · taken (of a sequence flow) · timer_scheduled (`due_at`) · fired · timer_cancelled
/// · variables (`variables`) · incident (`code`, `message`) · incident_resolved. The process itself is entered and
/// completed or cancelled, too.
class SimulationTrace {
  public:
    SimulationTrace(const Definition& definition, const std::function<void(const boost::json::object&)>& sink)
        : definition_(definition), sink_(sink) {}

    /// The facts of one command, in order.
    void tell(const std::vector<Event>& events);

  private:
    struct Teller;
    void line(std::string_view element, std::string_view event, std::int64_t at_ms, boost::json::object more = {});
    std::string_view type_of(std::string_view element) const;

    const Definition& definition_;
    const std::function<void(const boost::json::object&)>& sink_;
    /// Whether the token is the whole of an activity that is done several times, and no instance of it.
    bool is_whole(std::int64_t token) const { return wholes_.contains(token); }

    /// Tokens that wait at a join.
    std::set<std::int64_t> joining_;
    std::set<std::int64_t> wholes_;
    /// Elements by token, for a fact about a scope names only the token.
    std::map<std::int64_t, std::string> elements_;
    /// Elements by incident, for a resolved one says only its number.
    std::map<std::int64_t, std::string> incidents_;
};

}  // namespace kaigong::bpmn
