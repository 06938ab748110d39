// Somebody who administers a company is blocked: what he sent opens nothing, and he counts as nobody. On both
// databases.
#include <doctest/doctest.h>

#include <map>

#include "modules/identity/testing/door.hpp"

using namespace kaigong;
using namespace kaigong::identity::testing;

namespace {

class Company {
  public:
    explicit Company(World& world) : world_(world) {
        world.first.create("root", kAdministrator, {authz::Role::system_admin});
        for (const auto* name : {"owner", "second"}) {
            world.clock.set(world.clock.now_ms() + 1);
            ids[name] = world.first.create(name, kAgent, {authz::Role::owner_agent}, "", kCodeOfOne);
        }
        const auto mine = body_of(world.first.ask(Method::get, "/organisations", {}, {.cookie = as("owner")}).value());
        path = "/organisations/{organisation_id=" +
               text_of(mine.at("organisations").at(0).as_object(), "organisation_id") + "}";
    }

    std::string as(const std::string& name) { return world_.first.cookie(name); }
    void administer(const std::string& name, const std::string& act, std::int64_t version) {
        REQUIRE(world_.first.ask(Method::post, "/admin/accounts/{account_id=" + ids.at(name) + "}" + act,
                                 {{"reason", "冒用"}}, {.cookie = as("root"), .version = version}));
    }
    /// The reason, or nothing where he is no member any more.
    std::string removed(const std::string& by, const std::string& whom) {
        const auto shown = body_of(world_.first.ask(Method::get, path, {}, {.cookie = as(by)}).value());
        for (const auto& member : shown.at("members").as_array()) {
            if (text_of(member.as_object(), "account_name") != whom) continue;
            const auto id = text_of(member.as_object(), "membership_id");
            const auto reply = world_.first.ask(Method::post, path + "/members/{membership_id=" + id + "}/removal",
                                                {{"reason", "不再委托"}}, {.cookie = as(by)});
            return reply ? "" : reply.error().reason;
        }
        return "not a member";
    }

    std::map<std::string, std::string> ids;
    std::string path;

  private:
    World& world_;
};

}  // namespace

TEST_CASE("an invitation that somebody sent himself does not bring him back after he was blocked") {
    on_both([](World& world) {
        Company company(world);
        world.first.create("friend", kAgent, {});
        const object wanted{{"phone", "13800001234"}, {"duty", "admin"}, {"authority_reference", "委托书一号"}};
        REQUIRE(world.first.ask(Method::post, company.path + "/invitations", wanted, {.cookie = company.as("owner")}));
        const object token{{"token", world.first.secret_of_newest_message()}};
        REQUIRE(world.first.ask(Method::post, "/invitations/view", token, {.cookie = company.as("friend")}));
        company.administer("owner", "/blocking", 1);
        const auto accept = [&] {
            const auto reply =
                world.second.ask(Method::post, "/invitations/acceptance", token, {.cookie = company.as("friend")});
            return reply ? std::string() : reply.error().reason;
        };
        CHECK(accept() == "identity.invitation_void");
        company.administer("owner", "/unblocking", 2);
        CHECK_MESSAGE(accept() == "identity.invitation_void", "withdrawn, not put to sleep");
    });
}

TEST_CASE("a blocked administrator of a company is not the one that must stay") {
    on_both([](World& world) {
        Company company(world);
        company.administer("second", "/blocking", 1);
        CHECK(company.removed("owner", "owner") == "identity.last_admin");
        CHECK(company.removed("owner", "second").empty());
        CHECK(company.removed("owner", "owner") == "identity.last_admin");
    });
}
