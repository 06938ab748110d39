// Codes with a structure or a check character: permits, e-certificates, organisations, persons, projects. Pure
// functions; none of them says that a code was ever given out.
#pragma once

#include "base/civil_date.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kaigong::identifier {

/// ISO 7064 MOD 37,36 over 0–9 and A–Z; nothing for other characters or an empty text.
std::optional<char> mod_37_36_check(std::string_view text);

/// 电子证照标识, GB/T 36904-2018: `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.
struct CertificateIdentifier {
    /// 证照类型代码: credit code of the definer and three digits, 21 characters.
    std::string type_code;
    /// 颁发机构代码: a credit code; older ones hold a region code.
    std::string issuer_code;
    /// Digits and capitals, 1–33.
    std::string serial;
    /// 1–999, one more for each change.
    int version = 1;

    bool operator==(const CertificateIdentifier&) const = default;
};

/// Fails with identifier.certificate_malformed when a part is not as above.
Result<std::string> compose(const CertificateIdentifier& parts);
/// Fails with identifier.certificate_malformed, identifier.check_character_wrong.
Result<CertificateIdentifier> parse_certificate_identifier(std::string_view text);

/// 施工许可证编号 of the national platform: region 6, date 8, category 2, serial of the day 2.
struct PermitNumber {
    std::string region_code;
    CivilDate on;
    /// Two digits. Construction permits have 01 房屋建筑, 02 市政, 99 其他; other matters take others by their
    /// catalogue.
    std::string works_category;
    /// 1–99.
    int serial = 1;

    bool operator==(const PermitNumber&) const = default;
};

/// Fails with identifier.permit_number_malformed. Older certificates have other shapes and are stored as they are.
Result<std::string> compose(const PermitNumber& parts);
Result<PermitNumber> parse_permit_number(std::string_view text);

/// 统一社会信用代码, GB 32100-2015, with the organisation code inside (GB 11714). Capitals only.
bool credit_code_valid(std::string_view text);
/// The eighteenth character for the first seventeen; nothing for characters outside the alphabet.
std::optional<char> credit_code_check(std::string_view first_17);

/// 组织机构代码, GB 11714: eight characters and the check, with or without the hyphen before it.
bool organisation_code_valid(std::string_view text);

/// 公民身份号码, GB 11643-1999: eighteen characters, a real day of birth, the check character (`X` capital).
bool id_number_valid(std::string_view text);

/// 项目编号 of the national platform: region 6, yyMMdd, category 01/02/99, serial 2.
bool project_number_valid(std::string_view text);

/// 投资项目统一代码, both generations: by form only, no check digit is published.
bool investment_code_valid(std::string_view text);

}  // namespace kaigong::identifier
