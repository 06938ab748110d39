// What a connection holds of what all share, counted while it does.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "http/edge.hpp"
#include "http/reply.hpp"

namespace kaigong::http {

/// Bytes that only this reply holds in memory until they are sent; of a stream one chunk at a time.
inline std::size_t held_bytes(const Reply& reply, std::size_t stream_chunk) {
    if (const auto* text = std::get_if<std::string>(&reply.body)) return text->size();
    const auto* stream = std::get_if<Stream>(&reply.body);
    return stream == nullptr ? 0 : static_cast<std::size_t>(std::min<std::uint64_t>(stream->bytes, stream_chunk));
}

/// Counts them while they wait for a reader.
class Unsent {
  public:
    Unsent(Edge& edge, std::size_t bytes) : edge_(edge), bytes_(bytes) { edge_.unsent_bytes.fetch_add(bytes); }
    Unsent(const Unsent&) = delete;
    Unsent& operator=(const Unsent&) = delete;
    ~Unsent() { edge_.unsent_bytes.fetch_sub(bytes_); }

  private:
    Edge& edge_;
    std::size_t bytes_;
};

/// A handshake while it lasts.
class Handshake {
  public:
    explicit Handshake(Edge& edge) : edge_(edge), before_(edge.handshakes.fetch_add(1)) {}
    Handshake(const Handshake&) = delete;
    Handshake& operator=(const Handshake&) = delete;
    ~Handshake() { edge_.handshakes.fetch_sub(1); }
    bool is_one_too_many() const { return before_ >= edge_.limits().handshakes_max; }

  private:
    Edge& edge_;
    std::size_t before_;
};

}  // namespace kaigong::http
