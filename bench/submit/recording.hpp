// What one act (a submission, a completed task) writes, row by row: triggers on every table of a scratch bureau note it
// while the server works, so that the bare loop writes exactly the same, also after the tables have changed.
#pragma once

#include <string>
#include <vector>

#include "generator/sqlite_file.hpp"

namespace kaigong::bench {

/// A value: NULL, an integer, or a text in pieces with the name of what comes after each piece ("" at the end).
struct WrittenValue {
    enum class Kind { null, integer, text };
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    struct Piece {
        std::string literal;
        int token = -1;
    };
    std::vector<Piece> pieces;
};

/// One statement with its values in order.
struct Write {
    std::string sql;
    std::vector<WrittenValue> values;
};

struct Recording {
    /// One act after the other, each a request of its own to the writer.
    std::vector<std::vector<Write>> acts;
    /// 0: the application's id; 1: its number; then the subject's other values, then other ids, new with each subject
    int tokens = 0;

    std::size_t rows() const;
};

/// Makes the triggers. The server must not be running.
void watch(SqliteFile& file);

/// Where rows are noted, this statement ends an act; what comes after the last one is an act too.
inline constexpr const char* kEndOfAct = "INSERT INTO bench_writes (act) VALUES ('END')";
/// Whether `watch` was there.
bool notes_rows(const std::string& database_file);

/// What an act is about: an application's id, its number (looked up where it is missing: a submission makes it), and
/// what else stood in the database before.
using Subject = std::vector<std::string>;

/// One a line, its values with tabs between.
std::vector<Subject> read_subjects(const std::string& path);

/// What was noted since, which must be about this subject alone.
Recording read_recording(SqliteFile& file, Subject subject);

}  // namespace kaigong::bench
