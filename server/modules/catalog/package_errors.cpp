#include "modules/catalog/package_errors.hpp"

#include <fmt/format.h>

namespace kaigong::catalog {

Error matter_unknown() {
    return error(Errc::not_found, "catalog.matter_unknown", "没有这个事项，请从办事指南中选择。");
}

Error version_unknown() {
    return error(Errc::not_found, "catalog.version_unknown", "没有这个版本，请从版本列表中选择。");
}

Error no_draft() {
    return error(Errc::not_found, "catalog.no_draft", "现在没有草稿，请先新建草稿。");
}

Error draft_changed() {
    return error(Errc::precondition_failed, "db.version_is_stale",
                 "草稿已经被别人改过。请刷新页面，核对最新内容后再操作一次。");
}

Error draft_exists() {
    return error(Errc::conflict, "catalog.draft_exists", "已有一份草稿，请打开它继续修改，或先删除它。");
}

Error draft_waits() {
    return error(Errc::conflict, "catalog.draft_waits", "草稿已提交、等待发布，现在不能修改。需要修改请先退回。");
}

Error draft_not_submitted() {
    return error(Errc::conflict, "catalog.draft_not_submitted", "草稿还没有提交，请先提交，再由另一人发布。");
}

Error draft_has_blockers(const std::vector<std::string>& blockers) {
    return error(Errc::conflict, "catalog.draft_has_blockers",
                 fmt::format("草稿还不能提交或发布：{}", fmt::join(blockers, "")));
}

Error same_person() {
    return error(Errc::forbidden, "catalog.same_person",
                 "修改或提交这份草稿的人不能自己发布，请另一位管理员核对后发布。");
}

Error version_in_force() {
    return error(Errc::conflict, "catalog.version_in_force",
                 "只能撤回还没有生效的版本。已生效的请从早先的版本新建草稿，再发布。");
}

Error preview_unknown() {
    return error(Errc::not_found, "catalog.preview_unknown", "没有这次预演，请重新预演。");
}

Error base_outdated() {
    return error(Errc::conflict, "catalog.base_outdated",
                 "起草以后，同一事项又发布了别的版本。请先点“并入最新版本”，核对后再提交或发布。");
}

Error draft_overlaps() {
    return error(Errc::conflict, "catalog.draft_overlaps",
                 "最新版本也改过这份草稿的文件，不能自动并入。请从最新版本新建草稿，再照改一遍。");
}

Error draft_not_outdated() {
    return error(Errc::conflict, "catalog.draft_not_outdated", "草稿依据的已是最新版本，不需要并入。");
}

void empty_draft(store::DraftRow& row) {
    row.state = "none";
    row.main.clear();
    row.beside = "[]";
    row.note.clear();
    row.effective_from_on.reset();
    row.submitted_by.reset();
    row.returned_reason.reset();
}

}  // namespace kaigong::catalog
