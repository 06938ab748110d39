// Where the files of a log are read from (C2SP tlog-tiles): an address on the network, or a folder with a copy.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "engine/tlog/tile.hpp"

namespace kaigong::app {

class LogSource {
  public:
    LogSource() = default;
    LogSource(const LogSource&) = delete;
    LogSource& operator=(const LogSource&) = delete;
    virtual ~LogSource() = default;

    /// `checkpoint` or a path of tlog-tiles. Fails with ledger.file_missing (not_found), ledger.log_not_reached.
    virtual Result<std::string> file(const std::string& path) = 0;

    /// The hashes of a tile. Where a partial one is gone because the log has grown, of the full one.
    /// Fails as `file` does and with tlog.tile_malformed.
    Result<std::vector<tlog::Hash>> tile(const tlog::TileId& tile);
    /// The same of a bundle. Fails as `file` does and with tlog.bundle_malformed.
    Result<std::vector<std::string>> bundle(std::uint64_t index, unsigned width);
};

class LogOnNetwork final : public LogSource {
  public:
    /// `https://…/ledger/permits`, with or without a slash at the end.
    explicit LogOnNetwork(std::string url);
    Result<std::string> file(const std::string& path) override;

  private:
    std::string url_;
};

class LogInFolder final : public LogSource {
  public:
    explicit LogInFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
    Result<std::string> file(const std::string& path) override;

  private:
    std::filesystem::path folder_;
};

}  // namespace kaigong::app
