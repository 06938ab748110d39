// Store tests run the same cases on SQLite and on a MariaDB that the test starts itself (loopback, temporary folder,
// not root, killed at exit). Where mariadbd is not installed the second half is left out with a line on stderr; with
// the environment variable CI set that is a failure.
//
//     TEST_CASE("a revoked permit stays revoked") {
//         db::testing::on_each_database({"audit", "permits"}, [](db::Database& database) { … CHECK(…); });
//     }
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "db/database.hpp"
#include "db/migrations.hpp"

namespace kaigong::db::testing {

/// A folder under the system's temporary one (or under `parent`), removed at the end.
class TemporaryFolder {
  public:
    explicit TemporaryFolder(const std::string& parent = {});
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::string& path() const { return path_; }
    std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

  private:
    std::string path_;
};

/// The body runs once for each database, each time fresh, with the tables of these modules (folders that have
/// `migrations/`); `db` is always there.
void on_each_database(std::initializer_list<std::string_view> modules, const std::function<void(Database&)>& body);

/// The same with tables that only the test needs.
void on_each_database(std::span<const Migration> migrations, const std::function<void(Database&)>& body);

/// The same for tests that open the database themselves, several times or with other limits: settings with a `url` of
/// an empty database.
void on_each_empty_database(const std::function<void(const Settings&)>& body);

/// Opens, or ends the test with what went wrong.
std::unique_ptr<Database> open_or_throw(const Settings& settings);

/// A fresh SQLite database with the tables of these modules, for tests that are not about databases.
class SqliteForTest {
  public:
    explicit SqliteForTest(std::initializer_list<std::string_view> modules);
    Database& operator*() const { return *database_; }
    Database* operator->() const { return database_.get(); }
    const TemporaryFolder& folder() const { return folder_; }

  private:
    TemporaryFolder folder_;
    std::unique_ptr<Database> database_;
};

}  // namespace kaigong::db::testing
