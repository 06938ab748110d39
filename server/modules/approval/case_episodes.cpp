// What lies over a case's state, and the pauses that follow from it: written here and nowhere else, so that ledger and
// state never differ.
#include <fmt/format.h>

#include <algorithm>

#include "modules/approval/asides.hpp"
#include "modules/approval/case_work.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/episodes.hpp"

namespace kaigong::approval {
namespace {

using store::EpisodeRow;

constexpr std::string_view kPause = "pause";
constexpr std::string_view kResume = "resume";
constexpr std::string_view kStop = "stop";

/// Why it is over without anybody ending it; empty where it is not.
std::string over_because(const EpisodeRow& episode, ApplicationState state, const std::vector<store::ItemRow>& items) {
    // What is owed (容缺) or promised (告知承诺) lives on after the permit; an extension is never taken back.
    const bool owed = episode.kind == kOmission || episode.kind == kSupplement || episode.kind == kCommitment;
    if (episode.kind == kExtension || (owed && state == ApplicationState::granted)) return "";
    if (has_ended(state) && episode.kind == kCommitment) {
        return fmt::format("{}，没有取得许可，承诺不再核查", display_name(state, false));
    }
    if (has_ended(state)) return "办件已经结束";
    if (episode.kind != kSpecialProcedure) return "";
    const auto item = std::ranges::find(items, episode.item, &store::ItemRow::item);
    const bool goes_on = item != items.end() && item->state == to_string(ItemState::special_procedure);
    return goes_on ? "" : "部门事项已经重新开始";
}

/// The reason of the pause that is open at the end of a ledger; empty where it runs.
std::string_view open_pause(const std::vector<store::ClockRow>& ledger) {
    std::string_view reason;
    for (const auto& row : ledger) {
        if (row.kind == kPause) reason = row.reason;
        if (row.kind == kResume) reason = {};
    }
    return reason;
}

/// A ledger goes on in its order, also where this machine's clock is a moment behind the one that wrote its last line.
std::int64_t next_at_ms(const std::vector<store::ClockRow>& ledger, std::int64_t now_ms) {
    return ledger.empty() ? now_ms : std::max(now_ms, ledger.back().at_ms);
}

/// The lines that make a ledger end in this pause, or run where it is empty.
std::vector<store::ClockRow> lines_to(const std::vector<store::ClockRow>& ledger, std::string_view pause,
                                      std::int64_t now_ms) {
    std::vector<store::ClockRow> lines;
    const auto before = open_pause(ledger);
    const auto add = [&](std::string_view kind, std::string_view reason) {
        const auto number = static_cast<std::int64_t>(ledger.size() + lines.size()) + 1;
        lines.push_back({number, std::string(kind), std::string(reason), next_at_ms(ledger, now_ms)});
    };
    if (before == pause) return lines;
    if (!before.empty()) add(kResume, before);
    if (!pause.empty()) add(kPause, pause);
    return lines;
}

bool has_stopped(const std::vector<store::ClockRow>& ledger) {
    return std::ranges::any_of(ledger, [](const auto& row) { return row.kind == kStop; });
}

}  // namespace

std::vector<EpisodeRow> CaseWork::episodes() const {
    return store::episodes_of(session_, procedure_.application_id);
}

std::int64_t CaseWork::begin_episode(EpisodeRow episode) {
    episode.application_id = procedure_.application_id;
    episode.state = "open";
    episode.begun_at_ms = now_ms_;
    episode.begun_by_id = performer_.account_id;
    episode.begun_by = performer_.name;
    return store::insert_episode(session_, std::move(episode));
}

void CaseWork::end_episode(EpisodeRow episode, std::string result) {
    episode.state = "ended";
    episode.ended_at_ms = now_ms_;
    episode.ended_by = performer_.name;
    episode.result = std::move(result);
    store::save_episode(session_, episode);
}

Result<void> CaseWork::settle_episodes() {
    for (auto& episode : episodes()) {
        if (!is_open(episode) && episode.state != kChosen) continue;
        auto cause = over_because(episode, application_state(), items_);
        if (cause.empty()) continue;
        episode.state = "cancelled";
        episode.ended_at_ms = now_ms_;
        episode.ended_by = performer_.name;
        episode.result = std::move(cause);
        store::save_episode(session_, episode);
    }
    return cancel_asides();
}

/// Nobody has to confirm what is over.
Result<void> CaseWork::cancel_asides() {
    const auto open = episodes();
    for (auto& task : store::tasks_of(session_, procedure_.application_id)) {
        if (task.state != "open" || !is_aside(task.element_id)) continue;
        const auto episode_no = episode_of_aside(task.element_id);
        const bool owed =
            std::ranges::any_of(open, [&](const auto& one) { return one.episode_no == episode_no && is_open(one); });
        const bool over = episode_no == 0 ? has_ended(application_state()) : !owed;
        if (over) KAIGONG_CHECK(cancel_task(session_, task, "decided_before", now_ms_));
    }
    return {};
}

/// States.md I3.
Result<void> CaseWork::begin_what_waited() {
    for (const auto& item : std::vector(items_)) {
        const bool waits = item.state == to_string(ItemState::waiting_prerequisite);
        if (!waits || !missing_prerequisites(item, items_, *matter_).empty()) continue;
        KAIGONG_CHECK(apply_item_event(item.item, "prerequisite_done"));
        note("prerequisite_done", item.name + "：前置事项已经办结，开始审查", "", false);
    }
    return {};
}

void CaseWork::stop_clock(const std::string& reason) {
    const auto ledger = store::clock_of(session_, procedure_.application_id);
    store::insert_clock(
        session_, procedure_.application_id,
        {static_cast<std::int64_t>(ledger.size()) + 1, std::string(kStop), reason, next_at_ms(ledger, now_ms_)});
}

/// 行政许可法 45, 办法 5: what is not counted follows from what is open now.
void CaseWork::follow_pauses() {
    const auto& id = procedure_.application_id;
    const auto open = episodes();
    const auto of_case = pause_of_case(procedure_.correction_opened_at_ms.has_value(), open);
    const auto ledger = store::clock_of(session_, id);
    if (!has_stopped(ledger)) {
        for (const auto& line : lines_to(ledger, of_case, now_ms_)) store::insert_clock(session_, id, line);
    }
    auto clocks = store::item_clocks_of(session_, id);
    for (const auto& item : items_) {
        auto& own = clocks[item.item];
        const auto state = parse_item_state(item.state).value();
        if (own.empty() && state != ItemState::in_review) continue;
        if (own.empty()) {
            own.push_back({1, "start", "opened", now_ms_});
            store::insert_item_clock(session_, id, item.item, own.front());
        }
        const auto pause = pause_of_item(state, of_case, open, item.item);
        for (const auto& line : lines_to(own, pause, now_ms_)) store::insert_item_clock(session_, id, item.item, line);
    }
}

}  // namespace kaigong::approval
