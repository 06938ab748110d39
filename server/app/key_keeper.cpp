#include "app/key_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <utility>

#include "app/keys.hpp"
#include "app/rotation_store.hpp"
#include "app/sealed_places.hpp"
#include "base/log.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::app {
namespace {

namespace key_rows = rotation_store;

constexpr int kCountedAtOnce = 200;

/// Says whether two files mean the same key by an id, and nothing about the key: a MAC under 256 secret bits.
std::string check_value(const crypto::KeyVersion& key) {
    const auto mac =
        crypto::hmac_sm3_parts(key.field_mac.bytes(), {crypto::view("kaigong key check v1"), crypto::view(key.key_id)});
    return crypto::to_hex(mac);
}

std::set<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::set<std::string> words;
    for (std::string word; in >> word;) words.insert(word);
    return words;
}

std::string words_text(const std::set<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

std::set<std::string> known_keys(const crypto::KeyRing& ring) {
    std::set<std::string> ids;
    for (const auto& key : ring.all()) ids.insert(key->key_id);
    return ids;
}

Error keys_incomplete(const std::map<std::string, std::int64_t>& missing) {
    std::string list;
    for (const auto& [key_id, values] : missing) {
        list += fmt::format("{}{}（{} 处）", list.empty() ? "" : "、", key_id, values);
    }
    return error(Errc::unavailable, "app.keys_incomplete",
                 "密钥文件里少了 " + list + "，用它加密的内容打不开，没有启动。请从备份恢复完整的密钥文件。");
}

Error keys_wrong(const std::string& key_id) {
    return error(Errc::unavailable, "app.keys_wrong",
                 "密钥文件里的 " + key_id + " 不是加密这个数据库的那一把，没有启动。请换回本机构的密钥文件。");
}

std::int64_t total_of(const std::vector<SealedCount>& counts) {
    std::int64_t total = 0;
    for (const auto& count : counts) total += count.values;
    return total;
}

/// Where something under the key is left, as an administrator reads it.
std::string places_text(const std::vector<SealedCount>& counts) {
    std::string text;
    for (const auto& count : counts) {
        text += fmt::format("{}{} {} 处", text.empty() ? "" : "，", count.place, count.values);
    }
    return text;
}

}  // namespace

Result<std::map<std::string, std::vector<SealedCount>>> count_sealed(const std::vector<crypto::SealedColumn>& places) {
    std::map<std::string, std::vector<SealedCount>> counts;
    for (const auto& place : places) {
        std::map<std::string, std::int64_t> here;
        std::string after;
        for (;;) {
            KAIGONG_TRY(rows, place.page(after, kCountedAtOnce));
            if (rows.empty()) break;
            for (const auto& row : rows) {
                KAIGONG_TRY(keys, place.keys(row));
                for (const auto& [key_id, values] : keys) here[key_id] += values;
            }
            after = rows.back().row_id;
        }
        for (const auto& [key_id, values] : here) counts[key_id].push_back({place.name, values});
    }
    // Not sealed yet: nothing that a key is needed for.
    counts.erase("");
    return counts;
}

KeyKeeper::KeyKeeper(Parts parts, std::vector<crypto::SealedColumn> places)
    : parts_(std::move(parts)), places_(std::move(places)) {
    // The first look reads the file once more: it may have changed since the ring was loaded.
}

Result<void> KeyKeeper::check_in() {
    KAIGONG_CHECK(check_known());
    KAIGONG_CHECK(check_right(parts_.ring));
    for (const auto& key : parts_.ring.all()) KAIGONG_CHECK(check_sample(*key));
    KAIGONG_CHECK(publish());
    return follow(parts_.machine_clock.now_ms());
}

/// Every key that the database was ever sealed with, except those that were retired. A database of before has none
/// written down: what its rows name is counted once.
Result<void> KeyKeeper::check_known() {
    KAIGONG_TRY(rows, parts_.database.read([](db::Session& session) { return key_rows::keys(session); }));
    std::map<std::string, std::int64_t> missing;
    for (const auto& row : rows) {
        if (row.state != "retired" && !parts_.ring.find(row.key_id)) missing[row.key_id] = 0;
    }
    if (missing.empty() && !rows.empty()) return {};
    KAIGONG_TRY(counts, count_sealed(places_));
    for (const auto& [key_id, of_key] : counts) {
        if (!parts_.ring.find(key_id)) missing[key_id] = total_of(of_key);
    }
    return missing.empty() ? Result<void>() : keys_incomplete(missing);
}

/// A key that no row has yet is new.
Result<void> KeyKeeper::check_right(const crypto::KeyRing& ring) {
    KAIGONG_TRY(rows, parts_.database.read([](db::Session& session) { return key_rows::keys(session); }));
    for (const auto& key : ring.all()) {
        const auto row = std::ranges::find(rows, key->key_id, &key_rows::KeyRow::key_id);
        if (row != rows.end() && row->check_value != check_value(*key)) return keys_wrong(key->key_id);
    }
    return {};
}

/// Whether the key opens one of the rows that name it; nothing where none does.
Result<std::optional<bool>> KeyKeeper::opens_any(const crypto::SealedColumn& place, const std::string& key_id) const {
    KAIGONG_TRY(rows, place.page("", kCountedAtOnce));
    std::optional<bool> opens;
    for (const auto& row : rows) {
        KAIGONG_TRY(keys, place.keys(row));
        if (!keys.contains(key_id)) continue;
        if (place.reseal(row)) return std::optional(true);
        opens = false;
    }
    return opens;
}

/// The check values come from a key file as well: that a key is the right one is seen by what it opens. A value that is
/// damaged, or a file that was swept just now, says nothing about the key while it opens another.
Result<void> KeyKeeper::check_sample(const crypto::KeyVersion& key) const {
    bool failed = false;
    for (const auto& place : places_) {
        KAIGONG_TRY(opens, opens_any(place, key.key_id));
        if (opens && *opens) return {};
        failed = failed || opens.has_value();
    }
    return failed ? Result<void>(keys_wrong(key.key_id)) : Result<void>();
}

/// The first key of a database is current at once, all others when everybody knows them.
Result<void> KeyKeeper::publish() {
    const auto now_ms = parts_.machine_clock.now_ms();
    std::vector<key_rows::KeyRow> wanted;
    for (const auto& key : parts_.ring.all()) {
        wanted.push_back({key->key_id, 1, "published", check_value(*key), now_ms, {}, {}, {}});
    }
    const auto first = parts_.ring.wanted();
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        key_rows::lock_keys(session);
        const bool is_new = key_rows::keys(session).empty();
        for (auto row : wanted) {
            if (is_new) row.state = row.key_id == first ? "current" : "former";
            if (is_new && row.key_id == first) row.current_at_ms = now_ms;
            if (is_new && row.key_id != first) row.replaced_at_ms = now_ms;
            if (key_rows::insert_key(session, row) && !is_new) {
                session.after_commit(
                    [key_id = row.key_id] { log_event(LogLevel::info, "app.key_published", {{"key_id", key_id}}); });
            }
        }
        return {};
    });
}

/// What may have sealed something must be known; what is only published has sealed nothing yet.
Result<void> KeyKeeper::must_know_all(db::Session& session) const {
    for (const auto& row : key_rows::keys(session)) {
        const bool has_sealed = row.state == "current" || row.state == "former";
        if (has_sealed && !parts_.ring.find(row.key_id)) return keys_incomplete({{row.key_id, 0}});
    }
    return {};
}

/// In one transaction with the look at the keys: between the two nobody makes another one current, or retires one.
Result<void> KeyKeeper::tell(std::int64_t now_ms) {
    KAIGONG_TRY(file_keys, keys_of_ledger_file(parts_.signing_folder));
    std::set<std::string> in_files;
    for (const auto& [key_id, values] : file_keys) in_files.insert(key_id);
    const key_rows::HolderRow row{parts_.holder, words_text(known_keys(parts_.ring)), parts_.ring.current()->key_id,
                                  words_text(in_files), now_ms};
    const auto said = row.key_ids + "|" + row.sealing_key_id + "|" + row.file_key_ids;
    if (said == told_ && now_ms - told_at_ms_ < kHolderTellsMs) return {};
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        key_rows::lock_keys(session);
        KAIGONG_CHECK(must_know_all(session));
        if (session.kind() == db::DatabaseKind::sqlite) key_rows::remove_other_holders(session, parts_.holder);
        key_rows::put_holder(session, row);
        return {};
    }));
    told_ = said;
    told_at_ms_ = now_ms;
    return {};
}

/// Makes the key that the file wants current when every living process knows it, and seals with what is current. A key
/// that was replaced never comes back: two processes with different files would exchange it for ever.
Result<void> KeyKeeper::follow(std::int64_t now_ms) {
    const auto wanted = parts_.ring.wanted();
    const auto everybody_knows = [&](db::Session& session) {
        return std::ranges::all_of(key_rows::holders(session), [&](const key_rows::HolderRow& holder) {
            return now_ms - holder.seen_at_ms > kHolderLivesMs || words_of(holder.key_ids).contains(wanted);
        });
    };
    const auto state_is = [](const std::string& state) {
        return [state](const key_rows::KeyRow& row) { return row.state == state; };
    };
    KAIGONG_TRY(rows, parts_.database.read([](db::Session& session) { return key_rows::keys(session); }));
    auto current = std::ranges::find_if(rows, state_is("current"));
    const auto wanted_row = std::ranges::find(rows, wanted, &key_rows::KeyRow::key_id);
    if (wanted_row != rows.end() && wanted_row->state == "published") {
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
            key_rows::lock_keys(session);
            if (!everybody_knows(session)) return;
            for (auto row : key_rows::keys(session)) {
                const bool becomes = row.key_id == wanted && row.state == "published";
                if (!becomes && row.state != "current") continue;
                row.state = becomes ? "current" : "former";
                (becomes ? row.current_at_ms : row.replaced_at_ms) = now_ms;
                key_rows::save_key(session, row);
            }
        }));
        KAIGONG_TRY(now, parts_.database.read([](db::Session& session) { return key_rows::keys(session); }));
        rows = std::move(now);
        current = std::ranges::find_if(rows, state_is("current"));
    }
    for (const auto& row : rows) {
        if (row.state != "retired" && !parts_.ring.find(row.key_id)) return keys_incomplete({{row.key_id, 0}});
    }
    if (current == rows.end() || current->key_id == parts_.ring.current()->key_id) return {};
    KAIGONG_CHECK(parts_.ring.seal_with(current->key_id));
    log_event(LogLevel::info, "app.key_current", {{"key_id", current->key_id}});
    return {};
}

void KeyKeeper::take_changed_file() {
    std::error_code fault;
    const auto changed_at = std::filesystem::last_write_time(parts_.key_file, fault);
    if (fault || changed_at == file_changed_at_) return;
    auto done = take_file();
    if (done) done = publish();
    // Tried again at the next look: rights of the file and the database come back without another write to it.
    if (!done) {
        if (refused_at_ != changed_at) log_error(LogLevel::error, "app.keys_not_taken", done.error());
        refused_at_ = changed_at;
        return;
    }
    file_changed_at_ = changed_at;
    log_event(LogLevel::info, "app.keys_taken", {{"wanted", parts_.ring.wanted()}});
}

Result<void> KeyKeeper::take_file() {
    KAIGONG_TRY(text, read_key_file(parts_.key_file));
    KAIGONG_TRY(read, crypto::KeyRing::load(text));
    KAIGONG_CHECK(check_right(read));
    return parts_.ring.replace(text);
}

/// Once for each kind of trouble, not once a second.
void KeyKeeper::lasting_warning(const Error& fault) {
    if (warned_of_ == fault.reason) return;
    warned_of_ = fault.reason;
    log_error(LogLevel::error, "app.keys_not_kept", fault);
}

void KeyKeeper::keep(std::int64_t now_ms) {
    take_changed_file();
    // What others made current while this process slept is what it seals with before it says that it is back.
    auto done = follow(now_ms);
    auto told = tell(now_ms);
    // While it is counted no such key becomes current: it was taken for gone, and came back without the file.
    const bool is_lost = !told && told.error().reason == "app.keys_incomplete";
    if (is_lost && !std::exchange(lost_, true)) parts_.lost();
    if (done) done = std::move(told);
    if (done) done = follow(now_ms);
    if (done) done = reseal_ledger_file(parts_.signing_folder, parts_.ring);
    // What was just switched or sealed anew is told with the next word.
    if (done) done = tell(now_ms);
    if (!done) return lasting_warning(done.error());
    warned_of_.clear();
}

void KeyKeeper::leave() {
    const auto left = parts_.database.transact([&](db::Session& session) { key_rows::leave(session, parts_.holder); });
    if (!left) log_error(LogLevel::warning, "app.key_holder_not_left", left.error());
}

/// Uploads have ended that began under the key, and so has whoever had read a value before a round carried it over.
Result<bool> KeyKeeper::has_rested(std::int64_t replaced_at_ms, std::int64_t now_ms) const {
    KAIGONG_TRY(round, parts_.database.read([](db::Session& session) { return key_rows::latest_round(session); }));
    // Values that a round still carries over may be in somebody's hands.
    if (round && !round->ended_at_ms) return false;
    const auto ended_at_ms = round ? *round->ended_at_ms : replaced_at_ms;
    return now_ms - replaced_at_ms >= kFormerKeyRestsMs && now_ms - ended_at_ms >= kRoundRestsMs;
}

Result<void> KeyKeeper::forget_holder(const std::string& holder) {
    const auto now_ms = parts_.machine_clock.now_ms();
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        key_rows::lock_keys(session);
        const auto all = key_rows::holders(session);
        const auto found = std::ranges::find(all, holder, &key_rows::HolderRow::holder);
        if (found == all.end()) {
            return error(Errc::not_found, "app.key_holder_unknown",
                         "没有登记过机器 " + holder + "，请按 retire-key 提示里的名字重试。");
        }
        if (now_ms - found->seen_at_ms <= kHolderLivesMs) {
            return error(Errc::conflict, "app.key_holder_lives",
                         "机器 " + holder + " 一分钟之内还在运行，不能除名。请先停下它的服务。");
        }
        key_rows::remove_holder(session, holder);
        session.after_commit([holder] { log_event(LogLevel::info, "app.key_holder_forgotten", {{"holder", holder}}); });
        return {};
    });
}

Result<void> KeyKeeper::retire(const std::string& key_id) {
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto in_use = [&](const std::string& where) {
        return error(Errc::conflict, "app.key_in_use",
                     fmt::format("密钥 {} 还在使用：{}。请等重新加密完成后再停用。", key_id, where));
    };
    KAIGONG_TRY(found, parts_.database.read([](db::Session& session) {
        return std::pair(key_rows::keys(session), key_rows::holders(session));
    }));
    const auto row = std::ranges::find(found.first, key_id, &key_rows::KeyRow::key_id);
    if (row == found.first.end() || (row->state != "former" && row->state != "retired")) {
        return error(
            Errc::conflict, "app.key_not_former",
            fmt::format("密钥 {} 不是已被替换的旧密钥，不能停用。请先用 kaigong admin rotate-keys 换新的。", key_id));
    }
    // A file is open in one process: whoever retires the key is alone.
    const bool is_shared = parts_.database.kind() == db::DatabaseKind::mariadb;
    KAIGONG_TRY(rested, has_rested(row->replaced_at_ms.value_or(now_ms), now_ms));
    for (const auto& holder : found.second) {
        if (words_of(holder.file_key_ids).contains(key_id)) {
            return in_use(
                fmt::format("机器 {0} 的签章文件夹 ledger.json（这台机器已经撤掉的，先用 kaigong admin "
                            "forget-machine {0} 除名）",
                            holder.holder));
        }
        if (!is_shared || now_ms - holder.seen_at_ms > kHolderLivesMs) continue;
        if (holder.sealing_key_id == key_id) return in_use("一个正在运行的服务");
        if (rested) continue;
        return error(
            Errc::conflict, "app.key_not_rested",
            "这把密钥被替换还不到一小时，或者重新加密完成还不到十分钟，可能还有没写完的内容。请过一会儿再停用，或先"
            "停下所有服务。");
    }
    KAIGONG_TRY(file_keys, keys_of_ledger_file(parts_.signing_folder));
    if (file_keys.contains(key_id)) return in_use("签章文件夹 ledger.json");
    KAIGONG_TRY(counts, count_sealed(places_));
    if (counts.contains(key_id)) return in_use(places_text(counts.at(key_id)));
    // The database first: a file without the key, and a database that asks for it, would not start.
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        key_rows::lock_keys(session);
        // Counting took its time: who came in meanwhile is asked for once more.
        for (const auto& holder : key_rows::holders(session)) {
            const bool lives = is_shared && now_ms - holder.seen_at_ms <= kHolderLivesMs;
            if (lives && holder.sealing_key_id == key_id) return in_use("一个正在运行的服务");
        }
        auto retired = *row;
        retired.state = "retired";
        retired.retired_at_ms = now_ms;
        key_rows::save_key(session, retired);
        return {};
    }));
    return retire_key_in(parts_.key_file, key_id);
}

}  // namespace kaigong::app
