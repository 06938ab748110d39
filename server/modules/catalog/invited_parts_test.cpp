#include "modules/catalog/invited_parts.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::catalog;

namespace {

const char* const kSchema = R"({"properties": {
    "firms": {"items": {"properties": {"code": {}, "role": {"x-code-table": "roles"}, "name": {}, "no": {"x-row-number": true},
        "confirmed": {"x-read-only": true}}}},
    "drawings": {"properties": {"number": {}}}}})";

boost::json::object settings(const std::string& parts, const std::string& days = "30") {
    return boost::json::parse(R"({"invited_parts": {"firms": {"rows": "firms", "credit_code": "code", "role": "role",
        "organisation_name": "name"}, "expires_after_days": )" +
                              days + R"(, "parts": )" + parts + "}}")
        .as_object();
}

Result<InvitedParts> read(const std::string& parts, const std::string& days = "30") {
    return read_invited_parts(settings(parts, days), boost::json::parse(kSchema).as_object());
}

}  // namespace

TEST_CASE("parts that firms are invited to") {
    const auto found = read(R"([
        {"part": "row", "title": "本单位", "roles": ["designer"], "fixed": ["code"], "confirmation": "asked"},
        {"part": "drawings", "title": "图", "roles": ["reviewer"], "fields": ["drawings.number"],
         "confirmation": "required"}])");
    REQUIRE(found);
    CHECK(found->find("row")->is_own_row());
    CHECK(found->find("row")->is_for("designer"));
    CHECK_FALSE(found->find("row")->is_for("reviewer"));
    CHECK(found->find("drawings")->confirmation_required);
    CHECK(found->find("nothing") == nullptr);
    CHECK(found->role_table == "roles");
    CHECK(found->find("row")->kept == std::vector<std::string>{"no", "confirmed"});
    CHECK(found->confirmed_at.empty());
    CHECK(read_invited_parts({}, {})->parts.empty());
}

TEST_CASE("a malformed setting names its fault") {
    const std::string row = R"({"part": "row", "title": "本单位", "roles": ["designer"], "confirmation": "asked"})";
    REQUIRE(read("[" + row + "]"));
    CHECK(read("[" + row + "," + row + "]").error().message.find("写了两次") != std::string::npos);
    CHECK_FALSE(read("[" + row + "]", "0"));
    CHECK_FALSE(read(R"([{"part": "row", "title": "本单位", "roles": [], "confirmation": "asked"}])"));
    CHECK_FALSE(read(R"([{"part": "row", "title": "本单位", "roles": ["a"], "confirmation": "maybe"}])"));
    CHECK_FALSE(read(R"([{"part": "row", "title": "本单位", "roles": ["a"], "fields": ["drawings.colour"],
        "confirmation": "asked"}])"));
    CHECK_FALSE(read(R"([{"part": "row", "title": "本单位", "roles": ["a"], "fixed": ["colour"],
        "confirmation": "asked"}])"));
    CHECK_FALSE(read_invited_parts({{"invited_parts", 1}}, {}));
}

TEST_CASE("what the system says of a firm stands where nobody can send it") {
    const auto with = [](const char* name, const char* member) {
        auto of = settings("[]");
        of.at("invited_parts").at("firms").as_object()[name] = member;
        return read_invited_parts(of, boost::json::parse(kSchema).as_object());
    };
    REQUIRE(with("confirmed_at", "confirmed"));
    CHECK(with("confirmed_at", "confirmed")->confirmed_at == "confirmed");
    CHECK(with("standing", "confirmed")->standing == "confirmed");
    for (const char* name : {"confirmed_at", "standing"}) {
        CHECK(with(name, "name").error().message.find("x-read-only") != std::string::npos);
        CHECK_FALSE(with(name, "colour"));
    }
}
