#include "app/ledger/log_source.hpp"

#include <fmt/format.h>
#include <fstream>
#include <sstream>

#include "http/client.hpp"

namespace kaigong::app {
namespace {

/// A bundle of the largest entries that there may be.
constexpr std::size_t kLogFileBytesMax = tlog::kTileWidth * (tlog::kEntryBytesMax + 2);
constexpr std::chrono::seconds kLogDeadline{30};
constexpr int kFound = 200;
constexpr int kNotThere = 404;

Error file_missing(const std::string& path) {
    return error(Errc::not_found, "ledger.file_missing",
                 fmt::format("日志里没有文件 {}，请核对地址；日志刚刚变大时，稍后重试即可。", path));
}

}  // namespace

Result<std::vector<tlog::Hash>> LogSource::tile(const tlog::TileId& tile) {
    auto bytes = file(tlog::tile_path(tile));
    if (bytes) return tlog::parse_tile(crypto::view(*bytes), tile.width);
    if (bytes.error().code != Errc::not_found || tile.width == tlog::kTileWidth) return bytes.error();
    KAIGONG_TRY(full, file(tlog::tile_path({tile.kind, tile.level, tile.index})));
    KAIGONG_TRY(hashes, tlog::parse_tile(crypto::view(full), tlog::kTileWidth));
    hashes.resize(tile.width);
    return std::move(hashes);
}

Result<std::vector<std::string>> LogSource::bundle(std::uint64_t index, unsigned width) {
    auto bytes = file(tlog::tile_path({tlog::TileKind::entries, 0, index, width}));
    if (bytes) return tlog::parse_bundle(crypto::view(*bytes), width);
    if (bytes.error().code != Errc::not_found || width == tlog::kTileWidth) return bytes.error();
    KAIGONG_TRY(full, file(tlog::tile_path({tlog::TileKind::entries, 0, index})));
    KAIGONG_TRY(entries, tlog::parse_bundle(crypto::view(full), tlog::kTileWidth));
    entries.resize(width);
    return std::move(entries);
}

LogOnNetwork::LogOnNetwork(std::string url) : url_(std::move(url)) {
    while (url_.ends_with('/')) url_.pop_back();
}

Result<std::string> LogOnNetwork::file(const std::string& path) {
    const http::Call wanted{.url = url_ + "/" + path};
    auto answer = http::call(wanted, {kLogDeadline, kLogFileBytesMax});
    if (!answer) return answer.error();
    if (answer->status == kFound) return std::move(answer->body);
    if (answer->status == kNotThere) return file_missing(path);
    return error(Errc::unavailable, "ledger.log_not_reached",
                 fmt::format("{} 答复 {}，请核对日志地址，或稍后重试。", wanted.url, answer->status));
}

Result<std::string> LogInFolder::file(const std::string& path) {
    const std::ifstream in(folder_ / path, std::ios::binary);
    if (!in) return file_missing(path);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

}  // namespace kaigong::app
