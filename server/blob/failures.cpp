#include "blob/failures.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "base/log.hpp"

namespace kaigong::blob {

Error too_large(std::int64_t size_bytes_max) {
    const auto kib = size_bytes_max / 1024;
    const auto limit = kib >= 1024 ? fmt::format("{} MB", kib / 1024) : fmt::format("{} KB", kib);
    return error(Errc::too_large, "blob.too_large",
                 fmt::format("文件超过 {} 的上限。请压缩、降低扫描分辨率或分成几个文件后再上传。", limit));
}

Error not_stored(int system_error) {
    log_event(LogLevel::error, "blob.not_stored", {{"errno", system_error}});
    if (system_error == ENOSPC || system_error == EDQUOT) {
        return error(Errc::unavailable, "blob.disk_full",
                     "服务器存储空间不足,文件没有保存。请稍后再传,并告知系统管理员清理磁盘。");
    }
    return error(Errc::unavailable, "blob.not_stored", "文件没有保存成功。请稍后再传一次;反复出现请联系系统管理员。");
}

Error not_found() {
    return error(Errc::not_found, "blob.not_found", "找不到这份文件。请刷新页面核对,或联系系统管理员。");
}

Error damaged() {
    return error(Errc::internal, "blob.damaged",
                 "这份文件在服务器上已损坏,不能打开。请重新上传,并告知系统管理员从备份恢复。");
}

}  // namespace kaigong::blob
