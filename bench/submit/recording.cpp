#include "submit/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/id.hpp"

namespace kaigong::bench {
namespace {

constexpr const char* kNotes = "bench_writes";

struct Column {
    std::string name;
    bool is_key = false;
};
using Tables = std::map<std::string, std::vector<Column>>;

Tables tables_of(SqliteFile& file) {
    Tables tables;
    // Sessions are not the submission's.
    Statement columns(file.handle(),
                      "SELECT m.name, c.name, c.pk > 0 FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE "
                      "m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT IN ('sessions', 'bench_writes') "
                      "ORDER BY m.name, c.cid");
    while (columns.step()) tables[columns.text(0)].push_back({columns.text(1), columns.integer(2) != 0});
    return tables;
}

/// More columns than any table has: a row is noted as it is, because functions are refused in triggers there.
constexpr std::size_t kColumnsMax = 64;

std::string noted_columns(char row, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += fmt::format(", {}{}", row, i);
    return text;
}

std::string noted_values(const std::vector<Column>& columns, const char* row) {
    std::string text;
    for (const auto& column : columns) text += fmt::format(", {}.{}", row, column.name);
    return text;
}

/// What a trigger puts into the notes: the row before (b…), the row after (a…), or both.
std::string note_of(const std::string& table, const std::vector<Column>& columns, const std::string& act) {
    const bool before = act != "INSERT";
    const bool after = act != "DELETE";
    const auto count = columns.size();
    return fmt::format("INSERT INTO {} (act, written_table{}{}) VALUES ('{}', '{}'{}{})", kNotes,
                       before ? noted_columns('b', count) : "", after ? noted_columns('a', count) : "", act, table,
                       before ? noted_values(columns, "OLD") : "", after ? noted_values(columns, "NEW") : "");
}

/// A noted value.
struct Noted {
    bool is_null = true;
    bool is_integer = false;
    std::int64_t integer = 0;
    std::string text;

    bool operator==(const Noted&) const = default;
};
using Values = std::vector<Noted>;

Values noted_row(const Statement& notes, int first, std::size_t count) {
    Values values;
    for (int i = first; i < first + static_cast<int>(count); ++i) {
        values.push_back({notes.is_null(i), notes.is_integer(i), notes.integer(i), notes.text(i)});
    }
    return values;
}

/// Cuts the texts of a recording at what differs from act to act.
class Cutter {
  public:
    Cutter(SqliteFile& file, Subject subject) {
        if (subject.size() == 1) subject.push_back(number_of(file, subject.front()));
        for (const auto& value : subject) tokens_.emplace(value, static_cast<int>(tokens_.size()));
        number_ = subject.at(1);
        Statement accounts(file.handle(), "SELECT account_id FROM accounts");
        while (accounts.step()) stays_.insert(accounts.text(0));
    }

    WrittenValue cut(const Noted& value) {
        if (value.is_null) return {};
        if (value.is_integer) return {WrittenValue::Kind::integer, value.integer, {}};
        return {WrittenValue::Kind::text, 0, pieces_of(value.text)};
    }

    int tokens() const { return static_cast<int>(tokens_.size()); }

  private:
    static constexpr std::size_t kIdLength = 36;

    static std::string number_of(SqliteFile& file, const std::string& application_id) {
        Statement number(file.handle(), "SELECT application_number FROM applications WHERE application_id = ?");
        number.bind(1, application_id);
        if (!number.step()) throw std::runtime_error("no submission was recorded");
        return number.text(0);
    }

    std::vector<WrittenValue::Piece> pieces_of(std::string_view text) {
        std::vector<WrittenValue::Piece> pieces;
        std::string literal;
        for (std::size_t i = 0; i < text.size();) {
            const auto found = found_at(text.substr(i));
            if (found.empty()) {
                literal += text[i++];
                continue;
            }
            pieces.push_back({std::move(literal), tokens_.at(found)});
            literal.clear();
            i += found.size();
        }
        pieces.push_back({std::move(literal), -1});
        return pieces;
    }

    std::string found_at(std::string_view rest) {
        if (rest.starts_with(number_)) return number_;
        auto id = std::string(rest.substr(0, kIdLength));
        if (!is_uuid(id) || stays_.contains(id)) return {};
        tokens_.emplace(id, static_cast<int>(tokens_.size()));
        return id;
    }

    std::map<std::string, int> tokens_;
    std::set<std::string> stays_;
    std::string number_;
};

Write insertion(Cutter& cutter, const std::string& table, const std::vector<Column>& columns, const Values& after) {
    Write write;
    std::string names;
    std::string marks;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        names += (i == 0 ? "" : ", ") + columns[i].name;
        marks += i == 0 ? "?" : ", ?";
        write.values.push_back(cutter.cut(after[i]));
    }
    write.sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, marks);
    return write;
}

void add_key(Cutter& cutter, Write& write, const std::vector<Column>& columns, const Values& before) {
    const char* joint = " WHERE ";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!columns[i].is_key) continue;
        write.sql += joint + columns[i].name + " = ?";
        write.values.push_back(cutter.cut(before[i]));
        joint = " AND ";
    }
}

Write change(Cutter& cutter, const std::string& table, const std::vector<Column>& columns, const Values& before,
             const Values& after) {
    Write write{"UPDATE " + table + " SET ", {}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const bool last_chance = i + 1 == columns.size() && write.values.empty();
        if (before[i] == after[i] && !last_chance) continue;
        write.sql += (write.values.empty() ? "" : ", ") + columns[i].name + " = ?";
        write.values.push_back(cutter.cut(after[i]));
    }
    add_key(cutter, write, columns, before);
    return write;
}

}  // namespace

void watch(SqliteFile& file) {
    file.execute(fmt::format("CREATE TABLE {} (number INTEGER PRIMARY KEY, act TEXT, written_table TEXT{}{})", kNotes,
                             noted_columns('b', kColumnsMax), noted_columns('a', kColumnsMax)));
    for (const auto& [table, columns] : tables_of(file)) {
        if (columns.size() > kColumnsMax) throw std::runtime_error(table + " has too many columns");
        for (const std::string act : {"INSERT", "UPDATE", "DELETE"}) {
            file.execute(fmt::format("CREATE TRIGGER bench_{0}_{1} AFTER {1} ON {0} BEGIN {2}; END", table, act,
                                     note_of(table, columns, act)));
        }
    }
}

std::vector<Subject> read_subjects(const std::string& path) {
    std::vector<Subject> subjects;
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);) {
        auto& subject = subjects.emplace_back();
        std::istringstream values(line);
        for (std::string value; std::getline(values, value, '\t');) subject.push_back(value);
    }
    if (subjects.empty()) throw std::runtime_error("nothing to write about in " + path);
    return subjects;
}

bool notes_rows(const std::string& database_file) {
    const SqliteFile file(database_file);
    Statement found(file.handle(), "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
    found.bind(1, kNotes);
    return found.step();
}

std::size_t Recording::rows() const {
    std::size_t rows = 0;
    for (const auto& act : acts) rows += act.size();
    return rows;
}

Recording read_recording(SqliteFile& file, Subject subject) {
    std::vector<std::vector<Write>> acts(1);
    Cutter cutter(file, std::move(subject));
    const auto tables = tables_of(file);
    Statement notes(file.handle(),
                    fmt::format("SELECT act, written_table{}{} FROM {} ORDER BY number",
                                noted_columns('b', kColumnsMax), noted_columns('a', kColumnsMax), kNotes));
    constexpr int kBefore = 2;
    constexpr int kAfter = kBefore + static_cast<int>(kColumnsMax);
    while (notes.step()) {
        const auto act = notes.text(0);
        if (act == "END") {
            acts.emplace_back();
            continue;
        }
        auto& writes = acts.back();
        const auto table = notes.text(1);
        const auto& columns = tables.at(table);
        const auto before = noted_row(notes, kBefore, columns.size());
        const auto after = noted_row(notes, kAfter, columns.size());
        if (act == "INSERT") {
            writes.push_back(insertion(cutter, table, columns, after));
        } else if (act == "UPDATE") {
            writes.push_back(change(cutter, table, columns, before, after));
        } else {
            Write removal{"DELETE FROM " + table, {}};
            add_key(cutter, removal, columns, before);
            writes.push_back(std::move(removal));
        }
    }
    std::erase_if(acts, [](const auto& act) { return act.empty(); });
    return {std::move(acts), cutter.tokens()};
}

}  // namespace kaigong::bench
