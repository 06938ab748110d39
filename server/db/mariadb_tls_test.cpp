// TLS to a MariaDB: what is spoken, and every way in which a line to a stranger must not come to stand.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "db/database.hpp"
#include "db/mariadb_url.hpp"
#include "db/testing/mariadb_server.hpp"
#include "db/testing/test_databases.hpp"

namespace kaigong::db {
namespace {

namespace fs = std::filesystem;

/// Two authorities of the test's own; the first one's certificates for the server (it names 127.0.0.1 alone) and for a
/// client. Readable by all: mariadbd is another user, and these keys open nothing.
class Papers {
  public:
    Papers() {
        fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::others_exec | fs::perms::group_exec);
        make_authority("ca");
        make_authority("other");
        make_leaf("server", "IP:127.0.0.1");
        make_leaf("client", "DNS:kaigong");
    }
    std::string file(const std::string& name) const { return folder_.file(name); }

  private:
    static constexpr const char* kNewKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

    void run(const std::string& command) const {
        const auto whole = fmt::format("cd '{}' && openssl {} >openssl.log 2>&1", folder_.path(), command);
        REQUIRE_MESSAGE(std::system(whole.c_str()) == 0, whole);
    }
    void make_authority(const std::string& name) const {
        run(
            fmt::format("req -x509 {} -days 2 -subj /CN={} -addext basicConstraints=critical,CA:TRUE -keyout {}.key "
                        "-out {}.pem",
                        kNewKey, name, name, name));
    }
    void make_leaf(const std::string& name, const std::string& alternative) const {
        std::ofstream(folder_.file("names")) << "subjectAltName=" << alternative << "\n";
        run(fmt::format("req {} -subj /CN={} -keyout {}.key -out {}.csr", kNewKey, name, name, name));
        run(
            fmt::format("x509 -req -in {}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out "
                        "{}.pem",
                        name, name));
        fs::permissions(folder_.file(name + ".key"), name == "server" ? fs::perms(0644) : fs::perms(0600));
    }

    testing::TemporaryFolder folder_;
};

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

/// A server at a port of loopback, with a schema that `kaigong` (over TLS alone) and `known` (by a certificate alone)
/// may use.
struct FarServer {
    explicit FarServer(const std::vector<std::string>& more) : port(free_port()) {
        std::vector<std::string> options{"--bind-address=127.0.0.1,127.0.0.2", fmt::format("--port={}", port)};
        options.insert(options.end(), more.begin(), more.end());
        server = testing::MariadbServer::start(options);
        if (server == nullptr) return;
        Settings settings;
        settings.url = server->create_schema();
        settings.connections = 1;
        REQUIRE(testing::open_or_throw(settings)->transact([](Session& session) -> Result<void> {
            session.execute_once("CREATE USER 'kaigong'@'127.0.0.%' IDENTIFIED BY 'a;b={c}' REQUIRE SSL");
            session.execute_once("CREATE USER 'known'@'127.0.0.%' IDENTIFIED BY 'a;b={c}' REQUIRE X509");
            session.execute_once("GRANT ALL ON kaigong_test_1.* TO 'kaigong'@'127.0.0.%', 'known'@'127.0.0.%'");
            return {};
        }));
    }

    Result<std::unique_ptr<Database>> open(const std::string& parameters, const std::string& user = "kaigong",
                                           const std::string& host = "127.0.0.1") const {
        Settings settings;
        settings.connections = 2;
        settings.url = fmt::format("mariadb://{}:a;b={{c}}@{}:{}/kaigong_test_1{}", user, host, port, parameters);
        return Database::open(settings);
    }
    std::string refusal(const std::string& parameters, const std::string& user = "kaigong",
                        const std::string& host = "127.0.0.1") const {
        const auto opened = open(parameters, user, host);
        return opened ? "" : opened.error().reason;
    }

    int port;
    std::unique_ptr<testing::MariadbServer> server;
};

std::string cipher_of(Database& database) {
    struct Status {
        std::string name;
        std::string cipher;
    };
    const auto status =
        database.read([](Session& session) { return session.row<Status>("SHOW STATUS LIKE 'Ssl_cipher'"); });
    return status ? status->cipher : "";
}

std::string open_reason(const std::string& url) {
    Settings settings;
    settings.url = url;
    const auto opened = Database::open(settings);
    return opened ? "" : opened.error().reason;
}

}  // namespace

TEST_CASE("a line with TLS stands only to the server whose certificate leads to the named root and bears the host") {
    const Papers papers;
    const FarServer far({"--ssl-cert=" + papers.file("server.pem"), "--ssl-key=" + papers.file("server.key"),
                         "--ssl-ca=" + papers.file("ca.pem")});
    if (far.server == nullptr) return;
    const auto right = "?tls_ca=" + papers.file("ca.pem");

    SUBCASE("the right one is spoken to, under a cipher") {
        auto opened = far.open(right);
        REQUIRE(opened);
        CHECK_FALSE(cipher_of(**opened).empty());
    }
    SUBCASE("a root that it does not lead to is no ground to trust it") {
        CHECK(far.refusal("?tls_ca=" + papers.file("other.pem")) == "db.tls_not_trusted");
    }
    SUBCASE("the same server under a name that its certificate does not bear is another one") {
        CHECK(far.refusal(right, "kaigong", "127.0.0.2") == "db.tls_other_name");
    }
    SUBCASE("a server that wants a certificate gets ours, and nobody in without") {
        CHECK(far.refusal(right, "known") == "db.cannot_open");
        const auto ours = "&tls_certificate=" + papers.file("client.pem") + "&tls_key=" + papers.file("client.key");
        auto opened = far.open(right + ours, "known");
        REQUIRE(opened);
        CHECK_FALSE(cipher_of(**opened).empty());
    }
    SUBCASE("a wrong password is told as one, not as a fault of TLS") {
        CHECK(far.refusal(right, "nobody") == "db.cannot_open");
    }
    SUBCASE("without TLS this server lets nobody in") {
        CHECK(far.refusal("") == "db.cannot_open");
    }
}

TEST_CASE("a server without TLS is refused before it hears a password, whatever else it says") {
    const Papers papers;
    const FarServer far({"--skip-ssl"});
    if (far.server == nullptr) return;
    CHECK(far.refusal("?tls_ca=" + papers.file("ca.pem")) == "db.tls_not_offered");
}

TEST_CASE("another host is another host, however its name begins") {
    for (const auto* far :
         {"db.example.gov.cn", "192.0.2.7:3306", "127.0.0.1.example.gov.cn", "localhost.example.cn"}) {
        CAPTURE(far);
        CHECK(is_far_without_tls(fmt::format("mariadb://u:p@{}/x", far)));
        CHECK_FALSE(is_far_without_tls(fmt::format("mariadb://u:p@{}/x?tls_ca=/a", far)));
        CHECK_FALSE(is_far_without_tls(fmt::format("mariadb://u:p@{}/x?socket=/s", far)));
    }
    for (const auto* here : {"localhost", "127.0.0.1:3307", "127.0.0.9", "%3A%3A1"}) {
        CAPTURE(here);
        CHECK_FALSE(is_far_without_tls(fmt::format("mariadb://u:p@{}/x", here)));
    }
    CHECK_FALSE(is_far_without_tls("sqlite:/data/kaigong.db"));
}

TEST_CASE("files of TLS that are not there, or are open to others, are told by their name") {
    const testing::TemporaryFolder folder;
    const auto file = [&](const char* name, fs::perms permissions) {
        std::ofstream(folder.file(name)) << "x";
        fs::permissions(folder.file(name), permissions);
        return folder.file(name);
    };
    const std::string to_nobody = "mariadb://u:p@127.0.0.1:1/x?tls_ca=";
    CHECK(open_reason(to_nobody + "/nonexistent/ca.pem") == "db.tls_file_unreadable");
    const auto with_root = to_nobody + file("ca.pem", fs::perms(0644)) + "&tls_certificate=";
    CHECK(open_reason(with_root + "/nonexistent&tls_key=/nonexistent") == "db.tls_file_unreadable");
    const auto with_pair = with_root + file("own.pem", fs::perms(0644)) + "&tls_key=";
    CHECK(open_reason(with_pair + "/nonexistent") == "db.tls_file_unreadable");
    CHECK(open_reason(with_pair + file("open.key", fs::perms(0640))) == "db.tls_key_too_open");
    CHECK(open_reason(with_pair + file("own.key", fs::perms(0600))) == "db.cannot_open");
}

TEST_CASE("a URL's parts of TLS come whole, once, and never beside a socket") {
    const auto url = parse_mariadb_url("mariadb://u:p@db.example/x?tls_ca=/a%20b/ca.pem&tls_certificate=/c&tls_key=/k");
    REQUIRE(url);
    CHECK(url->tls_ca == "/a b/ca.pem");
    CHECK(url->tls_certificate == "/c");
    CHECK(url->tls_key == "/k");
    for (const auto* wrong :
         {"?tls_ca=", "?tls_ca=ca.pem", "?tls_ca=/a&tls_ca=/b", "?tls_ca=/a&", "?tls_ca=/a;b}", "?tls=1",
          "?tls_certificate=/c&tls_key=/k", "?tls_ca=/a&tls_key=/k", "?tls_ca=/a&tls_certificate=/c",
          "?tls_ca=/a&socket=/s", "?socket=/s&tls_ca=/a", "?verify=no"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_mariadb_url(std::string("mariadb://u:p@db.example/x") + wrong));
    }
    // What looks like options of the library is no host.
    CHECK_FALSE(parse_mariadb_url("mariadb://u:p@host=elsewhere;ssl-verify-server-cert=0/x?tls_ca=/a"));
    CHECK_FALSE(parse_mariadb_url("mariadb://u:p@%7Bx%7D/x"));
}

}  // namespace kaigong::db
