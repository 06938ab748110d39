#include "crypto/cbor.hpp"

namespace kaigong::crypto {
namespace {

constexpr int kDepthMax = 4;

struct Head {
    int major = 0;
    std::uint64_t argument = 0;
    std::size_t end = 0;
};

std::optional<Head> head_at(BytesView bytes, std::size_t at) {
    if (at >= bytes.size()) return std::nullopt;
    Head head{bytes[at] >> 5, static_cast<std::uint64_t>(bytes[at] & 0x1F), at + 1};
    if (head.argument < 24) return head;
    if (head.argument > 27) return std::nullopt;
    const std::size_t length = std::size_t{1} << (head.argument - 24);
    if (length > bytes.size() - head.end) return std::nullopt;
    head.argument = 0;
    for (std::size_t i = 0; i < length; ++i) head.argument = (head.argument << 8) | bytes[head.end + i];
    head.end += length;
    return head;
}

std::optional<std::size_t> end_of(BytesView bytes, std::size_t at, int depth);

/// Each item takes a byte at least, so a count that lies ends with the bytes.
std::optional<std::size_t> end_of_items(BytesView bytes, std::size_t at, std::uint64_t count, int depth) {
    if (depth == 0 || count > bytes.size()) return std::nullopt;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto end = end_of(bytes, at, depth - 1);
        if (!end) return std::nullopt;
        at = *end;
    }
    return at;
}

std::optional<std::size_t> end_of(BytesView bytes, std::size_t at, int depth) {
    const auto head = head_at(bytes, at);
    if (!head) return std::nullopt;
    switch (head->major) {
        case 2:
        case 3:
            if (head->argument > bytes.size() - head->end) return std::nullopt;
            return head->end + head->argument;
        case 4: return end_of_items(bytes, head->end, head->argument, depth);
        case 5:
            // Twice a count of 2^63 and more would be a small one.
            if (head->argument > bytes.size()) return std::nullopt;
            return end_of_items(bytes, head->end, 2 * head->argument, depth);
        case 6: return end_of_items(bytes, head->end, 1, depth);
        default: return head->end;
    }
}

}  // namespace

std::optional<std::size_t> end_of_cbor_item(BytesView bytes, std::size_t at) {
    return end_of(bytes, at, kDepthMax);
}

}  // namespace kaigong::crypto
