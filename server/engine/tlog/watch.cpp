#include "engine/tlog/watch.hpp"

#include "engine/tlog/entry.hpp"
#include "engine/tlog/proof.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::tlog {
namespace {

Finding fork(std::uint64_t size) {
    return {
        "ledger.fork", size,
        fmt::format("日志出现两个互相矛盾的版本（大小 {}），请保存两个检查点并立即向发证机关和监督机关报告。", size),
        fmt::format("The log shows two versions that cannot both be true (size {}). Keep both checkpoints and "
                    "report this to the authority and its supervisor at once.",
                    size)};
}

Finding rollback(std::uint64_t before, std::uint64_t now) {
    return {"ledger.rollback", now,
            fmt::format("日志由 {} 条退回到 {} 条，请保存检查点并向发证机关核实是否恢复了旧备份。", before, now),
            fmt::format("The log went back from {} entries to {}. Keep the checkpoints and ask the authority whether "
                        "an old backup was restored.",
                        before, now)};
}

Finding entry_removed(std::uint64_t index) {
    return {"ledger.entry_removed", index,
            fmt::format("第 {} 号条目已不见或被换过，与已签名的日志不符，请向发证机关索要原条目。", index),
            fmt::format("Entry {} is gone or was replaced: it is not the one that the log signed. Ask the authority "
                        "for the original entry.",
                        index)};
}

Finding entry_malformed(std::uint64_t index) {
    return {"ledger.entry_malformed", index,
            fmt::format("第 {} 号条目的格式不合规定，请向发证机关说明并要求更正程序。", index),
            fmt::format("Entry {} is not written as the rules of the log say. Tell the authority, so that it mends "
                        "its program.",
                        index)};
}

Finding backdated(std::uint64_t index) {
    return {"ledger.entry_backdated", index,
            fmt::format("第 {} 号条目的入册时间早于上次见证，疑为倒签日期，请要求发证机关说明。", index),
            fmt::format("Entry {} claims a time before the last time the log was witnessed: it may be backdated. Ask "
                        "the authority to explain.",
                        index)};
}

Finding time_wrong(std::uint64_t index, std::string_view zh, std::string_view en) {
    return {"ledger.time_wrong", index, fmt::format("第 {} 号条目{}，请要求发证机关核对服务器时钟并说明。", index, zh),
            fmt::format("Entry {} {}. Ask the authority to check its clock and to explain.", index, en)};
}

void judge_times(std::uint64_t index, const EntryTimes& entry, const WatchTimes& times, std::vector<Finding>& found) {
    if (times.previous_logged_at_ms && entry.logged_at_ms < *times.previous_logged_at_ms - kDisorderMsMax) {
        found.push_back(time_wrong(index, "的入册时间比前一条早一分钟以上",
                                   "says a time more than a minute before that of the entry before it"));
    }
    if (entry.logged_at_ms > times.cosigning_at_ms + kAheadMsMax) {
        found.push_back(time_wrong(index, "的入册时间在将来", "says a time that has not come yet"));
    }
    if (times.last_cosigned_at_ms && entry.logged_at_ms < *times.last_cosigned_at_ms - kLateMsMax) {
        found.push_back(backdated(index));
    }
    if (!entry.issued_on) return;
    const std::int64_t days = days_of(office_date(entry.logged_at_ms)) - days_of(*entry.issued_on);
    if (days < 0) {
        found.push_back(time_wrong(index, "的发证日期晚于入册日期", "was issued on a day after it was logged"));
    }
    if (days > kIssuedDaysBeforeMax) {
        found.push_back(
            time_wrong(index, "的发证日期比入册日期早十五日以上", "was issued more than 15 days before it was logged"));
    }
}

}  // namespace

std::optional<Finding> watch_trees(const TreeHead& before, const TreeHead& now, std::span<const Hash> proof) {
    if (now.size < before.size) return rollback(before.size, now.size);
    if (!verify_consistency(before, now, proof)) return fork(now.size);
    return std::nullopt;
}

Finding tree_withheld(const TreeHead& tree) {
    return {"ledger.tree_withheld", tree.size,
            fmt::format("日志签了 {} 条的检查点，却迟迟取不到能证明它接续此前版本的文件。请保存检查点，要求发证机关公开"
                        "文件；给不出时按出现分叉报告。",
                        tree.size),
            fmt::format("The log has signed a tree of {} entries and for too long not shown the files that say whether "
                        "it goes on from what was seen. Keep the checkpoint and ask the authority for the files; "
                        "without them report it as a fork.",
                        tree.size)};
}

std::vector<Finding> watch_bundle(std::uint64_t first_index, std::span<const std::string> entries,
                                  std::span<const Hash> leaves) {
    std::vector<Finding> found;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (i >= entries.size() || leaf_hash(entries[i]) != leaves[i]) found.push_back(entry_removed(first_index + i));
    }
    return found;
}

WatchedEntries watch_entries(std::uint64_t first_index, std::span<const std::string> entries, const WatchTimes& times) {
    WatchedEntries watched{{}, times.previous_logged_at_ms};
    WatchTimes at = times;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto entry = read_entry(entries[i]);
        if (!entry) {
            watched.findings.push_back(entry_malformed(first_index + i));
            continue;
        }
        judge_times(first_index + i, *entry, at, watched.findings);
        at.previous_logged_at_ms = entry->logged_at_ms;
    }
    watched.last_logged_at_ms = at.previous_logged_at_ms;
    return watched;
}

}  // namespace kaigong::tlog
