// The portable words of migrations, and how a file falls into statements.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>

#include "db/migrations.hpp"

namespace kaigong::db {
namespace {

constexpr std::string_view kInnodb = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin";
constexpr std::string_view kAscii = "CHARACTER SET ascii COLLATE ascii_bin";

std::string sqlite_word(std::string_view word) {
    if (word == "integer") return "INTEGER";
    if (word == "table") return "STRICT";
    if (word == "key_table") return "STRICT, WITHOUT ROWID";
    return "TEXT";
}

std::string mariadb_word(std::string_view word, std::string_view length) {
    if (word == "id") return fmt::format("CHAR(36) {}", kAscii);
    // Not ASCII: codes come from outside, and MariaDB refuses to compare an ASCII column with Chinese text (1267).
    if (word == "code") return "VARCHAR(160)";
    if (word == "text" && !length.empty()) return fmt::format("VARCHAR({})", length);
    if (word == "integer") return "BIGINT";
    if (word == "table" || word == "key_table") return std::string(kInnodb);
    return "MEDIUMTEXT";
}

std::string replacement(std::string_view whole, DatabaseKind kind) {
    static constexpr std::string_view kWords[] = {"id", "code", "text", "json", "integer", "table", "key_table"};
    const auto colon = whole.find(':');
    const auto word = whole.substr(0, colon);
    const auto length = colon == std::string_view::npos ? std::string_view() : whole.substr(colon + 1);
    const bool digits = std::all_of(length.begin(), length.end(), [](unsigned char c) { return std::isdigit(c); });
    const bool known = std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
    if (!known || !digits || (colon != std::string_view::npos && (word != "text" || length.empty()))) {
        throw std::invalid_argument(fmt::format("migration: unknown word {{{{{}}}}}", whole));
    }
    return kind == DatabaseKind::sqlite ? sqlite_word(word) : mariadb_word(word, length);
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const auto begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

}  // namespace

std::string in_dialect(std::string_view sql, DatabaseKind kind) {
    std::string result;
    for (;;) {
        const auto open = sql.find("{{");
        result += sql.substr(0, open);
        if (open == std::string_view::npos) return result;
        const auto close = sql.find("}}", open);
        if (close == std::string_view::npos) throw std::invalid_argument("migration: {{ without }}");
        result += replacement(sql.substr(open + 2, close - open - 2), kind);
        sql.remove_prefix(close + 2);
    }
}

std::vector<std::string> split_statements(std::string_view sql) {
    std::vector<std::string> statements;
    std::string current;
    bool quoted = false;
    auto finish = [&] {
        if (auto statement = trimmed(current); !statement.empty()) statements.push_back(std::move(statement));
        current.clear();
    };
    for (std::size_t i = 0; i < sql.size(); ++i) {
        const char c = sql[i];
        if (c == '\'') quoted = !quoted;
        if (!quoted && c == '-' && sql.substr(i).starts_with("--")) {
            const auto end = sql.find('\n', i);
            if (end == std::string_view::npos) break;
            i = end - 1;
        } else if (!quoted && c == ';') {
            finish();
        } else {
            current += c;
        }
    }
    finish();
    return statements;
}

}  // namespace kaigong::db
