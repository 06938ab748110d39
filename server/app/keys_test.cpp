#include "app/keys.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <thread>

#include "db/testing/test_databases.hpp"

using namespace kaigong;
namespace fs = std::filesystem;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

struct KeyFile {
    KeyFile() { REQUIRE(app::make_keys(file)); }

    db::testing::TemporaryFolder folder;
    fs::path file = fs::path(folder.path()) / "keys.json";

    struct stat about() const {
        struct stat found{};
        REQUIRE(::lstat(file.c_str(), &found) == 0);
        return found;
    }
    std::size_t files_beside() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
    }
};

}  // namespace

TEST_CASE("a changed key file belongs to whom it belonged to, and only he reads it") {
    const KeyFile keys;
    constexpr uid_t kService = 4'711;
    const bool is_root = ::geteuid() == 0;
    if (is_root) REQUIRE(::chown(keys.file.c_str(), kService, kService) == 0);
    REQUIRE(::chmod(keys.file.c_str(), 0400) == 0);
    const auto before = keys.about();
    REQUIRE(app::add_key(keys.file));
    REQUIRE(app::retire_key_in(keys.file, "k1"));
    const auto after = keys.about();
    CHECK(after.st_uid == before.st_uid);
    CHECK(after.st_gid == before.st_gid);
    CHECK((after.st_mode & 07777U) == 0400);
    CHECK(keys.files_beside() == 1);
}

TEST_CASE("of keys that are added at once none is lost") {
    const KeyFile keys;
    constexpr int kAtOnce = 8;
    std::vector<std::string> added(kAtOnce);
    std::vector<std::thread> threads;
    for (auto& id : added) {
        threads.emplace_back([&id, &keys] { id = app::add_key(keys.file).value_or(""); });
    }
    for (auto& thread : threads) thread.join();
    CHECK(std::set(added.begin(), added.end()).size() == kAtOnce);
    CHECK(app::load_keys(keys.file, false).value().all().size() == kAtOnce + 1);
}

TEST_CASE("who cannot have the folder for himself changes nothing and says so") {
    const KeyFile keys;
    const int folder = ::open(keys.folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    REQUIRE(::flock(folder, LOCK_EX) == 0);
    const auto text = app::read_key_file(keys.file).value();
    CHECK(reason_of(app::add_key(keys.file)) == "app.keys_busy");
    ::close(folder);
    CHECK(app::read_key_file(keys.file).value() == text);
}

TEST_CASE("a link to a key file is read, and never exchanged for a file") {
    const KeyFile keys;
    const auto link = fs::path(keys.folder.path()) / "link.json";
    fs::create_symlink(keys.file, link);
    CHECK(app::load_keys(link, false));
    const auto refused = app::add_key(link);
    CHECK(reason_of(refused) == "app.keys_not_a_file");
    CHECK(refused.error().message.find(fs::canonical(keys.file).string()) != std::string::npos);
    CHECK(reason_of(app::retire_key_in(link, "k1")) == "app.keys_not_a_file");
    CHECK(fs::is_symlink(link));
    CHECK(app::load_keys(keys.file, false).value().all().size() == 1);
    fs::remove(keys.file);
    CHECK(reason_of(app::add_key(link)) == "app.keys_not_a_file");
    CHECK(reason_of(app::read_key_file(link)) == "app.keys_missing");
}
