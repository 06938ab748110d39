// The values of a certificate that its pages must show, and how people call them.
#pragma once

#include "verify/answer.hpp"
#include "verify/contents.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaigong::verify {

struct Field {
    Words name;
    std::string value;
    /// Whether the page must hold it: nobody told a verifier the template of a certificate that it does not know.
    bool is_printed = false;
};

/// What is there, in the order in which it is printed; units and buildings one by one.
std::vector<Field> fields_of(const CertificateObject& certificate);

/// 2026年12月2日
std::string chinese_day(CivilDate day);

/// Names of the values that must be on the pages and are not. Compared in NFC and without spaces and line breaks: where
/// lines break is the page's affair. The identifier holds the permit number; what it says is not what is printed as the
/// number.
std::vector<Words> missing_on_page(const CertificateObject& certificate, std::string_view printed);

}  // namespace kaigong::verify
