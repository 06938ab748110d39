#include "http/client.hpp"

#include <doctest/doctest.h>
#include <thread>

#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

std::string at(std::uint16_t port, const std::string& path) {
    return "http://127.0.0.1:" + std::to_string(port) + path;
}

/// Takes one connection, says what it is told, and keeps the line open until it goes.
class RawServer {
  public:
    explicit RawServer(std::string says) : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
        REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
        port_ = ntohs(address.sin_port);
        talker_ = std::thread([this, says = std::move(says)] {
            peer_ = ::accept(listener_, nullptr, nullptr);
            for (std::size_t done = 0; peer_ >= 0 && done < says.size();) {
                const auto more = ::send(peer_, says.data() + done, says.size() - done, MSG_NOSIGNAL);
                if (more <= 0) break;
                done += static_cast<std::size_t>(more);
            }
        });
    }
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;
    ~RawServer() {
        talker_.join();
        ::close(peer_);
        ::close(listener_);
    }
    std::uint16_t port() const { return port_; }

  private:
    int listener_;
    int peer_ = -1;
    std::uint16_t port_ = 0;
    std::thread talker_;
};

std::string reason_of(const Result<Answer>& answer) {
    return answer ? fmt::format("answered {}", answer->status) : answer.error().reason;
}

}  // namespace

TEST_CASE("an address is taken apart, and anything else than one is refused") {
    const auto plain = Address::parse("http://127.0.0.1:8600/ledger/permits/checkpoint?x=1").value();
    CHECK_FALSE(plain.secure);
    CHECK(plain.host == "127.0.0.1");
    CHECK(plain.port == 8600);
    CHECK(plain.target == "/ledger/permits/checkpoint?x=1");
    CHECK(plain.authority() == "127.0.0.1:8600");
    const auto secure = Address::parse("https://tsa.example.cn").value();
    CHECK(secure.secure);
    CHECK(secure.port == 443);
    CHECK(secure.target == "/");
    CHECK(secure.authority() == "tsa.example.cn");
    const auto six = Address::parse("http://[::1]:80/a").value();
    CHECK(six.host == "::1");
    CHECK(six.authority() == "[::1]");
    for (const char* wrong :
         {"", "ftp://a/", "http://", "http:///a", "http://a:0/", "http://a:70000/", "http://a:8x/",
          "http://user:word@a/", "http://a/#b", "http://a/b c", "http://[::1/", "http://a\r\nX: y/"}) {
        CAPTURE(wrong);
        CHECK_FALSE(Address::parse(wrong));
    }
}

TEST_CASE("a call brings back status, type and body, whatever the status is") {
    const TestServer server;
    const auto answer = call({.url = at(server.port(), "/api/v1/echo/a?q=b")}).value();
    CHECK(answer.status == 200);
    CHECK(answer.content_type.starts_with("application/json"));
    CHECK(answer.body.find("\"q\":\"b\"") != std::string::npos);
    CHECK(call({.url = at(server.port(), "/nothing")})->status == 404);
    const auto posted =
        call({Method::post, at(server.port(), "/api/v1/json"), "application/json", R"({"name":"abc"})"});
    REQUIRE(posted);
    CHECK(posted->status == 201);
    CHECK(posted->body.find("abc") != std::string::npos);
}

TEST_CASE("a larger answer than allowed is not taken") {
    const TestServer server;
    CHECK(call({.url = at(server.port(), "/large")}, {.body_bytes_max = 1'000'000})->body.size() == 1'000'000);
    CHECK(reason_of(call({.url = at(server.port(), "/large")}, {.body_bytes_max = 999'999})) ==
          "http.answer_too_large");
}

TEST_CASE("what stands beside the body is limited too") {
    const std::string begin = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string much(1'000'000, 'a');
    for (const auto& rest : {"1;x=" + much, "1\r\na\r\n0\r\nX: " + much}) {
        const RawServer talker(begin + rest);
        CHECK(reason_of(call({.url = at(talker.port(), "/")}, {std::chrono::seconds(2)})) == "http.answer_malformed");
    }
    const RawServer honest(begin + "1;x=y\r\na\r\n0\r\nX: y\r\n\r\n");
    CHECK(call({.url = at(honest.port(), "/")})->body == "a");
}

TEST_CASE("nobody there, silence and nonsense are told apart") {
    std::uint16_t left = 0;
    {
        const RawServer gone("");
        left = gone.port();
        CHECK(reason_of(call({.url = at(left, "/")}, {std::chrono::milliseconds(50)})) == "http.too_slow");
    }
    CHECK(reason_of(call({.url = at(left, "/")})) == "http.not_reached");
    const RawServer silent("");
    CHECK(reason_of(call({.url = at(silent.port(), "/")}, {std::chrono::milliseconds(100)})) == "http.too_slow");
    const RawServer half("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    CHECK(reason_of(call({.url = at(half.port(), "/")}, {std::chrono::milliseconds(100)})) == "http.too_slow");
    const RawServer strange("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    CHECK(reason_of(call({.url = at(strange.port(), "/")})) == "http.answer_malformed");
}

TEST_CASE("a redirect is an answer and is not followed") {
    const RawServer elsewhere("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n");
    CHECK(call({.url = at(elsewhere.port(), "/")})->status == 302);
}

namespace {

/// Whom a policy of these entries lets be called at this port of this machine, by that name.
std::string called(const std::vector<std::string>& entries, const std::string& host, std::uint16_t port) {
    const auto policy = CallPolicy::parse(entries).value();
    return reason_of(call({.url = fmt::format("http://{}:{}/healthz", host, port)}, {.policy = &policy}));
}

}  // namespace

TEST_CASE("an address of data is called when its host is listed, and inside only with its port") {
    const TestServer server([](ServerOptions& options) { options.hosts = {"127.1", "2130706433", "0x7f000001"}; });
    const auto port = server.port();
    const auto here = ":" + std::to_string(port);
    CHECK(called({}, "127.0.0.1", port) == "http.destination_not_allowed");
    CHECK(called({"localhost"}, "localhost", port) == "http.destination_not_allowed");
    CHECK(called({"localhost:1"}, "localhost", port) == "http.destination_not_allowed");
    CHECK(called({"127.0.0.1" + here}, "localhost", port) == "http.destination_not_allowed");
    CHECK(called({"localhost" + here}, "localhost", port) == "answered 200");
    CHECK(called({"LOCALHOST" + here}, "localhost", port) == "answered 200");
    CHECK(called({"127.0.0.1" + here}, "127.0.0.1", port) == "answered 200");
}

TEST_CASE("a name that leads inside is not connected to, however it is written") {
    // The usual port, so that the entries need none; nobody is asked to connect, whoever listens there.
    for (const char* host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "10.0.0.1",
                             "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
        CAPTURE(host);
        const auto policy = CallPolicy::parse({host}).value();
        CHECK(reason_of(call({.url = fmt::format("http://{}/", host)}, {.policy = &policy})) ==
              "http.destination_private");
    }
}

TEST_CASE("a redirect to the inside is an answer to somebody outside and leads nowhere") {
    const RawServer elsewhere("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n");
    CHECK(called({"127.0.0.1:" + std::to_string(elsewhere.port())}, "127.0.0.1", elsewhere.port()) == "answered 302");
}

TEST_CASE("names below a domain are meant by a star, never with other addresses than public ones") {
    const auto policy = CallPolicy::parse({"*.example.org", "sso.example.net", "10.1.2.3:8443"}).value();
    const auto may = [&](const char* url) { return policy.check(Address::parse(url).value()).has_value(); };
    CHECK(may("https://a.example.org/x"));
    CHECK(may("https://a.b.EXAMPLE.org./x"));
    CHECK_FALSE(may("https://example.org/"));
    CHECK_FALSE(may("https://badexample.org/"));
    CHECK_FALSE(may("https://a.example.org:8443/"));
    CHECK(may("https://sso.example.net/"));
    CHECK(may("http://sso.example.net/"));
    CHECK_FALSE(may("https://x.sso.example.net/"));
    CHECK(may("https://10.1.2.3:8443/"));
    CHECK(policy.may_connect(Address::parse("https://10.1.2.3:8443/").value(), "10.1.2.3"));
    CHECK(policy.may_connect(Address::parse("https://sso.example.net/").value(), "93.184.216.34"));
    CHECK_FALSE(policy.may_connect(Address::parse("https://sso.example.net/").value(), "192.168.1.1"));
    for (const char* wrong : {"", "*.example.org:443", "a:0", "a:70000", "a:", "http://a", "a/b", "a b", "[::1", "*"}) {
        CAPTURE(wrong);
        CHECK_FALSE(CallPolicy::parse({wrong}));
    }
}

TEST_CASE("addresses of the internet are told from all others") {
    for (const char* ip : {"1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "240e::1",
                           "64:ff9b::5db8:d822", "::ffff:1.1.1.1"}) {
        CAPTURE(ip);
        CHECK(is_public_address(ip));
    }
    for (const char* ip : {"0.0.0.0",
                           "10.255.255.255",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fe80::1%lo",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "fec0::1",
                           "2001:db8::1",
                           "2001::1",
                           "2001:2::1",
                           "3fff::1",
                           "::ffff:10.0.0.1",
                           "64:ff9b::a00:1",
                           "2002:a00:1::",
                           "::127.0.0.1",
                           "",
                           "localhost",
                           "1.1.1"}) {
        CAPTURE(ip);
        CHECK_FALSE(is_public_address(ip));
    }
}
