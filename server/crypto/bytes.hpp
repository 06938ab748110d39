// The two byte types of this folder: a view of bytes, and a buffer that is wiped when it goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaigong::crypto {

using BytesView = std::span<const std::uint8_t>;
using Bytes = std::vector<std::uint8_t>;

inline BytesView view(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string to_text(BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Overwrites the bytes in a way the optimiser keeps.
void wipe(std::span<std::uint8_t> bytes) noexcept;

/// Key bytes: moved, never copied by accident, wiped at the end. Not for comparing (see `equal_constant_time`).
class Secret {
  public:
    Secret() = default;
    explicit Secret(Bytes bytes) : bytes_(std::move(bytes)) {}
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe(bytes_);
            bytes_ = std::exchange(other.bytes_, {});
        }
        return *this;
    }
    ~Secret() { wipe(bytes_); }

    BytesView bytes() const { return bytes_; }
    std::size_t size() const { return bytes_.size(); }

  private:
    Bytes bytes_;
};

}  // namespace kaigong::crypto
