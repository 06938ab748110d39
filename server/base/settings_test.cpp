#include "base/settings.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>

using namespace kaigong;

namespace {

enum class Engine { sqlite, mariadb };
constexpr std::array kEngines{JsonName<Engine>{"sqlite", Engine::sqlite}, JsonName<Engine>{"mariadb", Engine::mariadb}};

Settings settings_of(std::string_view toml, Environment environment = {}) {
    auto settings = Settings::parse(toml, std::move(environment));
    REQUIRE(settings);
    return std::move(*settings);
}

std::vector<std::string> problems(const Settings& settings) {
    std::vector<std::string> result;
    if (auto finished = settings.finish(); !finished) {
        CHECK(finished.error().reason == "settings.invalid");
        for (const auto& field : finished.error().fields) result.push_back(field.field + " " + field.reason);
    }
    return result;
}

/// A file with the given rights that goes when the test ends.
class SecretFile {
  public:
    explicit SecretFile(mode_t mode)
        : path_(std::filesystem::temp_directory_path() / ("kaigong_settings_test_" + std::to_string(::getpid()))) {
        std::ofstream(path_) << "hush\n";
        ::chmod(path_.c_str(), mode);
    }
    SecretFile(const SecretFile&) = delete;
    SecretFile& operator=(const SecretFile&) = delete;
    ~SecretFile() { std::filesystem::remove(path_); }
    std::string path() const { return path_.string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("the environment overrides the file, the file overrides the default") {
    auto settings = settings_of(
        "[server]\nport = 9000\nname = \"甲\"\ndemo = true\nhosts = [\"a\", \"b\"]\n[database]\nengine = \"mariadb\"",
        {{"KAIGONG_SERVER_PORT", "9100"}, {"KAIGONG_SERVER_PROXIES", "x,y"}});
    CHECK(settings.integer("server.port", 8600, {1, 65'535}) == 9'100);
    CHECK(settings.text("server.name", "乙") == "甲");
    CHECK(settings.boolean("server.demo", false));
    CHECK(settings.texts("server.hosts", {}) == std::vector<std::string>{"a", "b"});
    CHECK(settings.texts("server.proxies", {}) == std::vector<std::string>{"x", "y"});
    CHECK(settings.integer("server.threads", 4) == 4);
    CHECK(settings.one_of<Engine>("database.engine", Engine::sqlite, kEngines) == Engine::mariadb);
    CHECK(settings.one_of<Engine>("database.second", Engine::sqlite, kEngines) == Engine::sqlite);
    CHECK(problems(settings).empty());
}

TEST_CASE("every wrong or unknown setting is named in one answer") {
    auto settings =
        settings_of("stray = 1\n[server]\nport = \"9000\"\nname = 5\nhosts = [1]\nengine = \"oracle\"\nsurplus = 1",
                    {{"KAIGONG_SERVER_DEMO", "yes"}, {"KAIGONG_TYPO", "1"}, {"KAIGONG_DATA", "x"}});
    settings.integer("server.port", 8600, {1, 65'535});
    settings.text("server.name", "");
    settings.texts("server.hosts", {});
    settings.boolean("server.demo", false);
    settings.one_of<Engine>("server.engine", Engine::sqlite, kEngines);
    settings.leave_to_others({"KAIGONG_DATA"});
    CHECK(problems(settings) == std::vector<std::string>{
                                    "server.port settings.integer_out_of_range",
                                    "server.name settings.not_text",
                                    "server.hosts settings.not_a_list",
                                    "server.demo settings.not_a_boolean",
                                    "server.engine settings.not_one_of",
                                    "server.surplus settings.unknown_key",
                                    "stray settings.unknown_key",
                                    "KAIGONG_TYPO settings.unknown_variable",
                                });
}

TEST_CASE("a secret comes from a private file or the environment and never from the settings file") {
    const SecretFile file(0600);
    auto by_file = settings_of("[database]\npassword_file = \"" + file.path() + "\"");
    CHECK(by_file.secret("database.password").reveal() == "hush");
    CHECK(problems(by_file).empty());

    auto by_variable = settings_of("", {{"KAIGONG_DATABASE_PASSWORD", "loud"}});
    CHECK(by_variable.secret("database.password").reveal() == "loud");
    CHECK(problems(by_variable).empty());

    auto in_clear = settings_of("[database]\npassword = \"clear\"");
    CHECK(in_clear.secret("database.password").empty());
    CHECK(problems(in_clear) == std::vector<std::string>{"database.password settings.secret_in_file"});

    auto missing = settings_of("[database]\npassword_file = \"/nonexistent/x\"");
    CHECK(missing.secret("database.password").empty());
    CHECK(problems(missing) == std::vector<std::string>{"database.password_file settings.secret_file_missing"});
}

TEST_CASE("a secret file that others can read is refused by name") {
    const SecretFile file(0644);
    auto settings = settings_of("", {{"KAIGONG_KEY_FILE", file.path()}});
    CHECK(settings.secret("key").empty());
    CHECK(problems(settings) == std::vector<std::string>{"key_file settings.secret_file_readable"});
}

TEST_CASE("a file that is not TOML is refused with its line") {
    const auto settings = Settings::parse("a = 1\nb = = 2\n");
    REQUIRE_FALSE(settings);
    CHECK(settings.error().reason == "settings.file_malformed");
    CHECK(settings.error().message.find("第 2 行") != std::string::npos);
    CHECK(Settings::open("/nonexistent/kaigong.toml", {}).error().reason == "settings.file_missing");
    CHECK(Settings::open("", {}).has_value());
}

TEST_CASE("asking twice for one setting is a bug") {
    auto settings = settings_of("");
    settings.integer("a.b", 1);
    CHECK_THROWS_AS(settings.integer("a.b", 2), std::logic_error);
    CHECK_THROWS_AS(settings.integer("a_b", 2), std::logic_error);
}
