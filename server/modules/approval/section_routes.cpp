#include "modules/approval/section_routes.hpp"

#include <array>

#include "modules/approval/access.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Method;
using http::Request;

constexpr std::array kVerdicts{
    JsonName<std::string_view>{"accepted", kSectionAccepted},
    JsonName<std::string_view>{"edited", kSectionEdited},
    JsonName<std::string_view>{"returned", kSectionReturned},
};
constexpr TextRule kWords{.length_min = 0, .length_max = 2'000, .lines = true};

Result<http::Reply> answer_review(ApprovalService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::SectionVerdict said;
    said.section = request.path_parameter("section");
    said.verdict = reader.one_of<std::string_view>("verdict", kVerdicts);
    said.version = reader.text("version", {.length_max = 60});
    said.wording = reader.optional_text("wording", kWords).value_or("");
    said.reason = reader.optional_text("reason", kWords).value_or("");
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(sections, service.review_section(request.actor(), asked, said));
    return http::json_reply(std::move(sections));
}

}  // namespace

std::vector<http::Endpoint> section_routes(ApprovalService& service) {
    const std::string sections = "/api/v1/tasks/{task_id}/sections";
    return {
        {.method = Method::get,
         .path = sections,
         .action = "approval.read",
         .handler = [&service](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id, http::path_id<TaskId>(request, "task_id", "approval.not_found"));
             KAIGONG_TRY(found, service.sections(request.actor(), id.text));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::post,
         .path = sections + "/{section}/review",
         .action = std::string(kWork),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [&service](const Request& request) { return answer_review(service, request); }},
        {.method = Method::post,
         .path = sections + "/return",
         .action = std::string(kWork),
         .needs = {.idempotency_key = true, .if_match = true},
         .handler = [&service](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(asked, task_request(request));
             KAIGONG_TRY(task, service.return_sections(request.actor(), asked));
             const auto version = task.at("version").as_int64();
             return http::json_reply(std::move(task)).with_version(version);
         }},
    };
}

}  // namespace kaigong::approval
