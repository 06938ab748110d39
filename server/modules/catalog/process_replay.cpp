#include "modules/catalog/process_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kaigong::catalog {
namespace {

using bpmn::Definition;

/// A case has some twenty steps; a draft that goes round and round ends here.
constexpr int kCommandsMax = 500;

std::string name_of(const Definition& process, const std::string& element) {
    const auto* found = process.find(element);
    return found == nullptr || found->name.empty() ? element : found->name;
}

std::vector<std::string> outcomes_of(const bpmn::Element& task) {
    std::vector<std::string> codes;
    for (const auto* outcome : task.kaigong_all("outcome")) codes.emplace_back(outcome->attribute("code"));
    return codes;
}

/// The names of variables begin with the id that a task has in its own file.
std::string stem_of(const std::string& element) {
    return element.substr(element.rfind('/') + 1);
}

class Walker {
  public:
    Walker(const Definition& process, const Definition& other, const PastProcedure& past,
           const feel::WorkingDays& working_days)
        : process_(process), other_(other), past_(past), working_days_(working_days), now_ms_(past.begun_at_ms) {
        taken_.resize(past.steps.size());
    }

    Walk run() {
        if (!command(bpmn::Start{past_.variables})) return std::move(walk_);
        for (int i = 0; i < kCommandsMax && state_.status == bpmn::Status::running; ++i) {
            const auto waiting = bpmn::waiting_for(state_);
            if (!waiting.incidents.empty()) {
                stuck(fmt::format("在“{}”停住：{}", name_of(process_, waiting.incidents.front().element),
                                  waiting.incidents.front().message));
                return std::move(walk_);
            }
            if (!step(waiting)) break;
            if (walk_.state == "stuck") return std::move(walk_);
        }
        close();
        return std::move(walk_);
    }

  private:
    bool command(const bpmn::Command& what) {
        const auto events = bpmn::decide(process_, state_, what, now_ms_, {}, &working_days_);
        if (!events) {
            stuck(events.error().message);
            return false;
        }
        for (const auto& event : *events) {
            bpmn::apply(state_, event);
            if (const auto* opened = std::get_if<bpmn::TaskOpened>(&event.fact)) note_task(opened->element);
        }
        return true;
    }

    void note_task(const std::string& element) {
        const auto* task = process_.find(element);
        walk_.tasks[element] = {name_of(process_, element), task == nullptr ? "" : group_of(*task)};
    }

    static std::string group_of(const bpmn::Element& task) {
        const auto* model = task.kaigong("task");
        if (model == nullptr || model->attribute("department").empty()) return task.group;
        return fmt::format("{}:{}", model->attribute("department"), model->attribute("role"));
    }

    void stuck(std::string where) {
        walk_.state = "stuck";
        walk_.where = std::move(where);
    }

    /// What happens next; false when nothing does.
    bool step(const bpmn::Waiting& waiting) {
        if (!waiting.jobs.empty()) return command(bpmn::CompleteJob{waiting.jobs.front().token, {}});
        for (std::size_t i = 0; i < past_.steps.size(); ++i) {
            if (taken_[i] != 0) continue;
            const auto open = std::ranges::find(waiting.tasks, past_.steps[i].element, &bpmn::OpenTask::element);
            if (open == waiting.tasks.end()) continue;
            taken_[i] = 1;
            return finish_as_then(open->token, past_.steps[i]);
        }
        for (const auto& task : waiting.tasks) {
            if (other_.find(task.element) == nullptr) return finish_new(task);
        }
        // Nobody did what is open, and yet the case went on: its time had run out.
        const bool went_on = std::ranges::find(taken_, 0) != taken_.end();
        if (!went_on || waiting.timers.empty()) return false;
        now_ms_ = std::max(now_ms_, waiting.timers.front().due_at_ms);
        return command(bpmn::FireTimer{waiting.timers.front().timer});
    }

    bool finish_as_then(std::int64_t token, const PastProcedure::Step& past) {
        const auto codes = outcomes_of(*process_.find(past.element));
        if (!codes.empty() && std::ranges::find(codes, past.outcome) == codes.end()) {
            stuck(fmt::format("“{}”已没有当时的结果 {}", name_of(process_, past.element), past.outcome));
            return true;
        }
        return finish(token, past.element, past.outcome);
    }

    bool finish_new(const bpmn::OpenTask& task) {
        const auto codes = outcomes_of(*process_.find(task.element));
        return finish(task.token, task.element, codes.empty() ? "" : codes.front());
    }

    bool finish(std::int64_t token, const std::string& element, const std::string& outcome) {
        const auto stem = stem_of(element);
        return command(bpmn::CompleteTask{token, {{stem + "_outcome", outcome}, {stem + "_by", past_.application_id}}});
    }

    void close() {
        if (walk_.state == "stuck") return;
        std::set<std::string> names;
        if (state_.status == bpmn::Status::running) {
            walk_.state = "waiting";
            for (const auto& task : bpmn::waiting_for(state_).tasks) names.insert(name_of(process_, task.element));
        } else {
            walk_.state = "ended";
            for (const auto& element : state_.completed) {
                const auto* found = process_.find(element);
                const bool is_last = found != nullptr && found->kind == bpmn::Kind::end_event && found->scope == 0;
                if (is_last) names.insert(name_of(process_, element));
            }
        }
        walk_.where = fmt::format("{}", fmt::join(names, "、"));
    }

    const Definition& process_;
    const Definition& other_;
    const PastProcedure& past_;
    const feel::WorkingDays& working_days_;
    std::int64_t now_ms_;
    bpmn::State state_;
    std::vector<char> taken_;  ///< beside the steps of the past
    Walk walk_;
};

class CaseComparison {
  public:
    CaseComparison(const PastProcedure& past, const Walk& before, const Walk& after)
        : past_(past), before_(before), after_(after) {}

    std::vector<store::PreviewChangeRow> run() {
        for (const auto& [element, task] : after_.tasks) {
            const auto old = before_.tasks.find(element);
            if (old == before_.tasks.end()) {
                add("task_added:" + element, fmt::format("多办一步“{}”", task.name), "", task.group);
            } else if (old->second.group != task.group) {
                add("group:" + element, fmt::format("“{}”换人办理", task.name), old->second.group, task.group);
            }
        }
        for (const auto& [element, task] : before_.tasks) {
            if (after_.tasks.contains(element)) continue;
            add("task_gone:" + element, fmt::format("不再办“{}”", task.name), task.group, "");
        }
        if (after_.state == "stuck" && before_.state != "stuck") {
            add("stuck", "走不下去", text_of(before_), after_.where);
        } else if (before_.state != after_.state || before_.where != after_.where) {
            add("end", "停在别处", text_of(before_), text_of(after_));
        }
        return std::move(rows_);
    }

  private:
    static std::string text_of(const Walk& walk) {
        if (walk.state == "ended") return "结束：" + walk.where;
        return walk.state == "waiting" ? "待办：" + walk.where : walk.where;
    }

    void add(std::string subject, std::string title, std::string before, std::string after) {
        rows_.push_back({past_.application_id, std::move(subject), past_.application_number, past_.works_name,
                         past_.owner_name, past_.submitted_on, std::move(title), std::move(before), std::move(after)});
    }

    const PastProcedure& past_;
    const Walk& before_;
    const Walk& after_;
    std::vector<store::PreviewChangeRow> rows_;
};

}  // namespace

Walk ProcessReplay::walk(const Definition& process, const Definition& other, const PastProcedure& past) const {
    const bpmn::OfficeDays working_days(calendar_->days);
    return Walker(process, other, past, working_days).run();
}

std::vector<store::PreviewChangeRow> ProcessReplay::run(const PastProcedure& past) const {
    const auto before = walk(in_force_, drafted_, past);
    const auto after = walk(drafted_, in_force_, past);
    return CaseComparison(past, before, after).run();
}

}  // namespace kaigong::catalog
