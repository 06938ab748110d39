#include "modules/applications/drafts.hpp"

#include "modules/applications/personal_fields.hpp"
#include "modules/applications/read_only.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {

Error no_application() {
    return error(Errc::not_found, "applications.not_found", "没有找到这件申请，请从“我的申请”重新进入。");
}

Result<LoadedDraft> Drafts::load(const std::string& application_id) const {
    KAIGONG_TRY(row, database_.read([&](db::Session& session) { return store::find(session, application_id); }));
    if (!row) return no_application();
    KAIGONG_TRY(matter, catalog_.load_matter(row->matter_code, row->catalog_version));
    boost::json::object form = boost::json::parse(row->form).as_object();
    KAIGONG_CHECK(open_personal(key_ring_, matter->personal_paths(), draft_row(application_id), form));
    // Drafts of before had them as they were sent.
    drop_read_only(matter->form_schema(), form);
    return LoadedDraft{std::move(*row), matter, std::move(form)};
}

Result<void> Drafts::applicants_turn(db::Session& session, const store::ApplicationRow& row) const {
    if (!row.application_number) return {};
    // What was filed a moment ago has not reached the procedure yet: its correction still looks open, on the round
    // before.
    if (procedures_.round_in_correction(session, row.application_id) == row.round) return {};
    return error(Errc::conflict, "applications.not_your_turn",
                 "申请已经提交，正由审批部门办理，现在不能修改。需要修改请等待补正通知，或撤回申请。");
}

void Drafts::copy_display_columns(LoadedDraft& loaded) {
    // From the first filing on they are what was filed: officers are judged by them, letters and permits name them.
    if (loaded.row.application_number) return;
    loaded.row.region_code = loaded.matter->text_at(loaded.form, "region");
    copy_filed_columns(loaded);
}

void Drafts::copy_filed_columns(LoadedDraft& loaded) {
    // A matter whose form has no owner of its own is applied for by the applicant's organisation.
    if (auto owner = loaded.matter->text_at(loaded.form, "owner_name"); !owner.empty()) loaded.row.owner_name = owner;
    loaded.row.works_category = loaded.matter->text_at(loaded.form, "category");
    loaded.row.works_name = loaded.matter->text_at(loaded.form, "works_name");
}

Result<void> Drafts::must_stay_in_region(const LoadedDraft& loaded) {
    const auto& row = loaded.row;
    if (!row.application_number || loaded.matter->text_at(loaded.form, "region") == row.region_code) return {};
    return invalid_field(region_path(*loaded.matter), "applications.region_is_settled",
                         "申请已由首次提交时所选区划的机关受理，补正时不能改到别处。请选回原来的区划；"
                         "确实选错了区划的，请撤回申请，重新提交到应受理的机关。");
}

std::string Drafts::region_path(const catalog::Matter& matter) {
    const auto* path = matter.settings().if_contains("region");
    return path != nullptr && path->is_string() ? std::string(path->get_string()) : "region";
}

Result<std::string> Drafts::sealed(const LoadedDraft& loaded, const std::string& row_id) const {
    boost::json::object form = loaded.form;
    KAIGONG_CHECK(seal_personal(key_ring_, loaded.matter->personal_paths(), row_id, form));
    return boost::json::serialize(form);
}

}  // namespace kaigong::applications
