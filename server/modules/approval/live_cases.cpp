#include "modules/approval/live_cases.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/json_members.hpp"
#include "base/log.hpp"
#include "modules/approval/store_live.hpp"

namespace kaigong::approval {
namespace {

/// All that is new in one case since a position, and where it stands.
struct News {
    CasePosition now;
    std::vector<store::TaskVersionRow> tasks;
    std::vector<store::ActRow> acts;
    std::vector<store::TimelineRow> entries;
    std::map<std::string, std::string> task_names;
    std::string known_as;
};

CasePosition position_of(db::Session& session, const std::string& application_id) {
    const auto versions = store::procedure_versions(session, {application_id});
    const auto version = versions.contains(application_id) ? versions.at(application_id) : 0;
    return {version, store::last_act(session, application_id), store::last_timeline_entry(session, application_id)};
}

News news_since(db::Session& session, const std::string& application_id, const CasePosition& seen) {
    News news{position_of(session, application_id),
              store::task_versions(session, application_id),
              store::acts_after(session, application_id, seen.act_no),
              store::timeline_after(session, application_id, seen.entry_no),
              {},
              store::confidentiality_of(session, application_id)};
    for (const auto& act : news.acts) {
        if (news.task_names.contains(act.task_id)) continue;
        const auto task = store::find_task(session, act.task_id);
        news.task_names[act.task_id] = task ? task->name : "";
    }
    return news;
}

http::ServerEvent event_of(std::string name, const News& news, const std::string& account_id) {
    boost::json::array tasks;
    for (const auto& task : news.tasks) tasks.push_back({{"task_id", task.task_id}, {"version", task.version}});
    boost::json::array acts;
    for (const auto& act : news.acts) {
        acts.push_back({{"act", act.act},
                        {"task_id", act.task_id},
                        {"task_name", news.task_names.at(act.task_id)},
                        {"actor_name", act.actor_name},
                        {"to_name", or_null(act.to_name)},
                        {"mine", act.actor_id == account_id},
                        {"at_ms", act.at_ms}});
    }
    boost::json::array entries;
    for (const auto& entry : news.entries) {
        entries.push_back({{"kind", entry.kind},
                           {"title", entry.title},
                           {"actor_name", or_null(entry.actor)},
                           {"at_ms", entry.at_ms}});
    }
    const boost::json::object data{{"version", news.now.version},
                                   {"tasks", std::move(tasks)},
                                   {"acts", std::move(acts)},
                                   {"entries", std::move(entries)}};
    return {to_string(news.now), std::move(name), boost::json::serialize(data)};
}

}  // namespace

std::string to_string(const CasePosition& position) {
    return fmt::format("{}-{}-{}", position.version, position.act_no, position.entry_no);
}

std::optional<CasePosition> parse_position(std::string_view text) {
    std::array<std::int64_t, 3> numbers{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0) {
            if (at == end || *at != '-') return std::nullopt;
            ++at;
        }
        const auto [next, fault] = std::from_chars(at, end, numbers.at(i));
        if (fault != std::errc{} || numbers.at(i) < 0) return std::nullopt;
        at = next;
    }
    if (at != end) return std::nullopt;
    return CasePosition{numbers[0], numbers[1], numbers[2]};
}

LiveCases::LiveCases(db::Database& database, http::EventHubLimits limits) : database_(database), hub_(limits) {}

Result<http::SharedEvents> LiveCases::open(const std::string& account_id, const std::string& application_id,
                                           std::string_view last_event_id, http::StillAllowed still_allowed) {
    KAIGONG_TRY(stream, hub_.open(account_id, application_id, std::move(still_allowed)));
    const auto seen = parse_position(last_event_id);
    KAIGONG_TRY(news, database_.read([&](db::Session& session) {
        return news_since(session, application_id, seen ? *seen : position_of(session, application_id));
    }));
    {
        const std::scoped_lock lock(mutex_);
        told_.try_emplace(application_id, news.now);
        known_as_.try_emplace(application_id, news.known_as);
        auto& streams = streams_[application_id];
        std::erase_if(streams, [](const auto& one) { return one.expired(); });
        streams.push_back(stream);
    }
    lookout_.begin();
    const bool missed = seen && *seen != news.now;
    stream->send(event_of(missed ? "changed" : "here", news, account_id));
    // What was committed between the two looks is found now and not at the next turn.
    wake();
    return stream;
}

void LiveCases::look() {
    std::vector<std::string> topics;
    std::map<std::string, CasePosition> told;
    {
        // Whoever opens a stream has his place at the hub before he is told of here.
        const std::scoped_lock lock(mutex_);
        topics = hub_.topics();
        const auto is_over = [&](const auto& one) { return !std::ranges::binary_search(topics, one.first); };
        std::erase_if(told_, is_over);
        std::erase_if(known_as_, is_over);
        std::erase_if(streams_, is_over);
        told = told_;
    }
    if (told.empty()) return;
    const auto versions =
        database_.read([&](db::Session& session) { return store::procedure_versions(session, topics); });
    if (!versions) return log_error(LogLevel::warning, "approval.live_not_read", versions.error());
    for (const auto& [application_id, position] : told) {
        const auto found = versions->find(application_id);
        if (found != versions->end() && found->second > position.version) tell(application_id);
    }
}

std::vector<http::SharedEvents> LiveCases::take_outdated(const std::string& application_id,
                                                         const std::string& known_as) {
    std::vector<http::SharedEvents> outdated;
    const std::scoped_lock lock(mutex_);
    const auto before = known_as_.find(application_id);
    if (before == known_as_.end() || before->second == known_as) return outdated;
    before->second = known_as;
    for (const auto& one : streams_[application_id]) {
        if (auto stream = one.lock()) outdated.push_back(std::move(stream));
    }
    streams_.erase(application_id);
    return outdated;
}

void LiveCases::tell(const std::string& application_id) {
    CasePosition seen;
    {
        const std::scoped_lock lock(mutex_);
        const auto found = told_.find(application_id);
        if (found == told_.end()) return;
        seen = found->second;
    }
    const auto news = database_.read([&](db::Session& session) { return news_since(session, application_id, seen); });
    if (!news) return log_error(LogLevel::warning, "approval.live_not_read", news.error());
    {
        const std::scoped_lock lock(mutex_);
        told_[application_id] = news->now;
    }
    const auto outdated = take_outdated(application_id, news->known_as);
    for (const auto& stream : outdated) stream->end();
    if (!outdated.empty()) return;
    hub_.publish(application_id, [&](const std::string& account_id) { return event_of("changed", *news, account_id); });
}

}  // namespace kaigong::approval
