// A small blocking HTTP client for tests: sends exactly the bytes it is told, whole or broken.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/header_fields.hpp"

namespace kaigong::http {

struct ClientReply {
    int status = 0;
    /// Names in lower case.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    /// Empty when it is not there.
    std::string header(std::string_view lower_case_name) const {
        for (const auto& [name, value] : headers) {
            if (name == lower_case_name) return value;
        }
        return "";
    }
};

class TestClient {
  public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// `from`: an address of this machine (127.0.0.2 …), for what is counted by address.
    explicit TestClient(std::uint16_t port, const char* from = "127.0.0.1")
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        const int at_once =
            1;  // header and body are two writes: without this the second waits for an answer to the first
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        ::inet_pton(AF_INET, from, &own.sin_addr);
        if (::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(socket_);
            throw std::runtime_error("the test server does not answer");
        }
    }
    TestClient(const TestClient&) = delete;
    TestClient& operator=(const TestClient&) = delete;
    ~TestClient() { ::close(socket_); }

    /// False when the server no longer takes bytes.
    bool send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    bool send_request(std::string_view method, std::string_view target, const Headers& headers = {},
                      std::string_view body = {}) const {
        std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
        for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
        if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return send(text + "\r\n") && send(body);
    }

    /// Nothing when the server closed before a whole reply came. Interim replies (100) are read like any other.
    std::optional<ClientReply> read_reply(bool without_body = false) {
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!read_more()) return std::nullopt;
        }
        auto reply = parse_head(std::string_view(buffer_).substr(0, end));
        buffer_.erase(0, end + 4);
        const auto length = reply.header("content-length");
        const std::size_t size = without_body || length.empty() ? 0 : std::stoul(length);
        while (buffer_.size() < size) {
            if (!read_more()) return std::nullopt;
        }
        reply.body = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return reply;
    }

    /// Throws when there is no whole reply.
    ClientReply ask(std::string_view method, std::string_view target, const Headers& headers = {},
                    std::string_view body = {}) {
        send_request(method, target, headers, body);
        auto reply = read_reply(method == "HEAD");
        if (!reply) throw std::runtime_error("the server closed without a reply");
        return std::move(*reply);
    }

    /// Reads on until this was sent, and takes it; false when the server closed, or sent nothing for 20 s.
    bool read_until(std::string_view text) {
        std::size_t at = 0;
        while ((at = buffer_.find(text)) == std::string::npos) {
            if (!read_more()) return false;
        }
        buffer_.erase(0, at + text.size());
        return true;
    }

    /// Waits until the server closes; false when it sends something, or nothing for 20 s.
    bool waits_for_close() {
        char byte = 0;
        const auto count = ::recv(socket_, &byte, 1, 0);
        return count == 0 || (count < 0 && errno == ECONNRESET);
    }
    void close_sending() const { ::shutdown(socket_, SHUT_WR); }

  private:
    static ClientReply parse_head(std::string_view head) {
        ClientReply reply;
        reply.status = std::stoi(std::string(head.substr(head.find(' ') + 1, 3)));
        for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n")) {
            head.remove_prefix(at + 2);
            const auto line = head.substr(0, head.find("\r\n"));
            const auto colon = line.find(':');
            reply.headers.emplace_back(lower_case(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1))));
        }
        return reply;
    }

    bool read_more() {
        char bytes[16'384];
        const auto count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    int socket_;
    std::string buffer_;
};

/// One request over a connection of its own.
inline ClientReply ask_once(std::uint16_t port, std::string_view method, std::string_view target,
                            const TestClient::Headers& headers = {}, std::string_view body = {}) {
    TestClient client(port);
    return client.ask(method, target, headers, body);
}

}  // namespace kaigong::http
