// What stands on a certificate: the certificate object and the entry of the log about it (docs/proof-formats.md), and
// the values that the page is filled with. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "modules/catalog/catalog.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::certificates {

/// What is decided about an edition when it is begun.
struct EditionFacts {
    std::string certificate_identifier;
    std::string type_code;
    std::string certificate_name;
    std::string issuer_code;
    std::int64_t certificate_version = 1;
    std::string related_identifier;  ///< of the edition before; empty for the first
    std::string verify_url;
    bool sandbox = false;
};

/// What does not exist is left out. Never identity or telephone numbers: the public record has none.
boost::json::object certificate_object(const permits::Permit& permit, const EditionFacts& facts);

/// Instants of the entry.
struct EntryTimes {
    std::int64_t decided_at_ms = 0;
    std::int64_t logged_at_ms = 0;
};
/// The entry `permit`, canonical JSON. `salt` is of the commitment to the certificate object.
/// Of a restricted permit without the names of works and owner: nothing of the log can ever be taken back.
std::string permit_entry(const boost::json::object& certificate, const std::string& salt, const EntryTimes& times,
                         bool is_restricted = false);
/// The entries `files` and `copy`: digests by name. `copy` is the member of the file without its `salt`, which is
/// `purpose_salt`.
std::string files_entry(const boost::json::object& certificate, const boost::json::object& digests,
                        std::int64_t logged_at_ms);
std::string copy_entry(const boost::json::object& certificate, const boost::json::object& copy,
                       const std::string& purpose_salt, const boost::json::object& digests, std::int64_t logged_at_ms);

/// What the page says under the star of its seal: 演示印章 and 试用印章 of the seals that this program makes itself,
/// whose names end so, and 电子印章 of any other. The page must not promise more than the seal that is put on the file.
std::string seal_legend(std::string_view seal_name);

/// What a page shows besides certificate and record.
struct PageMarks {
    std::string anti_forgery_code;
    std::string seal_legend;
};
/// Values of the certificate's template. `copy` is null for the original.
boost::json::object page_values(const permits::Permit& permit, const boost::json::object& certificate,
                                const PageMarks& marks, const boost::json::object* copy);

}  // namespace kaigong::certificates
