#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/copies.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::operations {
namespace {

Error not_suitable(const Officer& person, std::string_view why) {
    return invalid_field("to", "approval.person_not_suitable", person.name + std::string(why));
}

Result<void> check_count(std::size_t wanted, std::size_t given) {
    if (wanted == 0) return invalid_field("to", "approval.nobody_asked", "请至少选择一个人。");
    if (wanted > kCopiesAtOnce) {
        return invalid_field("to", "approval.too_many_copies",
                             fmt::format("一次最多抄送 {} 人，请分几次抄送。", kCopiesAtOnce));
    }
    if (given + wanted > kCopiesMax) {
        return invalid_field("to", "approval.too_many_copies", fmt::format("一件最多抄送 {} 人。", kCopiesMax));
    }
    return {};
}

}  // namespace

Result<void> may_copy(const authz::Permissions& permissions, const authz::Actor& actor,
                      const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                      const std::vector<store::TaskRow>& tasks) {
    KAIGONG_CHECK(permissions.authorise(actor, kCopy, resource_of(procedure, items)));
    const bool leads = actor.has(authz::Role::section_head) || actor.has(authz::Role::deciding_leader);
    const bool holds = std::ranges::any_of(tasks, [&](const store::TaskRow& task) {
        return task.state == "open" && task.assignee_id == actor.account_id.text;
    });
    if (leads || holds) return {};
    return error(Errc::forbidden, "approval.copy_not_yours",
                 "只有正在办理这件的人和科室负责人可以抄送。请先领取任务。");
}

Result<void> may_be_copied(const Officer& person, const authz::Actor& giver, const store::ProcedureRow& procedure,
                           const std::vector<store::CopyRow>& copies, const authz::Applicant& applicant) {
    const auto& account_id = person.actor.account_id;
    if (account_id == giver.account_id) return not_suitable(person, "就是您自己，不用抄送。");
    if (!authz::check_exclusion(person.actor, authz::Duty::check, {}, applicant)) {
        return not_suitable(person, "与本案申请人有关系，需要回避，请另选他人。");
    }
    if (resource_of(procedure, {}).confidentiality > person.actor.clearance) {
        return not_suitable(person, "没有获准知悉限制知悉的案件，请另选他人。");
    }
    const bool has_it = std::ranges::any_of(copies, [&](const auto& copy) { return copy.to_id == account_id.text; });
    if (!has_it) return {};
    return invalid_field("to", "approval.copied_already", "这件已经抄送过" + person.name + "，不用再抄送。");
}

Result<void> copy_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const std::string& application_id, const NewCopies& copied,
                       std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, performer_of(officer), now_ms));
    const auto& procedure = work.procedure();
    KAIGONG_CHECK(
        may_copy(permissions, officer.actor, procedure, work.items(), store::tasks_of(session, application_id)));
    auto copies = store::copies_of_case(session, application_id);
    KAIGONG_CHECK(check_count(copied.people.size(), copies.size()));
    std::vector<std::string> names;
    for (const auto& person : copied.people) {
        KAIGONG_CHECK(may_be_copied(person, officer.actor, procedure, copies, work.applicant()));
        copies.push_back({new_uuid(now_ms), application_id, person.actor.account_id.text, person.name,
                          officer.actor.account_id.text, officer.name, copied.note, now_ms, std::nullopt,
                          procedure.application_number, procedure.works_name, procedure.owner_name});
        store::insert_copy(session, copies.back());
        store::record_inbox_change_for(session, person.actor.account_id.text);
        names.push_back(person.name);
    }
    const auto title = beginning_of(fmt::format("抄送给{}", fmt::join(names, "、")), kNoteTitleMax);
    work.note("case_copied", title, copied.note, false);
    work.audit("approval.copy_case", title);
    return work.save();
}

Result<void> read_copy(db::Session& session, const authz::Actor& reader, const std::string& copy_id,
                       std::int64_t now_ms) {
    const auto copy = store::find_copy(session, copy_id);
    if (!copy || copy->to_id != reader.account_id.text) {
        return error(Errc::not_found, "approval.not_found", "没有找到这件抄送，请从抄送列表重新进入。");
    }
    store::mark_read(session, copy_id, now_ms);
    return {};
}

}  // namespace kaigong::approval::operations
