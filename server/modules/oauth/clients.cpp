#include "modules/oauth/clients.hpp"

#include "base/log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "crypto/random.hpp"

namespace kaigong::oauth {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::int64_t kDayMs = 24LL * 3'600'000;
/// So long both secrets count, so that a system changes over without standing still.
constexpr std::int64_t kOverlapMs = 7 * kDayMs;
/// An administrator is told this long before a secret ends.
constexpr std::int64_t kWarnMs = 30 * kDayMs;
constexpr std::size_t kLivingSecretsMax = 2;
constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kSecretAct = "oauth.make_secret";
constexpr std::string_view kSubject = "oauth_client";

Error not_found() {
    return error(Errc::not_found, "oauth.not_found", "没有找到这个接入系统，请从列表重新进入。");
}

object client_json(const Client& client) {
    return {{"client_id", client.client_id},
            {"version", client.version},
            {"state", client.active ? "active" : "suspended"},
            {"registration", registration_json(client.registration)},
            {"created_at_ms", client.created_at_ms},
            {"changed_at_ms", client.changed_at_ms}};
}

object proposal_json(const store::ProposalRow& row) {
    return {{"proposal_id", row.proposal_id},
            {"client_id", row.client_id},
            {"act", row.client_version == 0 ? "register" : "change"},
            {"state", row.state},
            {"registration", boost::json::parse(row.registration)},
            {"reason", row.reason},
            {"proposed_by", row.proposed_by},
            {"proposed_at_ms", row.proposed_at_ms},
            {"decided_by", text_or_null(row.decided_by)},
            {"decided_at_ms", row.decided_at_ms == 0 ? boost::json::value(nullptr) : row.decided_at_ms}};
}

object secret_json(const store::SecretRow& row, std::int64_t now_ms) {
    return {{"secret_id", row.secret_id},
            {"created_at_ms", row.created_at_ms},
            {"expires_at_ms", row.expires_at_ms},
            {"ends_soon", row.expires_at_ms < now_ms + kWarnMs}};
}

array secrets_json(const std::vector<store::SecretRow>& rows, std::int64_t now_ms) {
    array secrets;
    for (const auto& row : rows) secrets.push_back(secret_json(row, now_ms));
    return secrets;
}

object secret_proposal_json(const authz::two_person::Proposal& one) {
    const auto content = boost::json::parse(one.content);
    return {{"proposal_id", one.proposal_id},
            {"valid_days", content.at("valid_days")},
            {"reason", one.reason},
            {"proposed_by", one.proposed_by},
            {"proposed_at_ms", one.proposed_at_ms},
            {"expires_at_ms", one.expires_at_ms}};
}

/// As every act of two persons: not for ever, and not when who proposed it is no longer anybody.
Result<void> must_still_stand(const store::ProposalRow& row, const std::optional<identity::Account>& proposer,
                              std::int64_t now_ms) {
    if (now_ms >= row.proposed_at_ms + authz::two_person::kOpenForMs) {
        return error(Errc::conflict, "oauth.proposal_expired",
                     "这份提议超过期限没有同意，已经失效；仍需要的请重新提出。");
    }
    if (proposer && proposer->state == "active") return {};
    return error(Errc::conflict, "oauth.proposer_blocked",
                 "提出这份提议的账号已停用，提议不再有效，请由其他人员重新提出。");
}

/// One page of rows that were asked for with one more than it holds.
template <class Row, class Json, class Id>
object page_json(std::vector<Row> rows, std::int64_t limit, const char* name, Json json, Id id) {
    boost::json::value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        next = id(rows.back());
    }
    array list;
    for (const auto& row : rows) list.push_back(json(row));
    return {{name, std::move(list)}, {"next_cursor", std::move(next)}};
}

std::vector<std::string> origins_of(const Registration& registration) {
    std::set<std::string> origins;
    if (!registration.is_public()) return {};
    for (const auto& uri : registration.redirect_uris) origins.insert(origin_of(uri));
    origins.erase("");
    return {origins.begin(), origins.end()};
}

}  // namespace

Client client_of(const store::ClientRow& row) {
    return {row.client_id,     row.version,      row.state == "active", registration_of_row(row.registration),
            row.created_at_ms, row.changed_at_ms};
}

Result<std::optional<Client>> Clients::find(const std::string& client_id) {
    if (!is_uuid(client_id)) return std::optional<Client>();
    KAIGONG_TRY(row,
                parts_.database.read([&](db::Session& session) { return store::find_client(session, client_id); }));
    return row ? std::optional(client_of(*row)) : std::nullopt;
}

Result<Client> Clients::load(const std::string& client_id) {
    KAIGONG_TRY(client, find(client_id));
    if (!client) return not_found();
    return std::move(*client);
}

bool Clients::is_origin_of_active_client(std::string_view origin) const {
    return origins_.load()->contains(origin);
}

Result<void> Clients::read_origins() {
    constexpr int kOriginsMax = 10'000;
    KAIGONG_TRY(list, parts_.database.read(
                          [](db::Session& session) { return store::origins_of_active_clients(session, kOriginsMax); }));
    origins_.store(std::make_shared<const Origins>(list.begin(), list.end()));
    return {};
}

void Clients::note_origins() {
    const auto read = read_origins();
    if (!read) log_error(LogLevel::warning, "oauth.origins_not_read", read.error());
}

Clients::Author Clients::author_of(const authz::Actor& by) {
    return {by.account_id.text, parts_.identity.name_of(by.account_id)};
}

void Clients::write_audit(db::Session& session, const Author& author, const Client& client, const char* act,
                          const std::string& summary) {
    parts_.audit.write(session, {"oauth_client", client.client_id, client.version, act, author.account_id, author.name,
                                 summary, parts_.office_clock.now_ms()});
}

Result<object> Clients::list(const authz::Actor& by, const http::Page& page) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.read"));
    const auto now_ms = parts_.machine_clock.now_ms();
    return parts_.database.read([&](db::Session& session) {
        const auto with_secrets = [&](const store::ClientRow& row) {
            auto json = client_json(client_of(row));
            json["secrets"] = secrets_json(store::living_secrets(session, row.client_id, now_ms), now_ms);
            return json;
        };
        return page_json(store::clients_before(session, page.cursor, static_cast<int>(page.limit) + 1), page.limit,
                         "clients", with_secrets, [](const store::ClientRow& row) { return row.client_id; });
    });
}

Result<object> Clients::show(const authz::Actor& by, const std::string& client_id) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.read"));
    KAIGONG_TRY(client, load(client_id));
    const auto now_ms = parts_.machine_clock.now_ms();
    return parts_.database.read([&](db::Session& session) {
        auto json = client_json(client);
        json["secrets"] = secrets_json(store::living_secrets(session, client_id, now_ms), now_ms);
        array proposals;
        for (const auto& one : authz::two_person::of_subject(session, std::string(kSubject), client_id)) {
            if (one.act == kSecretAct && one.is_open(now_ms)) proposals.push_back(secret_proposal_json(one));
        }
        json["secret_proposals"] = std::move(proposals);
        return json;
    });
}

Result<object> Clients::list_proposals(const authz::Actor& by, const std::string& state, const http::Page& page) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.read"));
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::proposals_before(session, state, page.cursor, static_cast<int>(page.limit) + 1);
    }));
    const auto named = [&](const store::ProposalRow& row) {
        auto json = proposal_json(row);
        json["proposed_by_name"] = parts_.identity.name_of(authz::AccountId{row.proposed_by});
        return json;
    };
    return page_json(std::move(rows), page.limit, "proposals", named,
                     [](const store::ProposalRow& row) { return row.proposal_id; });
}

Result<object> Clients::propose(const authz::Actor& by, const std::string& client_id, const Registration& wanted,
                                const std::string& reason) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.propose"));
    const auto now_ms = parts_.machine_clock.now_ms();
    store::ProposalRow row;
    row.proposal_id = new_uuid(now_ms);
    row.client_id = client_id.empty() ? new_uuid(now_ms) : client_id;
    row.state = "open";
    row.registration = boost::json::serialize(registration_json(wanted));
    row.reason = reason;
    row.proposed_by = by.account_id.text;
    row.proposed_at_ms = now_ms;
    if (!client_id.empty()) {
        KAIGONG_TRY(client, load(client_id));
        row.client_version = client.version;
    }
    const Client subject{row.client_id, std::max<std::int64_t>(row.client_version, 1), true, wanted};
    const auto author = author_of(by);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
        store::insert_proposal(session, row);
        write_audit(session, author, subject, "oauth.propose_client",
                    row.client_version == 0 ? "提出登记接入系统" : "提出变更接入系统");
    }));
    return proposal_json(row);
}

/// The client as it was proposed, if nobody changed it since.
Result<void> Clients::put_in_force(db::Session& session, const store::ProposalRow& proposal, std::int64_t now_ms) {
    const auto registration = registration_of_row(proposal.registration);
    store::set_origins(session, proposal.client_id, origins_of(registration));
    if (proposal.client_version == 0) {
        store::insert_client(session, {proposal.client_id, 1, registration.client_name, "active", proposal.registration,
                                       now_ms, now_ms});
        return {};
    }
    auto row = store::find_client(session, proposal.client_id);
    if (!row || row->version != proposal.client_version) {
        return error(Errc::conflict, "oauth.client_changed_meanwhile",
                     "这个接入系统在提出以后又有变动，请按现在的内容重新提出。");
    }
    row->client_name = registration.client_name;
    row->registration = proposal.registration;
    row->changed_at_ms = now_ms;
    return store::save_client(session, *row);
}

authz::two_person::Person Clients::person_of(const Author& author) const {
    const authz::AccountId mine{author.account_id};
    return {mine, author.name, [this, mine](db::Session& session, const authz::AccountId& other) {
                return parts_.identity.same_person(session, mine, other);
            }};
}

Result<object> Clients::decide(const authz::Actor& by, const std::string& proposal_id, bool approved) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.approve"));
    if (approved) KAIGONG_CHECK(authz::Permissions::require_recent(by));
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto author = author_of(by);
    KAIGONG_TRY(seen,
                parts_.database.read([&](db::Session& session) { return store::find_proposal(session, proposal_id); }));
    const auto proposer = seen ? parts_.identity.find_account(authz::AccountId{seen->proposed_by}) : std::nullopt;
    KAIGONG_TRY(done, parts_.database.transact([&](db::Session& session) -> Result<object> {
        auto row = store::find_proposal(session, proposal_id);
        if (!row) return error(Errc::not_found, "oauth.not_found", "没有找到这份提议，请从列表重新进入。");
        if (parts_.identity.same_person(session, by.account_id, authz::AccountId{row->proposed_by})) {
            return error(Errc::forbidden, "oauth.own_proposal",
                         "这份提议由您（或您的另一个账号）提出，要由另一位管理员同意。");
        }
        if (row->state != "open") {
            return error(Errc::conflict, "oauth.proposal_decided", "这份提议已经有了结论，请刷新页面查看。");
        }
        if (approved) KAIGONG_CHECK(must_still_stand(*row, proposer, now_ms));
        row->state = approved ? "approved" : "refused";
        row->decided_by = by.account_id.text;
        row->decided_at_ms = now_ms;
        KAIGONG_CHECK(store::decide_proposal(session, *row));
        if (approved) KAIGONG_CHECK(put_in_force(session, *row, now_ms));
        const Client subject{row->client_id, std::max<std::int64_t>(row->client_version, 1), true, {}};
        write_audit(session, author, subject, approved ? "oauth.approve_client" : "oauth.refuse_client",
                    approved ? "同意接入系统的登记或变更" : "不同意接入系统的登记或变更");
        return proposal_json(*row);
    }));
    note_origins();
    return std::move(done);
}

Result<object> Clients::set_state(const authz::Actor& by, const std::string& client_id, bool active) {
    const auto author = author_of(by);
    KAIGONG_TRY(done, parts_.database.transact([&](db::Session& session) -> Result<object> {
        auto row = store::find_client(session, client_id);
        if (!row) return not_found();
        row->state = active ? "active" : "suspended";
        row->changed_at_ms = parts_.machine_clock.now_ms();
        KAIGONG_CHECK(store::save_client(session, *row));
        row->version += 1;
        auto client = client_of(*row);
        write_audit(session, author, client, active ? "oauth.resume_client" : "oauth.suspend_client",
                    active ? "恢复接入系统" : "停用接入系统");
        return client_json(client);
    }));
    note_origins();
    return std::move(done);
}

Result<object> Clients::suspend(const authz::Actor& by, const std::string& client_id) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.suspend"));
    return set_state(by, client_id, false);
}

Result<object> Clients::resume(const authz::Actor& by, const std::string& client_id) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.approve"));
    KAIGONG_CHECK(authz::Permissions::require_recent(by));
    return set_state(by, client_id, true);
}

Result<Client> Clients::load_with_secret(const std::string& client_id) {
    KAIGONG_TRY(client, load(client_id));
    const auto proof = client.registration.proof;
    if (proof != ClientProof::client_secret_basic && proof != ClientProof::client_secret_post) {
        return error(Errc::conflict, "oauth.no_secret_needed", "这个接入系统不用密钥证明身份，不能生成密钥。");
    }
    return std::move(client);
}

Result<object> Clients::propose_secret(const authz::Actor& by, const std::string& client_id, std::int64_t valid_days,
                                       const std::string& reason) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.propose"));
    KAIGONG_TRY(client, load_with_secret(client_id));
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto content = boost::json::serialize(object{{"valid_days", valid_days}});
    const auto author = author_of(by);
    return parts_.database.transact([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(id, authz::two_person::propose(
                            session, {std::string(kSecretAct), std::string(kSubject), client_id, content, reason},
                            person_of(author), now_ms));
        write_audit(session, author, client, "oauth.propose_secret", "提出生成接入密钥");
        return secret_proposal_json(authz::two_person::find(session, id).value());
    });
}

/// Oldest first: the one before stays for a while, whatever is older ends now.
store::SecretRow Clients::insert_secret(db::Session& session, const std::string& client_id, const std::string& secret,
                                        std::int64_t valid_days) const {
    const auto now_ms = parts_.machine_clock.now_ms();
    const store::SecretRow row{new_uuid(now_ms), client_id, hash_of(secret), now_ms, now_ms + valid_days * kDayMs};
    const auto living = store::living_secrets(session, client_id, now_ms);
    for (std::size_t i = 0; i < living.size(); ++i) {
        const bool stays = i + kLivingSecretsMax > living.size();
        store::end_secret(session, living[i].secret_id, stays ? now_ms + kOverlapMs : now_ms);
    }
    store::insert_secret(session, row);
    return row;
}

Result<object> Clients::make_secret(const authz::Actor& by, const std::string& client_id,
                                    const std::string& proposal_id) {
    KAIGONG_CHECK(parts_.permissions.require(by, kSecretAct));
    KAIGONG_CHECK(authz::Permissions::require_recent(by));
    KAIGONG_TRY(client, load_with_secret(client_id));
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto secret = crypto::random_token(kSecretBytes);
    const auto author = author_of(by);
    return parts_.database.transact([&](db::Session& session) -> Result<object> {
        KAIGONG_TRY(proposal, authz::two_person::confirm(session, proposal_id, kSecretAct, person_of(author), now_ms));
        if (proposal.subject_id != client_id) return not_found();
        const auto days = boost::json::parse(proposal.content).at("valid_days").as_int64();
        const auto row = insert_secret(session, client_id, secret, days);
        write_audit(session, author, client, "oauth.make_secret", "生成接入密钥；提议人 " + proposal.proposed_by);
        auto json = secret_json(row, now_ms);
        json["client_secret"] = secret;
        return json;
    });
}

Result<void> Clients::refuse_secret(const authz::Actor& by, const std::string& client_id,
                                    const std::string& proposal_id, const std::string& reason) {
    KAIGONG_CHECK(parts_.permissions.require(by, kSecretAct));
    KAIGONG_TRY(client, load(client_id));
    const auto author = author_of(by);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_TRY(proposal, authz::two_person::refuse(session, proposal_id, kSecretAct, person_of(author), reason,
                                                        parts_.machine_clock.now_ms()));
        if (proposal.subject_id != client_id) return not_found();
        write_audit(session, author, client, "oauth.refuse_secret", "不同意生成接入密钥");
        return {};
    });
}

Result<void> Clients::end_secret(const authz::Actor& by, const std::string& client_id, const std::string& secret_id) {
    KAIGONG_CHECK(parts_.permissions.require(by, "oauth.suspend"));
    KAIGONG_TRY(client, load(client_id));
    const auto now_ms = parts_.machine_clock.now_ms();
    const auto author = author_of(by);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        const auto living = store::living_secrets(session, client_id, now_ms);
        const auto found = std::ranges::find(living, secret_id, &store::SecretRow::secret_id);
        if (found == living.end()) return not_found();
        store::end_secret(session, secret_id, now_ms);
        write_audit(session, author, client, "oauth.end_secret", "作废接入密钥");
        return {};
    });
}

}  // namespace kaigong::oauth
