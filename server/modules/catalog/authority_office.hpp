// The service of the authorities' page; see AuthorityOffice in catalog.hpp. An administrator with an area sees the
// authorities in it and no others: those of others are as if they were not there.
#pragma once

#include "modules/catalog/calendar_book.hpp"
#include "modules/catalog/package_service.hpp"

namespace kaigong::catalog {

class AuthorityService final : public AuthorityOffice {
  public:
    explicit AuthorityService(CalendarOfficeParts parts) : parts_(parts) {}

    std::vector<http::Endpoint> routes() override;

    Result<boost::json::object> list(const authz::Actor& actor);
    Result<boost::json::object> show(const authz::Actor& actor, const std::string& region_code);
    /// `replaces` is the number of the publication that the page showed, 0 where there was none. Takes effect at once:
    /// running cases follow the days and keep their promise. Fails with authorities.not_found,
    /// authz.step_up_needed, catalog.settings_replaced, catalog.settings_same, catalog.local_day_past, and as
    /// check_promises and check_local_days do.
    Result<boost::json::object> publish(const authz::Actor& actor, const std::string& region_code,
                                        const boost::json::object& settings, std::int64_t replaces,
                                        const Retryable& request);

  private:
    Result<const Authority*> administered(const authz::Actor& actor, const std::string& region_code) const;
    Result<void> check(const CalendarPicture& picture, const Authority& authority,
                       const AuthoritySettings& settings) const;
    boost::json::object authority_json(const CalendarPicture& picture, const authz::Actor& actor,
                                       const Authority& authority) const;
    boost::json::array promises_json(const CalendarPicture& picture, const Authority& authority) const;
    boost::json::object publication_json(const PublishedSettings& published) const;

    CalendarOfficeParts parts_;
};

}  // namespace kaigong::catalog
