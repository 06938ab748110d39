#include "db/versions.hpp"

#include <fmt/format.h>

namespace kaigong::db {

Result<void> bump_version(Session& session, std::string_view table, std::string_view id_column, std::string_view id,
                          std::int64_t expected_version) {
    const auto sql = fmt::format("UPDATE {} SET version = version + 1 WHERE {} = ? AND version = ?", table, id_column);
    if (session.execute(sql, id, expected_version) == 1) return {};
    return error(Errc::precondition_failed, "db.version_is_stale",
                 "您看到的内容已经被别人改过。请刷新页面,核对最新内容后再操作一次。");
}

}  // namespace kaigong::db
