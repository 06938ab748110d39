#include "modules/approval/holding.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "modules/approval/access.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/signers.hpp"

namespace kaigong::approval {
namespace {

constexpr std::array<std::string_view, 5> kChanges{"given", "claim", "release", "transfer", "assign"};

struct Holder {
    std::optional<std::string> id;
    std::optional<std::string> name;
};

bool changes_hands(const store::ActRow& act, const store::TaskRow& task) {
    return act.task_id == task.task_id && std::ranges::find(kChanges, act.act) != kChanges.end();
}

class TaskHolds {
  public:
    TaskHolds(const TaskRecord& record, const store::TaskRow& task) : record_(record), task_(task) {
        for (const auto& act : record.acts) {
            if (changes_hands(act, task)) changes_.push_back(&act);
        }
    }

    std::vector<Hold> all() const {
        std::vector<Hold> holds;
        auto holder = first_holder();
        auto from_ms = began_at_ms();
        for (const auto* change : changes_) {
            add(holds, holder, from_ms, std::max(from_ms, change->at_ms));
            holder = {change->to_id, change->to_name};
            from_ms = std::max(from_ms, change->at_ms);
        }
        add(holds, holder, from_ms, task_.completed_at_ms);
        return holds;
    }

  private:
    /// Given to somebody from its beginning: a signer's, or one that was taken back.
    bool was_given() const {
        const auto is_his = [&](const store::SignerRow& row) { return row.task_id == task_.task_id; };
        const auto took_it_back = [&](const store::ActRow& act) {
            return act.act == "take_back" && act.at_ms == task_.created_at_ms && act.actor_id == task_.assignee_id;
        };
        return std::ranges::any_of(record_.signers, is_his) || std::ranges::any_of(record_.acts, took_it_back);
    }

    Holder first_holder() const {
        if (!changes_.empty() && changes_.front()->act != "claim") {
            return {changes_.front()->from_id, changes_.front()->from_name};
        }
        // Whoever ends a free task without claiming it has held it for a moment.
        return changes_.empty() && was_given() ? Holder{task_.assignee_id, task_.assignee_name} : Holder{};
    }

    /// The turn of a signer after the holder (后加签) comes when the holder has decided.
    std::int64_t began_at_ms() const {
        const auto asked = std::ranges::find(record_.signers, task_.task_id, &store::SignerRow::task_id);
        if (asked == record_.signers.end() || asked->relation != kAfter) return task_.created_at_ms;
        auto at_ms = task_.created_at_ms;
        for (const auto& act : record_.acts) {
            if (act.task_id == asked->parent_task_id && act.act == "complete") at_ms = std::max(at_ms, act.at_ms);
        }
        return at_ms;
    }

    void add(std::vector<Hold>& holds, const Holder& holder, std::int64_t from_ms,
             std::optional<std::int64_t> through_ms) const {
        if (through_ms && *through_ms <= from_ms) return;
        holds.push_back(
            {task_.task_id, task_.name, department_of(task_), holder.id, holder.name, from_ms, through_ms, 0, false});
    }

    const TaskRecord& record_;
    const store::TaskRow& task_;
    std::vector<const store::ActRow*> changes_;
};

}  // namespace

std::vector<Hold> holds_of(const TaskRecord& record, const WorkingTime& time) {
    std::vector<Hold> holds;
    for (const auto& task : record.tasks) {
        if (task.kind == "correct" || task.state == "planned") continue;
        std::ranges::move(TaskHolds(record, task).all(), std::back_inserter(holds));
    }
    std::ranges::sort(holds, {}, [](const Hold& hold) { return std::pair(hold.from_ms, hold.task_id); });
    const auto entries = entries_of(time.ledger);
    for (auto& hold : holds) {
        const auto through_ms = not_before_start(entries, hold.through_ms.value_or(time.now_ms));
        const auto worked = clock::working_ms(entries, time.hours, time.calendar, hold.from_ms, through_ms);
        if (!worked) throw std::logic_error("approval: a ledger that can't be read: " + worked.error().reason);
        hold.worked_ms = worked->value;
        hold.provisional = worked->provisional;
    }
    return holds;
}

std::vector<Hold> held_in_all(const std::vector<Hold>& holds) {
    std::vector<Hold> sums;
    for (const auto& hold : holds) {
        const auto same = [&](const Hold& sum) {
            return sum.holder_id == hold.holder_id && (hold.holder_id || sum.department == hold.department);
        };
        const auto found = std::ranges::find_if(sums, same);
        if (found == sums.end()) {
            sums.push_back(hold);
            continue;
        }
        found->worked_ms += hold.worked_ms;
        found->provisional = found->provisional || hold.provisional;
        if (!hold.through_ms || !found->through_ms) {
            found->through_ms.reset();
        } else {
            found->through_ms = std::max(*found->through_ms, *hold.through_ms);
        }
    }
    std::ranges::sort(sums, {}, [](const Hold& sum) { return std::pair(-sum.worked_ms, sum.from_ms); });
    return sums;
}

}  // namespace kaigong::approval
