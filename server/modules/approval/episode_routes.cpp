#include "modules/approval/episode_routes.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/applications/applications.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/episodes.hpp"
#include "modules/approval/operations/restriction.hpp"
#include "modules/approval/read_points.hpp"

namespace kaigong::approval {
namespace {

using http::Endpoint;
using http::Method;
using http::Request;
using operations::OnCase;
using operations::OnItem;

constexpr TextRule kReason{.length_max = 2'000, .lines = true};
constexpr TextRule kRestrictionReason{.length_max = 500, .lines = true};
constexpr TextRule kCode{.length_max = 60};
constexpr std::int64_t kDaysMax = 1'000;

/// What a body asks for.
struct Asked {
    ApprovalService::CaseAct act;
    /// Whose judge's deputy may do it too; empty: it is nobody's to do for another.
    std::string conducted_item = {};
};

/// Reads the body of one act, then does it on the case that the path names.
template <class Read>
Result<http::Reply> answer(ApprovalService& service, const Request& request, std::string_view action, Read read) {
    KAIGONG_TRY(id, http::path_id<applications::ApplicationId>(request, "application_id", "approval.not_found"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const Asked asked = read(reader, id.text);
    KAIGONG_CHECK(reader.finish());
    KAIGONG_CHECK(service.may_ask(request.actor(), id.text, action));
    KAIGONG_TRY(progress, service.act_on_case(request.actor(), id.text,
                                              {request.idempotency_key, "POST " + request.target,
                                               crypto::to_hex(crypto::sha256(crypto::view(request.body)))},
                                              asked.act, asked.conducted_item));
    return http::json_reply(std::move(progress));
}

template <class Operation, class... Arguments>
Asked on_case(Operation operation, const std::string& id, const Arguments&... arguments) {
    return {[=](db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                const operations::Officer& officer, std::int64_t now_ms) {
        return operation(session, surroundings, permissions, officer, OnCase{id, now_ms}, arguments...);
    }};
}

template <class Operation, class... Arguments>
Asked on_item(Operation operation, const std::string& id, const std::string& item, const Arguments&... arguments) {
    return {[=](db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                const operations::Officer& officer, std::int64_t now_ms) {
        return operation(session, surroundings, permissions, officer, OnItem{id, item, now_ms}, arguments...);
    }};
}

/// What belongs to who judges the item: his deputy does it in his place.
Asked conducted(Asked asked, const std::string& item) {
    asked.conducted_item = item;
    return asked;
}

int days_in(JsonReader& reader) {
    return static_cast<int>(reader.integer("working_days", {.min = 0, .max = kDaysMax}));
}

Result<http::Reply> answer_special_procedure(ApprovalService& service, const Request& request) {
    return answer(service, request, kWork, [](JsonReader& reader, const std::string& id) {
        const auto item = reader.text("item", kCode);
        operations::SpecialProcedure begun;
        begun.procedure_kind = reader.text("procedure_kind", kCode);
        begun.reason = reader.text("reason", kReason);
        begun.working_days = days_in(reader);
        return conducted(on_item(operations::start_special_procedure, id, item, begun), item);
    });
}

Result<http::Reply> answer_special_procedure_end(ApprovalService& service, const Request& request) {
    return answer(service, request, kWork, [](JsonReader& reader, const std::string& id) {
        const auto item = reader.text("item", kCode);
        return conducted(on_item(operations::end_special_procedure, id, item, reader.text("result", kReason)), item);
    });
}

Result<http::Reply> answer_hold(ApprovalService& service, const Request& request) {
    return answer(service, request, kHoldCase, [](JsonReader& reader, const std::string& id) {
        operations::Hold hold;
        hold.ground = reader.text("ground", kCode);
        hold.reason = reader.text("reason", kReason);
        return on_case(operations::hold_case, id, hold);
    });
}

Result<http::Reply> answer_resumption(ApprovalService& service, const Request& request) {
    return answer(service, request, kHoldCase, [](JsonReader& reader, const std::string& id) {
        return on_case(operations::resume_case, id, reader.text("reason", kReason));
    });
}

Result<http::Reply> answer_extension(ApprovalService& service, const Request& request) {
    return answer(service, request, kExtend, [](JsonReader& reader, const std::string& id) {
        operations::Extension extension;
        extension.working_days = days_in(reader);
        extension.reason = reader.text("reason", kReason);
        return on_case(operations::extend_decision, id, extension);
    });
}

Result<http::Reply> answer_late_correction(ApprovalService& service, const Request& request) {
    return answer(service, request, kAssign, [](JsonReader& reader, const std::string& id) {
        const auto item = reader.text("item", kCode);
        operations::LateCorrection asked;
        asked.reason = reader.text("reason", kReason);
        asked.points = read_points(reader);
        return on_item(operations::request_late_correction, id, item, asked);
    });
}

Result<http::Reply> answer_supplement_order(ApprovalService& service, const Request& request) {
    return answer(service, request, kHoldCase, [](JsonReader& reader, const std::string& id) {
        operations::SupplementOrder order;
        order.material_code = reader.text("material_code", kCode);
        order.reason = reader.text("reason", kReason);
        return on_case(operations::order_supplement, id, order);
    });
}

Result<http::Reply> answer_reopening(ApprovalService& service, const Request& request) {
    return answer(service, request, kAssign, [](JsonReader& reader, const std::string& id) {
        const auto item = reader.text("item", kCode);
        return on_item(operations::reopen_item, id, item, reader.text("reason", kReason));
    });
}

Result<http::Reply> answer_restriction(ApprovalService& service, const Request& request) {
    return answer(service, request, kRestrict, [](JsonReader& reader, const std::string& id) {
        return on_case(operations::restrict_case, id, reader.text("reason", kRestrictionReason));
    });
}

Result<http::Reply> answer_lifting(ApprovalService& service, const Request& request) {
    return answer(service, request, kRestrict, [](JsonReader& reader, const std::string& id) {
        return on_case(operations::propose_lifting, id, reader.text("reason", kRestrictionReason));
    });
}

Result<http::Reply> answer_lifting_confirmation(ApprovalService& service, const Request& request) {
    return answer(service, request, kRestrict, [](JsonReader& reader, const std::string& id) {
        return on_case(operations::confirm_lifting, id, reader.text("proposal_id", kCode));
    });
}

Result<http::Reply> answer_lifting_refusal(ApprovalService& service, const Request& request) {
    return answer(service, request, kRestrict, [](JsonReader& reader, const std::string& id) {
        const auto proposal = reader.text("proposal_id", kCode);
        return on_case(operations::refuse_lifting, id, proposal, reader.text("reason", kRestrictionReason));
    });
}

}  // namespace

std::vector<Endpoint> episode_routes(ApprovalService& service) {
    using Answer = Result<http::Reply> (*)(ApprovalService&, const Request&);
    const auto post = [&service](std::string path, std::string_view action, Answer answer) {
        return Endpoint{.method = Method::post,
                        .path = std::move(path),
                        .action = std::string(action),
                        .needs = {.idempotency_key = true},
                        .handler = [&service, answer](const Request& request) { return answer(service, request); }};
    };
    return {
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/episodes",
         .action = "approval.read",
         .handler = [&service](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(id,
                         http::path_id<applications::ApplicationId>(request, "application_id", "approval.not_found"));
             KAIGONG_TRY(found, service.episodes(request.actor(), id.text));
             return http::json_reply(std::move(found));
         }},
        post("/api/v1/applications/{application_id}/special-procedures", kWork, answer_special_procedure),
        post("/api/v1/applications/{application_id}/special-procedures/end", kWork, answer_special_procedure_end),
        post("/api/v1/applications/{application_id}/hold", kHoldCase, answer_hold),
        post("/api/v1/applications/{application_id}/resumption", kHoldCase, answer_resumption),
        post("/api/v1/applications/{application_id}/extension", kExtend, answer_extension),
        post("/api/v1/applications/{application_id}/late-corrections", kAssign, answer_late_correction),
        post("/api/v1/applications/{application_id}/supplement-orders", kHoldCase, answer_supplement_order),
        post("/api/v1/applications/{application_id}/reopenings", kAssign, answer_reopening),
        post("/api/v1/applications/{application_id}/restriction", kRestrict, answer_restriction),
        post("/api/v1/applications/{application_id}/restriction/lifting", kRestrict, answer_lifting),
        post("/api/v1/applications/{application_id}/restriction/lifting/confirmation", kRestrict,
             answer_lifting_confirmation),
        post("/api/v1/applications/{application_id}/restriction/lifting/refusal", kRestrict, answer_lifting_refusal),
    };
}

}  // namespace kaigong::approval
