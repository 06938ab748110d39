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
enum class Topic { none, portal, guide, search, verify, announcements };

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
    /// `printed` of the template's profile: what the certificate bears, and can be compared with.
    std::vector<std::string> printed = {};
};

/// How a state is shown: word, colour and icon belong together.
enum class Standing { in_force, changed, ended };
Standing standing_of(const std::string& state);

/// An icon of the style sheet; always beside a word.
void add_icon(http::Html& page, std::string_view name);

/// 2026年12月2日; what is no date comes back as it is.
std::string day_text(const std::string& on);
/// Where the public page of a permit is.
std::string permit_address(const std::string& permit_number);

/// Icon and word of a permit's state, for tables.
void add_state_tag(http::Html& page, const std::string& state);

/// What the 防伪码 that somebody typed says of a certificate.
enum class CodeCheck { not_asked, right, wrong };

struct Answer {
    /// As of when, and where it was looked up.
    std::string checked_text = {};
    /// The address was signed by the authority and was not changed.
    bool signature_checked = false;
    CodeCheck code = CodeCheck::not_asked;
    bool sandbox = false;
    /// What was shown is this edition, and not the newest.
    std::optional<store::EditionRow> older = {};
};
/// The large word, what it means, and everything that the public may know of the permit.
void add_permit(http::Html& page, const PublicPermit& found, const Answer& answer);
/// 已变更（看新证）: the QR or the 防伪码 is of an older version, `answer.older`, of a permit that has not ended.
void add_older_version(http::Html& page, const PublicPermit& newest, const Answer& answer);
/// 防伪码不一致: the number is there, the code is not of its certificate.
void add_wrong_code(http::Html& page, const PublicPermit& found, const Answer& answer);
/// 伪造或无法核验, with what to do.
void add_not_verified(http::Html& page, std::string_view why, const std::vector<catalog::Authority>& authorities);
/// Name and telephone of each authority.
void add_telephones(http::Html& page, const std::vector<catalog::Authority>& authorities);
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

struct VerifyForm {
    std::string number = {};
    std::string code = {};
    /// What is wrong with the number; empty when nothing is.
    std::string problem = {};
};
/// Number and 防伪码.
void add_verify_form(http::Html& page, const VerifyForm& form);
/// The three ways to verify (QR, number, file), and whom to tell of a forgery. `site` is what the address of a genuine
/// QR begins with.
void add_verify_ways(http::Html& page, std::string_view site, const std::vector<catalog::Authority>& authorities);

/// 公示公告: which decisions are listed.
struct AnnouncementForm {
    std::string region_code = {};
    /// `YYYY-MM`; empty for all.
    std::string month = {};
    /// Code and name of each region to choose from.
    std::vector<catalog::CodeEntry> regions = {};
    /// To choose from, newest first.
    std::vector<std::string> months = {};
    std::string problem = {};
};
/// 2026年12月
std::string month_text(const std::string& month);
void add_announcement_form(http::Html& page, const AnnouncementForm& form);
/// `month_before` is offered at the end of a month's list; empty where none was chosen.
void add_announcements(http::Html& page, const AnnouncementForm& form, const permits::PublicPage& found,
                       const std::vector<std::shared_ptr<const catalog::Matter>>& matters,
                       const std::string& month_before);

void add_portal(http::Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters,
                const std::vector<permits::Permit>& latest);

/// The guide of a matter (办事指南): 条件, 材料, 时限, 流程, 依据, 窗口, all from the catalogue. The example of the
/// time limit begins on `today`.
void add_guide(http::Html& page, const catalog::Matter& matter, const catalog::Catalog& catalog, CivilDate today);
void add_guide_list(http::Html& page, const std::vector<std::shared_ptr<const catalog::Matter>>& matters);

void add_not_found(http::Html& page, std::string_view title, std::string_view what_to_do);

}  // namespace kaigong::certificates::html
