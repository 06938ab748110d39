// What one round changed of the one before it: fields, papers, and which departments are needed.
#include <algorithm>
#include <limits>

#include "modules/applications/personal_fields.hpp"
#include "modules/applications/read_only.hpp"
#include "modules/applications/service.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

/// What stands at a path with the numbers of rows; null where nothing does.
value value_at(const value& whole, std::string_view path) {
    const value* at = &whole;
    while (!path.empty()) {
        const bool is_row = path.front() == '[';
        const auto end = is_row ? path.find(']') : std::min(path.find_first_of(".["), path.size());
        if (is_row) {
            const auto row = std::stoul(std::string(path.substr(1, end - 1)));
            at = at->is_array() && row < at->get_array().size() ? &at->get_array()[row] : nullptr;
        } else {
            at = at->is_object() ? at->get_object().if_contains(path.substr(0, end)) : nullptr;
        }
        if (at == nullptr) return nullptr;
        path.remove_prefix(is_row ? end + 1 : end);
        if (path.starts_with('.')) path.remove_prefix(1);
    }
    return *at;
}

std::vector<FieldChange> changed_fields(const catalog::Matter& matter, object before, object after) {
    // What the system says of a round is no change that the applicant made.
    drop_read_only(matter.form_schema(), before);
    drop_read_only(matter.form_schema(), after);
    const auto paths = changed_paths(before, after, std::numeric_limits<std::size_t>::max());
    mask_personal(matter.personal_kinds(), {}, before);
    mask_personal(matter.personal_kinds(), {}, after);
    const value was(std::move(before));
    const value is(std::move(after));
    std::vector<FieldChange> list;
    list.reserve(paths.size());
    for (const auto& path : paths) list.push_back({path, value_at(was, path), value_at(is, path)});
    return list;
}

/// How a round proved a material: by file, register, promise …
std::string proof_of(const array& materials, const value& code) {
    for (const auto& one : materials) {
        if (one.at("material_code") == code) return std::string(one.at("proved_by").as_string());
    }
    return "";
}

std::vector<std::string> changed_materials(const Submission& before, const Submission& after, const Papers& papers) {
    std::vector<std::string> codes;
    for (const auto& one : after.materials) {
        const auto& code = one.at("material_code");
        // A paper that was owed gets the number of the round as well, and comes later.
        const bool is_new = std::ranges::any_of(papers, [&](const auto& paper) {
            return paper.round == after.round && paper.material_code == code.as_string() &&
                   paper.uploaded_at_ms <= after.submitted_at_ms;
        });
        const bool proved_anew = proof_of(before.materials, code) != std::string(one.at("proved_by").as_string());
        if (is_new || proved_anew) codes.emplace_back(code.as_string());
    }
    return codes;
}

std::vector<std::string> without(std::vector<std::string> list, const std::vector<std::string>& others) {
    std::erase_if(list, [&](const auto& one) { return std::ranges::find(others, one) != others.end(); });
    return list;
}

}  // namespace

catalog::InputChanges RoundChanges::inputs() const {
    catalog::InputChanges changes{{}, materials};
    for (const auto& field : fields) changes.fields.push_back(field.path);
    return changes;
}

Result<RoundChanges> ApplicationService::load_changes(const std::string& application_id, int round) {
    if (round < 2) {
        return error(Errc::not_found, "applications.round_not_found", "第一轮提交没有可以比较的上一轮。");
    }
    KAIGONG_TRY(before, load_submission(application_id, round - 1));
    KAIGONG_TRY(after, load_submission(application_id, round));
    KAIGONG_TRY(application,
                parts_.database.read([&](db::Session& session) { return store::find(session, application_id); }));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(application->matter_code, application->catalog_version));
    return RoundChanges{round,
                        after.submitted_at_ms,
                        changed_fields(*matter, std::move(before.form), std::move(after.form)),
                        changed_materials(before, after, parts_.documents.documents_of(application_id)),
                        without(after.required_items, before.required_items),
                        without(before.required_items, after.required_items)};
}

}  // namespace kaigong::applications
