#include "app/route_rights.hpp"

#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace kaigong::app {
namespace {

using authz::Grant;
using authz::Role;
using authz::Scope;

const std::array kGrants{
    Grant{Role::reviewer, "permits.read", Scope::region}, Grant{Role::section_head, "permits.read", Scope::region},
    Grant{Role::owner_agent, "permits.read", Scope::company}, Grant{Role::audit_admin, "audit.read", Scope::any}};

std::vector<http::Endpoint> endpoints() {
    std::vector<http::Endpoint> list(3);
    list[0] = {.method = http::Method::get, .path = "/b/{permit_number}", .action = "permits.read", .handler = {}};
    list[1] = {.method = http::Method::post, .path = "/a", .early = true, .handler = {}};
    list[2] = {.method = http::Method::get, .path = "/a", .access = http::Access::anonymous, .handler = {}};
    return list;
}

struct File {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "kaigong-route-rights-test.md";
    explicit File(const std::string& text) { std::ofstream(path) << text; }
    ~File() { std::filesystem::remove(path); }
};

TEST_CASE("each route is one line with its roles by scope, in the order of paths") {
    const auto page = route_rights_page(endpoints(), kGrants);
    const auto read = page.find(
        "| `GET /b/{permit_number}` | signed in, token | `permits.read` | **company** owner_agent; **region** "
        "reviewer, "
        "section_head |\n");
    const auto open = page.find("| `GET /a` | anybody |  |  |\n");
    const auto early = page.find("| `POST /a` | signing in |  |  |\n");
    REQUIRE(read != std::string::npos);
    REQUIRE(early != std::string::npos);
    CHECK(open < early);
    CHECK(early < read);
}

TEST_CASE("a page that says what the program says is taken") {
    const auto page = route_rights_page(endpoints(), kGrants);
    const File file(page);
    CHECK(check_route_rights(file.path.string(), page));
}

TEST_CASE("a new route without a line is named, and what to do") {
    const auto page = route_rights_page(endpoints(), kGrants);
    auto more = endpoints();
    more.push_back({.method = http::Method::del, .path = "/c", .action = "audit.read", .handler = {}});
    const File file(page);
    const auto checked = check_route_rights(file.path.string(), route_rights_page(more, kGrants));
    REQUIRE(!checked);
    CHECK(checked.error().reason == "app.route_rights_differ");
    CHECK(checked.error().message.find("+ | `DELETE /c`") != std::string::npos);
    CHECK(checked.error().message.find("./kaigong fix") != std::string::npos);
}

TEST_CASE("a grant that became wider is named with both lines") {
    const auto page = route_rights_page(endpoints(), kGrants);
    auto wider = kGrants;
    wider[0].scope = Scope::any;
    const File file(page);
    const auto checked = check_route_rights(file.path.string(), route_rights_page(endpoints(), wider));
    REQUIRE(!checked);
    CHECK(checked.error().message.find("- | `GET /b/{permit_number}`") != std::string::npos);
    CHECK(checked.error().message.find("**any** reviewer |") != std::string::npos);
}

TEST_CASE("without the page nothing is compared") {
    CHECK(check_route_rights("no/such/page.md", "").error().reason == "app.file_missing");
}

}  // namespace
}  // namespace kaigong::app
