#include "http/static_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "crypto/digest.hpp"
#include "http/compression.hpp"
#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

constexpr std::uintmax_t kBytesMax = 64ULL << 20U;

struct ExtensionType {
    std::string_view extension;
    std::string_view type;
    bool text;
};

constexpr std::array kTypes{
    ExtensionType{".html", "text/html; charset=utf-8", true},
    ExtensionType{".js", "text/javascript; charset=utf-8", true},
    ExtensionType{".mjs", "text/javascript; charset=utf-8", true},
    ExtensionType{".css", "text/css; charset=utf-8", true},
    ExtensionType{".json", "application/json", true},
    ExtensionType{".webmanifest", "application/manifest+json", true},
    ExtensionType{".svg", "image/svg+xml", true},
    ExtensionType{".txt", "text/plain; charset=utf-8", true},
    ExtensionType{".wasm", "application/wasm", true},
    ExtensionType{".ttf", "font/ttf", true},
    ExtensionType{".png", "image/png", false},
    ExtensionType{".jpg", "image/jpeg", false},
    ExtensionType{".webp", "image/webp", false},
    ExtensionType{".ico", "image/x-icon", false},
    ExtensionType{".woff2", "font/woff2", false},
    ExtensionType{".woff", "font/woff", false},
};

ExtensionType type_of(const std::string& name) {
    for (const auto& line : kTypes) {
        if (name.ends_with(line.extension)) return line;
    }
    return {"", "application/octet-stream", false};
}

std::string read_whole(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return std::move(text).str();
}

std::string etag_of(std::string_view bytes) {
    const auto digest = crypto::sha256(crypto::view(bytes));
    std::string tag = "\"";
    for (std::size_t i = 0; i < 8; ++i) tag += fmt::format("{:02x}", digest.at(i));
    return tag + "\"";
}

/// `index-BX3kq9Zt.js`: eight characters of a content hash before the extension, as the bundler writes them.
bool has_hash_in_name(const std::string& path) {
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.find('.');
    if (dot == std::string::npos || dot < 9 || name[dot - 9] != '-') return false;
    const auto hash = name.substr(dot - 8, 8);
    return std::ranges::all_of(hash, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

SharedBytes compressed(const std::filesystem::path& beside, const std::string& plain,
                       std::string (*compress)(std::string_view)) {
    std::string bytes = std::filesystem::exists(beside) ? read_whole(beside) : compress(plain);
    if (bytes.size() >= plain.size()) return nullptr;
    return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const StaticMount& mount) {
    std::error_code failure;
    if (!std::filesystem::is_directory(mount.folder, failure)) {
        return error(Errc::invalid_input, "http.static_folder_missing",
                     fmt::format("找不到网页文件目录 {}，请先构建网页端，或改正配置。", mount.folder.string()));
    }
    StaticFiles result;
    result.prefix_ = mount.prefix;
    result.single_page_ = mount.single_page;
    std::uintmax_t total = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(mount.folder)) {
        const auto name = entry.path().lexically_relative(mount.folder).generic_string();
        if (!entry.is_regular_file() || name.ends_with(".br") || name.ends_with(".gz")) continue;
        total += entry.file_size();
        if (total > kBytesMax) {
            return error(Errc::invalid_input, "http.static_folder_too_large",
                         fmt::format("网页文件目录 {} 超过 {} 字节的上限。", mount.folder.string(), kBytesMax));
        }
        const auto type = type_of(name);
        const auto content = read_whole(entry.path());
        File file;
        file.content_type = type.type;
        file.etag = etag_of(content);
        file.immutable = has_hash_in_name(name);
        file.plain = std::make_shared<const std::string>(content);
        if (type.text) {
            file.brotli = compressed(entry.path().string() + ".br", content, brotli);
            file.gzip = compressed(entry.path().string() + ".gz", content, gzip);
        }
        result.files_.emplace(name, std::move(file));
    }
    return result;
}

Reply StaticFiles::reply_of(const File& file, std::string_view accept_encoding, std::string_view if_none_match) {
    Reply reply;
    reply.kind = ContentKind::page;
    reply.with_header("ETag", file.etag);
    reply.with_header("Vary", "Accept-Encoding");
    reply.with_header("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (names_etag(if_none_match, file.etag)) {
        reply.status = 304;
        return reply;
    }
    reply.content_type = file.content_type;
    if (file.brotli && accepts_encoding(accept_encoding, "br")) {
        reply.with_header("Content-Encoding", "br");
        reply.body = file.brotli;
    } else if (file.gzip && accepts_encoding(accept_encoding, "gzip")) {
        reply.with_header("Content-Encoding", "gzip");
        reply.body = file.gzip;
    } else {
        reply.body = file.plain;
    }
    return reply;
}

std::optional<Reply> StaticFiles::find(std::string_view path, std::string_view accept_encoding,
                                       std::string_view if_none_match) const {
    if (!path.starts_with(prefix_)) return std::nullopt;
    const auto name = path.substr(prefix_.size());
    auto found = files_.find(name.empty() ? "index.html" : name);
    const bool is_route = name.substr(name.rfind('/') + 1).find('.') == std::string_view::npos;
    if (found == files_.end() && single_page_ && is_route) found = files_.find("index.html");
    if (found == files_.end()) return std::nullopt;
    return reply_of(found->second, accept_encoding, if_none_match);
}

}  // namespace kaigong::http
