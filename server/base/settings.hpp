// Configuration: one TOML file, and KAIGONG_… environment variables that override it.
//
//     KAIGONG_TRY(settings, Settings::open(file, environ_of_process()));
//     const auto port = settings.integer("server.port", 8600, {1, 65'535});   // or KAIGONG_SERVER_PORT
//     const auto password = settings.secret("database.password");            // database.password_file = "…",
//     KAIGONG_CHECK(settings.finish());                                       // KAIGONG_DATABASE_PASSWORD[_FILE]
//
// Each key is asked for once, with its default; `finish` returns every problem, unknown keys and variables among them.
// A secret never stands in the TOML file itself: by the path of a file that only its owner can read, or by environment.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_reader.hpp"
#include "base/result.hpp"

namespace kaigong {

/// A password or key that no log and no formatter takes by accident.
class SecretText {
  public:
    SecretText() = default;
    explicit SecretText(std::string value) : value_(std::move(value)) {}
    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    std::string value_;
};

using Environment = std::map<std::string, std::string, std::less<>>;

/// The variables of this process whose names begin with KAIGONG_.
Environment environment_of_process();

class Settings {
  public:
    /// An empty path means no file. Fails with settings.file_missing, settings.file_malformed (line and column),
    /// settings.file_too_large (1 MiB).
    static Result<Settings> open(const std::filesystem::path& file, Environment environment);
    static Result<Settings> parse(std::string_view toml, Environment environment = {});

    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;
    ~Settings();

    std::string text(std::string_view key, std::string fallback, TextRule rule = {.length_min = 0});
    std::int64_t integer(std::string_view key, std::int64_t fallback, IntegerRule rule = {});
    bool boolean(std::string_view key, bool fallback);
    /// An array of strings; in the environment separated by commas.
    std::vector<std::string> texts(std::string_view key, std::vector<std::string> fallback);
    template <class E>
    E one_of(std::string_view key, E fallback, std::span<const JsonName<E>> table) {
        const std::string name = choice(key, [&] {
            std::vector<std::string_view> names;
            for (const auto& line : table) names.push_back(line.name);
            return names;
        }());
        for (const auto& line : table) {
            if (line.name == name) return line.value;
        }
        return fallback;
    }
    /// Empty when it is not set anywhere. One line break at the end of the file is left out.
    SecretText secret(std::string_view key);
    bool is_set(std::string_view key) const;

    /// Variables that something else reads (the launcher, tests).
    void leave_to_others(std::initializer_list<std::string_view> variables);

    /// Fails with settings.invalid; `fields` names each key or variable.
    Result<void> finish() const;

    /// `server.port` → `KAIGONG_SERVER_PORT`.
    static std::string variable_of(std::string_view key);

  private:
    struct Document;
    explicit Settings(std::unique_ptr<Document> document);
    std::string choice(std::string_view key, const std::vector<std::string_view>& names);

    std::unique_ptr<Document> document_;
};

}  // namespace kaigong
