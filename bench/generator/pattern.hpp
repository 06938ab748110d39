// The rows of one case that was really played, cut into what stays and what differs from copy to copy: ids, numbers,
// names, regions, officers, days, sealed values. Which columns a table has is read from the database, so that columns
// of later versions come along by themselves.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crypto/key_ring.hpp"
#include "generator/sqlite_file.hpp"

namespace kaigong::bench {

enum class Varying {
    uuid,         ///< keeps its instant, shifted; random of the copy
    random_uuid,  ///< Idempotency-Key
    instant,      ///< milliseconds written in a text
    date,         ///< YYYY-MM-DD
    region,
    account,  ///< the officer of the same post in the copy's region
    application_number,
    permit_number,
    certificate_identifier,
    letter_number,
    works_name,
    owner_name,
    credit_code,
    sealed,
};

struct Token {
    Varying kind = Varying::uuid;
    std::string original;
    std::int64_t at_ms = 0;  ///< uuid, instant: when; letter_number: when it was issued; sealed: which
    std::string letter_kind;
};

/// A literal, then a token (−1: none).
struct Piece {
    std::string literal;
    int token = -1;
};
using Text = std::vector<Piece>;

/// A sealed value: what is inside, and the place it is bound to.
struct Sealed {
    std::string table;
    std::string field;
    Text row_id;
    Text value;
};

struct Cell {
    enum class Kind { null, integer, instant, text };
    Kind kind = Kind::null;
    std::int64_t integer = 0;
    Text text;
};

struct Row {
    std::string table;
    std::vector<Cell> cells;
};

struct Pattern {
    std::vector<Row> rows;
    std::vector<Token> tokens;
    std::vector<Sealed> sealed;
    std::string region_code;
    std::int64_t received_at_ms = 0;
    std::int64_t decided_at_ms = 0;  ///< 0: under way
};

/// Columns of every table, in their order; and who the officers are: account_id → post, and region + post → account_id.
struct Surroundings {
    std::map<std::string, std::vector<std::string>> columns;
    std::map<std::string, std::string> post_of;
    std::map<std::string, std::string> account_of;
};

Surroundings read_surroundings(SqliteFile& file);

/// `with_requests`: also the Idempotency-Keys, which the server forgets after a while. Throws std::runtime_error for a
/// sealed value whose place is not known here.
Pattern read_pattern(SqliteFile& file, const Surroundings& around, const crypto::KeyRing& keys,
                     const std::string& application_id, bool with_requests);

}  // namespace kaigong::bench
