#include "crypto/long_field.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

/// A sealed field holds at most 64 KiB.
constexpr std::size_t kPieceBytes = 48'000;

/// Whoever writes into the database can cut it where a piece ends: what is left opens, but not as the last.
Error incomplete() {
    return error(Errc::internal, "crypto.field_incomplete",
                 "已加密的数据不完整：结尾被删，或是旧版本试用时写的。请管理员从备份核对；旧的试用数据请清空后重建。");
}

Result<std::string> open_last(const KeyRing& ring, const FieldPlace& place, std::size_t piece,
                              std::string_view sealed) {
    auto text = open_field(ring, {place.table, piece_name(place.field, piece, true), place.row_id}, sealed);
    if (text || text.error().reason != "crypto.field_tampered") return text;
    const auto inner = open_field(ring, {place.table, piece_name(place.field, piece, false), place.row_id}, sealed);
    return inner ? Result<std::string>(incomplete()) : text;
}

}  // namespace

std::string piece_name(std::string_view field, std::size_t piece, bool is_last) {
    return std::string(field) + "." + std::to_string(piece) + (is_last ? ".last" : "");
}

Result<std::string> seal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view text) {
    std::string sealed;
    for (std::size_t piece = 0;; ++piece) {
        const bool is_last = text.size() <= kPieceBytes;
        const auto field = piece_name(place.field, piece, is_last);
        KAIGONG_TRY(part, seal_field(ring, {place.table, field, place.row_id}, text.substr(0, kPieceBytes)));
        sealed += part;
        if (is_last) return sealed;
        sealed += '\n';
        text.remove_prefix(kPieceBytes);
    }
}

Result<std::string> open_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed) {
    std::string text;
    for (std::size_t piece = 0;; ++piece) {
        const auto end = sealed.find('\n');
        if (end == std::string_view::npos) {
            KAIGONG_TRY(last, open_last(ring, place, piece, sealed));
            return text + last;
        }
        const auto field = piece_name(place.field, piece, false);
        KAIGONG_TRY(part, open_field(ring, {place.table, field, place.row_id}, sealed.substr(0, end)));
        text += part;
        sealed.remove_prefix(end + 1);
    }
}

std::map<std::string, std::int64_t> keys_named(std::string_view sealed) {
    std::map<std::string, std::int64_t> named;
    while (!sealed.empty()) {
        const auto end = sealed.find('\n');
        if (const auto key_id = key_of_field(sealed.substr(0, end)); !key_id.empty()) ++named[key_id];
        sealed.remove_prefix(end == std::string_view::npos ? sealed.size() : end + 1);
    }
    return named;
}

Result<std::string> reseal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed) {
    KAIGONG_TRY(text, open_long_field(ring, place, sealed));
    return seal_long_field(ring, place, text);
}

}  // namespace kaigong::crypto
