// What can later be proved to anybody: leaves (hashes of canonical public records) in the order they were appended.
// The Merkle log over them comes with the evidence issue; this module already gives each leaf its dense index.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::evidence {

struct Leaf {
    std::int64_t leaf_index = 0;
    std::string log;      ///< `permits`
    std::string subject;  ///< certificate identifier, or the name of a file of it
    std::string sha256;   ///< of the canonical JSON (RFC 8785) or of the file
    std::int64_t appended_at_ms = 0;
};

class Evidence {
  public:
    Evidence() = default;
    Evidence(const Evidence&) = delete;
    Evidence& operator=(const Evidence&) = delete;
    virtual ~Evidence() = default;

    /// Appends in the caller's transaction; the same (log, subject, hash) again gives the leaf it already has.
    virtual Result<Leaf> append(db::Session& session, const std::string& log, const std::string& subject,
                                const std::string& sha256, std::int64_t now_ms) = 0;
    virtual std::optional<Leaf> find(const std::string& log, const std::string& subject) = 0;
};

/// RFC 8785: members sorted by UTF-16 code units, no white space, integers only (public records hold no fractions).
std::string canonical_json(const boost::json::value& value);

/// The database must live longer.
std::unique_ptr<Evidence> make_evidence(db::Database& database);

}  // namespace kaigong::evidence
