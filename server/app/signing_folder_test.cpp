#include "app/signing_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "db/testing/test_databases.hpp"

using namespace kaigong;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kNowMs = 1'796'200'000'000;
constexpr const char* kIssuer = "11330106MB0DEM1133";

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

struct Place {
    db::testing::TemporaryFolder around;
    crypto::KeyRing key_ring = crypto::KeyRing::load(crypto::new_key_ring_text()).value();
    fs::path folder = fs::path(around.path()) / "signing";

    Result<void> make() const {
        catalog::Authority authority;
        authority.credit_code = kIssuer;
        authority.name = "示例区住房和城乡建设局";
        return app::make_signing_folder(
            folder, {"test.example", "a passphrase", "示例局", {authority}, "试用印章", kNowMs, 1'000}, key_ring);
    }
    Result<app::SigningFolder> open() const { return app::open_signing_folder(folder, {"a passphrase", {}}, key_ring); }
};

}  // namespace

TEST_CASE("a new folder is whole, closed to others, and good for signing") {
    const Place place;
    REQUIRE(reason_of(place.make()) == "");
    CHECK_FALSE(fs::exists(place.folder.string() + ".new"));
    for (const char* name : {"ledger.json", "document.key.pem", "seal.key.pem"}) {
        CHECK(fs::status(place.folder / name).permissions() == fs::perms(0600));
    }
    CHECK(fs::status(place.folder / "document.roots.pem").permissions() == fs::perms(0644));
    const auto opened = place.open();
    REQUIRE(reason_of(opened) == "");
    const std::array<std::string, 1> issuers{kIssuer};
    CHECK(reason_of(certificates::check_signing(opened->keys, issuers, kNowMs)) == "");
    CHECK(reason_of(place.make()) == "app.signing_folder_exists");
}

TEST_CASE("a power cut while the folder was made leaves nothing that the next start stumbles over") {
    const Place place;
    fs::create_directories(place.folder.string() + ".new/seals");
    std::ofstream(place.folder.string() + ".new/document.key.pem") << "half a k";
    CHECK(reason_of(place.open()) == "app.signing_folder_missing");
    REQUIRE(reason_of(place.make()) == "");
    CHECK(reason_of(place.open()) == "");
}

TEST_CASE("an empty folder may be there; one with files and without ledger.json is told as that, and left alone") {
    const Place place;
    fs::create_directories(place.folder);
    SUBCASE("empty") {
        CHECK(reason_of(place.make()) == "");
    }
    SUBCASE("half") {
        std::ofstream(place.folder / "document.key.pem") << "a key";
        CHECK(reason_of(place.make()) == "app.signing_folder_half");
        CHECK(reason_of(place.open()) == "app.signing_folder_half");
        CHECK(fs::file_size(place.folder / "document.key.pem") == 5);
    }
}
