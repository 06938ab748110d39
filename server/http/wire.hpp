// The bytes of one connection, plain or through TLS. What reads and writes HTTP need not know which; without TLS
// nothing stands between it and the socket.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <optional>
#include <utility>

#include "http/tls_keys.hpp"

namespace kaigong::http {

namespace asio = boost::asio;

using IoExecutor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, IoExecutor>;

/// An AsyncReadStream and AsyncWriteStream of Boost.Asio. On its I/O thread alone.
class Wire {
  public:
    using executor_type = IoExecutor;

    explicit Wire(Socket socket) : socket_(std::move(socket)) {}
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    executor_type get_executor() { return socket_.get_executor(); }
    Socket& socket() { return socket_; }
    bool is_secure() const { return tls_.has_value(); }

    /// The other side speaks first. From here on every byte goes through TLS.
    template <class Token>
    auto shake_hands(const TlsContext& context, Token token) {
        context_ = context;
        tls_.emplace(socket_, *context_);
        return tls_->async_handshake(asio::ssl::stream_base::server, token);
    }
    /// Takes leave as TLS wants it, so that what was sent is known to be all.
    template <class Token>
    auto take_leave(Token token) {
        return tls_->async_shutdown(token);
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token) {
        if (tls_) return tls_->async_read_some(buffers, std::forward<Token>(token));
        return socket_.async_read_some(buffers, std::forward<Token>(token));
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token) {
        if (tls_) return tls_->async_write_some(buffers, std::forward<Token>(token));
        return socket_.async_write_some(buffers, std::forward<Token>(token));
    }

  private:
    Socket socket_;
    /// Kept while this connection lives, whatever the server's keys are by then.
    TlsContext context_;
    std::optional<asio::ssl::stream<Socket&>> tls_;
};

}  // namespace kaigong::http
