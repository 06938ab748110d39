#include "http/event_pump.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace kaigong::http {
namespace {

using ErrorCode = boost::system::error_code;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, IoExecutor>;

}  // namespace

struct EventPump::Waiting {
    explicit Waiting(const IoExecutor& executor) : timer(executor) {}

    Timer timer;
    bool gone = false;
};

EventPump::EventPump(Socket& socket, SharedEvents events)
    : events_(std::move(events)), waiting_(std::make_shared<Waiting>(socket.get_executor())) {
    // A client that listens says nothing more: whatever comes is its end.
    socket.async_wait(Socket::wait_read, [waiting = waiting_](const ErrorCode&) {
        waiting->gone = true;
        waiting->timer.cancel();
    });
    events_->on_change([waiting = waiting_, executor = socket.get_executor()] {
        asio::post(executor, [waiting] { waiting->timer.cancel(); });
    });
}

EventPump::~EventPump() {
    events_->on_change({});
}

// Nothing can come between looking and sleeping: who wakes is posted to this thread.
Awaitable<std::optional<std::string>> EventPump::next(Instant until) {
    for (;;) {
        if (waiting_->gone) co_return std::nullopt;
        auto text = events_->take();
        if (!text.empty()) co_return text;
        if (events_->has_ended()) co_return std::nullopt;
        if (std::chrono::steady_clock::now() >= until) co_return std::string();
        waiting_->timer.expires_at(until);
        ErrorCode ignored;
        auto token = asio::redirect_error(kAwait, ignored);
        co_await waiting_->timer.async_wait(token);
    }
}

}  // namespace kaigong::http
