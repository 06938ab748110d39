// The bare loop beside which submissions and completed tasks are measured: clients that hand rows to one writer, which
// commits them in groups. Settings of the file and limits of a group are the server's own (db/sqlite_connection.cpp,
// db/database.hpp); there is nothing else: no HTTP, no rules, no checks, no savepoints.
#pragma once

#include <string>
#include <vector>

#include "submit/recording.hpp"

namespace kaigong::bench {

struct LoopFigures {
    std::int64_t acts = 0;
    std::int64_t commits = 0;
    double seconds = 0;
    double cpu_seconds = 0;
    double writer_cpu_seconds = 0;
};

/// Writes the recording once for each subject, `clients` at a time; one without a number gets one. Returns after the
/// last COMMIT.
LoopFigures run_loop(const std::string& database_file, const Recording& recording, const std::vector<Subject>& subjects,
                     int clients);

}  // namespace kaigong::bench
