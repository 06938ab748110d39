#include "db/testing/test_databases.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "db/testing/mariadb_server.hpp"

namespace kaigong::db::testing {
namespace {

constexpr std::int64_t kAnyInstantMs = 1'780'000'000'000;

/// Started when the first case needs it; ended when the process ends. Nothing where it is not installed.
MariadbServer* mariadb_server() {
    static const std::unique_ptr<MariadbServer> kServer = [] {
        auto server = MariadbServer::start();
        if (!server) {
            if (std::getenv("CI") != nullptr) throw std::runtime_error("mariadbd is not installed, but CI is set");
            std::fputs("MariaDB half of the store tests left out: mariadbd is not installed (package mariadb-server)\n",
                       stderr);
        }
        return server;
    }();
    return kServer.get();
}

std::vector<Migration> with_own(std::initializer_list<std::string_view> modules) {
    std::vector<std::string_view> names{"db"};
    for (const auto module : modules) {
        if (module != "db") names.push_back(module);
    }
    return migrations_of(embedded_migrations(), names);
}

void migrate_or_throw(Database& database, std::span<const Migration> migrations) {
    const auto migrated = migrate(database, migrations, kAnyInstantMs);
    if (!migrated) throw std::runtime_error(migrated.error().reason + ": " + migrated.error().message);
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::string& parent) {
    const auto folder = parent.empty() ? std::filesystem::temp_directory_path() : std::filesystem::path(parent);
    auto name = (folder / "kaigong-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<Database> open_or_throw(const Settings& settings) {
    auto opened = Database::open(settings);
    if (!opened) throw std::runtime_error(opened.error().reason + ": " + opened.error().message);
    return std::move(*opened);
}

void on_each_empty_database(const std::function<void(const Settings&)>& body) {
    {
        const TemporaryFolder folder;
        Settings settings;
        settings.url = "sqlite:" + folder.file("test.db");
        body(settings);
    }
    auto* server = mariadb_server();
    if (server == nullptr) return;
    Settings settings;
    settings.url = server->create_schema();
    settings.connections = 16;
    body(settings);
    server->drop_schema(settings.url);
}

void on_each_database(std::span<const Migration> migrations, const std::function<void(Database&)>& body) {
    on_each_empty_database([&](const Settings& settings) {
        const auto database = open_or_throw(settings);
        migrate_or_throw(*database, migrations);
        body(*database);
    });
}

void on_each_database(std::initializer_list<std::string_view> modules, const std::function<void(Database&)>& body) {
    const auto migrations = with_own(modules);
    on_each_database(std::span<const Migration>(migrations), body);
}

SqliteForTest::SqliteForTest(std::initializer_list<std::string_view> modules) {
    Settings settings;
    settings.url = "sqlite:" + folder_.file("test.db");
    database_ = open_or_throw(settings);
    migrate_or_throw(*database_, with_own(modules));
}

}  // namespace kaigong::db::testing
