#include "app/remote_signer.hpp"

#include <doctest/doctest.h>
#include <grp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "crypto/testing/authority.hpp"
#include "db/testing/test_databases.hpp"

using namespace kaigong;
using app::SigningService;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

const crypto::testing::Authority& authority() {
    return crypto::testing::shared_authority(crypto::SignatureAlgorithm::ecdsa_p256_sha256);
}

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Counts, and fails as it is told.
class CountingKey final : public crypto::Signer {
  public:
    explicit CountingKey(std::unique_ptr<crypto::Signer> key) : key_(std::move(key)) {}
    crypto::SignatureAlgorithm algorithm() const override { return key_->algorithm(); }
    const crypto::Bytes& public_key_info() const override { return key_->public_key_info(); }
    Result<crypto::Bytes> sign(crypto::BytesView message) const override {
        ++asked;
        if (fails) return *fails;
        return key_->sign(message);
    }
    mutable std::atomic<int> asked = 0;
    std::optional<Error> fails;

  private:
    std::unique_ptr<crypto::Signer> key_;
};

/// A folder with a service on a thread of its own.
class Desk {
  public:
    Desk() {
        auto made = authority().identity("示例签章");
        certificate = made.certificate;
        key = std::make_shared<CountingKey>(std::move(made.key));
        // A child that is nobody has to get to the socket.
        fs::permissions(folder.path(), fs::perms(0755));
    }
    ~Desk() { stop(); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    fs::path socket() const { return folder.file("s"); }
    fs::path journal() const { return folder.file("signed.log"); }
    Result<std::unique_ptr<SigningService>> open(std::int64_t allowed_uid = -1) const {
        return SigningService::open({socket(), journal(), allowed_uid}, {{"document", key}});
    }
    void start(std::int64_t allowed_uid = -1) {
        service = open(allowed_uid).value();
        answering = std::thread([this] { service->run(); });
    }
    void stop() {
        if (!service) return;
        service->stop();
        answering.join();
        service.reset();
    }
    std::unique_ptr<crypto::Signer> signer(const std::string& name = "document") const {
        return app::remote_signer(socket(), name, certificate).value();
    }

    db::testing::TemporaryFolder folder;
    crypto::Certificate certificate;
    std::shared_ptr<CountingKey> key;
    std::unique_ptr<SigningService> service;
    std::thread answering;
};

sockaddr_un address_of(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
}

/// What a stranger's process hears: bytes of an answer, -1 where it could not even connect.
int heard_as_nobody(const fs::path& socket) {
    const auto address = address_of(socket);
    const std::string request = R"({"key":"document"})";
    const pid_t child = ::fork();
    if (child == 0) {
        const int connection = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // Nor of root's groups: the socket is for the group too.
        if (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(99);
        if (::connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) ::_exit(2);
        const std::array<char, 4> head{0, 0, 0, static_cast<char>(request.size())};
        ::send(connection, head.data(), head.size(), MSG_NOSIGNAL);
        ::send(connection, request.data(), request.size(), MSG_NOSIGNAL);
        char byte = 0;
        ::_exit(::recv(connection, &byte, 1, 0) == 1 ? 1 : 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const int said = WIFEXITED(status) ? WEXITSTATUS(status) : 99;
    REQUIRE(said != 99);
    return said == 2 ? -1 : said;
}

bool is_root() {
    if (::geteuid() == 0) return true;
    MESSAGE("skipped: only root can be somebody else");
    return false;
}

}  // namespace

TEST_CASE("the other process signs, and has written down what before it did") {
    Desk desk;
    desk.start();
    const auto signer = desk.signer();
    CHECK(reason_of(signer->ready()) == "");
    CHECK(lines_of(desk.journal()).empty());
    const auto signature = signer->sign(crypto::view("开工"));
    REQUIRE(reason_of(signature) == "");
    CHECK(crypto::verify_signature(desk.certificate.public_key_info, signer->algorithm(), crypto::view("开工"),
                                   *signature));
    CHECK(lines_of(desk.journal()).size() == 1);
    desk.stop();
    CHECK(reason_of(signer->sign(crypto::view("开工"))) == "app.signer_away");
    CHECK(signer->ready().error().code == Errc::unavailable);
}

TEST_CASE("a key that is not the certificate's is refused, before and after it signed") {
    Desk desk;
    desk.certificate = authority().identity("另一张证书").certificate;
    desk.start();
    const auto ready = desk.signer()->ready();
    CHECK(reason_of(ready) == "app.signer_wrong");
    CHECK(ready.error().code == Errc::precondition_failed);
    CHECK(desk.key->asked == 0);
    CHECK(reason_of(desk.signer()->sign(crypto::view("开工"))) == "app.signer_wrong");
}

TEST_CASE("what the other process refuses is told with its reason, and whether it may mend by itself") {
    Desk desk;
    desk.start();
    desk.key->fails = error(Errc::unavailable, "crypto.pkcs11_failed", "设备不在");
    const auto passing = desk.signer()->sign(crypto::view("开工"));
    CHECK(reason_of(passing) == "app.signer_refused");
    CHECK(passing.error().code == Errc::unavailable);
    CHECK(passing.error().message.find("crypto.pkcs11_failed") != std::string::npos);
    desk.key->fails = error(Errc::unauthenticated, "crypto.pkcs11_pin_wrong", "PIN 不对");
    const auto lasting = desk.signer()->sign(crypto::view("开工"));
    CHECK(reason_of(lasting) == "app.signer_refused");
    CHECK(lasting.error().code == Errc::precondition_failed);
    const auto unknown = desk.signer("nobody")->sign(crypto::view("开工"));
    CHECK(reason_of(unknown) == "app.signer_refused");
    CHECK(unknown.error().message.find("app.signing_malformed") != std::string::npos);
}

TEST_CASE("what cannot be written down is not signed") {
    Desk desk;
    fs::create_symlink("/dev/full", desk.journal());
    desk.start();
    const auto refused = desk.signer()->sign(crypto::view("开工"));
    CHECK(reason_of(refused) == "app.signer_refused");
    CHECK(refused.error().message.find("app.journal_not_written") != std::string::npos);
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(desk.key->asked == 0);
}

TEST_CASE("a line that was torn off does not swallow the next one") {
    Desk desk;
    SUBCASE("by a power cut") {
        std::ofstream(desk.journal()) << "1796200000000 docu";
        desk.start();
        REQUIRE(reason_of(desk.signer()->sign(crypto::view("开工"))) == "");
        CHECK(lines_of(desk.journal()).size() == 2);
    }
    SUBCASE("by a full disk") {
        std::signal(SIGXFSZ, SIG_IGN);
        const auto journal = app::SigningJournal::open(desk.journal()).value();
        REQUIRE(journal->write("document", crypto::view("一")));
        rlimit before{};
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
        auto narrow = before;
        narrow.rlim_cur = fs::file_size(desk.journal()) + 10;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &narrow) == 0);
        const bool written = journal->write("document", crypto::view("二"));
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        CHECK_FALSE(written);
        REQUIRE(journal->write("document", crypto::view("三")));
        const auto lines = lines_of(desk.journal());
        REQUIRE(lines.size() == 3);
        CHECK(lines[1].size() == 10);
        CHECK(lines[2].size() == lines[0].size());
    }
}

TEST_CASE("two services on one path: the second is refused, and the first goes on") {
    Desk desk;
    desk.start();
    CHECK(reason_of(desk.open()) == "app.socket_in_use");
    CHECK(reason_of(desk.signer()->ready()) == "");
}

TEST_CASE("what a killed service left behind makes room, a file of another kind does not") {
    Desk desk;
    SUBCASE("a dead socket") {
        const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
        const auto address = address_of(desk.socket());
        REQUIRE(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        ::close(dead);
        desk.start();
        CHECK(reason_of(desk.signer()->ready()) == "");
    }
    SUBCASE("a key file, by a slip in the settings") {
        std::ofstream(desk.socket()) << "a key";
        CHECK(reason_of(desk.open()) == "app.socket_path_taken");
        CHECK(lines_of(desk.socket()) == std::vector<std::string>{"a key"});
    }
}

TEST_CASE("a service that ends leaves its successor's socket alone") {
    Desk desk;
    desk.start();
    fs::remove(desk.socket());
    const auto successor = desk.open();
    REQUIRE(reason_of(successor) == "");
    desk.stop();
    CHECK(fs::exists(desk.socket()));
}

TEST_CASE("strangers are not heard; the server's user is") {
    Desk desk;
    desk.start();
    struct stat found{};
    REQUIRE(::stat(desk.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777U) == 0660);
    if (!is_root()) return;
    CHECK(heard_as_nobody(desk.socket()) == -1);
    // Somebody loosened the socket: the service looks at who comes all the same.
    fs::permissions(desk.socket(), fs::perms(0666));
    CHECK(heard_as_nobody(desk.socket()) == 0);
    desk.stop();
    desk.start(kNobody);
    fs::permissions(desk.socket(), fs::perms(0666));
    CHECK(heard_as_nobody(desk.socket()) == 1);
}
