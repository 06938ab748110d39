// routes: what the program says of its own endpoints and of who may call them.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <array>
#include <filesystem>

#include "app/bureau.hpp"
#include "app/route_rights.hpp"
#include "app/serve_settings.hpp"
#include "app/verbs.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;

/// A bureau for a moment: the tables of routes and grants are put together where one is opened.
class PassingBureau {
  public:
    PassingBureau() : folder_(fs::temp_directory_path() / ("kaigong-routes-" + std::to_string(::getpid()))) {}
    PassingBureau(const PassingBureau&) = delete;
    PassingBureau& operator=(const PassingBureau&) = delete;
    ~PassingBureau() {
        bureau_.reset();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    Result<void> open(BureauSettings settings) {
        settings.data_folder = folder_;
        settings.database_url.clear();
        settings.demo = true;
        settings.key_file = folder_ / "keys.json";
        KAIGONG_TRY(opened, Bureau::open(settings));
        bureau_ = std::move(opened);
        return {};
    }
    Bureau& bureau() { return *bureau_; }

  private:
    fs::path folder_;
    std::unique_ptr<Bureau> bureau_;
};

boost::json::array routes_json(const std::vector<http::Endpoint>& endpoints) {
    constexpr std::array kAccess{"session", "optional_session", "anonymous", "loopback"};
    boost::json::array list;
    for (const auto& endpoint : endpoints) {
        list.push_back({{"method", to_string(endpoint.method)},
                        {"path", endpoint.path},
                        {"access", kAccess.at(static_cast<std::size_t>(endpoint.access))},
                        {"action", endpoint.action},
                        {"early", endpoint.early},
                        {"by_token", endpoint.by_token},
                        {"idempotency_key", endpoint.needs.idempotency_key},
                        {"if_match", endpoint.needs.if_match}});
    }
    return list;
}

boost::json::array grants_json(const std::vector<authz::Grant>& grants) {
    boost::json::array list;
    for (const auto& grant : grants) {
        list.push_back({{"role", to_string(grant.role)}, {"action", grant.action}, {"scope", to_string(grant.scope)}});
    }
    return list;
}

}  // namespace

int routes(const Arguments& arguments) {
    auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    PassingBureau passing;
    const auto opened = passing.open(std::move(settings->bureau));
    if (!opened) return refuse(opened.error());
    const auto endpoints = passing.bureau().endpoints();
    const auto& grants = passing.bureau().permissions().grants();
    if (const auto file = option(arguments, "--check"); !file.empty()) {
        const auto checked = check_route_rights(file, route_rights_page(endpoints, grants));
        return checked ? kDone : refuse(checked.error());
    }
    if (flag(arguments, "--page")) {
        fmt::print("{}", route_rights_page(endpoints, grants));
    } else if (flag(arguments, "--json")) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"routes", routes_json(endpoints)},
                                                                      {"grants", grants_json(grants)}}));
    } else {
        for (const auto& one : endpoints) {
            fmt::print("{:6} {} ({})\n", to_string(one.method), one.path, one.action);
        }
    }
    return kDone;
}

}  // namespace kaigong::app
