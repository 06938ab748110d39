#include "modules/approval/section_view.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/signers.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// What was to be checked by who concluded it, and what he ticked.
array checklist_json(const catalog::Matter& matter, const store::TaskRow* task) {
    array list;
    const auto* element = task == nullptr ? nullptr : matter.process().find(task->element_id);
    if (element == nullptr) return list;
    const auto model = read_task_model(*element);
    if (!model) return list;
    const auto ticked = boost::json::parse(task->checked).as_array();
    for (const auto& point : model->checklist) {
        const bool checked = std::ranges::find(ticked, value(point.code)) != ticked.end();
        list.push_back({{"code", point.code}, {"text", point.text}, {"checked", checked}});
    }
    return list;
}

object review_json(const store::SectionReviewRow& review, const Section& section) {
    return {{"verdict", review.verdict},
            {"original", review.original},
            {"wording", text_or_null(review.wording)},
            {"reason", text_or_null(review.reason)},
            {"by", review.actor_name},
            {"at_ms", review.at_ms},
            {"stands", review.content == section.content}};
}

class SectionView {
  public:
    SectionView(const catalog::Matter& matter, const store::TaskRow& task, const CaseSnapshot& snapshot)
        : matter_(matter),
          task_(task),
          snapshot_(snapshot),
          reviews_(snapshot.section_reviews, task.element_id),
          sections_(sections_of(snapshot.items, snapshot.tasks)) {}

    array list() const {
        array list;
        for (const auto& section : sections_) list.push_back(one(section));
        return list;
    }

    std::int64_t pending() const {
        return std::ranges::count_if(sections_, [&](const auto& one) { return reviews_.standing(one) == nullptr; });
    }
    std::size_t returned() const { return reviews_.returned(sections_).size(); }

  private:
    object one(const Section& section) const {
        const auto item = std::ranges::find(snapshot_.items, section.section, &store::ItemRow::item);
        const auto by = std::ranges::find(snapshot_.tasks, section.task_id, &store::TaskRow::task_id);
        const auto* task = by == snapshot_.tasks.end() ? nullptr : &*by;
        const auto* review = reviews_.last(section.section);
        object json{{"section", section.section},
                    {"name", section.name},
                    {"version", reviews_.version_of(section)},
                    {"concluded", !section.content.empty()},
                    {"opinion", section.opinion},
                    {"concluded_by", task == nullptr ? value(nullptr) : or_null(task->actor_name)},
                    {"concluded_at_ms", task == nullptr ? value(nullptr) : or_null(task->completed_at_ms)},
                    {"checklist", checklist_json(matter_, task)},
                    {"may_return", section.is_item() && task != nullptr},
                    {"review", review == nullptr ? value(nullptr) : value(review_json(*review, section))},
                    {"history", history(section)}};
        if (item != snapshot_.items.end()) {
            json["department_name"] = item->department_name;
            json["state"] = item->state;
            json["conclusion"] = display_name(parse_item_state(item->state).value());
            json["legal_basis"] = item->legal_basis;
        } else {
            json["department_name"] = nullptr;
            json["state"] = nullptr;
            json["conclusion"] = window_conclusion(task);
            json["legal_basis"] = nullptr;
        }
        return json;
    }

    std::string window_conclusion(const store::TaskRow* task) const {
        if (task != nullptr) return task->outcome_label.value_or("");
        return snapshot_.procedure.accepted_by_default ? "逾期视为受理" : "没有受理意见";
    }

    /// What was said of it at this step, the oldest first.
    array history(const Section& section) const {
        array list;
        for (const auto& review : snapshot_.section_reviews) {
            if (review.section != section.section || review.element_id != task_.element_id) continue;
            list.push_back(review_json(review, section));
        }
        return list;
    }

    const catalog::Matter& matter_;
    const store::TaskRow& task_;
    const CaseSnapshot& snapshot_;
    SectionReviews reviews_;
    std::vector<Section> sections_;
};

Result<void> may_review(const catalog::Matter& matter, const authz::Permissions& permissions,
                        const store::TaskRow& task, const CaseSnapshot& snapshot, const operations::Officer& reader) {
    if (!has_sections(matter.process(), task.element_id)) {
        return error(Errc::conflict, "approval.no_sections", "这一步不分节审签，请直接办理。");
    }
    KAIGONG_CHECK(may_work_on(permissions, reader.holder(), task));
    KAIGONG_CHECK(must_be_open(task));
    KAIGONG_CHECK(must_not_be_on_hold(snapshot.episodes));
    KAIGONG_CHECK(must_be_of_the_process(task, Signers(snapshot.signers, snapshot.tasks)));
    KAIGONG_CHECK(must_be_undecided(task));
    return must_be_held_by(task, reader.holder().account_id.text);
}

}  // namespace

object sections_json(const catalog::Matter& matter, const authz::Permissions& permissions, const store::TaskRow& task,
                     const CaseSnapshot& snapshot, const operations::Officer& reader) {
    const SectionView view(matter, task, snapshot);
    const auto may = may_review(matter, permissions, task, snapshot, reader);
    return {{"task_id", task.task_id},     {"task_version", task.version},
            {"sections", view.list()},     {"pending", view.pending()},
            {"returned", view.returned()}, {"blocked_because", may ? value(nullptr) : value(may.error().message)}};
}

}  // namespace kaigong::approval
