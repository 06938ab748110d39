#include "modules/applications/personal_fields.hpp"

#include <doctest/doctest.h>

#include "crypto/field_codec.hpp"

using namespace kaigong;
using boost::json::object;

namespace {

const std::vector<std::string> kPaths{"agent.phone", "participants[].lead.id_number", "participants[].people[].name"};

const std::map<std::string, std::string> kKinds{
    {"agent.phone", "phone"}, {"participants[].lead.id_number", "id_number"}, {"participants[].people[].name", "name"}};

object form() {
    return boost::json::parse(R"({"agent":{"phone":"13800000000","name":"孙经办"},"participants":[
        {"lead":{"id_number":"330105198506070007"},"people":[{"name":"周安全"},{"name":""}]},{"lead":null}]})")
        .as_object();
}

crypto::KeyRing ring() {
    return crypto::KeyRing::load(crypto::new_key_ring_text()).value();
}

}  // namespace

TEST_CASE("sealed values are nowhere in the stored text, and come back whole") {
    const auto keys = ring();
    auto sealed = form();
    REQUIRE(applications::seal_personal(keys, kPaths, "a/draft", sealed));
    const auto text = boost::json::serialize(sealed);
    for (const char* secret : {"13800000000", "330105198506070007", "周安全"})
        CHECK(text.find(secret) == std::string::npos);
    CHECK(text.find("孙经办") != std::string::npos);  // not marked
    REQUIRE(applications::open_personal(keys, kPaths, "a/draft", sealed));
    CHECK(sealed == form());
}

TEST_CASE("values sealed for one round do not open as another's") {
    const auto keys = ring();
    auto sealed = form();
    REQUIRE(applications::seal_personal(keys, kPaths, "a/1", sealed));
    const auto opened = applications::open_personal(keys, kPaths, "a/2", sealed);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().reason == "crypto.field_tampered");
}

TEST_CASE("a person who types something that looks sealed gets it back as typed") {
    const auto keys = ring();
    object typed{{"agent", {{"phone", "enc1:k1:AAAA"}}}};
    REQUIRE(applications::seal_personal(keys, kPaths, "a/draft", typed));
    REQUIRE(applications::open_personal(keys, kPaths, "a/draft", typed));
    CHECK(typed.at("agent").at("phone") == "enc1:k1:AAAA");
}

TEST_CASE("differences are named by path, with the index inside lists") {
    auto after = form();
    after["agent"].as_object()["phone"] = "13900000000";
    after["participants"].as_array()[0].as_object()["people"].as_array()[0].as_object()["name"] = "吴安全";
    after["works"] = object{{"works_name", "翠苑小学扩建工程"}};
    const auto changed = applications::changed_paths(form(), after);
    CHECK(changed == std::vector<std::string>{"agent.phone", "participants[0].people[0].name", "works"});
    CHECK(applications::changed_paths(form(), form()).empty());
}

TEST_CASE("masked numbers keep the ends by which people know them, masked names their first character") {
    auto masked = form();
    applications::mask_personal(kKinds, {}, masked);
    CHECK(masked.at("agent").at("phone") == "138****0000");
    CHECK(masked.at("participants").at(0).at("lead").at("id_number") == "330***********0007");
    CHECK(masked.at("participants").at(0).at("people").at(0).at("name") == "周**");
    CHECK(masked.at("agent").at("name") == "孙经办");  // not marked
}

TEST_CASE("a kind that somebody needs stays in clear, a short number hides most of itself") {
    object masked{{"agent", {{"phone", "88886666"}}}, {"account", "6222021202041234567"}, {"short", "1234567"}};
    applications::mask_personal({{"agent.phone", "phone"}, {"account", "account"}, {"short", "account"}}, {}, masked);
    CHECK(masked.at("agent").at("phone") == "8*****66");
    CHECK(masked.at("account") == "***************4567");
    CHECK(masked.at("short") == "*******");
    auto named = form();
    applications::mask_personal(kKinds, {"name"}, named);
    CHECK(named.at("participants").at(0).at("people").at(0).at("name") == "周安全");
    CHECK(named.at("agent").at("phone") == "138****0000");
}

TEST_CASE("a form is carried over to another key, and says which keys its values have, whatever is typed beside them") {
    const auto text = crypto::new_key_ring_text();
    auto keys = crypto::KeyRing::load(text).value();
    auto sealed = form();
    sealed["remark"] = "enc1:k9:AAAA";
    REQUIRE(applications::seal_personal(keys, kPaths, "a/1", sealed));
    REQUIRE(keys.replace(crypto::with_new_key(text).value()));
    REQUIRE(keys.seal_with("k2"));
    CHECK(applications::personal_keys(kPaths, sealed) == std::map<std::string, std::int64_t>{{"k1", 3}});
    REQUIRE(applications::reseal_personal(keys, kPaths, "a/1", sealed));
    CHECK(applications::personal_keys(kPaths, sealed) == std::map<std::string, std::int64_t>{{"k2", 3}});
    CHECK(sealed.at("remark") == "enc1:k9:AAAA");
    REQUIRE(applications::open_personal(keys, kPaths, "a/1", sealed));
    CHECK(sealed.at("agent") == form().at("agent"));
}
