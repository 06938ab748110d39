// The last look before a certificate is signed: does what it says agree with itself, and does the page show it? Pure:
// what only the case knows (days of filing and decision) is given. Whether a permit was decided is not judged here.
#pragma once

#include "base/civil_date.hpp"
#include "base/result.hpp"
#include "formats/layout/document.hpp"

#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace kaigong::certificate {

/// What a kind of certificate must hold: `profile` of the template, see formats/certificate/README.md.
struct CertificateProfile {
    std::string certificate_name;
    /// 证照类型代码, 21 characters; empty: that of the certificate is only compared with its identifier.
    std::string certificate_type_code;
    /// Paths into the certificate object, as `project.works_name`; a list must have an item.
    std::vector<std::string> required;
    /// Of each group at least one must be the role of a unit.
    std::vector<std::vector<std::string>> roles;
    /// Paths whose values must be read on the pages; `units[].name` means each.
    std::vector<std::string> printed;
    /// Where text, lines of tables, code and seal may stand.
    layout::Rect text_area;
    std::size_t pages_max = 1;
};

/// Fails with certificate.profile_malformed.
Result<CertificateProfile> read_profile(const boost::json::object& source);

/// What the certificate object does not hold. Days in Asia/Shanghai; a day that is not given is not compared.
struct IssuingFacts {
    CivilDate today = {};
    std::optional<CivilDate> filed_on = {};
    std::optional<CivilDate> decided_on = {};
    std::optional<CivilDate> contract_start_on = {};
    std::optional<CivilDate> contract_finish_on = {};
    /// How many days before today it may be issued; of a copy nothing: that was judged of the original.
    std::optional<std::int64_t> issued_days_max = {};
    /// The member `copy` of a purpose copy (docs/proof-formats.md); null for the original.
    const boost::json::object* copy = nullptr;
};

/// What to do where the day of issue lies more than `days` before the day on which it would be logged.
std::string issued_too_long_ago(std::int64_t days);

/// `certificate` is the object of docs/proof-formats.md, `document` the pages filled with its values. All that is
/// wrong, in a fixed order; each with a reason of README.md, the path in the object (`page[2]` for what is only seen on
/// a page), and what to do. Values of persons are never repeated.
std::vector<FieldProblem> certificate_problems(const CertificateProfile& profile,
                                               const boost::json::object& certificate, const layout::Document& document,
                                               const IssuingFacts& facts);

/// Refuses to sign: Errc::invalid_input with the reason of the first problem, and all of them in `fields`.
Result<void> lint_certificate(const CertificateProfile& profile, const boost::json::object& certificate,
                              const layout::Document& document, const IssuingFacts& facts);

}  // namespace kaigong::certificate
