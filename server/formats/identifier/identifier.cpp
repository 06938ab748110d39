#include "formats/identifier/identifier.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace kaigong::identifier {
namespace {

constexpr std::string_view kRoot = "1.2.156.3005.2";
constexpr std::string_view kAlphabet36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/// Without I, O, S, V, Z, which are read for 1, 0, 5, U and 2.
constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array kCreditWeights = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
constexpr std::array kOrganisationWeights = {3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::array kIdNumberWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
constexpr std::size_t kTypeCodeSize = 21;
constexpr std::size_t kSerialMax = 33;
constexpr std::size_t kIssuerMax = 18;

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_alphabet_36(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return kAlphabet36.find(c) != std::string_view::npos; });
}

int number_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::optional<CivilDate> date_of(std::string_view yyyymmdd) {
    return parse_date(fmt::format("{}-{}-{}", yyyymmdd.substr(0, 4), yyyymmdd.substr(4, 2), yyyymmdd.substr(6, 2)));
}

/// Of construction, as the national platform counts it.
bool is_works_category(std::string_view text) {
    return text == "01" || text == "02" || text == "99";
}

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(by);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

Error certificate_malformed() {
    return error(Errc::invalid_input, "identifier.certificate_malformed",
                 "电子证照标识的格式不对，请对照证书下方的一行重新输入，或直接扫描二维码。");
}

Error permit_number_malformed() {
    return error(
        Errc::invalid_input, "identifier.permit_number_malformed",
        "施工许可证编号应为 18 位数字：行政区划 6 位、日期 8 位、工程类别 2 位、顺序号 2 位，请核对后重新输入。");
}

bool well_formed(const CertificateIdentifier& parts) {
    return parts.type_code.size() == kTypeCodeSize && is_alphabet_36(parts.type_code) &&
           parts.issuer_code.size() <= kIssuerMax && is_alphabet_36(parts.issuer_code) &&
           parts.serial.size() <= kSerialMax && is_alphabet_36(parts.serial) && parts.version >= 1 &&
           parts.version <= 999;
}

char check_of(const CertificateIdentifier& parts) {
    // The standard leaves out the dots and the root.
    return *mod_37_36_check(
        fmt::format("{}{}{}{:03}", parts.type_code, parts.issuer_code, parts.serial, parts.version));
}

}  // namespace

std::optional<char> mod_37_36_check(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::size_t product = 36;
    for (const char c : text) {
        const auto value = kAlphabet36.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        std::size_t sum = (product + value) % 36;
        if (sum == 0) sum = 36;
        product = sum * 2 % 37;
    }
    return kAlphabet36[(37 - product) % 36];
}

Result<std::string> compose(const CertificateIdentifier& parts) {
    if (!well_formed(parts)) return certificate_malformed();
    return fmt::format("{}.{}.{}.{}.{:03}.{}", kRoot, parts.type_code, parts.issuer_code, parts.serial, parts.version,
                       check_of(parts));
}

Result<CertificateIdentifier> parse_certificate_identifier(std::string_view text) {
    if (text.size() <= kRoot.size() || !text.starts_with(kRoot) || text[kRoot.size()] != '.') {
        return certificate_malformed();
    }
    const auto parts = split(text.substr(kRoot.size() + 1), '.');
    if (parts.size() != 5 || parts[3].size() != 3 || !is_digits(parts[3]) || parts[4].size() != 1) {
        return certificate_malformed();
    }
    CertificateIdentifier result{std::string(parts[0]), std::string(parts[1]), std::string(parts[2]),
                                 number_of(parts[3])};
    if (!well_formed(result)) return certificate_malformed();
    if (check_of(result) != parts[4][0]) {
        return error(Errc::invalid_input, "identifier.check_character_wrong",
                     "电子证照标识的校验位不对，可能抄错了一位，请重新输入或扫描二维码。");
    }
    return result;
}

Result<std::string> compose(const PermitNumber& parts) {
    if (parts.region_code.size() != 6 || !is_digits(parts.region_code) || parts.works_category.size() != 2 ||
        !is_digits(parts.works_category) || parts.serial < 1 || parts.serial > 99 || parts.on.year < 1000 ||
        parts.on.year > 9999) {
        return permit_number_malformed();
    }
    return fmt::format("{}{:04}{:02}{:02}{}{:02}", parts.region_code, parts.on.year, parts.on.month, parts.on.day,
                       parts.works_category, parts.serial);
}

Result<PermitNumber> parse_permit_number(std::string_view text) {
    if (text.size() != 18 || !is_digits(text)) return permit_number_malformed();
    const auto on = date_of(text.substr(6, 8));
    PermitNumber result{std::string(text.substr(0, 6)), on.value_or(CivilDate{}), std::string(text.substr(14, 2)),
                        number_of(text.substr(16, 2))};
    if (!on || !compose(result)) return permit_number_malformed();
    return result;
}

std::optional<char> credit_code_check(std::string_view first_17) {
    if (first_17.size() != kCreditWeights.size()) return std::nullopt;
    int sum = 0;
    for (std::size_t i = 0; i < first_17.size(); ++i) {
        const auto value = kCreditAlphabet.find(first_17[i]);
        if (value == std::string_view::npos) return std::nullopt;
        sum += static_cast<int>(value) * kCreditWeights[i];
    }
    return kCreditAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

bool credit_code_valid(std::string_view text) {
    if (text.size() != 18 || credit_code_check(text.substr(0, 17)) != text[17]) return false;
    return is_digits(text.substr(2, 6)) && organisation_code_valid(text.substr(8, 9));
}

bool organisation_code_valid(std::string_view text) {
    std::string code(text);
    if (code.size() == 10 && code[8] == '-') code.erase(8, 1);
    if (code.size() != 9 || !is_alphabet_36(code)) return false;
    int sum = 0;
    for (std::size_t i = 0; i < kOrganisationWeights.size(); ++i) {
        sum += static_cast<int>(kAlphabet36.find(code[i])) * kOrganisationWeights[i];
    }
    const int check = 11 - sum % 11;
    return code[8] == (check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check));
}

bool id_number_valid(std::string_view text) {
    if (text.size() != 18 || !is_digits(text.substr(0, 17)) || !date_of(text.substr(6, 8))) return false;
    int sum = 0;
    for (std::size_t i = 0; i < kIdNumberWeights.size(); ++i) sum += (text[i] - '0') * kIdNumberWeights[i];
    return text[17] == std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)];
}

bool project_number_valid(std::string_view text) {
    if (text.size() != 16 || !is_digits(text)) return false;
    return date_of(fmt::format("20{}", text.substr(6, 6))).has_value() && is_works_category(text.substr(12, 2));
}

bool investment_code_valid(std::string_view text) {
    constexpr std::array<std::size_t, 5> kSizes = {4, 6, 2, 2, 6};
    const auto parts = split(text, '-');
    if (parts.size() != kSizes.size() && (parts.size() != kSizes.size() + 1 || parts.back().size() != 3)) return false;
    for (std::size_t i = 0; i < kSizes.size(); ++i) {
        if (parts[i].size() != kSizes[i]) return false;
    }
    return std::ranges::all_of(parts, is_digits);
}

}  // namespace kaigong::identifier
