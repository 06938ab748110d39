#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "db/testing/test_databases.hpp"
#include "modules/evidence/evidence.hpp"

using namespace kaigong;

TEST_CASE("leaves get a dense index, and the same leaf again is the one that is there") {
    db::testing::on_each_database({"evidence"}, [](db::Database& database) {
        const auto evidence = evidence::make_evidence(database);
        const auto append = [&](const std::string& subject, const std::string& hash) {
            auto leaf = database.transact(
                [&](db::Session& session) { return evidence->append(session, "permits", subject, hash, 7); });
            REQUIRE(leaf);
            return leaf->leaf_index;
        };
        CHECK(append("a", "11") == 0);
        CHECK(append("b", "22") == 1);
        CHECK(append("a", "11") == 0);
        CHECK(append("a", "33") == 2);
        REQUIRE(evidence->find("permits", "a"));
        CHECK(evidence->find("permits", "a")->leaf_index == 2);
        CHECK_FALSE(evidence->find("audit", "a"));
    });
}

TEST_CASE("canonical JSON sorts members and has no white space (RFC 8785)") {
    const auto value = boost::json::parse(R"({ "b": [1, true, null], "a": {"z": "许可", "A": -2} })");
    CHECK(evidence::canonical_json(value) == R"({"a":{"A":-2,"z":"许可"},"b":[1,true,null]})");
    CHECK_THROWS(evidence::canonical_json(boost::json::parse("[0.5]")));
}
