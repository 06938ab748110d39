// The built web client, held in memory in three encodings and answered on the I/O thread.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/reply.hpp"

namespace kaigong::http {

struct StaticMount {
    /// Begins and ends with a slash: `/app/`.
    std::string prefix = {};
    std::filesystem::path folder = {};
    /// Paths without a file extension that name no file get `index.html`: the routes of a single-page application.
    bool single_page = false;
};

class StaticFiles {
  public:
    /// Reads and compresses everything (files `x.br` and `x.gz` beside `x` are taken as they are). At most 64 MiB.
    /// Fails with http.static_folder_missing, http.static_folder_too_large.
    static Result<StaticFiles> load(const StaticMount& mount);

    const std::string& prefix() const { return prefix_; }
    /// `path` is decoded, without query. Nothing when there is no such file. `accept_encoding` and `if_none_match` are
    /// the headers as sent, empty when missing.
    std::optional<Reply> find(std::string_view path, std::string_view accept_encoding,
                              std::string_view if_none_match) const;
    std::size_t count() const { return files_.size(); }

  private:
    struct File {
        std::string content_type;
        std::string etag;
        bool immutable = false;
        SharedBytes plain;
        SharedBytes gzip;
        SharedBytes brotli;
    };
    static Reply reply_of(const File& file, std::string_view accept_encoding, std::string_view if_none_match);

    std::string prefix_;
    bool single_page_ = false;
    std::map<std::string, File, std::less<>> files_;
};

}  // namespace kaigong::http
