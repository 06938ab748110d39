// What one submission writes, row by row: triggers on every table of a scratch bureau note it while the server works,
// so that the bare loop writes exactly the same, also after the tables have changed.
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
    std::vector<Write> writes;
    int tokens = 0;  ///< 0: the application's id; 1: its number; then other ids, new with each submission
};

/// Makes the triggers. The server must not be running.
void watch(SqliteFile& file);

/// What was noted since, which must be about this application alone.
Recording read_recording(SqliteFile& file, const std::string& application_id);

}  // namespace kaigong::bench
