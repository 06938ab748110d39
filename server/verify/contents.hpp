// The certificate object and its evidence as the four kinds of file carry them (docs/proof-formats.md). Reads, and
// judges nothing.
#pragma once

#include "base/civil_date.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kaigong::verify {

/// What is there, of whatever form.
struct Contents {
    std::optional<boost::json::value> certificate;
    std::optional<boost::json::value> evidence;
    std::optional<boost::json::value> copy;
};

/// What a verifier needs of the certificate object.
struct CertificateObject {
    std::string certificate_identifier;
    std::string certificate_name;
    std::string certificate_type_code;
    std::int64_t certificate_version = 0;
    std::string permit_number;
    std::string state;
    CivilDate issued_on;
    std::string issuer_name;
    std::string issuer_code;
    std::string holder_name;
    std::string works_name;
    std::string remark;
    bool sandbox = false;
    /// As it stands in the file: what the entry commits to.
    boost::json::object whole;

    /// Members of it, each there and of its kind.
    const boost::json::object& project() const { return whole.at("project").get_object(); }
    /// Items of `units` or `buildings`: objects, maybe none.
    std::vector<boost::json::object> items(std::string_view list) const;
};

/// What a verifier needs of the entry `permit`; another kind has other members.
struct Entry {
    std::string kind;
    std::string certificate_identifier;
    std::int64_t certificate_version = 0;
    std::string permit_number;
    std::string state;
    std::string issuer_code;
    CivilDate issued_on;
    std::int64_t logged_at_ms = 0;
    std::string works_name;  ///< this and the next are empty of a restricted permit
    std::string owner_name;
    bool sandbox = false;
    std::string content;
    /// RFC 8785: the bytes of the leaf.
    std::string canonical;
};

/// Nothing where a member is missing or of another kind.
std::optional<CertificateObject> certificate_of(const boost::json::value& value);
std::optional<Entry> entry_of(const boost::json::value& value);

/// RFC 8785; nothing for values that records do not hold (fractions, numbers beyond 2^53).
std::optional<std::string> canonical_of(const boost::json::value& value);

/// Members `certificate`, `evidence`, `copy` of certificate.json and of the attachment of an OFD.
Contents contents_of(const boost::json::object& root);

}  // namespace kaigong::verify
