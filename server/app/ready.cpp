// ready: asks a server on this machine whether it is ready; what start scripts wait for.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app/verbs.hpp"

namespace kaigong::app {

int ready(const Arguments& arguments) {
    const int port = std::stoi(option(arguments, "--port", "8600"));
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return kNegative;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{2, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const std::string request =
        fmt::format("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", port);
    std::string reply(64, '\0');
    bool is_ready =
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
    if (is_ready) {
        const auto bytes = ::recv(descriptor, reply.data(), reply.size(), 0);
        is_ready = bytes > 12 && reply.substr(9, 3) == "200";
    }
    ::close(descriptor);
    return is_ready ? kDone : kNegative;
}

}  // namespace kaigong::app
