#include "generator/copier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/civil_date.hpp"
#include "crypto/field_codec.hpp"
#include "formats/identifier/identifier.hpp"

namespace kaigong::bench {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kOfficeOffsetMs = 8 * 3'600'000LL;
/// Not all cases of a day happen in the same millisecond; within the office's hours all the same.
constexpr std::int64_t kJitterMsMax = 40 * 60'000LL;

constexpr std::array kPlaces{"翠苑", "文新", "古荡", "北山", "转塘", "蒋村", "三墩", "留下", "祥符", "米市",
                             "湖墅", "半山", "西兴", "长河", "浦沿", "城厢", "北干", "蜀山", "新塘", "闻堰"};
constexpr std::array kWorks{"小学扩建工程", "中学新建工程", "幼儿园工程",   "住宅楼工程",
                            "人才公寓工程", "道路改造工程", "综合管廊工程", "产业园厂房工程",
                            "社区医院工程", "地下车库工程", "文化中心工程"};
constexpr std::array<std::pair<const char*, const char*>, 4> kRegionCharacters{
    {{"330106", "西"}, {"330105", "拱"}, {"330108", "滨"}, {"330109", "萧"}}};

std::string works_name(std::int64_t number) {
    const auto at = static_cast<std::size_t>(number);
    return fmt::format("{}{}{}标段", kPlaces[at % kPlaces.size()], kWorks[at / kPlaces.size() % kWorks.size()], number);
}

std::string checked(const Result<std::string>& made) {
    if (!made) throw std::runtime_error("the generator made " + made.error().reason);
    return *made;
}

}  // namespace

std::int64_t Copier::shifted(std::int64_t at_ms) const {
    // Ends of periods are midnights and stay so.
    const bool midnight = (at_ms + kOfficeOffsetMs) % kDayMs == 0;
    return at_ms + shift_ms_ + (midnight ? 0 : jitter_ms_);
}

std::string Copier::random_uuid() {
    const auto a = random_();
    const auto b = random_();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xFFFFU, a & 0xFFFU,
                       0x8000U | (b >> 50U), b & 0xFFFF'FFFF'FFFFULL);
}

std::string Copier::uuid(std::int64_t at_ms) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto time = static_cast<std::uint64_t>(at_ms);
    const auto a = random_();
    const auto b = random_();
    std::string text(36, '-');
    std::size_t at = 0;
    const auto put = [&](std::uint64_t bits, int digits) {
        for (int i = digits - 1; i >= 0; --i) text[at++] = kDigits[(bits >> (4U * static_cast<unsigned>(i))) & 0xFU];
        ++at;
    };
    put(time >> 16U, 8);
    put(time & 0xFFFFU, 4);
    put(0x7000U | (a & 0xFFFU), 4);
    put(0x8000U | ((a >> 12U) & 0x3FFFU), 4);
    put(b, 12);
    return text;
}

std::string Copier::letter_number(const Token& token, const Placement& placement) {
    const auto year = office_date(token.at_ms + shift_ms_).year;
    const auto serial = ++bureau_.letter_serials[{placement.region_code, token.letter_kind, year}];
    auto prefix = token.original.substr(0, token.original.find("〔"));
    for (const auto& [region, character] : kRegionCharacters) {
        if (region == placement.region_code && prefix.starts_with("西")) prefix.replace(0, 3, character);
    }
    return fmt::format("{}〔{}〕{}号", prefix, year, serial);
}

std::string Copier::value_of(const Token& token, const Placement& placement) {
    switch (token.kind) {
        case Varying::uuid: return uuid(shifted(token.at_ms));
        case Varying::random_uuid: return random_uuid();
        case Varying::instant: return std::to_string(shifted(token.at_ms));
        case Varying::date: return to_string(add_days(*parse_date(token.original), placement.shift_days));
        case Varying::region: return placement.region_code;
        case Varying::account: {
            // A post that only some districts have stands in no row of a pattern, but its token is made too.
            const auto& posts = bureau_.around.account_of;
            const auto found = posts.find(placement.region_code + bureau_.around.post_of.at(token.original));
            return found == posts.end() ? token.original : found->second;
        }
        case Varying::application_number: return application_number_;
        case Varying::permit_number: return permit_number_;
        case Varying::certificate_identifier: {
            auto parts = identifier::parse_certificate_identifier(token.original);
            if (!parts) throw std::runtime_error("the pattern's certificate identifier is malformed");
            parts->serial = permit_number_;
            return checked(identifier::compose(*parts));
        }
        case Varying::letter_number: return letter_number(token, placement);
        case Varying::works_name: return works_name(placement.number);
        case Varying::owner_name: return owner_->name;
        case Varying::credit_code: return owner_->credit_code;
        case Varying::sealed: return {};
    }
    throw std::logic_error("an unknown kind of token");
}

void Copier::choose_numbers(const Pattern& pattern, const Placement& placement) {
    const auto year = office_date(pattern.received_at_ms + shift_ms_).year;
    const auto serial = ++bureau_.application_serials[{placement.region_code, year}];
    application_number_ = fmt::format("{}-{}-{:05}", placement.region_code, year, serial);
    permit_number_.clear();
    if (pattern.decided_at_ms == 0) return;
    const auto numbered = std::ranges::find(pattern.tokens, Varying::permit_number, &Token::kind);
    if (numbered == pattern.tokens.end()) return;
    const auto category = numbered->original.substr(14, 2);
    const auto on = office_date(pattern.decided_at_ms + shift_ms_);
    const auto today = ++bureau_.permits[{placement.region_code, to_string(on), category}];
    permit_number_ = checked(
        identifier::compose(identifier::PermitNumber{placement.region_code, on, category, static_cast<int>(today)}));
}

void Copier::choose_values(const Pattern& pattern, const Placement& placement) {
    shift_ms_ = placement.shift_days * kDayMs;
    jitter_ms_ = static_cast<std::int64_t>(random_() % kJitterMsMax);
    owner_ = &bureau_.organisations[random_() % bureau_.organisations.size()];
    choose_numbers(pattern, placement);
    values_.resize(pattern.tokens.size());
    for (std::size_t i = 0; i < pattern.tokens.size(); ++i) values_[i] = value_of(pattern.tokens[i], placement);
    // Sealed values are bound to ids and hold numbers of the copy, so they come last.
    for (std::size_t i = 0; i < pattern.tokens.size(); ++i) {
        const auto& token = pattern.tokens[i];
        if (token.kind == Varying::sealed) values_[i] = seal(pattern.sealed[static_cast<std::size_t>(token.at_ms)]);
    }
}

std::string Copier::seal(const Sealed& sealed) const {
    std::string row_id;
    std::string value;
    append(sealed.row_id, row_id);
    append(sealed.value, value);
    return checked(crypto::seal_field(*bureau_.keys, {sealed.table, sealed.field, row_id}, value));
}

void Copier::append(const Text& text, std::string& to) const {
    for (const auto& piece : text) {
        to += piece.literal;
        if (piece.token >= 0) to += values_[static_cast<std::size_t>(piece.token)];
    }
}

Statement& Copier::insert_into(const std::string& table) {
    auto& insert = inserts_[table];
    if (!insert) {
        std::string names;
        std::string marks;
        for (const auto& column : bureau_.around.columns.at(table)) {
            names += (names.empty() ? "" : ", ") + column;
            marks += marks.empty() ? "?" : ", ?";
        }
        insert = std::make_unique<Statement>(file_.handle(),
                                             "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")");
    }
    return *insert;
}

void Copier::bind(Statement& insert, int at, const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::null: return insert.bind_null(at);
        case Cell::Kind::integer: return insert.bind(at, cell.integer);
        case Cell::Kind::instant: return insert.bind(at, shifted(cell.integer));
        case Cell::Kind::text: break;
    }
    if (cell.text.size() == 1 && cell.text.front().token < 0) return insert.bind(at, cell.text.front().literal);
    auto& text = texts_[static_cast<std::size_t>(at)];
    text.clear();
    append(cell.text, text);
    insert.bind(at, text);
}

void Copier::write_row(const Row& row) {
    auto& insert = insert_into(row.table);
    texts_.resize(std::max(texts_.size(), row.cells.size() + 1));
    int at = 0;
    for (const auto& cell : row.cells) bind(insert, ++at, cell);
    insert.run();
}

void Copier::write(const Pattern& pattern, const Placement& placement) {
    choose_values(pattern, placement);
    for (const auto& row : pattern.rows) write_row(row);
}

}  // namespace kaigong::bench
