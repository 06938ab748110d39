#include "http/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

std::optional<std::string_view> find_parameter(const Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &Parameters::value_type::first);
    if (found == parameters.end()) return std::nullopt;
    return found->second;
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::patch: return "PATCH";
        case Method::del: return "DELETE";
    }
    return "";
}

const authz::Actor& Request::actor() const {
    if (!session) throw std::logic_error(fmt::format("{} asks for the actor without Access::session", route));
    return session->actor;
}

const std::string& Request::path_parameter(std::string_view name) const {
    const auto found = std::ranges::find(path_parameters, name, &Parameters::value_type::first);
    if (found == path_parameters.end()) throw std::logic_error(fmt::format("{} has no parameter {}", route, name));
    return found->second;
}

std::optional<std::string_view> Request::query_parameter(std::string_view name) const {
    return find_parameter(query, name);
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
    return find_parameter(headers, lower_case_name);
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    const auto header_value = header("cookie");
    if (!header_value) return std::nullopt;
    return find_cookie(*header_value, name);
}

Result<boost::json::value> json_body(const Request& request, const JsonLimits& limits) {
    const auto type = lower_case(request.header("content-type").value_or(""));
    if (trimmed(std::string_view(type).substr(0, type.find(';'))) != "application/json") {
        return error(Errc::invalid_input, "http.media_type_not_json",
                     "内容类型应为 application/json，请按接口说明提交。");
    }
    return parse_json(request.body, limits);
}

Result<std::optional<std::int64_t>> query_integer(const Request& request, std::string_view name, IntegerRule rule) {
    const auto text = request.query_parameter(name);
    if (!text) return std::optional<std::int64_t>{};
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure != std::errc{} || end != text->data() + text->size() || number < rule.min || number > rule.max) {
        return invalid_field(std::string(name), "http.query_invalid",
                             fmt::format("参数 {} 应为 {} 到 {} 之间的整数。", name, rule.min, rule.max));
    }
    return std::optional(number);
}

Result<Page> page_of(const Request& request) {
    constexpr std::size_t kCursorMax = 200;
    Page page;
    auto limit = query_integer(request, "limit", {1, 100});
    const auto cursor = request.query_parameter("cursor").value_or("");
    if (!limit || cursor.size() > kCursorMax) {
        return invalid_field(limit ? "cursor" : "limit", "http.page_invalid",
                             "分页参数不对:limit 应为 1 到 100,cursor 请原样使用上一页给出的值。");
    }
    page.limit = limit->value_or(page.limit);
    page.cursor = cursor;
    return page;
}

}  // namespace kaigong::http
