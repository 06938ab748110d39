#include "modules/approval/live_inbox.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/log.hpp"

namespace kaigong::approval {
namespace {

/// A transaction that writes a change takes milliseconds.
constexpr std::chrono::seconds kMissingMax{10};
/// More at once is a flood: everybody is told.
constexpr int kChangesMax = 1'000;
/// Of those before the first stream, the ones whose neighbours may still come.
constexpr std::int64_t kBeforeFirst = 100;
/// Some hours of a busy authority; who was away for longer asks anyway.
constexpr std::int64_t kKept = 10'000;
constexpr std::int64_t kForgottenAtOnce = 2'000;

bool is_one_of(const std::vector<std::string>& list, const std::string& value) {
    return std::ranges::find(list, value) != list.end();
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

http::ServerEvent event_of(std::string name, std::int64_t position) {
    return {std::to_string(position), std::move(name), "{}"};
}

/// Whether anything that concerns the lists came behind `number`, as far as anybody still knows.
bool has_changed(db::Session& session, const ListsOf& lists, std::int64_t number) {
    const auto numbers = store::inbox_change_numbers(session);
    if (number > numbers.last || number + 1 < numbers.first) return true;
    const auto changes = store::inbox_changes_after(session, number, kChangesMax);
    return changes.size() == kChangesMax ||
           std::ranges::any_of(changes, [&](const auto& change) { return concerns(lists, change); });
}

}  // namespace

bool concerns(const ListsOf& lists, const store::InboxChange& change) {
    const auto is_theirs = [&](const std::optional<std::string>& account_id) {
        return account_id && is_one_of(lists.accounts, *account_id);
    };
    const bool is_known =
        change.matter_code.empty() || lists.matters.empty() || is_one_of(lists.matters, change.matter_code);
    const bool is_cleared = change.confidentiality == to_string(authz::Confidentiality::normal) ||
                            lists.clearance == authz::Confidentiality::restricted;
    if (!is_known || !is_cleared) return false;
    if (is_theirs(change.held_before) || is_theirs(change.held_now)) return true;
    return (change.waits || lists.held_by_others) && is_one_of(lists.regions, change.region_code) &&
           is_one_of(lists.groups, change.candidate_group);
}

std::vector<store::InboxChange> SeenNumbers::take(const std::vector<store::InboxChange>& changes, Instant at) {
    std::vector<store::InboxChange> fresh;
    for (const auto& change : changes) {
        if (change.change_no > through_ && beyond_.try_emplace(change.change_no, at).second) fresh.push_back(change);
    }
    while (!beyond_.empty()) {
        const auto [lowest, seen_at] = *beyond_.begin();
        if (lowest != through_ + 1 && at - seen_at < kMissingMax) break;
        through_ = lowest;
        beyond_.erase(beyond_.begin());
    }
    return fresh;
}

LiveInbox::LiveInbox(db::Database& database, Lists lists, http::EventHubLimits limits)
    : database_(database), lists_(std::move(lists)), hub_(limits) {}

Result<LiveInbox::Start> LiveInbox::start_of(const ListsOf& lists, std::string_view last_event_id) {
    const auto last_seen = parse_number(last_event_id);
    return database_.read([&](db::Session& session) {
        const auto from = std::max<std::int64_t>(0, store::inbox_change_numbers(session).last - kBeforeFirst);
        Start start{SeenNumbers(from), last_seen && has_changed(session, lists, *last_seen)};
        start.seen.take(store::inbox_changes_after(session, from, kChangesMax), std::chrono::steady_clock::now());
        return start;
    });
}

Result<http::SharedEvents> LiveInbox::open(const authz::Actor& actor, bool all, std::string_view last_event_id,
                                           http::StillAllowed still_allowed) {
    const auto topic = actor.account_id.text + (all ? "/all" : "/own");
    KAIGONG_TRY(stream,
                hub_.open(actor.account_id.text, topic,
                          [this, topic, still_allowed = std::move(still_allowed)](const http::Session& session) {
                              auto allowed = still_allowed(session);
                              // A deputyship begins and ends with a day, a post with a word of an administrator.
                              if (allowed && renew(topic, session.actor)) tell(topic);
                              return allowed;
                          }));
    const auto lists = lists_(actor, all);
    KAIGONG_TRY(start, start_of(lists, last_event_id));
    std::int64_t position = 0;
    {
        const std::scoped_lock lock(mutex_);
        if (listeners_.empty()) seen_ = std::move(start.seen);
        listeners_[topic] = {actor, all, lists};
        position = seen_.through();
    }
    stream->send(event_of(start.missed ? "changed" : "here", position));
    lookout_.begin();
    // What was committed between the two looks is found now and not at the next turn.
    wake();
    return stream;
}

bool LiveInbox::renew(const std::string& topic, const authz::Actor& actor) {
    bool all = false;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = listeners_.find(topic);
        if (found == listeners_.end()) return false;
        all = found->second.all;
    }
    auto lists = lists_(actor, all);
    const std::scoped_lock lock(mutex_);
    const auto found = listeners_.find(topic);
    if (found == listeners_.end() || found->second.lists == lists) return false;
    found->second = {actor, all, std::move(lists)};
    return true;
}

void LiveInbox::look() {
    std::int64_t after = 0;
    {
        // Whoever opens a stream has his place at the hub before he is among the listeners.
        const std::scoped_lock lock(mutex_);
        const auto topics = hub_.topics();
        std::erase_if(listeners_, [&](const auto& one) { return !std::ranges::binary_search(topics, one.first); });
        if (listeners_.empty()) return;
        after = seen_.through();
    }
    const auto changes =
        database_.read([&](db::Session& session) { return store::inbox_changes_after(session, after, kChangesMax); });
    if (!changes) return log_error(LogLevel::warning, "approval.live_not_read", changes.error());
    const bool flood = changes->size() == kChangesMax;
    std::vector<std::string> concerned;
    std::map<std::string, authz::Actor> personally;
    {
        const std::scoped_lock lock(mutex_);
        if (flood) seen_ = SeenNumbers(changes->back().change_no);
        const auto fresh = seen_.take(*changes, std::chrono::steady_clock::now());
        for (const auto& [topic, listener] : listeners_) {
            const auto is_concerned = [&](const auto& one) { return concerns(listener.lists, one); };
            const auto is_personal = [&](const auto& one) { return is_concerned(one) && one.region_code.empty(); };
            if (flood || std::ranges::any_of(fresh, is_concerned)) concerned.push_back(topic);
            if (flood || std::ranges::any_of(fresh, is_personal)) personally.emplace(topic, listener.actor);
        }
    }
    for (const auto& topic : concerned) tell(topic);
    for (const auto& [topic, actor] : personally) renew(topic, actor);
}

void LiveInbox::tell(const std::string& topic) {
    std::int64_t position = 0;
    {
        const std::scoped_lock lock(mutex_);
        position = seen_.through();
    }
    hub_.publish(topic, [&](const std::string&) { return event_of("changed", position); });
}

void LiveInbox::forget_old() {
    const auto numbers = database_.read([](db::Session& session) { return store::inbox_change_numbers(session); });
    if (!numbers || numbers->last - numbers->first < kKept + kForgottenAtOnce) return;
    const auto through = std::min(numbers->last - kKept, numbers->first + kForgottenAtOnce);
    const auto done = database_.transact([&](db::Session& session) { store::forget_inbox_changes(session, through); });
    if (!done) log_error(LogLevel::warning, "approval.inbox_changes_not_forgotten", done.error());
}

}  // namespace kaigong::approval
