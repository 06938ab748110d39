#include "http/client.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <charconv>

namespace kaigong::http {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;

constexpr std::uint32_t kAnswerHeaderBytesMax = 16'384;
constexpr std::size_t kBufferBytesMax = 128UL * 1024;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

using Tcp = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;
using Outgoing = beast::http::request<beast::http::string_body>;
using AnswerParser = beast::http::response_parser<beast::http::string_body>;

Error url_malformed() {
    return error(Errc::invalid_input, "http.url_malformed",
                 "网址应写成 http://主机:端口/路径 或 https://主机/路径，不带用户名，请改正。");
}

Error not_reached(const Address& to, const std::string& why) {
    return error(Errc::unavailable, "http.not_reached",
                 fmt::format("连接不上 {}（{}），请检查网址和网络，稍后会再试。", to.authority(), why));
}

Error failure_of(const Address& to, const boost::system::error_code& code) {
    if (code == beast::error::timeout) {
        return error(Errc::unavailable, "http.too_slow", to.authority() + " 没有在限定时间内答复，请稍后再试。");
    }
    if (code == beast::http::error::body_limit || code == beast::http::error::header_limit) {
        return error(Errc::too_large, "http.answer_too_large", to.authority() + " 的答复太大，没有收取，请核对网址。");
    }
    if (code.category() == net::error::get_ssl_category() || code == net::ssl::error::stream_truncated) {
        return error(
            Errc::unavailable, "http.not_trusted",
            fmt::format("{} 的证书不受信任（{}），请核对网址，或配置它的根证书。", to.authority(), code.message()));
    }
    if (code.category() == beast::http::make_error_code(beast::http::error::bad_version).category() &&
        code != beast::http::error::end_of_stream && code != beast::http::error::partial_message) {
        return error(Errc::unavailable, "http.answer_malformed",
                     to.authority() + " 的答复不是 HTTP，请核对网址和端口。");
    }
    return not_reached(to, code.message());
}

Outgoing request_of(const Call& wanted, const Address& to) {
    Outgoing request;
    request.version(11);
    request.method(beast::http::string_to_verb(std::string(to_string(wanted.method))));
    request.target(to.target);
    request.set(beast::http::field::host, to.authority());
    request.set(beast::http::field::user_agent, "kaigong");
    request.set(beast::http::field::connection, "close");
    if (!wanted.content_type.empty()) request.set(beast::http::field::content_type, wanted.content_type);
    if (wanted.method != Method::get) {
        request.body() = wanted.body;
        request.prepare_payload();
    }
    return request;
}

/// One call, on an io_context of its own. Failures come as boost::system::system_error.
class Exchange {
  public:
    Exchange(Address to, Outgoing request, const CallLimits& limits)
        : to_(std::move(to)), request_(std::move(request)), limits_(limits) {
        parser_.body_limit(limits.body_bytes_max);
        parser_.header_limit(kAnswerHeaderBytesMax);
    }

    Result<Answer> run() {
        boost::system::error_code failure;
        net::co_spawn(context_, whole(), [&](const std::exception_ptr& thrown) { failure = code_of(thrown); });
        context_.run();
        if (refused_) return std::move(*refused_);
        if (failure) return failure_of(to_, failure);
        const auto& message = parser_.get();
        return Answer{static_cast<int>(message.result_int()), std::string(message[beast::http::field::content_type]),
                      message.body()};
    }

  private:
    /// What is no failure of the network is a bug and goes on.
    static boost::system::error_code code_of(const std::exception_ptr& thrown) {
        if (!thrown) return {};
        try {
            std::rethrow_exception(thrown);
        } catch (const boost::system::system_error& fault) {
            return fault.code();
        }
    }

    net::awaitable<void> whole() {
        if (to_.secure) {
            co_await through_tls();
        } else {
            Tcp stream(context_);
            co_await connect(stream);
            co_await exchange(stream);
        }
    }

    net::awaitable<void> connect(Tcp& stream) {
        net::ip::tcp::resolver resolver(context_);
        const std::string port = fmt::to_string(to_.port);
        const auto found = co_await resolver.async_resolve(to_.host, port, net::use_awaitable);
        const auto endpoints = allowed_of(found);
        stream.expires_at(ends_at_);
        co_await stream.async_connect(endpoints, net::use_awaitable);
    }

    /// Throws, and leaves word in `refused_`, when none is left.
    std::vector<net::ip::tcp::endpoint> allowed_of(const net::ip::tcp::resolver::results_type& found) {
        std::vector<net::ip::tcp::endpoint> allowed;
        for (const auto& entry : found) {
            const auto ip = entry.endpoint().address().to_string();
            if (limits_.policy == nullptr || limits_.policy->may_connect(to_, ip)) allowed.push_back(entry.endpoint());
        }
        if (allowed.empty()) {
            refused_ = error(
                Errc::forbidden, "http.destination_private",
                fmt::format("{} 指向内部网络的地址，没有连接。确需访问请管理员写明 主机:端口。", to_.authority()));
            throw boost::system::system_error(net::error::access_denied);
        }
        return allowed;
    }

    net::awaitable<void> through_tls() {
        net::ssl::context trust(net::ssl::context::tls_client);
        trust.set_options(net::ssl::context::default_workarounds | net::ssl::context::no_tlsv1 |
                          net::ssl::context::no_tlsv1_1);
        if (limits_.roots_pem.empty()) {
            trust.set_default_verify_paths();
        } else {
            trust.add_certificate_authority(net::buffer(limits_.roots_pem));
        }
        trust.set_verify_mode(net::ssl::verify_peer);
        Tls stream(context_, trust);
        const net::ssl::host_name_verification right_name(to_.host);
        stream.set_verify_callback(right_name);
        SSL_set_tlsext_host_name(stream.native_handle(), to_.host.c_str());
        co_await connect(beast::get_lowest_layer(stream));
        co_await stream.async_handshake(net::ssl::stream_base::client, net::use_awaitable);
        // The answer has a length or is cut in chunks, so the other side need not take leave.
        co_await exchange(stream);
    }

    template <class Stream>
    net::awaitable<void> exchange(Stream& stream) {
        co_await beast::http::async_write(stream, request_, net::use_awaitable);
        co_await beast::http::async_read(stream, buffer_, parser_, net::use_awaitable);
    }

    const Address to_;
    const Outgoing request_;
    const CallLimits& limits_;
    const std::chrono::steady_clock::time_point ends_at_ = std::chrono::steady_clock::now() + limits_.deadline;
    net::io_context context_;
    std::optional<Error> refused_;
    /// The limits of the parser count neither the extensions of chunks nor what stands behind the last one.
    beast::flat_buffer buffer_{kBufferBytesMax};
    AnswerParser parser_;
};

/// `host`, `host:port`, `[::1]:port`.
bool split_authority(std::string_view text, Address& address) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return false;
        address.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
        if (!port.empty() && !port.starts_with(':')) return false;
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        address.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (address.host.empty()) return false;
    if (port.empty()) return true;
    const auto digits = port.substr(1);
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
    return fault == std::errc() && end == digits.data() + digits.size() && address.port != 0;
}

}  // namespace

Result<Address> Address::parse(std::string_view url) {
    constexpr std::string_view kPlain = "http://";
    constexpr std::string_view kSecure = "https://";
    Address address;
    address.secure = url.starts_with(kSecure);
    if (!address.secure && !url.starts_with(kPlain)) return url_malformed();
    url.remove_prefix(address.secure ? kSecure.size() : kPlain.size());
    address.port = address.secure ? kHttpsPort : kHttpPort;
    const auto is_wrong = [](char c) { return c <= ' ' || c > '~' || c == '@' || c == '#' || c == '\\'; };
    if (std::ranges::any_of(url, is_wrong)) return url_malformed();
    const auto slash = std::min(url.find_first_of("/?"), url.size());
    if (!split_authority(url.substr(0, slash), address)) return url_malformed();
    address.target = url.substr(slash);
    if (!address.target.starts_with('/')) address.target.insert(0, "/");
    return address;
}

std::string Address::authority() const {
    const bool is_ipv6 = host.find(':') != std::string::npos;
    const auto name = is_ipv6 ? "[" + host + "]" : host;
    return port == (secure ? kHttpsPort : kHttpPort) ? name : fmt::format("{}:{}", name, port);
}

Result<Answer> call(const Call& wanted, const CallLimits& limits) {
    KAIGONG_TRY(to, Address::parse(wanted.url));
    if (limits.policy != nullptr) KAIGONG_CHECK(limits.policy->check(to));
    auto request = request_of(wanted, to);
    return Exchange(to, std::move(request), limits).run();
}

}  // namespace kaigong::http
