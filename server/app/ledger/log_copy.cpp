#include "app/ledger/log_copy.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::app {
namespace {

/// A log of other people may claim any size; its hashes are kept in memory until the root is verified.
constexpr std::uint64_t kNewLeavesMax = 50'000'000;

Error files_wrong() {
    return error(Errc::unavailable, "ledger.files_wrong",
                 "日志的文件与它签名的检查点不符，没有采用。请稍后重试；一直如此时请向发证机关报告。");
}

Error copy_broken() {
    return error(Errc::unavailable, "ledger.copy_broken",
                 "本地副本已损坏，请用 ledger fsck --folder 核对，移走该文件夹后重新复制。");
}

}  // namespace

LogCopy::LogCopy(std::filesystem::path folder, tlog::LogKeys log)
    : folder_(std::move(folder)), log_(std::move(log)), files_(folder_, log_) {}

Result<void> LogCopy::open() {
    KAIGONG_TRY(head, files_.head());
    LogInFolder own(folder_);
    KAIGONG_TRY(all, leaves(own, 0, head.size));
    tlog::Edge edge;
    static_cast<void>(edge.append(all));
    if (edge.head() != head) return copy_broken();
    edge_ = std::move(edge);
    head_ = head;
    return {};
}

Result<tlog::Hash> LogCopy::root_at(std::uint64_t size) const {
    const auto read = [this](const tlog::TileId& tile) -> Result<crypto::Bytes> {
        KAIGONG_TRY(text, LogInFolder(folder_).file(tlog::tile_path(tile)));
        const auto bytes = crypto::view(text);
        return crypto::Bytes(bytes.begin(), bytes.end());
    };
    if (size == 0) return tlog::empty_root();
    if (size == head_.size) return head_.root;
    // The tiles that are there are those of the copy's own size; they hold every older tree.
    const auto reader = tlog::tile_reader(head_.size, read);
    return tlog::root_at(size, reader);
}

Result<std::vector<std::string>> LogCopy::entries(std::uint64_t from, std::uint64_t below) const {
    const auto index = from / tlog::kTileWidth;
    KAIGONG_TRY(bundle, LogInFolder(folder_).bundle(index, tlog::tile_width(0, index, head_.size)));
    const auto at = [&](std::uint64_t place) {
        return bundle.begin() + static_cast<std::ptrdiff_t>(place - index * tlog::kTileWidth);
    };
    return std::vector<std::string>(at(from), at(below));
}

/// Leaf hashes out of the tiles of level 0, not yet believed.
Result<std::vector<tlog::Hash>> LogCopy::leaves(LogSource& source, std::uint64_t from, std::uint64_t below) const {
    std::vector<tlog::Hash> all;
    for (auto index = from / tlog::kTileWidth; index * tlog::kTileWidth < below; ++index) {
        const auto first = index * tlog::kTileWidth;
        KAIGONG_TRY(hashes, source.tile({tlog::TileKind::hashes, 0, index, tlog::tile_width(0, index, below)}));
        const auto skipped = from > first ? from - first : 0;
        all.insert(all.end(), hashes.begin() + static_cast<std::ptrdiff_t>(skipped), hashes.end());
    }
    return all;
}

Result<LogStep> LogCopy::follow(LogSource& source, const Progress& progress) {
    LogStep step;
    KAIGONG_TRY(note, source.file("checkpoint"));
    KAIGONG_TRY(opened, tlog::open_checkpoint(note, log_));
    step.checkpoint = std::move(note);
    step.shown = opened.checkpoint.tree;
    if (step.shown.size <= head_.size) {
        KAIGONG_CHECK(compare_with_copy(step));
        return step;
    }
    const bool is_too_much = step.shown.size - head_.size > kNewLeavesMax;
    auto added = is_too_much ? files_wrong() : leaves(source, head_.size, step.shown.size);
    if (!added) {
        step.withheld = added.error();
        return step;
    }
    auto edge = edge_;
    static_cast<void>(edge.append(*added));
    if (edge.head() != step.shown) {
        KAIGONG_CHECK(diagnose(source, step));
        return step;
    }
    KAIGONG_CHECK(take(source, step, *added, progress));
    if (step.findings.empty() && !step.withheld) {
        edge_ = std::move(edge);
        head_ = step.shown;
    }
    return step;
}

/// The copy holds every tree up to its own size, so that an older one is judged without any file of the log.
Result<void> LogCopy::compare_with_copy(LogStep& step) {
    KAIGONG_TRY(root, root_at(step.shown.size));
    if (auto fork = tlog::watch_trees({step.shown.size, root}, step.shown, {})) {
        step.findings.push_back(std::move(*fork));
        return {};
    }
    step.is_older = step.shown.size < head_.size;
    return step.is_older ? Result<void>() : files_.advance(step.shown, step.checkpoint, {});
}

/// The first answer does not make the signed tree out of the copy. Where the files, fetched from the beginning, are
/// truly those of the signed root and differ from the copy, the log has signed two histories, and the first entry that
/// differs can be named. Where they do not differ, the first answer was spoiled on its way: that is told nobody as a
/// fork, and nothing is taken before a look goes well from its beginning to its end.
Result<void> LogCopy::diagnose(LogSource& source, LogStep& step) const {
    const auto theirs = leaves(source, 0, step.shown.size);
    if (!theirs) {
        step.withheld = theirs.error();
        return {};
    }
    tlog::Edge edge;
    static_cast<void>(edge.append(*theirs));
    LogInFolder own(folder_);
    KAIGONG_TRY(ours, leaves(own, 0, head_.size));
    const auto [mine, other] = std::ranges::mismatch(ours, *theirs);
    if (edge.head() != step.shown || mine == ours.end()) {
        step.withheld = files_wrong();
        return {};
    }
    if (auto fork = tlog::watch_trees(head_, step.shown, {})) step.findings.push_back(std::move(*fork));
    const auto index = static_cast<std::uint64_t>(mine - ours.begin());
    std::ranges::move(tlog::watch_bundle(index, {}, std::span(&*mine, 1)), std::back_inserter(step.findings));
    return {};
}

/// The entries under these leaves. A bundle that has others is fetched again before it is told as a removed entry: once
/// may be the network.
Result<std::vector<std::string>> LogCopy::bundle(LogSource& source, std::uint64_t first,
                                                 std::span<const tlog::Hash> wanted, LogStep& step) const {
    std::vector<tlog::Finding> found;
    for (int tried = 0; tried < 2; ++tried) {
        auto entries = source.bundle(first / tlog::kTileWidth, static_cast<unsigned>(wanted.size()));
        if (!entries) {
            step.withheld = entries.error();
            step.missing_from = first;
            return entries.error();
        }
        found = tlog::watch_bundle(first, *entries, wanted);
        if (found.empty()) return std::move(*entries);
    }
    std::ranges::move(found, std::back_inserter(step.findings));
    return files_wrong();
}

Result<void> LogCopy::take(LogSource& source, LogStep& step, std::span<const tlog::Hash> added,
                           const Progress& progress) {
    const auto old_size = head_.size;
    LogInFolder own(folder_);
    KAIGONG_TRY(overlap, leaves(own, old_size / tlog::kTileWidth * tlog::kTileWidth, old_size));
    const auto leaf_at = [&](std::uint64_t index) {
        return index < old_size ? overlap[index % tlog::kTileWidth] : added[index - old_size];
    };
    const auto read = [&](std::int64_t from, std::int64_t below) -> Result<std::vector<evidence::store::PlacedRow>> {
        const auto first = static_cast<std::uint64_t>(from);
        const auto width = static_cast<unsigned>(below - from);
        std::vector<tlog::Hash> wanted;
        wanted.reserve(width);
        for (unsigned i = 0; i < width; ++i) wanted.push_back(leaf_at(first + i));
        KAIGONG_TRY(entries, bundle(source, first, wanted, step));
        if (progress) progress(first + width, step.shown.size);
        std::vector<evidence::store::PlacedRow> rows;
        rows.reserve(width);
        for (unsigned i = 0; i < width; ++i) rows.push_back({from + i, std::move(entries[i]), ""});
        return rows;
    };
    const auto done = files_.advance(step.shown, step.checkpoint, read);
    return done || !step.findings.empty() || step.withheld ? Result<void>() : done.error();
}

}  // namespace kaigong::app
