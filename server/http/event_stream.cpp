#include "http/event_stream.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace kaigong::http {

std::string to_text(const ServerEvent& event) {
    const auto breaks = [](std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; };
    if (breaks(event.id) || breaks(event.name)) throw std::logic_error("http: a line break in the name of an event");
    std::string text;
    if (!event.id.empty()) text += "id: " + event.id + "\n";
    if (!event.name.empty()) text += "event: " + event.name + "\n";
    std::string_view left = event.data;
    for (;;) {
        const auto end = left.find('\n');
        text += "data: ";
        text += left.substr(0, end);
        text += '\n';
        if (end == std::string_view::npos) break;
        left.remove_prefix(end + 1);
    }
    return text + "\n";
}

EventStream::EventStream(std::size_t pending_bytes_max, StillAllowed still_allowed)
    : pending_bytes_max_(pending_bytes_max), still_allowed_(std::move(still_allowed)) {}

EventStream::~EventStream() {
    if (on_gone_) on_gone_();
}

void EventStream::send(const ServerEvent& event) {
    const std::scoped_lock lock(mutex_);
    if (ended_) return;
    pending_ += to_text(event);
    if (pending_.size() > pending_bytes_max_) {
        pending_.clear();
        ended_ = true;
    }
    if (wake_) wake_();
}

void EventStream::end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    if (wake_) wake_();
}

bool EventStream::has_ended() const {
    const std::scoped_lock lock(mutex_);
    return ended_;
}

std::string EventStream::take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(pending_, {});
}

void EventStream::on_change(std::function<void()> wake) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
}

namespace {

/// Stands in the place of what reads a body: the connection takes the events themselves.
struct EventBody {
    SharedEvents events;
    std::size_t operator()(std::span<char>) const { return 0; }
};

}  // namespace

SharedEvents events_of(const Reply& reply) {
    const auto* stream = std::get_if<Stream>(&reply.body);
    const auto* body = stream == nullptr ? nullptr : stream->read.target<EventBody>();
    return body == nullptr ? nullptr : body->events;
}

Reply event_stream_reply(SharedEvents stream) {
    Reply reply;
    reply.content_type = "text/event-stream; charset=utf-8";
    // A proxy that gathers bytes before it sends them on would hold back what has to arrive at once.
    reply.with_header("X-Accel-Buffering", "no");
    reply.body = Stream{kEndless, EventBody{std::move(stream)}};
    return reply;
}

/// Outlives the hub as long as a stream does.
struct EventHub::Places {
    struct Place {
        std::string account_id;
        std::string topic;
        std::weak_ptr<EventStream> stream;
    };

    explicit Places(EventHubLimits of) : limits(of) {}

    EventHubLimits limits;
    std::mutex mutex;
    std::map<const EventStream*, Place> places;
};

EventHub::EventHub(EventHubLimits limits) : places_(std::make_shared<Places>(limits)) {}

EventHub::~EventHub() {
    std::vector<SharedEvents> living;
    {
        const std::scoped_lock lock(places_->mutex);
        for (const auto& [key, place] : places_->places) living.push_back(place.stream.lock());
    }
    for (const auto& stream : living) {
        if (stream) stream->end();
    }
}

Result<SharedEvents> EventHub::open(const std::string& account_id, const std::string& topic,
                                    StillAllowed still_allowed) {
    const auto stream = std::make_shared<EventStream>(places_->limits.pending_bytes_max, std::move(still_allowed));
    const std::scoped_lock lock(places_->mutex);
    if (places_->places.size() >= places_->limits.streams_max) {
        return error(Errc::unavailable, "http.too_many_streams",
                     "现在同时打开的页面太多，暂不能自动更新。页面可以照常使用，稍后会自动再试。");
    }
    const auto own = std::ranges::count_if(places_->places,
                                           [&](const auto& entry) { return entry.second.account_id == account_id; });
    if (static_cast<std::size_t>(own) >= places_->limits.per_account_max) {
        return error(Errc::rate_limited, "http.too_many_streams",
                     "您同时打开的办件页面太多，这一页暂不能自动更新。请关闭不用的页面。");
    }
    places_->places.emplace(stream.get(), Places::Place{account_id, topic, stream});
    stream->on_gone_ = [places = places_, key = stream.get()] {
        const std::scoped_lock gone(places->mutex);
        places->places.erase(key);
    };
    return SharedEvents(stream);
}

void EventHub::publish(const std::string& topic,
                       const std::function<ServerEvent(const std::string& account_id)>& event_for) {
    std::vector<std::pair<SharedEvents, std::string>> listeners;
    {
        const std::scoped_lock lock(places_->mutex);
        for (const auto& [key, place] : places_->places) {
            if (place.topic == topic) listeners.emplace_back(place.stream.lock(), place.account_id);
        }
    }
    for (const auto& [stream, account_id] : listeners) {
        if (stream) stream->send(event_for(account_id));
    }
}

std::vector<std::string> EventHub::topics() const {
    const std::scoped_lock lock(places_->mutex);
    std::vector<std::string> topics;
    for (const auto& [key, place] : places_->places) topics.push_back(place.topic);
    std::ranges::sort(topics);
    const auto [first, last] = std::ranges::unique(topics);
    topics.erase(first, last);
    return topics;
}

std::size_t EventHub::count() const {
    const std::scoped_lock lock(places_->mutex);
    return places_->places.size();
}

}  // namespace kaigong::http
