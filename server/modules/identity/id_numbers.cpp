#include "modules/identity/id_numbers.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "crypto/field_codec.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/reply.hpp"

namespace kaigong::identity {
namespace {

using boost::json::object;
using http::Method;
using http::Request;

constexpr std::string_view kTable = "id_number_verifications";
constexpr const char* kProvider = "provider";
constexpr const char* kCounter = "counter";
constexpr const char* kVerified = "identity.verify_id_number";

/// Fails with identity.id_number_malformed.
Result<std::string> read_id_number(JsonReader& reader) {
    auto id_number = written_id_number(reader.text("id_number", {.length_min = 18, .length_max = 18}));
    KAIGONG_CHECK(reader.finish());
    if (identifier::id_number_valid(id_number)) return id_number;
    return invalid_field("id_number", "identity.id_number_malformed", "身份证号码不对，请核对 18 位号码。");
}

Error account_not_there() {
    return invalid_field("account_name", "identity.account_not_there",
                         "没有这个申请人账号。请当面问清本人的账号名，不要从案件里推测。");
}

}  // namespace

IdNumberStanding IdNumbers::standing_of(const std::string& account_id, const std::string& id_number) const {
    const auto standing = shared_.parts.database.read([&](db::Session& session) {
        const auto known = shared_.accounts.id_number_of(session, account_id);
        if (known.empty() || known != written_id_number(id_number)) return IdNumberStanding::another;
        const bool verified = store::find_id_verification(session, account_id).has_value();
        return verified ? IdNumberStanding::verified : IdNumberStanding::given;
    });
    return standing.value_or(IdNumberStanding::another);
}

object IdNumbers::facts_of(db::Session& session, const store::AccountRow& row) const {
    object facts{{"given", !row.id_number.empty()},
                 {"verified_by", nullptr},
                 {"verified_at_ms", nullptr},
                 {"officer_name", nullptr},
                 {"reason", nullptr}};
    const auto verification = store::find_id_verification(session, row.account_id);
    if (!verification) return facts;
    facts["verified_by"] = verification->how;
    facts["verified_at_ms"] = verification->at_ms;
    if (verification->how != kCounter) return facts;
    const auto officer = store::find_account(session, verification->by_id);
    if (officer) facts["officer_name"] = shared_.accounts.of_row(*officer).display_name;
    facts["reason"] =
        crypto::open_field(shared_.parts.key_ring, {kTable, "reason", row.account_id}, verification->reason).value();
    return facts;
}

/// Of an applicant it opens applying in his own name; of staff it says that two accounts are one person.
void IdNumbers::keep(db::Session& session, const store::AccountRow& row, const std::string& id_number) {
    store::set_id_number(session, row.account_id, shared_.accounts.seal("id_number", row.account_id, id_number).sealed);
    if (row.kind != "owner_agent") return;
    auto roles = shared_.accounts.of_row(row).roles;
    if (std::ranges::find(roles, authz::Role::individual_owner) != roles.end()) return;
    roles.push_back(authz::Role::individual_owner);
    store::set_roles(session, row.account_id, roles_text(roles), row.matters, row.clearance);
}

/// By the account's owner, once. It is sealed and never shown again.
Result<http::Reply> IdNumbers::give(const Request& request) {
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    KAIGONG_TRY(id_number, read_id_number(reader));
    KAIGONG_TRY(living, sessions_.of_request(request));
    const auto& account_id = living.account.account_id;
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        store::hold_account(session, account_id);
        const auto known = shared_.accounts.id_number_of(session, account_id);
        if (!known.empty() && known != id_number) {
            return error(Errc::conflict, "identity.id_number_kept",
                         "账号已经登记了另一个身份证号码，不能自行更换。登记错了的，请带身份证到办事窗口更正。");
        }
        const auto row = store::find_account(session, account_id).value();
        keep(session, row, id_number);
        shared_.audit(session, {account_id, "identity.set_id_number", account_id, row.account_name,
                                row.kind == "owner_agent" ? "登记个人身份，可以个人名义申报" : "登记身份证号码"});
        return {};
    }));
    return http::no_content();
}

Result<IdNumbers::Outcome> IdNumbers::judge(db::Session& session, const std::string& account_id, const Card& card,
                                            const Account& officer) {
    store::hold_account(session, account_id);
    const auto row = store::find_account(session, account_id).value();
    if (shared_.accounts.same_person(session, officer.account_id.text, account_id)) {
        return error(Errc::forbidden, "identity.own_account", "不能核验自己的账号，请由另一位工作人员办理。");
    }
    const auto audit = [&](const char* act, const char* summary) {
        shared_.audit(session, {account_id, act, officer.account_id.text, officer.display_name, summary, row.version});
    };
    const auto known = shared_.accounts.id_number_of(session, account_id);
    const bool differs = !known.empty() && known != card.id_number;
    if (store::find_id_verification(session, account_id)) {
        if (!differs) return Outcome::verified;
        return error(Errc::conflict, "identity.id_number_verified",
                     "这个账号的身份证号码已经核验过，不能更改。确有错误的，请系统管理员停用账号，由本人另行注册。");
    }
    // Whoever tries numbers on an account leaves a line for each.
    if (differs && !card.correction) {
        audit("identity.id_number_differs", "窗口核验身份证号：与登记的不一致");
        return Outcome::differs;
    }
    keep(session, row, card.id_number);
    const auto reason = crypto::seal_field(shared_.parts.key_ring, {kTable, "reason", account_id}, card.reason).value();
    store::insert_id_verification(session, {account_id, kCounter, shared_.now_ms(), officer.account_id.text, reason});
    audit(kVerified, differs ? "窗口更正并核验身份证号" : "窗口核验身份证号");
    return differs ? Outcome::corrected : Outcome::verified;
}

/// The officer types the number from the card and the account's name from its owner's mouth: neither stands on the
/// case, so that nobody makes an impostor's account the person's own by pressing a button.
Result<http::Reply> IdNumbers::verify(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "accounts.verify_id_number"));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Card card;
    card.account_name = lower_name(reader.text("account_name", {.length_max = kAccountNameMax}));
    card.reason = reader.text("reason", {.length_max = 300});
    card.correction = reader.optional_boolean("correction").value_or(false);
    KAIGONG_TRY(id_number, read_id_number(reader));
    card.id_number = std::move(id_number);
    KAIGONG_TRY(found, shared_.parts.database.read([&](db::Session& session) {
        const auto officer = store::find_account(session, request.actor().account_id.text);
        return std::pair(store::find_account_by_name(session, card.account_name),
                         officer ? shared_.accounts.of_row(*officer) : Account());
    }));
    const auto& [row, officer] = found;
    if (!row || row->kind != "owner_agent") return account_not_there();
    KAIGONG_TRY(outcome, shared_.parts.database.transact(
                             [&](db::Session& session) { return judge(session, row->account_id, card, officer); }));
    if (outcome == Outcome::differs) {
        return invalid_field("id_number", "identity.id_number_differs",
                             "与账号登记的号码不一致。请核对账号名和证件；确是本人登记错了的，勾选“更正”后再提交。");
    }
    return http::json_reply(object{{"account_name", row->account_name},
                                   {"display_name", shared_.accounts.of_row(*row).display_name},
                                   {"corrected", outcome == Outcome::corrected}});
}

Result<void> IdNumbers::vouch_for(const std::string& account_id, const std::string& id_number) {
    const auto number = written_id_number(id_number);
    if (!identifier::id_number_valid(number)) {
        log_event(LogLevel::warning, "identity.provider_id_number_malformed", {});
        return {};
    }
    // Most come again, and nothing is to be written.
    if (standing_of(account_id, number) == IdNumberStanding::verified) return {};
    return shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        store::hold_account(session, account_id);
        const auto row = store::find_account(session, account_id).value();
        if (!store::insert_id_verification(session, {account_id, kProvider, shared_.now_ms(), "", ""})) {
            // What an officer saw on the card stays; somebody has to look at the two.
            log_event(LogLevel::warning, "identity.provider_id_number_differs", {{"account_id", account_id}});
            return {};
        }
        const auto known = shared_.accounts.id_number_of(session, account_id);
        keep(session, row, number);
        const bool replaced = !known.empty() && known != number;
        shared_.audit(session, {account_id, kVerified, "system", "统一身份平台",
                                replaced ? "统一身份平台核验身份证号，替换了自行登记的" : "统一身份平台核验身份证号"});
        return {};
    });
}

std::vector<http::Endpoint> IdNumbers::routes() {
    return {
        {.method = Method::put,
         .path = "/api/v1/account/id-number",
         .handler = [this](const Request& request) { return give(request); }},
        {.method = Method::post,
         .path = "/api/v1/admin/id-number-verifications",
         .action = "accounts.verify_id_number",
         .handler = [this](const Request& request) { return verify(request); }},
    };
}

}  // namespace kaigong::identity
