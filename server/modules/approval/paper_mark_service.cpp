#include "modules/approval/paper_mark_service.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/applicant.hpp"
#include "modules/approval/paper_mark_access.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

Error not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这条批注，请从办件页面重新进入。");
}

array places_json(const Mark& mark, const std::vector<documents::Document>& papers) {
    array list;
    value before = nullptr;
    for (const auto& place : places_of(mark, papers)) {
        list.push_back({{"document_id", place.document_id}, {"page", place.page}, {"carried_from", before}});
        before = place.document_id;
    }
    return list;
}

}  // namespace

/// The marks of a case, and what decides what one reader may see and do.
struct PaperMarkService::View {
    store::ProcedureRow procedure;
    std::vector<store::ItemRow> items;
    std::vector<Mark> marks;
    std::vector<std::int64_t> told_at_ms;
    std::vector<documents::Document> papers;
    authz::Applicant applicant;
    const authz::Permissions& permissions;
    const authz::Actor& reader;

    bool is_applicant() const { return reader.kind == authz::AccountKind::owner_agent; }

    array acts_json(const Mark& mark) const {
        array list;
        for (const auto& act : mark.acts) {
            const bool by_applicant = act.act == kAnswerAct;
            const bool named = !is_applicant() || by_applicant;
            list.push_back({{"act", act.act},
                            {"actor_name", named ? value(act.actor_name) : value(nullptr)},
                            {"words", act.words},
                            {"at_ms", act.at_ms}});
        }
        return list;
    }

    array may_json(const Mark& mark) const {
        array list;
        const auto add = [&](std::string_view act, const Result<void>& guard) {
            if (guard && may_follow(mark, act, "…")) list.emplace_back(act);
        };
        if (is_applicant()) {
            add(kAnswerAct, operations::may_answer(permissions, reader, procedure, items));
            return list;
        }
        const auto judges = operations::may_judge(permissions, reader, mark.row, procedure, items, applicant);
        add(kAcceptAct, judges);
        add(kReopenAct, judges);
        return list;
    }

    /// `version` is that of the mark itself, also where a reader is not told all of it.
    object mark_json(const Mark& mark, std::int64_t version, bool told) const {
        const auto& row = mark.row;
        return {{"mark_id", row.mark_id},
                {"mark_no", row.mark_no},
                {"version", version},
                {"material_code", text_or_null(row.material_code)},
                {"document_id", row.document_id},
                {"page", row.page},
                {"kind", row.kind},
                {"left_ppm", row.left_ppm},
                {"top_ppm", row.top_ppm},
                {"width_ppm", row.width_ppm},
                {"height_ppm", row.height_ppm},
                {"words", row.words},
                {"author_name", is_applicant() ? value(nullptr) : value(row.author_name)},
                {"department", row.department},
                {"department_name", row.department_name},
                {"state", state_of(mark.acts)},
                {"round", row.round},
                {"marked_at_ms", row.marked_at_ms},
                {"told", told},
                {"places", places_json(mark, papers)},
                {"acts", acts_json(mark)},
                {"may", may_json(mark)}};
    }

    array marks_json() const {
        array list;
        for (const auto& mark : marks) {
            const auto told = as_told(mark, told_at_ms);
            if (!is_applicant()) list.push_back(mark_json(mark, mark.version(), told.has_value()));
            if (is_applicant() && told) list.push_back(mark_json(*told, mark.version(), true));
        }
        return list;
    }
};

PaperMarkService::PaperMarkService(Parts parts, Approval& cases, documents::Documents& documents)
    : parts_(std::move(parts)),
      cases_(cases),
      documents_(documents),
      surroundings_{parts_.database, parts_.catalog,       parts_.applications, parts_.audit,
                    parts_.outbox,   parts_.grant_effects, parts_.permissions,  parts_.identity},
      papers_of_([this](db::Session& session, const std::string& application_id) {
          return documents_.documents_of(session, application_id);
      }) {}

std::unique_ptr<PaperMarks> make_paper_marks(Parts parts, Approval& cases, documents::Documents& documents) {
    return std::make_unique<PaperMarkService>(std::move(parts), cases, documents);
}

Result<PaperMarkService::View> PaperMarkService::view_for(const authz::Actor& actor,
                                                          const std::string& application_id) const {
    KAIGONG_CHECK(cases_.may_read(actor, application_id));
    return parts_.database.read([&](db::Session& session) {
        auto procedure = store::find_procedure(session, application_id).value();
        auto applicant = applicant_of(parts_.database, parts_.identity, procedure);
        return View{
            std::move(procedure),
            store::items_of(session, application_id),
            with_acts(store::marks_of(session, application_id), store::mark_acts_of_case(session, application_id)),
            store::corrections_asked_at(session, application_id),
            documents_.documents_of(session, application_id),
            std::move(applicant),
            parts_.permissions,
            actor};
    });
}

Result<object> PaperMarkService::of_case(const authz::Actor& actor, const std::string& application_id) const {
    KAIGONG_TRY(view, view_for(actor, application_id));
    const auto may = operations::may_mark(parts_.permissions, actor, view.procedure, view.items, view.applicant);
    return object{{"marks", view.marks_json()},
                  {"marks_max", kMarksMax},
                  {"department", text_or_null(actor.department)},
                  {"blocked_because", may ? value(nullptr) : value(may.error().message)}};
}

Result<object> PaperMarkService::shown(const authz::Actor& actor, const std::string& application_id,
                                       const std::string& mark_id) const {
    KAIGONG_TRY(view, view_for(actor, application_id));
    for (auto& one : view.marks_json()) {
        if (one.at("mark_id").as_string() == mark_id) return std::move(one.as_object());
    }
    return not_found();
}

Result<std::string> PaperMarkService::once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                                           const std::function<Result<std::string>(db::Session&)>& body) {
    const db::IdempotentRequest asked{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    return parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, asked, [&] { return body(session); });
    });
}

Result<object> PaperMarkService::mark(const authz::Actor& actor, const store::MarkRow& mark, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kMarkPapers));
    KAIGONG_CHECK(cases_.may_read(actor, mark.application_id));
    const auto account = parts_.identity.find_account(actor.account_id);
    const operations::Marker marker{{actor, parts_.identity.name_of(actor.account_id)},
                                    account ? account->department_name : actor.department};
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_TRY(mark_id, once(actor, request, now_ms, [&](db::Session& session) {
                    return operations::mark_paper(session, surroundings_, parts_.permissions, marker, mark, papers_of_,
                                                  now_ms);
                }));
    return shown(actor, mark.application_id, mark_id);
}

Result<object> PaperMarkService::act(const authz::Actor& actor, std::string_view act, operations::OnMark on,
                                     const Retryable& request) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find_mark(session, on.mark_id); }));
    if (!row) return not_found();
    on.application_id = row->application_id;
    KAIGONG_CHECK(cases_.may_read(actor, on.application_id));
    const operations::Officer officer{actor, parts_.identity.name_of(actor.account_id)};
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(once(actor, request, now_ms, [&](db::Session& session) -> Result<std::string> {
        const auto done = act == kAnswerAct ? operations::answer_mark(session, surroundings_, parts_.permissions, actor,
                                                                      on, papers_of_, now_ms)
                                            : operations::judge_mark(session, surroundings_, parts_.permissions,
                                                                     officer, act, on, papers_of_, now_ms);
        if (!done) return done.error();
        return on.mark_id;
    }));
    return shown(actor, on.application_id, on.mark_id);
}

}  // namespace kaigong::approval
