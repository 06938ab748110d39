#include "app/instance.hpp"

#include <fstream>

#include "base/id.hpp"
#include "base/log.hpp"

namespace kaigong::app {
namespace {

std::string read_name(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string name;
    std::getline(in, name);
    return is_uuid(name) ? name : "";
}

/// The whole file or none, so that a death in between leaves no half name.
std::string write_name(const std::filesystem::path& file, std::int64_t now_ms) {
    const auto name = new_uuid(now_ms);
    const auto unfinished = file.string() + ".new";
    std::ofstream out(unfinished, std::ios::trunc);
    out << name << '\n';
    out.close();
    std::error_code fault;
    if (out) std::filesystem::rename(unfinished, file, fault);
    return out && !fault ? name : "";
}

}  // namespace

Instance::Instance(const std::filesystem::path& data_folder, std::int64_t now_ms) {
    const auto file = data_folder / "instance";
    auto lock = db::FileLock::acquire(file.string());
    if (!lock) {
        log_event(LogLevel::warning, "app.instance_in_use", {{"folder", data_folder.string()}});
        return;
    }
    lock_.emplace(std::move(*lock));
    name_ = read_name(file);
    if (name_.empty()) name_ = write_name(file, now_ms);
}

}  // namespace kaigong::app
