// Clients: found for a request, made to prove who they are, and looked after by administrators.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <memory>
#include <set>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/two_person.hpp"
#include "modules/oauth/registration.hpp"
#include "modules/oauth/store.hpp"
#include "modules/oauth/wire.hpp"

namespace kaigong::oauth {

struct Client {
    std::string client_id;
    std::int64_t version = 1;
    bool active = false;
    Registration registration;
    std::int64_t created_at_ms = 0;
    std::int64_t changed_at_ms = 0;
};

Client client_of(const store::ClientRow& row);

class Clients {
  public:
    explicit Clients(Parts& parts) : parts_(parts) {}

    /// Active or suspended; nothing for another id.
    Result<std::optional<Client>> find(const std::string& client_id);
    /// The client of a request to token, revocation and such: exactly one proof, and the one that it is registered
    /// with. Fails with oauth.invalid_client, oauth.invalid_request (two proofs).
    Result<Client> authenticate(const http::Request& request, const Form& form);
    /// From memory: the edge asks on the threads that must not wait.
    bool is_origin_of_active_client(std::string_view origin) const;
    /// What it is asked from; after each change, and now and then for the changes of other processes.
    Result<void> read_origins();

    // For administrators; each fails with authz.not_permitted.
    Result<boost::json::object> list(const authz::Actor& by, const http::Page& page);
    Result<boost::json::object> show(const authz::Actor& by, const std::string& client_id);
    Result<boost::json::object> list_proposals(const authz::Actor& by, const std::string& state,
                                               const http::Page& page);
    /// A new client where `client_id` is empty. Fails with oauth.not_found.
    Result<boost::json::object> propose(const authz::Actor& by, const std::string& client_id,
                                        const Registration& wanted, const std::string& reason);
    /// Fails with oauth.not_found, oauth.own_proposal, oauth.proposal_decided; an approval also with
    /// oauth.proposal_expired, oauth.proposer_blocked, oauth.client_changed_meanwhile.
    Result<boost::json::object> decide(const authz::Actor& by, const std::string& proposal_id, bool approved);
    /// At once: no token of the client counts any more. Fails with oauth.not_found.
    Result<boost::json::object> suspend(const authz::Actor& by, const std::string& client_id);
    Result<boost::json::object> resume(const authz::Actor& by, const std::string& client_id);
    /// Fails with oauth.not_found, oauth.no_secret_needed, authz.proposal_is_open.
    Result<boost::json::object> propose_secret(const authz::Actor& by, const std::string& client_id,
                                               std::int64_t valid_days, const std::string& reason);
    /// By another person, who hands it on: the secret is in this reply and nowhere else. The one before stays for a
    /// week. Fails with oauth.not_found, oauth.no_secret_needed, and as authz::two_person::confirm.
    Result<boost::json::object> make_secret(const authz::Actor& by, const std::string& client_id,
                                            const std::string& proposal_id);
    Result<void> refuse_secret(const authz::Actor& by, const std::string& client_id, const std::string& proposal_id,
                               const std::string& reason);
    Result<void> end_secret(const authz::Actor& by, const std::string& client_id, const std::string& secret_id);

  private:
    using Origins = std::set<std::string, std::less<>>;
    /// The change is made whatever comes of it; the next look reads them again.
    void note_origins();
    struct Proof;
    Result<Proof> proof_of(const http::Request& request, const Form& form) const;
    Result<void> check_proof(const Client& client, const Proof& proof);
    Result<void> check_secret(const Client& client, const std::string& secret);
    Result<void> check_assertion(const Client& client, const std::string& assertion);
    Result<Client> load(const std::string& client_id);
    Result<boost::json::object> set_state(const authz::Actor& by, const std::string& client_id, bool active);
    Result<void> put_in_force(db::Session& session, const store::ProposalRow& proposal, std::int64_t now_ms);
    /// Whose name an audit entry bears; looked up before the transaction.
    struct Author {
        std::string account_id;
        std::string name;
    };
    authz::two_person::Person person_of(const Author& author) const;
    Result<Client> load_with_secret(const std::string& client_id);
    store::SecretRow insert_secret(db::Session& session, const std::string& client_id, const std::string& secret,
                                   std::int64_t valid_days) const;
    Author author_of(const authz::Actor& by);
    void write_audit(db::Session& session, const Author& author, const Client& client, const char* act,
                     const std::string& summary);

    Parts& parts_;
    std::atomic<std::shared_ptr<const Origins>> origins_ = std::make_shared<const Origins>();
};

}  // namespace kaigong::oauth
