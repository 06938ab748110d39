// Shared by the two halves of the linter: where a problem goes, and how values are reached by their path.
#pragma once

#include "base/result.hpp"
#include "formats/certificate/lint.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaigong::certificate {

class Findings {
  public:
    void add(std::string field, std::string_view reason, std::string message) {
        problems_.push_back({std::move(field), "certificate." + std::string(reason), std::move(message)});
    }
    std::vector<FieldProblem> take() { return std::move(problems_); }

  private:
    std::vector<FieldProblem> problems_;
};

/// Path with numbers (`units[0].name`) and text of every value under a path (`units[].name`); what is absent or empty
/// is left out.
std::vector<std::pair<std::string, std::string>> values_at(const boost::json::object& object, std::string_view path);

bool is_training(const boost::json::object& certificate);

void check_object(Findings& findings, const CertificateProfile& profile, const boost::json::object& certificate,
                  const IssuingFacts& facts);
void check_pages(Findings& findings, const CertificateProfile& profile, const boost::json::object& certificate,
                 const layout::Document& document, const IssuingFacts& facts);

/// 18 digits of an identity card or 11 of a mobile telephone; `known` are codes that only look so.
bool holds_personal_number(std::string_view text, const std::vector<std::string>& known);
/// The certificate's own numbers and codes, which may look like a person's.
std::vector<std::string> known_numbers(const boost::json::object& certificate);

}  // namespace kaigong::certificate
