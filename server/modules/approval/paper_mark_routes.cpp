#include <array>

#include "modules/approval/access.hpp"
#include "modules/approval/paper_mark_access.hpp"
#include "modules/approval/paper_mark_service.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr std::int64_t kPageMax = 100'000;
constexpr TextRule kWords{.length_max = kMarkWordsMax, .lines = true};
/// By name as in JSON.
constexpr std::array kKinds{
    JsonName<std::string_view>{kMarkPoint, kMarkPoint},
    JsonName<std::string_view>{kMarkRectangle, kMarkRectangle},
    JsonName<std::string_view>{kMarkText, kMarkText},
};

Result<std::string> id_in(const Request& request, std::string_view name) {
    KAIGONG_TRY(id, http::path_id<TaskId>(request, name, kNotFound));
    return id.text;
}

Result<http::Reply> versioned(Result<boost::json::object> mark, int status = 200) {
    if (!mark) return mark.error();
    const auto version = mark->at("version").as_int64();
    return http::json_reply(std::move(*mark), status).with_version(version);
}

Result<http::Reply> answer_marking(PaperMarkService& service, const Request& request) {
    KAIGONG_TRY(application_id, id_in(request, "application_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    store::MarkRow mark;
    mark.application_id = application_id;
    mark.document_id = reader.id<documents::DocumentId>("document_id").text;
    mark.page = reader.integer("page", {.min = 1, .max = kPageMax});
    mark.kind = reader.one_of<std::string_view>("kind", kKinds);
    mark.left_ppm = reader.integer("left_ppm", {.min = 0, .max = kPagePpm});
    mark.top_ppm = reader.integer("top_ppm", {.min = 0, .max = kPagePpm});
    mark.width_ppm = reader.optional_integer("width_ppm", {.min = 0, .max = kPagePpm}).value_or(0);
    mark.height_ppm = reader.optional_integer("height_ppm", {.min = 0, .max = kPagePpm}).value_or(0);
    mark.words = reader.text("words", kWords);
    KAIGONG_CHECK(reader.finish());
    return versioned(service.mark(request.actor(), mark, retryable(request)), 201);
}

/// Accepting needs no words.
Result<http::Reply> answer_act(PaperMarkService& service, const Request& request, std::string_view act) {
    KAIGONG_TRY(mark_id, id_in(request, "mark_id"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::OnMark on{"", mark_id, request.if_match, ""};
    if (act == kAcceptAct) {
        on.words =
            reader.optional_text("words", {.length_min = 0, .length_max = kMarkWordsMax, .lines = true}).value_or("");
    } else {
        on.words = reader.text("words", kWords);
    }
    KAIGONG_CHECK(reader.finish());
    return versioned(service.act(request.actor(), act, on, retryable(request)));
}

}  // namespace

std::vector<Endpoint> PaperMarkService::routes() {
    const auto acting = [this](const char* path, std::string_view action, std::string_view act) {
        return Endpoint{.method = Method::post,
                        .path = path,
                        .action = std::string(action),
                        .needs = {.idempotency_key = true, .if_match = true},
                        .handler = [this, act](const Request& request) { return answer_act(*this, request, act); }};
    };
    return {
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/marks",
         .action = "approval.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, id_in(request, "application_id"));
             KAIGONG_TRY(found, of_case(request.actor(), id));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = "/api/v1/applications/{application_id}/marks",
         .action = std::string(kMarkPapers),
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) { return answer_marking(*this, request); }},
        acting("/api/v1/marks/{mark_id}/answers", kAnswerMarks, kAnswerAct),
        acting("/api/v1/marks/{mark_id}/acceptance", kMarkPapers, kAcceptAct),
        acting("/api/v1/marks/{mark_id}/reopening", kMarkPapers, kReopenAct),
    };
}

}  // namespace kaigong::approval
