// The administration of people, divided so that nobody can do harm alone (三员分立): the system administrator makes and
// blocks accounts and gives them no rights, the security administrator gives rights and makes no accounts, the audit
// administrator reads what both did.
#pragma once

#include <vector>

#include "authz/two_person.hpp"
#include "modules/identity/id_numbers.hpp"
#include "modules/identity/sign_in.hpp"

namespace kaigong::identity {

class People {
  public:
    People(Shared& shared, Sessions& sessions, SignIn& sign_in, Factors& factors, IdNumbers& id_numbers)
        : shared_(shared), sessions_(sessions), sign_in_(sign_in), factors_(factors), id_numbers_(id_numbers) {}

    std::vector<http::Endpoint> routes();

  private:
    Result<http::Reply> list(const http::Request& request);
    Result<http::Reply> show(const http::Request& request);
    Result<http::Reply> create(const http::Request& request);
    Result<http::Reply> change(const http::Request& request);
    Result<http::Reply> grant(const http::Request& request);
    Result<http::Reply> block(const http::Request& request);
    Result<http::Reply> unblock(const http::Request& request);
    Result<http::Reply> unlock(const http::Request& request);
    Result<http::Reply> give_password(const http::Request& request);
    Result<http::Reply> give_enrolment_code(const http::Request& request);
    Result<http::Reply> end_sessions(const http::Request& request);
    Result<http::Reply> propose_factor_reset(const http::Request& request);
    Result<http::Reply> confirm_factor_reset(const http::Request& request);
    Result<http::Reply> list_sign_ins(const http::Request& request);
    Result<http::Reply> rights(const http::Request& request);

    /// The account of the path, where the administrator's area holds it; else it is not there. Nobody administers his
    /// own account. Fails also with identity.account_changed when `If-Match` is older.
    Result<store::AccountRow> administered(db::Session& session, const http::Request& request,
                                           bool of_this_version) const;
    /// In one transaction: the row, the act, the entry of the audit. Answers with the account as it is then.
    template <class Body>
    Result<http::Reply> act(const http::Request& request, const char* act, const std::string& summary, Body body);
    Result<void> check_not_last(db::Session& session, const store::AccountRow& row) const;
    Result<void> take_rights_of_who_moves(db::Session& session, const store::AccountRow& row,
                                          const store::Place& place) const;
    Result<void> block_account(db::Session& session, const store::AccountRow& row, const authz::two_person::Person& by,
                               const std::string& reason);
    boost::json::object person_json(db::Session& session, const store::AccountRow& row) const;
    authz::two_person::Person person_of(const http::Request& request) const;

    Shared& shared_;
    Sessions& sessions_;
    SignIn& sign_in_;
    Factors& factors_;
    IdNumbers& id_numbers_;
};

}  // namespace kaigong::identity
