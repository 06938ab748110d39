// Waits for what an event stream has to say, on the connection's I/O thread; holds no worker.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/connection.hpp"
#include "http/event_stream.hpp"

namespace kaigong::http {

class EventPump {
  public:
    /// The socket must live longer. Nobody may read from it meanwhile.
    EventPump(Socket& socket, SharedEvents events);
    EventPump(const EventPump&) = delete;
    EventPump& operator=(const EventPump&) = delete;
    ~EventPump();

    /// What was sent; empty when nothing was until then; nothing when either side ended it.
    Awaitable<std::optional<std::string>> next(Instant until);

  private:
    struct Waiting;

    SharedEvents events_;
    /// Shared with what may still call when the connection is gone.
    std::shared_ptr<Waiting> waiting_;
};

}  // namespace kaigong::http
