#include "app/ledger/witness_state.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "base/json_reader.hpp"
#include "blob/disk_file.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;
using boost::json::object;

constexpr const char* kStateFile = "state.json";

Error state_not_written(const fs::path& file) {
    return error(Errc::unavailable, "ledger.state_not_written",
                 "见证文件 " + file.string() + " 写不进去，没有签名。请检查空间和权限后重试。");
}

Error state_broken() {
    return error(Errc::precondition_failed, "ledger.state_broken",
                 "见证状态 state.json 的内容不对，没有签名。请从备份恢复；重新开始会失去此前的见证。");
}

bool write_and_sync(const fs::path& file, std::string_view bytes) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto more = ::write(descriptor, bytes.data() + done, bytes.size() - done);
        if (more <= 0) break;
        done += static_cast<std::size_t>(more);
    }
    const bool whole = done == bytes.size() && ::fsync(descriptor) == 0;
    return ::close(descriptor) == 0 && whole;
}

boost::json::value optional_json(const std::optional<std::int64_t>& value) {
    return value ? boost::json::value(*value) : boost::json::value(nullptr);
}

std::uint64_t size_in(JsonReader& reader, std::string_view name) {
    return static_cast<std::uint64_t>(reader.integer(name, {.min = 0}));
}

}  // namespace

bool make_folders(const fs::path& folder) {
    std::error_code fault;
    // A relative one has no name of the folder above, which is to be synced too.
    const auto whole = fs::absolute(folder, fault);
    if (fs::is_directory(whole, fault) || !whole.has_relative_path()) return true;
    return make_folders(whole.parent_path()) && blob::make_folder(whole);
}

Result<void> write_durably(const fs::path& file, std::string_view bytes) {
    std::error_code fault;
    const fs::path unfinished = file.string() + ".new";
    if (!make_folders(file.parent_path()) || !write_and_sync(unfinished, bytes)) return state_not_written(file);
    fs::rename(unfinished, file, fault);
    if (fault || !blob::sync_folder(file.parent_path())) return state_not_written(file);
    return {};
}

Result<std::optional<WitnessState>> read_witness_state(const fs::path& folder, const std::string& origin) {
    WitnessState state;
    state.origin = origin;
    const std::ifstream in(folder / kStateFile, std::ios::binary);
    if (!in) return std::optional<WitnessState>();
    std::ostringstream text;
    text << in.rdbuf();
    const auto value = parse_json(text.str());
    if (!value) return state_broken();
    JsonReader reader(*value);
    const auto version = reader.integer("v", {.min = 1, .max = 1});
    const auto log = reader.text("log", {.length_max = 1'000});
    state.watched = size_in(reader, "watched");
    state.last_logged_at_ms = reader.optional_integer("last_logged_at_ms");
    state.covered_at_ms = reader.optional_integer("covered_at_ms");
    state.cosigned.size = size_in(reader, "cosigned_size");
    const auto root = tlog::parse_hash(reader.text("cosigned_root"));
    state.cosigned_at_ms = reader.integer("cosigned_at_ms");
    state.marks = reader.list<CosignedMark>("marks", {.count_max = 10'000}, [](JsonReader& item) {
        CosignedMark mark;
        mark.size = size_in(item, "size");
        mark.at_ms = item.integer("at_ms");
        return mark;
    });
    bool is_whole = true;
    state.unproven = reader.optional_list<UnprovenTree>("unproven", {.count_max = 10'000}, [&](JsonReader& item) {
        const auto hash = tlog::parse_hash(item.text("root"));
        is_whole = is_whole && hash;
        return UnprovenTree{{size_in(item, "size"), hash.value_or(tlog::Hash{})}, item.integer("at_ms")};
    });
    state.older_since_ms = reader.optional_integer("older_since_ms");
    if (!reader.finish() || !is_whole || version != 1 || !root) return state_broken();
    state.cosigned.root = *root;
    if (log == origin) return std::optional(std::move(state));
    return error(Errc::precondition_failed, "ledger.state_of_another_log",
                 "见证文件夹属于另一个日志（" + log + "），请为每个日志使用各自的文件夹。");
}

Result<void> write_witness_state(const fs::path& folder, const WitnessState& state) {
    boost::json::array marks;
    for (const auto& mark : state.marks) marks.push_back({{"size", mark.size}, {"at_ms", mark.at_ms}});
    boost::json::array unproven;
    for (const auto& [tree, at_ms] : state.unproven) {
        unproven.push_back({{"size", tree.size}, {"root", tlog::hash_text(tree.root)}, {"at_ms", at_ms}});
    }
    const object whole{{"v", 1},
                       {"log", state.origin},
                       {"watched", state.watched},
                       {"last_logged_at_ms", optional_json(state.last_logged_at_ms)},
                       {"covered_at_ms", optional_json(state.covered_at_ms)},
                       {"cosigned_size", state.cosigned.size},
                       {"cosigned_root", tlog::hash_text(state.cosigned.root)},
                       {"cosigned_at_ms", state.cosigned_at_ms},
                       {"marks", std::move(marks)},
                       {"unproven", std::move(unproven)},
                       {"older_since_ms", optional_json(state.older_since_ms)}};
    return write_durably(folder / kStateFile, boost::json::serialize(whole) + "\n");
}

}  // namespace kaigong::app
