// For tests: certificates good and beautiful, or meant to be; each is a certificate object and the values of its page.
#pragma once

#include "formats/certificate/lint.hpp"
#include "formats/layout/template.hpp"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kaigong::certificate::samples {

struct Sample {
    std::string name;
    boost::json::object certificate;
    std::optional<boost::json::object> copy;
    std::string anti_forgery_code = "7K3F-9Q2M-4XTB-8LWD";

    IssuingFacts facts() const;
    /// What the caller of the template gives.
    boost::json::object values() const;
};

/// The catalogue's template of a matter.
const layout::Template& template_of(const std::string& matter);

/// A training certificate of a school, as the catalogue's example.
Sample school();
/// Every page that the certificate of the catalogue must be able to show.
std::vector<Sample> all_samples();
Sample night_sample();

std::string repeated(std::string_view word, std::size_t times);
/// Sets version and identifier so that they agree.
void set_version(boost::json::object& certificate, int version);
/// Text under a path of members, made where there is none.
boost::json::value& project(boost::json::object& certificate, std::string_view member);

}  // namespace kaigong::certificate::samples
