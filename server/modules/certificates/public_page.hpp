// The pages and replies of this module that anybody may ask for, without signing in: portal, guide, search, permit,
// verification, announcements. Useful without script; see public_html.hpp for what they look like.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/certificates/certificates.hpp"
#include "modules/certificates/public_html.hpp"

namespace kaigong::certificates {

class PublicPages {
  public:
    /// The parts must live longer.
    explicit PublicPages(Parts& parts) : parts_(parts) {}

    /// JSON under /api/v1/public, HTML at the root; all anonymous. What depends on a permit's number alone names it as
    /// cache subject, so that one of a million permits is answered from memory until the permit changes.
    std::vector<http::Endpoint> routes();

  private:
    /// A permit and its valid certificate. Nothing when there is none, and before it is published: the same answer.
    Result<std::optional<html::PublicPermit>> find(const std::string& permit_number);
    Result<permits::PublicPage> search(const permits::PublicQuery& query);

    Result<http::Reply> list_json(const http::Request& request);
    Result<http::Reply> permit_json(const http::Request& request);
    Result<http::Reply> portal();
    Result<http::Reply> guide_list();
    Result<http::Reply> guide(const http::Request& request);
    Result<http::Reply> search_page(const http::Request& request);
    Result<http::Reply> permit_page(const http::Request& request);
    Result<http::Reply> verify_form(const http::Request& request);
    Result<http::Reply> verify_number(const html::VerifyForm& form);
    /// Whose the 防伪码 is; nothing when it is of no edition of this permit.
    Result<std::optional<store::EditionRow>> edition_of_code(const html::PublicPermit& found, const std::string& code);
    Result<http::Reply> verify_code(const http::Request& request);
    Result<http::Reply> verify_certificate(const store::EditionRow& row);
    Result<http::Reply> announcements(const http::Request& request);

    http::Reply page(html::Frame frame, const http::Html& content, int status = 200) const;
    http::Reply not_verified(std::string_view why) const;
    http::Reply number_unknown(html::VerifyForm form) const;
    /// A page with the answer about a permit.
    http::Reply answered(const html::PublicPermit& found, http::Html content) const;
    /// Of a paper of the edition `shown`.
    void add_answer(http::Html& content, const html::PublicPermit& found, const store::EditionRow& shown,
                    html::Answer answer) const;
    std::vector<std::string> printed_of(const permits::Permit& permit) const;
    std::vector<catalog::CodeEntry> regions() const;
    std::string checked_text() const;

    Parts& parts_;
};

}  // namespace kaigong::certificates
