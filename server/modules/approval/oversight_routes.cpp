#include <algorithm>
#include <array>

#include "modules/approval/expedite_rules.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/oversight_service.hpp"
#include "modules/approval/task_routes.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;

constexpr TextRule kText{.length_max = 1'000, .lines = true};
constexpr std::array<std::string_view, 4> kOrderStates{"open", "overdue", "answered", "cancelled"};

std::string parameter(const Request& request, std::string_view name) {
    return std::string(request.query_parameter(name).value_or(""));
}

Result<http::Reply> reply(Result<boost::json::object> found) {
    if (!found) return found.error();
    return http::json_reply(std::move(*found));
}

Result<http::Reply> list_tasks(OversightService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    const TaskFilter filter{parameter(request, "department"), parameter(request, "holder"), parameter(request, "light"),
                            page.cursor, static_cast<int>(page.limit)};
    if (!filter.light.empty() && filter.light != "yellow" && filter.light != "red") {
        return invalid_field("light", "approval.light_unknown", "灯色只能是 yellow 或 red。");
    }
    const bool names_one = !filter.holder.empty() && filter.holder != "nobody";
    if (names_one && !parse_id<authz::AccountId>(filter.holder)) {
        return invalid_field("holder", "approval.person_unknown", "没有找到这个人，请从列表中选择。");
    }
    return reply(service.tasks(request.actor(), filter));
}

Result<http::Reply> list_orders(OversightService& service, const Request& request) {
    KAIGONG_TRY(page, http::page_of(request));
    const std::string state(request.query_parameter("state").value_or("open"));
    if (std::ranges::find(kOrderStates, state) == kOrderStates.end()) {
        return invalid_field("state", "approval.order_state_unknown",
                             "督办单的状态只能是 open、overdue、answered 或 cancelled。");
    }
    return reply(service.orders(request.actor(), state, page.cursor, static_cast<int>(page.limit)));
}

Result<http::Reply> answer_issuing(OversightService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    operations::Demand demand;
    demand.text = reader.text("demand", kText);
    demand.consequence = reader.text("consequence", kText);
    demand.answer_within_working_days =
        static_cast<int>(reader.integer("answer_within_working_days", {.min = 1, .max = kAnswerDaysMax}));
    KAIGONG_CHECK(reader.finish());
    return reply(service.issue_order(request.actor(), asked, demand));
}

Result<http::Reply> answer_answering(OversightService& service, const Request& request) {
    KAIGONG_TRY(asked, task_request(request));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto answer = reader.text("answer", kText);
    KAIGONG_CHECK(reader.finish());
    return reply(service.answer_order(request.actor(), asked, answer));
}

Result<http::Reply> list_findings(OversightService& service, const Request& request) {
    KAIGONG_TRY(check_id, http::path_id<TaskId>(request, "check_id", kNotFound));
    KAIGONG_TRY(page, http::page_of(request));
    return reply(service.findings(request.actor(), check_id.text, page.cursor, static_cast<int>(page.limit)));
}

template <class Call>
Endpoint of_case(std::string_view path, Call call) {
    return {.method = Method::get,
            .path = std::string(path),
            .action = "approval.read",
            .handler = [call](const Request& request) -> Result<http::Reply> {
                KAIGONG_TRY(id, http::path_id<TaskId>(request, "application_id", kNotFound));
                return reply(call(request.actor(), id.text));
            }};
}

template <class Handle>
Endpoint overseen(std::string_view path, std::string_view action, std::vector<std::string>&& query, Handle handle) {
    return {.method = Method::get,
            .path = std::string(path),
            .action = std::string(action),
            .query = std::move(query),
            .handler = handle};
}

template <class Handle>
Endpoint act(std::string_view path, std::string_view action, bool on_version, Handle handle) {
    return {.method = Method::post,
            .path = std::string(path),
            .action = std::string(action),
            .needs = {.idempotency_key = true, .if_match = on_version},
            .handler = handle};
}

}  // namespace

std::vector<Endpoint> OversightService::routes() {
    const auto at = [this](auto handle) {
        return [this, handle](const Request& request) { return handle(*this, request); };
    };
    return {
        of_case("/api/v1/applications/{application_id}/holding",
                [this](const auto& actor, const auto& id) { return holding(actor, id); }),
        of_case("/api/v1/applications/{application_id}/expedite-orders",
                [this](const auto& actor, const auto& id) { return orders_of_case(actor, id); }),
        overseen("/api/v1/oversight/departments", kOversee, {},
                 [this](const Request& request) { return reply(departments(request.actor())); }),
        overseen("/api/v1/oversight/people", kOversee, {"department"},
                 [this](const Request& request) {
                     return reply(people(request.actor(), parameter(request, "department")));
                 }),
        overseen("/api/v1/oversight/tasks", kOversee, {"department", "holder", "light", "cursor", "limit"},
                 at(list_tasks)),
        overseen("/api/v1/oversight/expedite-orders", kOversee, {"state", "cursor", "limit"}, at(list_orders)),
        overseen("/api/v1/oversight/warnings", kOversee, {"cursor", "limit"},
                 [this](const Request& request) -> Result<http::Reply> {
                     KAIGONG_TRY(page, http::page_of(request));
                     return reply(warnings(request.actor(), page.cursor, static_cast<int>(page.limit)));
                 }),
        overseen("/api/v1/oversight/self-checks", kSelfCheck, {},
                 [this](const Request& request) { return reply(self_checks(request.actor())); }),
        overseen("/api/v1/oversight/self-checks/{check_id}/findings", kSelfCheck, {"cursor", "limit"},
                 at(list_findings)),
        act("/api/v1/oversight/self-checks", kSelfCheck, false,
            [this](const Request& request) { return reply(begin_self_check(request.actor(), retryable(request))); }),
        act("/api/v1/tasks/{task_id}/expedite-order", kExpedite, true, at(answer_issuing)),
        act("/api/v1/tasks/{task_id}/expedite-order/answer", kWork, true, at(answer_answering)),
    };
}

}  // namespace kaigong::approval
