#include "blob/store.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "blob/sealed_cipher.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "db/testing/test_databases.hpp"

namespace kaigong::blob {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t kLimit = 8 << 20;

const crypto::KeyRing& ring() {
    static const auto kRing = crypto::KeyRing::load(crypto::new_key_ring_text());
    REQUIRE(kRing);
    return *kRing;
}

std::unique_ptr<Store> open_store(const fs::path& root) {
    auto opened = Store::open(root, sealed_cipher(ring()));
    REQUIRE(opened);
    return std::move(*opened);
}

std::string hash_of(std::string_view bytes) {
    return crypto::to_hex(crypto::sha256(crypto::view(bytes)));
}

/// Bytes that don't repeat, so that a piece out of place is seen.
std::string paper(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(size, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

std::vector<fs::path> files_under(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
}

std::string raw(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("what was put comes back, of every size around the chunk's") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    for (const std::size_t size : {0UL, 1UL, 65'535UL, 65'536UL, 65'537UL, 1UL << 20, (1UL << 20) + 1, 3UL << 20}) {
        const auto bytes = paper(size, static_cast<unsigned>(size));
        const auto stored = store->put(bytes, kLimit);
        REQUIRE(stored);
        CHECK(stored->sha256 == hash_of(bytes));
        CHECK(stored->size_bytes == static_cast<std::int64_t>(size));
        CHECK(store->contains(stored->sha256));
        const auto whole = store->get(stored->sha256, kLimit);
        REQUIRE(whole);
        CHECK((*whole == bytes));
    }
}

TEST_CASE("bytes that come in pieces of any size make the same content") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const auto bytes = paper(300'000, 1);
    auto upload = store->begin(kLimit);
    REQUIRE(upload);
    std::size_t at = 0;
    for (std::size_t piece = 1; at < bytes.size(); piece = piece * 3 + 1) {
        REQUIRE((*upload)->write(std::string_view(bytes).substr(at, piece)));
        at += piece;
    }
    const auto stored = (*upload)->finish();
    REQUIRE(stored);
    CHECK(stored->sha256 == hash_of(bytes));
    auto download = store->open_content(stored->sha256);
    REQUIRE(download);
    CHECK((*download)->size_bytes() == 300'000);
}

TEST_CASE("a file on disk shows nothing of its content and is for its owner only") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const std::string text = "身份证号 33010619900101123X";
    REQUIRE(store->put(text, kLimit));
    const auto files = files_under(folder.path());
    REQUIRE(files.size() == 1);
    CHECK(raw(files[0]).find("33010619900101123X") == std::string::npos);
    CHECK((fs::status(files[0]).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

TEST_CASE("past its limit an upload is refused and leaves nothing") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    {
        auto upload = store->begin(1000);
        REQUIRE(upload);
        CHECK((*upload)->write(paper(1000, 1)));
        const auto refused = (*upload)->write("x");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::too_large);
        CHECK(refused.error().reason == "blob.too_large");
    }
    CHECK(files_under(folder.path()).empty());
}

TEST_CASE("an upload that is given up leaves nothing") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    {
        auto upload = store->begin(kLimit);
        REQUIRE(upload);
        REQUIRE((*upload)->write(paper(200'000, 1)));
        CHECK(files_under(folder.path()).size() == 1);
    }
    CHECK(files_under(folder.path()).empty());
}

TEST_CASE("a changed, cut or exchanged file is found before a byte of it is served") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const auto bytes = paper(200'000, 1);
    const auto stored = store->put(bytes, kLimit);
    REQUIRE(stored);
    const auto path = files_under(folder.path()).at(0);
    const auto whole = raw(path);
    const auto other = store->put("another paper", kLimit);
    REQUIRE(other);

    auto changed = whole;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    const auto longer = whole + "x";
    const auto exchanged = raw(fs::path(path).parent_path().parent_path() / other->sha256.substr(0, 2) / other->sha256);
    for (const auto& wrong :
         {changed, whole.substr(0, whole.size() - 1), whole.substr(0, 70'000), longer, exchanged, std::string()}) {
        overwrite(path, wrong);
        const auto opened = store->open_content(stored->sha256);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().reason == "blob.damaged");
    }

    // Sending it again mends it.
    REQUIRE(store->put(bytes, kLimit));
    CHECK(store->get(stored->sha256, kLimit));
}

TEST_CASE("what is no content hash, or of no content, is not found") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const std::string_view wrong[] = {"", "../../etc/passwd",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"};
    for (const auto text : wrong) {
        const ContentHash hash(text);
        CHECK_FALSE(store->contains(hash));
        const auto opened = store->open_content(hash);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().reason == "blob.not_found");
    }
}

TEST_CASE("only what nobody refers to and is old enough is removed") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const auto kept = store->put("kept", kLimit);
    const auto orphan = store->put("orphan", kLimit);
    REQUIRE(kept);
    REQUIRE(orphan);
    const auto is_kept = [&](const ContentHash& hash) { return hash == kept->sha256; };
    CHECK(store->remove_unreferenced(is_kept, 0).value_or(-1) == 0);
    CHECK(store->remove_unreferenced(is_kept, std::numeric_limits<std::int64_t>::max()).value_or(-1) == 1);
    CHECK(store->contains(kept->sha256));
    CHECK_FALSE(store->contains(orphan->sha256));
}

TEST_CASE("a folder that can't be used is refused by reason") {
    const auto opened = Store::open("/proc/kaigong", sealed_cipher(ring()));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().reason == "blob.root_not_writable");
}

TEST_CASE("a disk that is full is told as such, and nothing half is left") {
    const db::testing::TemporaryFolder folder;
    const auto store = open_store(folder.file("blobs"));
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // A limit on file size stands in for the full disk: the write fails half-way in the same place.
        const rlimit limit{100'000, 100'000};
        ::signal(SIGXFSZ, SIG_IGN);
        if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(2);
        const auto stored = store->put(paper(300'000, 1), kLimit);
        ::_exit(!stored && stored.error().code == Errc::unavailable ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(files_under(folder.path()).empty());
}

TEST_CASE("kill -9 while storing loses nothing acknowledged and leaves no half content") {
    const db::testing::TemporaryFolder folder;
    const auto root = folder.file("blobs");
    std::minstd_rand random(7);
    static_cast<void>(ring());
    for (unsigned round = 0; round < 20; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const auto store = open_store(root);
            for (unsigned i = 0;; ++i) {
                const auto stored = store->put(paper(70'000, round * 1000 + i), kLimit);
                if (!stored || ::write(ends[1], stored->sha256.data(), 64) != 64) ::_exit(1);
            }
        }
        ::close(ends[1]);
        std::vector<std::string> acknowledged;
        const auto until = std::uniform_int_distribution<std::size_t>(1, 10)(random);
        std::string hash(64, '\0');
        while (::read(ends[0], hash.data(), 64) == 64) {
            acknowledged.push_back(hash);
            if (acknowledged.size() == until) ::kill(child, SIGKILL);
        }
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));

        const auto store = open_store(root);
        CHECK(files_under(root + "/incoming").empty());
        for (const auto& stored : acknowledged) CHECK(store->get(stored, kLimit));
    }
    const auto store = open_store(root);
    for (const auto& path : files_under(root + "/content")) CHECK(store->get(path.filename().string(), kLimit));
}

}  // namespace kaigong::blob
