// Who is who: accounts of people, the organisations they act for, sessions, and the administration of all three. What a
// role may do is authz; other systems come in through the module oauth.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authz/actor.hpp"
#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/password.hpp"
#include "crypto/resealing.hpp"
#include "db/database.hpp"
#include "http/authenticator.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/identity/firms.hpp"
#include "modules/identity/policy.hpp"
#include "modules/identity/sealed_place.hpp"

namespace kaigong::identity {

/// In the place of an organisation's id: the person chose to act for himself.
inline constexpr const char* kForHimself = "self";

struct Account {
    authz::AccountId account_id;
    std::string account_name;  ///< what is typed at sign-in, lower case
    std::string display_name;  ///< 李窗口
    authz::AccountKind kind = authz::AccountKind::owner_agent;
    /// Of the applicant's side: whom the person acts for; empty for who acts for himself.
    std::string organisation_name;
    std::string credit_code;
    std::string department;
    std::string department_name;
    std::string region_code;
    std::vector<authz::Role> roles;
    std::string organisation_id = {};
    /// Organisations whose rights passed to the one above.
    std::vector<std::string> predecessor_codes = {};
    std::string post = {};  ///< 二级主任科员
    std::vector<std::string> matters = {};
    authz::Confidentiality clearance = authz::Confidentiality::normal;
    /// active · blocked
    std::string state = "active";
    std::string phone = {};
    std::string email = {};
    std::int64_t password_changed_at_ms = 0;
    /// Raised by every act of an administrator.
    std::int64_t version = 0;
};

/// The same person as services see him.
authz::Actor actor_of(const Account& account);

/// How an account stands to an ID number that somebody applies under.
enum class IdNumberStanding {
    another,   ///< it is not the account's, or the account has none
    given,     ///< its owner typed it, and nobody looked
    verified,  ///< the provider of identities says it is his, or an officer saw the card
};

/// Colleagues to hand work to or to ask.
struct OfficerQuery {
    /// Officers of this region and of those above it.
    std::string region_code = {};
    /// Empty: of every department.
    std::string department = {};
    /// Part of the name or of the department's name; empty: everybody.
    std::string text = {};
    std::size_t limit = 20;
};

struct NewAccount {
    Account account;
    std::string password;
};

inline constexpr int kOfficersMax = 2'000;

/// Whose a case is, for the question who has to keep out of it (回避).
struct CaseOwner {
    /// Empty where somebody applied for himself.
    std::string credit_code;
    authz::AccountId account_id;
    std::int64_t filed_at_ms = 0;
};

/// What other ways of coming in (oauth) need to know of a session that lives.
struct SessionFacts {
    authz::AccountId account_id;
    /// When who is signed in last proved who he is; 0 where a provider of identities did not say.
    std::int64_t proven_at_ms = 0;
    /// For whom the person acts in it, as `find_acting` takes it.
    std::string organisation_id = {};
};

/// Somebody ends sign-ins of his because they may be in wrong hands; who merely signs out ends no more than his
/// session.
struct AccessEnd {
    authz::AccountId account_id;
    /// `http::Session::session_id`. Empty: all, also those that were over before …
    std::string session_id = {};
    /// … but this one.
    std::string but_session_id = {};
};

class Identity : public http::Authenticator {
  public:
    /// Once, before anybody is served: `end` takes away, in the transaction of the end, what was given to others in
    /// those sign-ins. Passwords and acts of administrators are not told here: they change the account, which everybody
    /// reads.
    virtual void when_access_ends(std::function<void(db::Session& session, const AccessEnd& what)> end) = 0;
    /// Of the applicant's side: as whom he acted last.
    virtual std::optional<Account> find_account(const authz::AccountId& account_id) = 0;
    /// As records and colleagues see him: 「李窗口（住房和城乡建设局）」; the id where the account is gone.
    virtual std::string name_of(const authz::AccountId& account_id) = 0;
    /// Whether two accounts are known to be of one human being: one telephone, or one ID number.
    virtual bool same_person(db::Session& session, const authz::AccountId& one, const authz::AccountId& other) = 0;
    /// Whether the account applies under this ID number, and whether it is known to be its owner's: anybody may type
    /// anybody's. Never says which it is.
    virtual IdNumberStanding standing_of(const authz::AccountId& account_id, const std::string& id_number) = 0;
    /// A provider of identities says whose number it is: it becomes the account's, verified, also in place of one that
    /// was only typed. One that is verified already stays; what is no number is ignored.
    virtual Result<void> vouch_for_id_number(const authz::AccountId& account_id, const std::string& id_number) = 0;
    /// In the order of department and account name. Looks at no more than kOfficersMax of a region: names are sealed
    /// and can't be searched by the database.
    virtual Result<std::vector<Account>> find_officers(const OfficerQuery& query) = 0;
    /// With a credit code also its organisation, verified, where it is not there yet: for the program's own verbs.
    /// Fails with identity.account_name_taken, identity.password_weak.
    virtual Result<Account> create(const NewAccount& account, std::int64_t now_ms) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
    /// The same inside the caller's transaction.
    virtual std::vector<Account> find_officers(db::Session& session, const OfficerQuery& query) = 0;

    /// Acting for that organisation, or for himself when he may not any more. Nothing where there is no such account;
    /// a failure is a database's, never a person's.
    virtual Result<std::optional<Account>> find_acting(const authz::AccountId& account_id,
                                                       const std::string& organisation_id) = 0;
    /// As it was registered; empty for who acts for himself, and where no such organisation is known.
    virtual std::string organisation_name_of(const std::string& credit_code) = 0;
    /// By `http::Session::session_id`; nothing when it ended.
    virtual std::optional<SessionFacts> find_session(const std::string& session_id) = 0;
    /// An account without a password, for somebody whom a provider of identities knows: in the caller's transaction,
    /// so that account and binding come together or not at all. Fails with identity.account_name_taken.
    virtual Result<Account> create_without_password(db::Session& session, const Account& account,
                                                    std::int64_t now_ms) = 0;
    /// Whether its owner could still sign in if no provider vouched for him.
    virtual bool has_password_way_in(db::Session& session, const authz::AccountId& account_id) = 0;
    /// A session for somebody whom a provider of identities has just vouched for; the sign-in log says so. He proved
    /// who he is at `proven_at_ms`, which may be long ago; 0: nobody says when. Gives the cookie's value. Fails with
    /// identity.signed_out when there is no such account, identity.account_blocked.
    virtual Result<std::string> begin_session(const authz::AccountId& account_id, const http::Request& request,
                                              std::int64_t proven_at_ms) = 0;
};

/// A message to somebody outside the pages.
struct OutgoingMessage {
    std::string message_id;  ///< the same at every try: who delivers does it once
    std::string channel;     ///< sms · email
    std::string purpose;     ///< registration, invitation …: the template of the gateway
    std::string recipient;
    std::string words;
};

/// Whether the human being behind an account applied, by this account or another one, or acts for the organisation
/// that applied or one that its rights passed to, or acted for it when it filed.
bool has_stake_in(db::Session& session, Identity& identity, const authz::AccountId& account_id, const CaseOwner& owner);

/// Who delivers messages; `app` binds it to the authority's gateway.
class MessageSink {
  public:
    MessageSink() = default;
    MessageSink(const MessageSink&) = delete;
    MessageSink& operator=(const MessageSink&) = delete;
    virtual ~MessageSink() = default;
    /// Blocking; outside every transaction. A failure is tried again later.
    virtual Result<void> send(const OutgoingMessage& message) = 0;
};

/// A message as the development sink shows it.
struct ShownMessage {
    std::string channel;
    std::string purpose;
    std::string recipient;
    std::string words;
    std::int64_t created_at_ms = 0;
};

/// The service as `app` runs it: beside what other modules ask, its background work.
class IdentityOffice : public Identity {
  public:
    /// Sends what waits, ends authorities that are over, forgets what is old. Gives when to come again.
    virtual std::int64_t make_round(std::int64_t now_ms) = 0;
    /// Which of these accounts have this password: a production bureau asks for those of the demo. Slow.
    virtual Result<std::vector<std::string>> accounts_with_password(const std::vector<std::string>& account_names,
                                                                    const std::string& password) = 0;
    /// Before anybody is served: where officers come in through the provider only, somebody must get in when it is
    /// down. Fails with identity.no_emergency_account, identity.emergency_account_unfit, identity.no_emergency_factor.
    virtual Result<void> check_ways_in() = 0;
    /// What the development sink shows: newest first, at most 50.
    virtual Result<std::vector<ShownMessage>> shown_messages() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    /// The machine's clock: sessions are about real time, also where a demo's clock jumps.
    const Clock& machine_clock;
    /// The office's clock, shown to pages so that "today" is the same everywhere.
    const Clock& office_clock;
    const crypto::KeyRing& key_ring;
    audit::Audit& audit;
    crypto::Argon2Parameters password_cost = {};
    bool demo = false;
    Policy policy = {};
    /// Where the links of messages lead.
    std::string public_url = {};
    /// Nothing: the development sink, which only shows.
    MessageSink* sink = nullptr;
};
std::unique_ptr<IdentityOffice> make_identity(Parts parts, const authz::Permissions& permissions);

/// What roles may do with accounts and organisations.
std::span<const authz::Grant> permissions();

/// One column as a change of keys needs it; also for modules after this one. All must live longer.
crypto::SealedColumn sealed_column(db::Database& database, const crypto::KeyRing& key_ring, SealedPlace place);
/// Where the module keeps sealed values. A column that is sealed and not named here stays under its old key for ever.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

}  // namespace kaigong::identity
