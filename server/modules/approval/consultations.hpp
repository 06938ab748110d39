// 对外征求意见: who judges an item asks somebody outside about a chosen part of the case, by a link with an end. He has
// no account; his link opens this one part and nothing else. Why it is so: docs/adr/0033.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/key_ring.hpp"
#include "crypto/resealing.hpp"
#include "modules/approval/approval.hpp"
#include "modules/documents/documents.hpp"

namespace kaigong::approval {

/// How somebody outside is reached, and how his phone or mailbox is proven to be his. Declared here, answered by
/// identity's outbox and codes, wired in app.
class OutsideContacts {
  public:
    OutsideContacts() = default;
    OutsideContacts(const OutsideContacts&) = delete;
    OutsideContacts& operator=(const OutsideContacts&) = delete;
    virtual ~OutsideContacts() = default;

    struct Contact {
        std::string channel;  ///< sms · email
        std::string address;
    };

    /// As it is kept: 11 digits of a mobile phone; empty for what is none.
    virtual std::string phone_of(const std::string& typed) const = 0;
    /// As it is written to; empty for what is no address.
    virtual std::string email_of(const std::string& typed) const = 0;
    /// Fails with identity.messages_unavailable.
    virtual Result<void> can_send() const = 0;
    /// In the transaction of what it tells of.
    virtual void post(db::Session& session, const Contact& to, const std::string& words) = 0;
    /// Sends six digits; gives the challenge's id. `address` is who asks, for its limit. Fails with
    /// identity.too_many_codes, identity.messages_unavailable.
    virtual Result<std::string> begin_code(const Contact& to, const std::string& address) = 0;
    /// The contact that the code was sent to. Fails with identity.code_wrong.
    virtual Result<Contact> prove_code(const std::string& challenge_id, const std::string& code) = 0;
    /// An address that guessed too often within a quarter of an hour. Fails with identity.too_many_attempts.
    virtual Result<void> may_try(const std::string& address) = 0;
    virtual void count_miss(const std::string& address) = 0;
};

/// What it is made of; everything must live longer.
struct ConsultationParts {
    Parts of_approval;
    const crypto::KeyRing& key_ring;
    documents::Documents& documents;
    OutsideContacts& contacts;
    /// Where the links lead.
    std::string public_url;
    int working_days_max = 10;
};

class Consultations {
  public:
    Consultations() = default;
    Consultations(const Consultations&) = delete;
    Consultations& operator=(const Consultations&) = delete;
    virtual ~Consultations() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
    /// For the sweep of the blob store: files that came with answers.
    virtual bool is_referenced(const std::string& sha256) = 0;
};

/// `cases` says who may read which.
std::unique_ptr<Consultations> make_consultations(ConsultationParts parts, Approval& cases);

/// Where the module keeps sealed values.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

}  // namespace kaigong::approval
