#include "http/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "http/header_fields.hpp"

namespace kaigong::http {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> parameter;
    std::map<Method, const Endpoint*> methods;
    std::map<Method, std::vector<std::string>> names;
};

namespace {

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

std::vector<std::string> segments_of_pattern(std::string_view pattern) {
    std::vector<std::string> segments;
    if (pattern == "/") return segments;
    while (!pattern.empty()) {
        const auto end = std::min(pattern.find('/', 1), pattern.size());
        segments.emplace_back(pattern.substr(1, end - 1));
        pattern.remove_prefix(end);
    }
    return segments;
}

void check(const Endpoint& endpoint) {
    const bool well_formed = endpoint.path.starts_with('/') && endpoint.path.find("//") == std::string::npos;
    const bool may_cache = endpoint.method == Method::get && endpoint.access == Access::anonymous;
    // A page of another origin is told so in the reply, which is therefore not the same for all.
    if (!well_formed || !endpoint.handler || (endpoint.cached && (!may_cache || endpoint.cross_origin))) {
        throw std::logic_error(fmt::format("endpoint {} {} is malformed, has no handler or cannot be cached",
                                           to_string(endpoint.method), endpoint.path));
    }
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(std::vector<Endpoint> endpoints) {
    for (auto& given : endpoints) {
        check(given);
        endpoints_.push_back(std::make_unique<Endpoint>(std::move(given)));
        const Endpoint& endpoint = *endpoints_.back();
        Node* node = root_.get();
        std::vector<std::string> names;
        for (const auto& segment : segments_of_pattern(endpoint.path)) {
            const bool parameter = is_parameter(segment);
            auto& next = parameter ? node->parameter : node->literals[segment];
            if (!next) next = std::make_unique<Node>();
            if (parameter) names.push_back(segment.substr(1, segment.size() - 2));
            node = next.get();
        }
        if (!node->methods.emplace(endpoint.method, &endpoint).second) {
            throw std::logic_error(
                fmt::format("endpoint {} {} is there twice", to_string(endpoint.method), endpoint.path));
        }
        node->names[endpoint.method] = std::move(names);
    }
}

// A literal first, then the parameter; back one step when the literal leads nowhere, so that /a/{x}/c is found although
// /a/b exists. The depth is bounded by the length of the target.
const Router::Node* Router::find(const Node& node, const std::vector<std::string>& segments, std::size_t depth,
                                 std::vector<std::string_view>& values, std::optional<Method> method) const {
    if (depth == segments.size()) {
        const bool answers = method ? node.methods.contains(*method) : !node.methods.empty();
        return answers ? &node : nullptr;
    }
    const auto literal = node.literals.find(segments[depth]);
    if (literal != node.literals.end()) {
        if (const auto* found = find(*literal->second, segments, depth + 1, values, method)) return found;
    }
    if (!node.parameter || segments[depth].empty()) return nullptr;
    values.emplace_back(segments[depth]);
    if (const auto* found = find(*node.parameter, segments, depth + 1, values, method)) return found;
    values.pop_back();
    return nullptr;
}

Result<RouteMatch> Router::match(Method method, const std::vector<std::string>& segments) const {
    std::vector<std::string_view> values;
    const auto* node = find(*root_, segments, 0, values, method);
    if (node == nullptr) {
        if (find(*root_, segments, 0, values, std::nullopt) == nullptr) {
            return error(Errc::not_found, "http.route_unknown", "没有这个网址，请核对后重试，或从首页重新进入。");
        }
        return error(Errc::invalid_input, "http.method_not_allowed", "这个网址不支持这种操作，请按接口说明使用。");
    }
    RouteMatch match;
    match.endpoint = node->methods.at(method);
    const auto& names = node->names.at(method);
    for (std::size_t i = 0; i < names.size(); ++i) match.path_parameters.emplace_back(names[i], values[i]);
    return match;
}

std::vector<Method> Router::methods_of(const std::vector<std::string>& segments) const {
    std::vector<Method> methods;
    for (const auto method : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
        std::vector<std::string_view> values;
        if (find(*root_, segments, 0, values, method) != nullptr) methods.push_back(method);
    }
    return methods;
}

std::vector<const Endpoint*> Router::endpoints() const {
    std::vector<const Endpoint*> result;
    result.reserve(endpoints_.size());
    for (const auto& endpoint : endpoints_) result.push_back(endpoint.get());
    return result;
}

}  // namespace kaigong::http
