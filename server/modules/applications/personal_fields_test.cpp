#include "modules/applications/personal_fields.hpp"

#include <doctest/doctest.h>

#include "crypto/field_codec.hpp"

using namespace kaigong;
using boost::json::object;

namespace {

const std::vector<std::string> kPaths{"agent.phone", "participants[].lead.id_number", "participants[].people[].name"};

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

TEST_CASE("masked codes keep their ends, masked names their first character") {
    auto masked = form();
    applications::mask_personal(kPaths, masked);
    CHECK(masked.at("agent").at("phone") == "1********00");
    CHECK(masked.at("participants").at(0).at("people").at(0).at("name") == "周**");
}
