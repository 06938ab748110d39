#include "http/problem.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <stdexcept>

#include "http/html.hpp"

namespace kaigong::http {
namespace {

struct TransportReason {
    std::string_view reason;
    int status;
};

// What the protocol itself has a status for. A reason that is not here gets the status of its code.
constexpr std::array kTransportReasons{
    TransportReason{"http.request_malformed", 400},   TransportReason{"http.target_malformed", 400},
    TransportReason{"http.path_malformed", 400},      TransportReason{"http.query_malformed", 400},
    TransportReason{"http.query_repeated", 400},      TransportReason{"http.query_unknown", 400},
    TransportReason{"http.host_malformed", 400},      TransportReason{"http.idempotency_key_missing", 400},
    TransportReason{"json.malformed", 400},           TransportReason{"http.method_not_allowed", 405},
    TransportReason{"http.request_too_slow", 408},    TransportReason{"http.target_too_long", 414},
    TransportReason{"http.media_type_not_json", 415}, TransportReason{"http.host_unknown", 421},
    TransportReason{"http.header_too_large", 431},    TransportReason{"http.method_unknown", 501},
};

int status_of_code(Errc code) {
    switch (code) {
        case Errc::invalid_input: return 422;
        case Errc::unauthenticated: return 401;
        case Errc::forbidden: return 403;
        case Errc::not_found: return 404;
        case Errc::conflict: return 409;
        case Errc::precondition_failed: return 412;
        case Errc::too_large: return 413;
        case Errc::rate_limited: return 429;
        case Errc::unavailable: return 503;
        case Errc::internal: return 500;
    }
    throw std::logic_error("an error code without a status");
}

std::string_view title_of(int status) {
    switch (status) {
        case 400: return "请求格式不对";
        case 401: return "请先登录";
        case 403: return "没有办理权限";
        case 404: return "没有找到";
        case 405: return "不支持这种操作";
        case 408: return "传输太慢";
        case 409: return "与现有内容冲突";
        case 412: return "内容已有更新";
        case 413: return "内容太大";
        case 414: return "网址太长";
        case 415: return "内容类型不对";
        case 421: return "网址不属于本系统";
        case 422: return "填写不符合要求";
        case 429: return "操作太频繁";
        case 431: return "请求头太大";
        case 501: return "不支持这种方法";
        case 503: return "系统繁忙";
        default: return "系统内部错误";
    }
}

std::string_view detail_of(const Error& error) {
    if (error.code != Errc::internal) return error.message;
    return "系统出现故障，您的操作可能没有完成。请稍后重试；如再次出现，请把请求编号告诉管理员。";
}

void add_retry_after(const Error& error, Reply& reply) {
    if (error.code == Errc::unavailable) reply.with_header("Retry-After", "2");
    // A bucket of the edge has ten seconds' worth again after ten; an attempt of a person is another matter.
    const bool by_edge = error.reason == "http.too_many_requests";
    if (error.code == Errc::rate_limited) reply.with_header("Retry-After", by_edge ? "5" : "30");
}

}  // namespace

int status_of(const Error& error) {
    for (const auto& line : kTransportReasons) {
        if (line.reason == error.reason) return line.status;
    }
    return status_of_code(error.code);
}

Reply problem(const Error& error, std::string_view request_id) {
    const int status = status_of(error);
    const bool internal = error.code == Errc::internal;
    boost::json::object document;
    document["type"] = "about:blank";
    document["title"] = title_of(status);
    document["status"] = status;
    document["detail"] = detail_of(error);
    document["reason"] = internal ? std::string_view("http.internal") : std::string_view(error.reason);
    document["request_id"] = request_id;
    auto& fields = document["fields"].emplace_array();
    if (!internal) {
        for (const auto& field : error.fields) {
            fields.push_back({{"field", field.field}, {"reason", field.reason}, {"message", field.message}});
        }
    }
    Reply reply;
    reply.status = status;
    reply.content_type = "application/problem+json";
    reply.body = boost::json::serialize(document);
    add_retry_after(error, reply);
    return reply;
}

Reply problem_page(const Error& error, std::string_view request_id) {
    Html body;
    body.open("main").element("h1", {}, title_of(status_of(error))).element("p", {}, detail_of(error));
    body.element("p", {}, "请求编号:" + std::string(request_id));
    body.open("p").element("a", {{"href", "/"}}, "返回首页").close().close();
    auto reply = page_reply(html_document({std::string(title_of(status_of(error))), {}, ""}, body), status_of(error));
    add_retry_after(error, reply);
    return reply;
}

}  // namespace kaigong::http
