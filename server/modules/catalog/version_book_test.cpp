#include "modules/catalog/version_book.hpp"

#include <doctest/doctest.h>

#include "base/civil_date.hpp"

using namespace kaigong;
using catalog::KeptVersion;
using catalog::MatterVersions;
using catalog::VersionState;

namespace {

std::int64_t morning_of(const char* on) {
    return office_midnight_ms(parse_date(on).value()) + 9LL * 3'600'000;
}

KeptVersion of_folder(const char* name, const char* from_on, const char* published_on) {
    KeptVersion version;
    version.matter_code = "m";
    version.version = name;
    version.effective_from_on = from_on;
    version.published_at_ms = morning_of(published_on);
    return version;
}

KeptVersion of_office(const char* name, const char* from_on, const char* published_on, const char* base) {
    auto version = of_folder(name, from_on, published_on);
    version.of_office = true;
    version.base_version = base;
    return version;
}

std::string in_force(const MatterVersions& versions, const char* today) {
    const auto* version = versions.in_force(today);
    return version == nullptr ? "" : version->version;
}

VersionState state(const MatterVersions& versions, const char* name, const char* today) {
    return versions.state_of(*versions.find(name), today);
}

}  // namespace

TEST_CASE("an office's version is in force from its day on, and the folder's until then") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_office("o1", "2026-12-01", "2026-11-27", "f1")}, "f1");
    CHECK(in_force(versions, "2025-12-31").empty());
    CHECK(in_force(versions, "2026-11-30") == "f1");
    CHECK(in_force(versions, "2026-12-01") == "o1");
    CHECK(state(versions, "o1", "2026-11-30") == VersionState::waiting);
    CHECK(state(versions, "o1", "2026-12-01") == VersionState::in_force);
    CHECK(state(versions, "f1", "2026-12-01") == VersionState::past);
}

TEST_CASE("versions of the office may wait side by side; of two for one day the later counts") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_office("o1", "2026-12-01", "2026-11-27", "f1"),
         of_office("o2", "2027-01-01", "2026-11-28", "f1"), of_office("o3", "2026-12-01", "2026-11-29", "f1")},
        "f1");
    CHECK(state(versions, "o1", "2026-11-30") == VersionState::superseded);
    CHECK(state(versions, "o3", "2026-11-30") == VersionState::waiting);
    CHECK(in_force(versions, "2026-12-15") == "o3");
    CHECK(in_force(versions, "2027-01-01") == "o2");
}

TEST_CASE("a withdrawn version never begins, and whom it stood in the way of does") {
    auto withdrawn = of_office("o3", "2026-12-01", "2026-11-29", "f1");
    withdrawn.withdrawn = true;
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_office("o1", "2026-12-01", "2026-11-27", "f1"), withdrawn},
        "f1");
    CHECK(state(versions, "o3", "2026-12-01") == VersionState::withdrawn);
    CHECK(in_force(versions, "2026-12-01") == "o1");
}

TEST_CASE("a folder that comes with an upgrade does not undo the office's later day, and waits") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_office("o1", "2026-12-01", "2026-11-27", "f1"),
         of_folder("f2", "2026-01-01", "2026-12-05")},
        "f2");
    CHECK(in_force(versions, "2026-12-06") == "o1");
    REQUIRE(versions.folder_waits("2026-12-06") != nullptr);
    CHECK(versions.folder_waits("2026-12-06")->version == "f2");
}

TEST_CASE("a folder whose day is later than the office's takes over on it") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_office("o1", "2026-12-01", "2026-11-27", "f1"),
         of_folder("f2", "2027-01-01", "2026-12-05")},
        "f2");
    CHECK(in_force(versions, "2026-12-31") == "o1");
    CHECK(versions.folder_waits("2026-12-31") == nullptr);
    CHECK(in_force(versions, "2027-01-01") == "f2");
}

TEST_CASE("a folder from which the office's rules come, over any number of drafts, does not wait") {
    std::vector<KeptVersion> all{of_folder("f1", "2026-01-01", "2026-01-01"),
                                 of_office("o1", "2026-12-01", "2026-11-27", "f1"),
                                 of_office("o2", "2026-12-02", "2026-11-28", "o1")};
    CHECK(MatterVersions(all, "f1").folder_waits("2026-12-03") == nullptr);
    all.push_back(of_folder("f2", "2026-01-01", "2026-12-01"));
    all.push_back(of_office("o3", "2026-12-03", "2026-12-02", "f2"));
    CHECK(MatterVersions(all, "f2").folder_waits("2026-12-02") != nullptr);
    CHECK(MatterVersions(all, "f2").folder_waits("2026-12-03") == nullptr);
}

TEST_CASE("an older folder that was put back counts among the folder's versions") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_folder("f2", "2026-01-01", "2026-11-01")}, "f1");
    CHECK(in_force(versions, "2026-11-27") == "f1");
}

TEST_CASE("a folder's version that was replaced before its day never begins") {
    const MatterVersions versions(
        {of_folder("f1", "2026-01-01", "2026-01-01"), of_folder("f2", "2027-01-01", "2026-11-25"),
         of_folder("f3", "2027-03-01", "2026-11-26")},
        "f3");
    CHECK(in_force(versions, "2027-02-01") == "f1");
    CHECK(state(versions, "f2", "2027-02-01") == VersionState::superseded);
    CHECK(in_force(versions, "2027-03-01") == "f3");
}
