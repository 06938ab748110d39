// Letters of the authority (受理通知书, 补正通知书, 决定书 …): each once for its cause, numbered without gaps, as PDF.
// Not for the certificate, and not for delivery (notifications come later).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "authz/actor.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "blob/store.hpp"
#include "db/database.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::letters {

struct LetterIdTag;
using LetterId = Id<LetterIdTag>;

struct Letter {
    LetterId letter_id;
    std::string application_id;
    std::string letter_kind;
    std::string title;
    std::string number;  ///< 西住建许受〔2026〕421号
    int round = 0;
    std::string sha256;  ///< of the PDF
    std::int64_t issued_at_ms = 0;
};

/// What a letter says, gathered by app from the modules above: strings already as a person reads them.
class ValueSource {
  public:
    ValueSource() = default;
    ValueSource(const ValueSource&) = delete;
    ValueSource& operator=(const ValueSource&) = delete;
    virtual ~ValueSource() = default;
    struct Values {
        std::string matter_code;
        std::string catalog_version;
        std::string region_code;
        boost::json::object values;
    };
    /// `round` tells one cause from another of the kind: the round of the application, or the number of the episode.
    /// What was true at that instant.
    virtual Result<Values> values_of(const std::string& application_id, const std::string& letter_kind, int round,
                                     std::int64_t at_ms) = 0;
    /// May this actor see the letters of the case? not_found otherwise.
    virtual Result<void> may_read(const authz::Actor& actor, const std::string& application_id) = 0;
};

/// As it is headed (「受理通知书」); the kind itself where there is none of that name.
std::string title_of(std::string_view letter_kind);

class Letters {
  public:
    Letters() = default;
    Letters(const Letters&) = delete;
    Letters& operator=(const Letters&) = delete;
    virtual ~Letters() = default;

    /// Renders, numbers and keeps the letter. Asking again for the same (application, kind, round) gives the first
    /// one: a retry never makes a second letter. It bears the day of `caused_at_ms` and says what was true then,
    /// however late it is made. 行政许可法 32, 38. Fails with letters.template_missing, letters.remedies_missing (a
    /// decision without reconsideration body or court is not released).
    virtual Result<Letter> issue(const std::string& application_id, const std::string& letter_kind, int round,
                                 std::int64_t caused_at_ms) = 0;
    /// Newest first. The caller has checked the right to see them.
    virtual std::vector<Letter> letters_of(const std::string& application_id) = 0;
    /// For the sweep of the blob store.
    virtual bool is_referenced(const std::string& sha256) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    const catalog::Catalog& catalog;
    blob::Store& blobs;
    audit::Audit& audit;
    ValueSource& values;
    std::string public_url;  ///< `https://…` without a slash at the end: where a letter's QR leads
};
std::unique_ptr<Letters> make_letters(Parts parts);

}  // namespace kaigong::letters
