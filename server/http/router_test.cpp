#include "http/router.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "http/problem.hpp"
#include "http/target.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

Endpoint endpoint(Method method, std::string path) {
    return {.method = method, .path = std::move(path), .handler = [](const Request&) { return no_content(); }};
}

std::string found(const Router& router, Method method, std::string_view target) {
    const auto match = router.match(method, parse_target(target)->segments);
    if (!match) return match.error().reason;
    std::string text = match->endpoint->path;
    for (const auto& [name, value] : match->path_parameters) text += fmt::format(" {}={}", name, value);
    return text;
}

}  // namespace

TEST_CASE("a literal wins over a parameter, and a dead end leads back") {
    Router router;
    router.add({endpoint(Method::get, "/"), endpoint(Method::get, "/a/{x}"), endpoint(Method::get, "/a/b"),
                endpoint(Method::get, "/a/{x}/c/{y}"), endpoint(Method::put, "/a/{z}")});
    CHECK(found(router, Method::get, "/") == "/");
    CHECK(found(router, Method::get, "/a/b") == "/a/b");
    CHECK(found(router, Method::get, "/a/q") == "/a/{x} x=q");
    CHECK(found(router, Method::get, "/a/b/c/%E5%BB%BA") == "/a/{x}/c/{y} x=b y=建");
    CHECK(found(router, Method::put, "/a/b") == "/a/{z} z=b");
    CHECK(found(router, Method::get, "/a") == "http.route_unknown");
    CHECK(found(router, Method::get, "/a/") == "http.route_unknown");
    CHECK(found(router, Method::get, "//a/b") == "http.route_unknown");
    CHECK(found(router, Method::post, "/a/b") == "http.method_not_allowed");
    CHECK(router.methods_of({"a", "b"}) == std::vector<Method>{Method::get, Method::put});
    CHECK(router.endpoints().size() == 5);
}

TEST_CASE("a table with a mistake stops the start") {
    Router router;
    router.add({endpoint(Method::get, "/a/{x}")});
    CHECK_THROWS_AS(router.add({endpoint(Method::get, "/a/{y}")}), std::logic_error);
    CHECK_THROWS_AS(router.add({endpoint(Method::get, "a")}), std::logic_error);
    auto idle = endpoint(Method::get, "/b");
    idle.handler = nullptr;
    CHECK_THROWS_AS(router.add({idle}), std::logic_error);
    auto cached = endpoint(Method::get, "/c");
    cached.cached = true;
    CHECK_THROWS_AS(router.add({cached}), std::logic_error);
}

TEST_CASE("each error code has its status, and an internal error says nothing of itself") {
    const std::vector<std::pair<Errc, int>> expected{{Errc::invalid_input, 422}, {Errc::unauthenticated, 401},
                                                     {Errc::forbidden, 403},     {Errc::not_found, 404},
                                                     {Errc::conflict, 409},      {Errc::precondition_failed, 412},
                                                     {Errc::too_large, 413},     {Errc::rate_limited, 429},
                                                     {Errc::unavailable, 503},   {Errc::internal, 500}};
    for (const auto& [code, status] : expected) CHECK(status_of(error(code, "a.b", "")) == status);
    CHECK(status_of(error(Errc::invalid_input, "json.malformed", "")) == 400);

    const auto secret = problem(error(Errc::internal, "db.broken", "select * from secrets"), "r-1");
    const auto text = std::get<std::string>(secret.body);
    CHECK(text.find("secrets") == std::string::npos);
    CHECK(text.find("db.broken") == std::string::npos);
    CHECK(text.find("\"request_id\":\"r-1\"") != std::string::npos);

    auto invalid = invalid_field("works.name", "json.missing", "缺少");
    const auto document = boost::json::parse(std::get<std::string>(problem(invalid, "r-2").body)).as_object();
    CHECK(document.at("status") == 422);
    CHECK(document.at("reason") == "json.missing");
    CHECK(document.at("fields").at(0).at("field") == "works.name");
}
