#include "db/database_mark.hpp"

namespace kaigong::db {

Result<void> claim_for(Database& database, Purpose purpose) {
    const std::string_view wanted = purpose == Purpose::demo ? "demo" : "production";
    KAIGONG_TRY(found, database.transact([&](Session& session) -> Result<std::string> {
        if (session.insert_new("INSERT INTO database_mark (mark, purpose) VALUES (1, ?)", wanted)) {
            return std::string(wanted);
        }
        return session.row<std::string>("SELECT purpose FROM database_mark WHERE mark = 1");
    }));
    if (found == wanted) return {};
    if (purpose == Purpose::production) {
        return error(
            Errc::forbidden, "db.is_a_demo_database",
            "这是演示用的数据库(口令公开、时钟可拨),不能用于正式办件。请改用正式的数据目录,或加 --demo 运行演示。");
    }
    return error(Errc::forbidden, "db.is_a_production_database",
                 "这是正式办件的数据库,不能用演示方式打开。请为演示另选一个数据目录。");
}

}  // namespace kaigong::db
