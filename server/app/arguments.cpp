#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/verbs.hpp"

namespace kaigong::app {

std::string option(const Arguments& arguments, const std::string& name, const std::string& fallback) {
    const auto found = std::ranges::find(arguments, name);
    return found == arguments.end() || found + 1 == arguments.end() ? fallback : *(found + 1);
}

bool flag(const Arguments& arguments, const std::string& name) {
    return std::ranges::find(arguments, name) != arguments.end();
}

Arguments positional(const Arguments& arguments, const std::vector<std::string>& flags) {
    Arguments rest;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!arguments[i].starts_with("--")) {
            rest.push_back(arguments[i]);
        } else if (std::ranges::find(flags, arguments[i]) == flags.end()) {
            ++i;
        }
    }
    return rest;
}

Result<std::string> text_or_file(const std::string& argument) {
    if (!argument.starts_with('@')) return argument;
    const auto path = argument.substr(1);
    std::error_code fault;
    if (!std::filesystem::exists(path, fault)) {
        return error(Errc::not_found, "app.file_missing", fmt::format("没有文件 {}，请核对路径后重试。", path));
    }
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || std::filesystem::is_directory(path, fault)) {
        return error(Errc::unavailable, "app.file_unreadable",
                     fmt::format("文件 {} 读不出来，请检查它是不是文件、当前用户能不能读。", path));
    }
    return std::move(text).str();
}

int refuse(const Error& error) {
    fmt::print(stderr, "{}\n({})\n", error.message, error.reason);
    for (const auto& field : error.fields) fmt::print(stderr, "  {}: {}\n", field.field, field.message);
    return kRefused;
}

}  // namespace kaigong::app
