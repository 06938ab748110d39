// What the public pages look like: pure functions from records to HTML without script. Markup and classes are those of
// web/public-templates/; the style sheet is part of the web client. Only what is named here reaches a page, so that a
// personal value in a record would still not be shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/html.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/certificates/store.hpp"
#include "modules/permits/permits.hpp"

namespace kaigong::certificates::html {

/// The item of the navigation that a page belongs to.
enum class Topic { none, portal, guide, search, verify };

struct Frame {
    std::string title = {};
    Topic topic = Topic::none;
    /// The narrow column, for pages that are read on a phone.
    bool narrow = false;
    /// The content brings its own columns.
    bool full_width = false;
    /// Says on top that everything is invented.
    bool sandbox = false;
    /// Who answers for the page, in its foot; null where no single authority does.
    const catalog::Authority* authority = nullptr;
};

/// The whole document around `content`.
std::string document(const Frame& frame, const http::Html& content);

/// A published permit with the version of its certificate that is valid.
struct PublicPermit {
    permits::Permit permit;
    store::EditionRow certificate;
};

/// How a state is shown: word, colour and icon belong together.
enum class Standing { in_force, changed, ended };
Standing standing_of(const std::string& state);

/// An icon of the style sheet; always beside a word.
void add_icon(http::Html& page, std::string_view name);

/// Icon and word of a permit's state, for tables.
void add_state_tag(http::Html& page, const std::string& state);

struct Answer {
    /// The line under the large word: when and where it was looked up.
    std::string checked_text = {};
    /// The address was signed by the authority and was not changed.
    bool signature_checked = false;
    bool sandbox = false;
};
/// The large word and everything that the public may know of the permit.
void add_permit(http::Html& page, const PublicPermit& found, const Answer& answer);
/// 已变更（看新证）: the QR is of an older version.
void add_older_version(http::Html& page, const PublicPermit& newest, std::int64_t certificate_version);
/// 伪造或无法核验, with what to do.
void add_not_verified(http::Html& page, std::string_view why, const std::vector<catalog::Authority>& authorities);
/// 如何核验.
void add_how_to_verify(http::Html& page);

struct SearchForm {
    std::string text = {};
    std::string region_code = {};
    /// Code and name of each region to choose from.
    std::vector<catalog::CodeEntry> regions = {};
    std::string problem = {};
};
void add_search_form(http::Html& page, const SearchForm& form);
void add_search_results(http::Html& page, const SearchForm& form, const permits::PublicPage& found);
void add_verify_form(http::Html& page, std::string_view number, std::string_view problem);

void add_portal(http::Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters,
                const std::vector<permits::Permit>& latest);

/// The guide of a matter (办事指南): 条件, 材料, 时限, 流程, 依据, 窗口, all from the catalogue. The example of the
/// time limit begins on `today`.
void add_guide(http::Html& page, const catalog::Matter& matter, const calendar::Calendar& calendar,
               const std::vector<catalog::Authority>& authorities, CivilDate today);
void add_guide_list(http::Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters);

void add_not_found(http::Html& page, std::string_view title, std::string_view what_to_do);

}  // namespace kaigong::certificates::html
