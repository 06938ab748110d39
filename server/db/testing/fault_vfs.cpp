#include "db/testing/fault_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <stdexcept>

namespace kaigong::db::testing {
namespace {

constexpr const char* kName = "kaigong_fault";

struct Plan {
    bool active = false;
    FileOperation operation = FileOperation::write;
    int skip = 0;
    int times = 0;
    int result = SQLITE_OK;
    std::string suffix;
};

std::mutex plan_mutex;
Plan plan;
std::atomic<std::uint64_t> failure_count{0};
std::atomic<std::uint64_t> sync_count{0};

/// SQLite's file object in front of the real one, which follows it in the same memory.
struct FaultFile {
    sqlite3_file base;
    const char* name;
    sqlite3_file* real;
};

FaultFile* of(sqlite3_file* file) {
    return reinterpret_cast<FaultFile*>(file);
}

/// The result that this operation has to fail with, or SQLITE_OK.
int planned_result(const FaultFile& file, FileOperation operation) {
    const std::lock_guard lock(plan_mutex);
    if (!plan.active || plan.operation != operation) return SQLITE_OK;
    const std::string_view name = file.name == nullptr ? "" : file.name;
    if (!name.ends_with(plan.suffix)) return SQLITE_OK;
    if (plan.skip > 0) {
        --plan.skip;
        return SQLITE_OK;
    }
    if (plan.times == 0) return SQLITE_OK;
    if (plan.times > 0) --plan.times;
    ++failure_count;
    return plan.result;
}

int write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
    if (const int planned = planned_result(*of(file), FileOperation::write); planned != SQLITE_OK) return planned;
    return of(file)->real->pMethods->xWrite(of(file)->real, bytes, amount, offset);
}

int sync(sqlite3_file* file, int flags) {
    if (const int planned = planned_result(*of(file), FileOperation::sync); planned != SQLITE_OK) {
        return planned == SQLITE_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    }
    ++sync_count;
    return of(file)->real->pMethods->xSync(of(file)->real, flags);
}

// The rest passes through.
int close(sqlite3_file* file) {
    auto* real = of(file)->real;
    const int result = real->pMethods == nullptr ? SQLITE_OK : real->pMethods->xClose(real);
    file->pMethods = nullptr;
    return result;
}
int read(sqlite3_file* file, void* bytes, int amount, sqlite3_int64 offset) {
    return of(file)->real->pMethods->xRead(of(file)->real, bytes, amount, offset);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return of(file)->real->pMethods->xTruncate(of(file)->real, size);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return of(file)->real->pMethods->xFileSize(of(file)->real, size);
}
int lock(sqlite3_file* file, int level) {
    return of(file)->real->pMethods->xLock(of(file)->real, level);
}
int unlock(sqlite3_file* file, int level) {
    return of(file)->real->pMethods->xUnlock(of(file)->real, level);
}
int check_reserved_lock(sqlite3_file* file, int* result) {
    return of(file)->real->pMethods->xCheckReservedLock(of(file)->real, result);
}
int file_control(sqlite3_file* file, int operation, void* argument) {
    return of(file)->real->pMethods->xFileControl(of(file)->real, operation, argument);
}
int sector_size(sqlite3_file* file) {
    return of(file)->real->pMethods->xSectorSize(of(file)->real);
}
int device_characteristics(sqlite3_file* file) {
    return of(file)->real->pMethods->xDeviceCharacteristics(of(file)->real);
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** address) {
    return of(file)->real->pMethods->xShmMap(of(file)->real, page, size, extend, address);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    return of(file)->real->pMethods->xShmLock(of(file)->real, offset, count, flags);
}
void shm_barrier(sqlite3_file* file) {
    of(file)->real->pMethods->xShmBarrier(of(file)->real);
}
int shm_unmap(sqlite3_file* file, int remove) {
    return of(file)->real->pMethods->xShmUnmap(of(file)->real, remove);
}

/// Version 2: shared memory for WAL, no memory-mapped reads, which would go past us.
const sqlite3_io_methods kMethods = {
    2,
    close,
    read,
    write,
    truncate,
    sync,
    file_size,
    lock,
    unlock,
    check_reserved_lock,
    file_control,
    sector_size,
    device_characteristics,
    shm_map,
    shm_lock,
    shm_barrier,
    shm_unmap,
    nullptr,
    nullptr,
};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* original = static_cast<sqlite3_vfs*>(vfs->pAppData);
    auto* opened = of(file);
    opened->name = name;
    opened->real = reinterpret_cast<sqlite3_file*>(opened + 1);
    std::memset(opened->real, 0, static_cast<std::size_t>(original->szOsFile));
    const int result = original->xOpen(original, name, opened->real, flags, out_flags);
    opened->base.pMethods = opened->real->pMethods == nullptr ? nullptr : &kMethods;
    return result;
}

void register_vfs() {
    static sqlite3_vfs vfs;
    auto* original = sqlite3_vfs_find(nullptr);
    if (original == nullptr) throw std::runtime_error("fault vfs: SQLite has no VFS");
    // The other functions of the original ignore which VFS they are called through.
    vfs = *original;
    vfs.pNext = nullptr;
    vfs.zName = kName;
    vfs.szOsFile = static_cast<int>(sizeof(FaultFile)) + original->szOsFile;
    vfs.pAppData = original;
    vfs.xOpen = open;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error("fault vfs: not registered");
}

}  // namespace

std::string FaultVfs::install() {
    static std::once_flag once;
    std::call_once(once, register_vfs);
    return kName;
}

void FaultVfs::fail(FileOperation operation, int nth, int times, DiskFault fault, std::string_view file_suffix) {
    const std::lock_guard lock(plan_mutex);
    const int result = fault == DiskFault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    plan = {true, operation, nth - 1, times, result, std::string(file_suffix)};
}

void FaultVfs::heal() {
    const std::lock_guard lock(plan_mutex);
    plan = {};
}

std::uint64_t FaultVfs::failures() {
    return failure_count;
}
std::uint64_t FaultVfs::syncs() {
    return sync_count;
}

}  // namespace kaigong::db::testing
