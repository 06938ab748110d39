#include "modules/applications/person_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kaigong;
using namespace kaigong::applications;

namespace {

const std::map<std::string, std::string> kKinds{
    {"agent.phone", "phone"}, {"agent.id_number", "id_number"}, {"agent.name", "name"}};

boost::json::object form() {
    return {{"agent", {{"phone", "+86 138 0000-0000"}, {"id_number", "33010519850607001x"}, {"name", "孙经办"}}}};
}

}  // namespace

TEST_CASE("a number is one number however it is written") {
    CHECK(normalised_number("phone", "+86 138-0000-0000") == "13800000000");
    CHECK(normalised_number("phone", "008613800000000") == "13800000000");
    CHECK(normalised_number("phone", "0571-8888 6666") == "057188886666");
    CHECK(normalised_number("phone", "8612345678") == "8612345678");
    CHECK(normalised_number("id_number", " 33010519850607001x ") == "33010519850607001X");
}

TEST_CASE("a round is found by its numbers, under the key of its day and under none else's") {
    const auto text = crypto::new_key_ring_text();
    auto ring = crypto::KeyRing::load(text).value();
    const auto filed = person_indexes(ring, kKinds, form());
    CHECK(filed.key_id == "k1");
    CHECK(filed.indexes.size() == 2);
    REQUIRE(ring.replace(crypto::with_new_key(text).value()));
    REQUIRE(ring.seal_with("k2"));
    const auto is_found = [&](const char* kind, const char* number) {
        return std::ranges::any_of(person_indexes_of(ring, kind, number), [&](const auto& one) {
            return std::ranges::find(filed.indexes, one) != filed.indexes.end();
        });
    };
    CHECK(is_found("phone", "13800000000"));
    CHECK(is_found("id_number", "33010519850607001X"));
    CHECK_FALSE(is_found("id_number", "13800000000"));
    CHECK_FALSE(is_found("phone", "13800000001"));
    CHECK(person_indexes(ring, kKinds, form()).key_id == "k2");
    const auto other = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    CHECK(person_indexes(other, kKinds, form()).indexes != filed.indexes);
}
