#include "crypto/long_field.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

/// A sealed field holds at most 64 KiB.
constexpr std::size_t kPieceBytes = 48'000;

std::string piece_name(std::string_view field, std::size_t piece) {
    return std::string(field) + "." + std::to_string(piece);
}

}  // namespace

Result<std::string> seal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view text) {
    std::string sealed;
    for (std::size_t at = 0, piece = 0; at < text.size(); at += kPieceBytes, ++piece) {
        const auto field = piece_name(place.field, piece);
        KAIGONG_TRY(part, seal_field(ring, {place.table, field, place.row_id}, text.substr(at, kPieceBytes)));
        if (piece > 0) sealed += '\n';
        sealed += part;
    }
    return sealed;
}

Result<std::string> open_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed) {
    std::string text;
    std::size_t piece = 0;
    for (std::size_t at = 0; at < sealed.size(); ++piece) {
        const auto end = std::min(sealed.find('\n', at), sealed.size());
        const auto field = piece_name(place.field, piece);
        KAIGONG_TRY(part, open_field(ring, {place.table, field, place.row_id}, sealed.substr(at, end - at)));
        text += part;
        at = end + 1;
    }
    return text;
}

}  // namespace kaigong::crypto
