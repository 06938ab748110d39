#include "generator/pattern.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>

#include "base/civil_date.hpp"
#include "base/id.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/long_field.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::bench {
namespace {

constexpr const char* kRequests = "idempotent_requests";
constexpr std::int64_t kYearMs = 366LL * 86'400'000;

bool has(const std::vector<std::string>& columns, std::string_view name) {
    return std::ranges::find(columns, name) != columns.end();
}

std::size_t at(const std::vector<std::string>& columns, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin());
}

struct RawValue {
    bool is_null = true;
    bool is_integer = false;
    std::int64_t integer = 0;
    std::string text;
};
struct RawRow {
    std::string table;
    std::vector<RawValue> values;
};

/// Everything the database holds about one case.
class Collector {
  public:
    Collector(SqliteFile& file, const Surroundings& around, std::string application_id)
        : file_(file), around_(around), application_id_(std::move(application_id)) {}

    std::vector<RawRow> collect(bool with_requests) {
        owned_.insert(application_id_);
        for (const auto& [table, columns] : around_.columns) {
            if (has(columns, "application_id")) take(table, "application_id = ?", application_id_);
        }
        by_owned("permit_number", "application_id");
        by_owned("aggregate_id", "application_id");
        by_owned("event_id", "aggregate_id");
        by_owned("certificate_identifier", "permit_number");
        if (with_requests) {
            take(kRequests, "instr(route, ?1) OR instr(outcome, ?1)", application_id_);
        }
        return std::move(rows_);
    }

  private:
    /// Tables with that key, unless they were taken by the other one already.
    void by_owned(std::string_view key, std::string_view unless) {
        const auto ids = owned_;
        for (const auto& [table, columns] : around_.columns) {
            if (!has(columns, key) || has(columns, unless) || has(columns, "application_id")) continue;
            for (const auto& id : ids) take(table, std::string(key) + " = ?", id);
        }
    }

    void take(const std::string& table, const std::string& where, const std::string& value) {
        const auto& columns = around_.columns.at(table);
        Statement rows(file_.handle(), "SELECT * FROM " + table + " WHERE " + where);
        rows.bind(1, value);
        while (rows.step()) {
            RawRow row{table, {}};
            for (int i = 0; i < rows.columns(); ++i) {
                row.values.push_back({rows.is_null(i), rows.is_integer(i), rows.integer(i), rows.text(i)});
                note_id(columns[static_cast<std::size_t>(i)], row.values.back().text);
            }
            rows_.push_back(std::move(row));
        }
    }

    void note_id(const std::string& column, const std::string& text) {
        const bool is_key = column == "permit_number" || column == "certificate_identifier";
        const bool is_id = column.ends_with("_id") && is_uuid(text) && !around_.post_of.contains(text);
        if ((is_key || is_id) && !text.empty()) owned_.insert(text);
    }

    SqliteFile& file_;
    const Surroundings& around_;
    std::string application_id_;
    std::set<std::string> owned_;
    std::vector<RawRow> rows_;
};

std::int64_t instant_of_uuid(const std::string& uuid) {
    std::uint64_t bits = 0;
    const auto digits = uuid.substr(0, 8) + uuid.substr(9, 4);
    std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    return static_cast<std::int64_t>(bits);
}

/// Cuts texts at everything that differs from copy to copy.
class Cutter {
  public:
    Cutter(const Surroundings& around, const crypto::KeyRing& keys, Pattern& pattern)
        : around_(around), keys_(keys), pattern_(pattern) {}

    void learn(const std::vector<RawRow>& rows) {
        for (const auto& row : rows) {
            const auto& columns = around_.columns.at(row.table);
            for (std::size_t i = 0; i < columns.size(); ++i) learn_value(columns[i], row, i);
        }
        for (const auto& [account_id, post] : around_.post_of) {
            if (!post.empty()) know(Varying::account, account_id);
        }
        std::ranges::sort(known_, std::greater{}, [](const auto& one) { return one.first.size(); });
    }

    void cut(const RawRow& row) {
        const auto& columns = around_.columns.at(row.table);
        find_places(row, columns);
        Row made{row.table, {}};
        for (std::size_t i = 0; i < columns.size(); ++i) made.cells.push_back(cell_of(columns[i], row.values[i]));
        pattern_.rows.push_back(std::move(made));
    }

  private:
    void know(Varying kind, const std::string& text, std::int64_t at_ms = 0, const std::string& letter_kind = {}) {
        const bool is_new =
            std::ranges::none_of(known_, [&](const auto& one) { return one.first == text; }) && !text.empty();
        if (is_new) known_.emplace_back(text, add({kind, text, at_ms, letter_kind}));
    }

    int add(Token token) {
        pattern_.tokens.push_back(std::move(token));
        return static_cast<int>(pattern_.tokens.size()) - 1;
    }

    void learn_value(const std::string& column, const RawRow& row, std::size_t i) {
        const auto& text = row.values[i].text;
        if (row.values[i].is_null || row.values[i].is_integer) return;
        if (column == "application_number") know(Varying::application_number, text);
        if (column == "permit_number") know(Varying::permit_number, text);
        if (column == "certificate_identifier") know(Varying::certificate_identifier, text);
        if (column == "works_name") know(Varying::works_name, text);
        if (column == "owner_name") know(Varying::owner_name, text);
        if (column == "credit_code" || column == "owner_credit_code") know(Varying::credit_code, text);
        if (column == "idempotency_key") know(Varying::random_uuid, text);
        if (column == "letter_number") {
            const auto& columns = around_.columns.at(row.table);
            know(Varying::letter_number, text, row.values[at(columns, "issued_at_ms")].integer,
                 row.values[at(columns, "letter_kind")].text);
        }
        if (column.ends_with("_id") && is_uuid(text) && !around_.post_of.contains(text)) {
            know(Varying::uuid, text, instant_of_uuid(text));
        }
    }

    Cell cell_of(const std::string& column, const RawValue& value) {
        if (value.is_null) return {};
        if (!value.is_integer) return {Cell::Kind::text, 0, column_text(column, value.text)};
        if (column == "at_ms" || column.ends_with("_at_ms")) return {Cell::Kind::instant, value.integer, {}};
        return {Cell::Kind::integer, value.integer, {}};
    }

    Text column_text(const std::string& column, const std::string& text) {
        // A version of the catalogue begins with a day that stays.
        if (column == "catalog_version") return {{text, -1}};
        if (text == pattern_.region_code) return {{"", add({Varying::region, text, 0, {}})}};
        return cut_text(text);
    }

    Text cut_text(std::string_view text) {
        Text pieces;
        std::string literal;
        for (std::size_t i = 0; i < text.size();) {
            const auto [token, length] = token_at(text, i);
            if (token < 0) {
                literal += text[i++];
                continue;
            }
            pieces.push_back({std::move(literal), token});
            literal.clear();
            i += length;
        }
        if (!literal.empty() || pieces.empty()) pieces.push_back({std::move(literal), -1});
        return pieces;
    }

    std::pair<int, std::size_t> token_at(std::string_view text, std::size_t i) {
        const auto rest = text.substr(i);
        if (rest.starts_with(crypto::kSealedFieldPrefix)) return sealed_at(rest);
        for (const auto& [known, token] : known_) {
            if (rest.starts_with(known)) return {token, known.size()};
        }
        const bool in_quotes = i > 0 && text[i - 1] == '"' && rest.starts_with(pattern_.region_code + "\"");
        if (in_quotes) return {add({Varying::region, pattern_.region_code, 0, {}}), pattern_.region_code.size()};
        const bool begins = i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0;
        if (!begins || std::isdigit(static_cast<unsigned char>(rest[0])) == 0) return {-1, 0};
        return number_at(rest);
    }

    std::pair<int, std::size_t> number_at(std::string_view rest) {
        constexpr std::size_t kDateLength = 10;
        constexpr std::size_t kInstantDigits = 13;
        const auto digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        if (digits == kInstantDigits) {
            std::int64_t at_ms = 0;
            const auto written = rest.substr(0, digits);
            std::from_chars(written.data(), written.data() + written.size(), at_ms);
            const bool near = std::abs(at_ms - pattern_.received_at_ms) < kYearMs;
            if (near) return {add({Varying::instant, std::string(rest.substr(0, digits)), at_ms, {}}), digits};
        }
        if (digits == 4 && rest.size() >= kDateLength && parse_date(rest.substr(0, kDateLength))) {
            return {add({Varying::date, std::string(rest.substr(0, kDateLength)), 0, {}}), kDateLength};
        }
        return {-1, 0};
    }

    std::pair<int, std::size_t> sealed_at(std::string_view rest) {
        const auto length = std::min(rest.find_first_of("\"\n"), rest.size());
        const auto place = places_.find(std::string(rest.substr(0, length)));
        if (place == places_.end()) throw std::runtime_error("a sealed value stands where the generator knows none");
        const auto [table, field, row_id] = place->second;
        const auto opened = crypto::open_field(keys_, {table, field, row_id}, place->first);
        if (!opened) throw std::runtime_error("a sealed value does not open: " + opened.error().reason);
        Sealed sealed{table, field, cut_text(row_id), cut_text(*opened)};
        pattern_.sealed.push_back(std::move(sealed));
        return {add({Varying::sealed, "", static_cast<std::int64_t>(pattern_.sealed.size()) - 1, {}}), length};
    }

    /// Where the sealed values of this row are bound to, by the rules of the modules that seal them.
    void find_places(const RawRow& row, const std::vector<std::string>& columns) {
        const auto text = [&](std::string_view column) { return row.values[at(columns, column)].text; };
        if (row.table == "permits") {
            find_pieces("permits", "record", text("record"), text("permit_number"));
        } else if (row.table == "certificate_editions") {
            find_pieces(row.table, "content", text("content"), text("certificate_identifier"));
        } else if (row.table == "applications" || row.table == "submissions") {
            const auto id = text("application_id");
            const auto row_id = row.table == "applications"
                                    ? applications::draft_row(id)
                                    : applications::round_row(id, row.values[at(columns, "round")].integer);
            walk_form(boost::json::parse(text("form")), "", row_id);
        }
    }

    /// A long field lies there in pieces (crypto/long_field.hpp).
    void find_pieces(const std::string& table, const std::string& field, const std::string& sealed,
                     const std::string& row_id) {
        for (std::size_t begin = 0, piece = 0; begin < sealed.size(); ++piece) {
            const auto end = std::min(sealed.find('\n', begin), sealed.size());
            const auto name = crypto::piece_name(field, piece, end == sealed.size());
            places_[sealed.substr(begin, end - begin)] = {table, name, row_id};
            begin = end + 1;
        }
    }

    void walk_form(const boost::json::value& value, const std::string& path, const std::string& row_id) {
        if (const auto* text = value.if_string(); text != nullptr && text->starts_with(crypto::kSealedFieldPrefix)) {
            places_[std::string(*text)] = {"application_form", path, row_id};
        } else if (const auto* list = value.if_array(); list != nullptr) {
            for (const auto& one : *list) walk_form(one, path + "[]", row_id);
        } else if (const auto* members = value.if_object(); members != nullptr) {
            for (const auto& [name, one] : *members) {
                walk_form(one, path.empty() ? std::string(name) : path + "." + std::string(name), row_id);
            }
        }
    }

    struct Place {
        std::string table;
        std::string field;
        std::string row_id;
    };

    const Surroundings& around_;
    const crypto::KeyRing& keys_;
    Pattern& pattern_;
    std::vector<std::pair<std::string, int>> known_;
    std::map<std::string, Place> places_;
};

}  // namespace

Surroundings read_surroundings(SqliteFile& file) {
    Surroundings around;
    Statement columns(file.handle(),
                      "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = "
                      "'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid");
    while (columns.step()) around.columns[columns.text(0)].push_back(columns.text(1));
    Statement accounts(file.handle(), "SELECT account_id, region_code, department, roles FROM accounts");
    while (accounts.step()) {
        const auto region = accounts.text(1);
        const auto post = region.empty() ? std::string() : accounts.text(2) + accounts.text(3);
        around.post_of[accounts.text(0)] = post;
        if (!post.empty()) around.account_of[region + post] = accounts.text(0);
    }
    return around;
}

Pattern read_pattern(SqliteFile& file, const Surroundings& around, const crypto::KeyRing& keys,
                     const std::string& application_id, bool with_requests) {
    Pattern pattern;
    Statement root(file.handle(),
                   "SELECT region_code, received_at_ms, decided_at_ms FROM procedures WHERE application_id = ?");
    root.bind(1, application_id);
    if (!root.step()) throw std::runtime_error("there is no case " + application_id);
    pattern.region_code = root.text(0);
    pattern.received_at_ms = root.integer(1);
    pattern.decided_at_ms = root.integer(2);
    const auto rows = Collector(file, around, application_id).collect(with_requests);
    Cutter cutter(around, keys, pattern);
    cutter.learn(rows);
    // Copies have no entries in the log: it is signed, and nobody signs for a case that never was.
    for (const auto& row : rows) cutter.cut(row);
    return pattern;
}

}  // namespace kaigong::bench
