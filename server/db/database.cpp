#include "db/database.hpp"

#include <string_view>

#include "db/mariadb_database.hpp"
#include "db/sqlite_database.hpp"

namespace kaigong::db {

Result<std::unique_ptr<Database>> Database::open(const Settings& settings) {
    constexpr std::string_view kSqlite = "sqlite:";
    const std::string_view url = settings.url;
    if (url.starts_with(kSqlite)) return SqliteDatabase::open(std::string(url.substr(kSqlite.size())), settings);
    if (url.starts_with("mariadb:")) return MariadbDatabase::open(settings);
    return error(Errc::invalid_input, "db.url_malformed",
                 "数据库地址写得不对。应为 sqlite:文件路径,或 mariadb://用户:口令@主机:3306/库名。");
}

}  // namespace kaigong::db
