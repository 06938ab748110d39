// The errors that both databases answer with, in one place so that they read the same.
#pragma once

#include "base/result.hpp"

namespace kaigong::db {

inline Error writer_busy() {
    return error(Errc::unavailable, "db.writer_busy", "系统正忙,这次操作没有保存。请稍等片刻再提交一次。");
}
inline Error not_saved() {
    return error(Errc::unavailable, "db.not_saved",
                 "数据库暂时写不进去,这次操作没有保存。请稍后再试;反复出现请联系系统管理员检查磁盘空间和数据库。");
}
inline Error outcome_unknown() {
    return error(Errc::unavailable, "db.outcome_unknown",
                 "提交时与数据库的连接断开,不能确定是否已保存。请刷新页面查看结果,没有保存再提交一次。");
}
inline Error readers_busy() {
    return error(Errc::unavailable, "db.readers_busy", "查询的人太多,暂时排不上。请稍等片刻再试。");
}
inline Error not_readable() {
    return error(Errc::unavailable, "db.not_readable", "数据库暂时读不出来。请稍后再试;反复出现请联系系统管理员。");
}
inline Error duplicate_key() {
    return error(Errc::conflict, "db.duplicate_key", "同样的记录已经存在。请刷新页面,在已有的记录上继续办理。");
}

}  // namespace kaigong::db
