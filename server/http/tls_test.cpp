// TLS by the server itself: what is spoken, what is refused, keys that change while connections live.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <vector>

#include "http/client.hpp"
#include "http/test_server.hpp"
#include "http/tls_keys.hpp"

using namespace kaigong;
using namespace kaigong::http;
using namespace std::chrono_literals;
namespace net = boost::asio;

namespace {

struct Pair {
    std::string certificate;
    std::string key;
};

std::string pem_of(const auto& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    REQUIRE(write(memory.get()) == 1);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

/// A certificate for 127.0.0.1 that signs itself, and its key; ends in so many days.
Pair new_pair(const std::string& name, int days = 2) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
    auto* subject = X509_get_subject_name(made.get());
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -86'400L * 3);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 86'400L * days);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, text, -1, -1, 0);
    X509_set_issuer_name(made.get(), subject);
    X509_set_pubkey(made.get(), key.get());
    constexpr std::array<std::pair<int, const char*>, 2> kExtensions{
        {{NID_subject_alt_name, "IP:127.0.0.1"}, {NID_basic_constraints, "CA:TRUE"}}};
    for (const auto& [kind, value] : kExtensions) {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, kind, value), X509_EXTENSION_free);
        REQUIRE(X509_add_ext(made.get(), extension.get(), -1) == 1);
    }
    REQUIRE(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return {pem_of([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); }), pem_of([&](BIO* to) {
                return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

/// A folder with the two files, gone with the test.
class KeyFolder {
  public:
    explicit KeyFolder(const Pair& pair) {
        std::string name = (std::filesystem::temp_directory_path() / "kaigong-tls-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        folder_ = name;
        put(pair);
    }
    KeyFolder(const KeyFolder&) = delete;
    KeyFolder& operator=(const KeyFolder&) = delete;
    ~KeyFolder() { std::filesystem::remove_all(folder_); }

    TlsFiles files() const { return {folder_ / "chain.pem", folder_ / "key.pem"}; }
    /// As a renewal does it: a new file under the old name.
    void put(const Pair& pair) const {
        write(files().certificate, pair.certificate, 0644);
        write(files().key, pair.key, 0600);
    }
    static void write(const std::filesystem::path& file, const std::string& text, mode_t mode) {
        const auto fresh = file.string() + ".new";
        std::ofstream(fresh) << text;
        ::chmod(fresh.c_str(), mode);
        std::filesystem::rename(fresh, file);
    }

  private:
    std::filesystem::path folder_;
};

std::string reason_of(const TlsFiles& files) {
    const auto keys = TlsKeys::open(files);
    return keys ? "opened" : keys.error().reason;
}

/// One connection through TLS that trusts anybody.
class SecureClient {
  public:
    explicit SecureClient(
        std::uint16_t port, const std::function<void(SSL_CTX*)>& adjust = [](SSL_CTX*) {})
        : context_(net::ssl::context::tls_client) {
        adjust(context_.native_handle());
        stream_.emplace(io_, context_);
        stream_->next_layer().connect({net::ip::make_address("127.0.0.1"), port});
        stream_->handshake(net::ssl::stream_base::client);
    }
    std::string get(const std::string& target) {
        net::write(*stream_, net::buffer("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
        std::string text;
        net::read_until(*stream_, net::dynamic_buffer(text), "\r\n\r\n");
        return text;
    }
    SSL* native() { return stream_->native_handle(); }
    std::string certificate_name() {
        char name[64]{};
        const std::unique_ptr<X509, decltype(&X509_free)> theirs(SSL_get1_peer_certificate(native()), X509_free);
        X509_NAME_get_text_by_NID(X509_get_subject_name(theirs.get()), NID_commonName, name, sizeof name);
        return name;
    }

  private:
    net::io_context io_;
    net::ssl::context context_;
    std::optional<net::ssl::stream<net::ip::tcp::socket>> stream_;
};

/// A server through TLS with one endpoint for each thing that the edge does.
class SecureServer {
  public:
    explicit SecureServer(const std::function<void(ServerOptions&)>& adjust = [](ServerOptions&) {})
        : first(new_pair("first")),
          folder(first),
          keys(TlsKeys::open(folder.files()).value()),
          server(adjust, {}, [this](ServerParts& parts) { parts.tls = keys.get(); }) {}
    std::uint16_t port() const { return server.port(); }

    Pair first;
    KeyFolder folder;
    std::unique_ptr<TlsKeys> keys;
    TestServer server;
};

bool shakes_hands(std::uint16_t port, const std::function<void(SSL_CTX*)>& adjust) {
    try {
        SecureClient client(port, adjust);
        return client.get("/healthz").starts_with("HTTP/1.1 200");
    } catch (const boost::system::system_error&) {
        return false;
    }
}

}  // namespace

TEST_CASE("whole exchanges go through TLS, large and streamed ones too") {
    const SecureServer secure;
    const auto url = "https://127.0.0.1:" + std::to_string(secure.port());
    const CallLimits trusting{.roots_pem = secure.first.certificate};
    CHECK(call({.url = url + "/healthz"}, trusting)->body == "ok\n");
    CHECK(call({.url = url + "/large"}, trusting)->body == std::string(1'000'000, 'L'));
    CHECK(call({.url = url + "/stream"}, trusting)->body == std::string(1'000'000, 'S'));
    CHECK(call({Method::post, url + "/api/v1/json", "application/json", R"({"name":"abc"})"}, trusting)->status == 201);
    CHECK(call({.url = url + "/healthz"}).error().reason == "http.not_trusted");
}

TEST_CASE("only TLS 1.2 and 1.3 are spoken, with ciphers that keep old talks secret") {
    const SecureServer secure;
    const auto only = [](int version) {
        return [version](SSL_CTX* context) {
            SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
            SSL_CTX_set_min_proto_version(context, version);
            SSL_CTX_set_max_proto_version(context, version);
        };
    };
    CHECK(shakes_hands(secure.port(), only(TLS1_3_VERSION)));
    CHECK(shakes_hands(secure.port(), only(TLS1_2_VERSION)));
    CHECK_FALSE(shakes_hands(secure.port(), only(TLS1_1_VERSION)));
    CHECK_FALSE(shakes_hands(secure.port(), only(TLS1_VERSION)));
    for (const char* old : {"AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-SHA384"}) {
        CAPTURE(old);
        CHECK_FALSE(shakes_hands(secure.port(), [&](SSL_CTX* context) {
            SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
            SSL_CTX_set_cipher_list(context, (std::string(old) + ":@SECLEVEL=0").c_str());
        }));
    }
}

TEST_CASE("HTTP/1.1 is agreed on, and a client that knows only another protocol is told so") {
    const SecureServer secure;
    const auto offering = [](const std::string& names) {
        return [names](SSL_CTX* context) {
            SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(names.data()),
                                    static_cast<unsigned>(names.size()));
        };
    };
    SecureClient client(secure.port(), offering("\x02h2\x08http/1.1"));
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.native(), &chosen, &size);
    CHECK(std::string(reinterpret_cast<const char*>(chosen), size) == "http/1.1");
    CHECK_FALSE(shakes_hands(secure.port(), offering("\x02h2")));
}

TEST_CASE("keys that cannot be used are refused by name") {
    const auto pair = new_pair("first");
    const KeyFolder folder(pair);
    CHECK(reason_of(folder.files()) == "opened");
    ::chmod(folder.files().key.c_str(), 0640);
    CHECK(reason_of(folder.files()) == "app.tls_key_too_open");
    KeyFolder::write(folder.files().key, new_pair("other").key, 0600);
    CHECK(reason_of(folder.files()) == "app.tls_key_of_another");
    KeyFolder::write(folder.files().key, "no key", 0600);
    CHECK(reason_of(folder.files()) == "app.tls_key_unreadable");
    KeyFolder::write(folder.files().certificate, pair.key, 0600);
    CHECK(reason_of(folder.files()) == "app.tls_certificate_unreadable");
    std::filesystem::remove(folder.files().certificate);
    CHECK(reason_of(folder.files()) == "app.tls_file_missing");
}

TEST_CASE("a new pair is taken without a connection lost, a broken one is not") {
    const SecureServer secure;
    SecureClient before(secure.port());
    CHECK(before.certificate_name() == "first");
    secure.keys->look();
    CHECK(SecureClient(secure.port()).certificate_name() == "first");
    secure.folder.put(new_pair("second", 9));
    secure.keys->look();
    CHECK(SecureClient(secure.port()).certificate_name() == "second");
    CHECK(before.get("/healthz").starts_with("HTTP/1.1 200"));
    const auto ends_at_s = secure.keys->ends_at_s();
    CHECK(ends_at_s > std::time(nullptr) + 8 * 86'400);
    // Half of a renewal, then all of it.
    const auto third = new_pair("third", 10);
    KeyFolder::write(secure.folder.files().certificate, third.certificate, 0644);
    secure.keys->look();
    CHECK(SecureClient(secure.port()).certificate_name() == "second");
    CHECK(secure.keys->ends_at_s() == ends_at_s);
    KeyFolder::write(secure.folder.files().key, third.key, 0600);
    secure.keys->look();
    CHECK(SecureClient(secure.port()).certificate_name() == "third");
    std::filesystem::remove(secure.folder.files().key);
    secure.keys->look();
    CHECK(SecureClient(secure.port()).certificate_name() == "third");
}

TEST_CASE("handshakes that do not go on end, and are not begun without end") {
    const SecureServer secure([](ServerOptions& options) {
        options.limits.first_byte_timeout = 150ms;
        options.limits.handshake_timeout = 300ms;
        options.limits.handshakes_max = 2;
    });
    TestClient silent(secure.port());
    CHECK(silent.waits_for_close());
    std::vector<std::unique_ptr<TestClient>> half;
    for (int i = 0; i < 3; ++i) {
        half.push_back(std::make_unique<TestClient>(secure.port()));
        half.back()->send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
    }
    for (auto& one : half) CHECK(one->waits_for_close());
    CHECK(shakes_hands(secure.port(), [](SSL_CTX*) {}));
    TestClient plain(secure.port());
    plain.send_request("GET", "/healthz");
    CHECK_FALSE(plain.read_until("200"));
}

TEST_CASE("the plain port leads to the public address and answers nothing else") {
    const SecureServer secure([](ServerOptions& options) {
        options.redirect_port = 0;
        options.public_url = "https://permits.example.gov.cn";
        options.hsts_max_age = 1h;
    });
    const auto port = secure.server.server->redirect_port();
    const auto moved = ask_once(port, "GET", "/permits/33?x=%20");
    CHECK(moved.status == 308);
    CHECK(moved.header("location") == "https://permits.example.gov.cn/permits/33?x=%20");
    CHECK(moved.header("strict-transport-security").empty());
    CHECK(moved.header("connection") == "close");
    CHECK(ask_once(port, "POST", "/api/v1/open").status == 308);
    SecureClient client(secure.port());
    CHECK(client.get("/healthz").find("Strict-Transport-Security: max-age=3600\r\n") != std::string::npos);
}

TEST_CASE("without a public address by https nothing is promised about it") {
    const TestServer server;
    CHECK(ask_once(server.port(), "GET", "/healthz").header("strict-transport-security").empty());
}
