#include "app/ledger/log_folder_routes.hpp"

#include "app/ledger/log_source.hpp"
#include "engine/tlog/tile.hpp"
#include "http/request.hpp"

namespace kaigong::app {
namespace {

/// `tile/<level>/<up to four segments>` and a width at most.
constexpr std::array kMirroredPaths{"/checkpoint",
                                    "/tile/{a}/{b}",
                                    "/tile/{a}/{b}/{c}",
                                    "/tile/{a}/{b}/{c}/{d}",
                                    "/tile/{a}/{b}/{c}/{d}/{e}",
                                    "/tile/{a}/{b}/{c}/{d}/{e}/{f}"};

Result<http::Reply> mirrored(const std::filesystem::path& folder, const http::Request& request) {
    std::string path;
    for (const auto& [parameter, segment] : request.path_parameters) path += "/" + segment;
    path = path.empty() ? "checkpoint" : "tile" + path;
    const bool is_checkpoint = path == "checkpoint";
    if (!is_checkpoint && !tlog::parse_tile_path(path)) {
        return error(Errc::not_found, "ledger.file_missing", "镜像里没有这个文件，请按 checkpoint 中的条数取文件。");
    }
    KAIGONG_TRY(bytes, LogInFolder(folder).file(path));
    http::Reply reply;
    reply.content_type = is_checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream";
    reply.body = std::move(bytes);
    return std::move(reply)
        .with_header("Access-Control-Allow-Origin", "*")
        .with_header("Cache-Control", is_checkpoint ? "no-cache" : "public, max-age=31536000, immutable");
}

}  // namespace

std::vector<http::Endpoint> log_folder_routes(const std::filesystem::path& folder) {
    std::vector<http::Endpoint> all;
    all.reserve(std::size(kMirroredPaths));
    for (const char* path : kMirroredPaths) {
        all.push_back({.method = http::Method::get,
                       .path = path,
                       .access = http::Access::anonymous,
                       .handler = [folder](const http::Request& request) { return mirrored(folder, request); }});
    }
    return all;
}

}  // namespace kaigong::app
