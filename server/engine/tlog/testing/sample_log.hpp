// A whole log as static files, grown step by step as a server grows it: nothing of an earlier step is read again but
// the edge, the last bundle and one row of hashes for each level of tiles.
#pragma once

#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/testing/sample_tree.hpp"
#include "engine/tlog/tile.hpp"

#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

namespace kaigong::tlog::testing {

class SampleLog {
  public:
    static constexpr std::string_view kOrigin = "kaigong.example/ledger/permits";
    static constexpr std::uint64_t kCosignedAtS = 1'796'200'000;

    const SignerKey& log() const { return log_; }
    const SignerKey& witness() const { return witness_; }
    LogKeys trusted() const { return {std::string(kOrigin), {log_.verifier()}}; }
    const Edge& edge() const { return edge_; }
    /// By path below the address of the log.
    const std::map<std::string, std::string>& files() const { return files_; }

    /// Appends entries, writes every file that is new, then the checkpoint, and keeps the checkpoint beside.
    void grow_to(std::uint64_t size) {
        const std::uint64_t old_size = edge_.size();
        std::vector<Hash> leaves;
        for (std::uint64_t i = old_size; i < size; ++i) {
            entries_.push_back(entry_text(i));
            leaves.push_back(leaf_hash(entries_.back()));
        }
        for (const Subtree& one : edge_.append(leaves)) {
            if (one.place.height % kTileHeight == 0) rows_[one.place.height / kTileHeight].push_back(one.hash);
        }
        for (const TileId& tile : new_tiles(old_size, size)) {
            const auto hashes = std::span(rows_.at(tile.level)).subspan(tile.index * kTileWidth, tile.width);
            files_[tile_path(tile)] = crypto::to_text(encode_tile(hashes));
        }
        for (const TileId& tile : new_bundles(old_size, size)) {
            const auto some = std::span(entries_).subspan(tile.index * kTileWidth, tile.width);
            files_[tile_path(tile)] = crypto::to_text(encode_bundle(some).value());
        }
        const Checkpoint checkpoint{std::string(kOrigin), edge_.head(), {}};
        files_["checkpoint"] =
            sign_checkpoint(checkpoint, log_) + signature_line(cosign(witness_, checkpoint.to_text(), kCosignedAtS));
        files_[fmt::format("checkpoints/{}", size)] = files_["checkpoint"];
    }

    /// Out of the files.
    ReadHashes reader(std::uint64_t size) const {
        return tile_reader(size, [this](const TileId& tile) -> Result<crypto::Bytes> {
            const auto found = files_.find(tile_path(tile));
            if (found == files_.end()) return error(Errc::not_found, "test.no_tile", tile_path(tile));
            return crypto::Bytes(found->second.begin(), found->second.end());
        });
    }

    /// `proofs/<index>.tlog-proof`, under the last checkpoint.
    void prove(std::uint64_t index) {
        const InclusionText inclusion{std::nullopt, index,
                                      prove_inclusion(index, edge_.size(), reader(edge_.size())).value(),
                                      files_.at("checkpoint")};
        files_[fmt::format("proofs/{}.tlog-proof", index)] = inclusion.to_text();
    }

  private:
    SignerKey log_ = SignerKey::from_seed(std::string(kOrigin), SignatureType::ed25519,
                                          crypto::view("a log that only tests believe in"))
                         .value();
    SignerKey witness_ = SignerKey::from_seed("witness.kaigong.example", SignatureType::cosignature,
                                              crypto::view("a witness only tests believe in."))
                             .value();
    Edge edge_;
    std::vector<std::string> entries_;
    std::map<int, std::vector<Hash>> rows_;  // by level of tiles
    std::map<std::string, std::string> files_;
};

}  // namespace kaigong::tlog::testing
