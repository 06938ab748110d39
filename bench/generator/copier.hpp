// Writes copies of a pattern: every copy a case of its own, with ids, numbers, names, days and officers of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "generator/pattern.hpp"

namespace kaigong::bench {

struct Organisation {
    std::string name;
    std::string credit_code;
};

/// What the copies of all patterns share: who is there, and the counters as the server keeps them.
struct Bureau {
    Surroundings around;
    const crypto::KeyRing* keys = nullptr;
    std::vector<Organisation> organisations;
    std::map<std::pair<std::string, int>, std::int64_t> application_serials;            ///< region, year
    std::map<std::tuple<std::string, std::string, int>, std::int64_t> letter_serials;   ///< region, kind, year
    std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> permits;  ///< region, day, category
};

/// Where and when a copy lives.
struct Placement {
    std::string region_code;
    std::int64_t shift_days = 0;
    std::int64_t number = 0;  ///< of the copy, over all patterns
};

class Copier {
  public:
    Copier(SqliteFile& file, Bureau& bureau, std::uint64_t seed) : file_(file), bureau_(bureau), random_(seed) {}

    void write(const Pattern& pattern, const Placement& placement);
    /// Of the copy written last; empty when it has none.
    const std::string& permit_number() const { return permit_number_; }

  private:
    void choose_values(const Pattern& pattern, const Placement& placement);
    void choose_numbers(const Pattern& pattern, const Placement& placement);
    std::string value_of(const Token& token, const Placement& placement);
    std::string letter_number(const Token& token, const Placement& placement);
    std::string seal(const Sealed& sealed) const;
    std::string uuid(std::int64_t at_ms);
    std::string random_uuid();
    std::int64_t shifted(std::int64_t at_ms) const;
    void append(const Text& text, std::string& to) const;
    void write_row(const Row& row);
    void bind(Statement& insert, int at, const Cell& cell);
    Statement& insert_into(const std::string& table);

    SqliteFile& file_;
    Bureau& bureau_;
    std::mt19937_64 random_;
    std::map<std::string, std::unique_ptr<Statement>> inserts_;

    std::vector<std::string> values_;  ///< by token
    std::vector<std::string> texts_;   ///< of the row being written: SQLite reads them until it has run
    std::int64_t shift_ms_ = 0;
    std::int64_t jitter_ms_ = 0;
    std::string application_number_;
    std::string permit_number_;
    const Organisation* owner_ = nullptr;
};

}  // namespace kaigong::bench
