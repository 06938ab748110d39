// Any method, target and headers through everything that reads them: no crash, every refusal is a whole problem
// document, and what is admitted was decoded without a trace of a control character or a way out of its path.
#include <cstdlib>

#include "base/text.hpp"
#include "http/edge.hpp"
#include "http/header_fields.hpp"
#include "http/problem.hpp"
#include "http/reply_head.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

class OneSession final : public Authenticator {
  public:
    Result<Session> authenticate(const Credentials& credentials) override {
        if (credentials.cookie.empty()) std::abort();
        return Session{"s", {}, "token"};
    }
};

void must(bool condition) {
    if (!condition) std::abort();
}

Router& router() {
    static Router made;
    static const bool filled = [] {
        const auto echo = [](const Request& request) {
            return own_file(request.target, "text/plain", request.path_parameter("x"));
        };
        made.add({{.path = "/api/{x}", .access = Access::optional_session, .query = {"a"}, .handler = echo},
                  {.method = Method::post, .path = "/api/{x}", .needs = {true, true}, .handler = echo},
                  {.path = "/{x}", .access = Access::loopback, .handler = echo}});
        return true;
    }();
    must(filled);
    return made;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void check_admitted(Edge& edge, Admitted& admitted) {
    for (const auto& [name, value] : admitted.request.path_parameters) {
        must(value.find('/') == std::string::npos && value != ".." && count_code_points(value).has_value());
    }
    const auto ready = edge.authenticate(*admitted.endpoint, admitted.request);
    if (!ready) return must(status_of(ready.error()) >= 400);
    must(admitted.endpoint->method == Method::get || admitted.request.header("x-csrf-token") == "token");
    const auto reply = edge.handle(*admitted.endpoint, admitted.request);
    must(reply.has_value() && reply_head(*reply).find("\r\n\r\n") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const ServerOptions options{.limits = {.request = {1, 1}, .slow = {1, 1}, .writer = {1, 1}}};
    static OneSession sessions;
    static const ServerParts parts{.router = &router(), .authenticator = &sessions};
    static Edge edge(options, parts);
    std::string_view text(reinterpret_cast<const char*>(bytes), size);
    RawHeader raw;
    raw.method = take_line(text);
    raw.target = take_line(text);
    Parameters headers;
    while (!text.empty() && headers.size() < 20) {
        auto line = take_line(text);
        const auto colon = std::min(line.find(':'), line.size());
        headers.emplace_back(lower_case(line.substr(0, colon)), line.substr(std::min(colon + 1, line.size())));
        if (headers.back().first == "host") raw.host = line.substr(std::min(colon + 1, line.size()));
    }
    const auto checked = edge.check(raw);
    auto admitted = edge.admit(raw, std::move(headers), "127.0.0.1", "r");
    if (admitted) check_admitted(edge, *admitted);
    const Error refused = !admitted ? admitted.error() : error(Errc::internal, "a.b", "");
    must(parse_json(std::get<std::string>(problem(refused, "r").body)).has_value());
    must(checked || status_of(checked.error()) >= 400);
    (void)reply_head(problem_page(refused, "r"));
    return 0;
}
