#include "modules/identity/successions.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "http/reply.hpp"

namespace kaigong::identity {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

constexpr std::string_view kAct = "organisations.confirm_succession";
constexpr int kListMax = 100;

Error not_there() {
    return error(Errc::not_found, "identity.not_found", "没有找到这个提议，可能已经办结，请刷新列表。");
}

struct Codes {
    std::string predecessor;
    std::string successor;
};

Codes codes_of(const authz::two_person::Proposal& proposal) {
    const auto content = boost::json::parse(proposal.content);
    return {text_of(content.as_object(), "predecessor_code"), text_of(content.as_object(), "successor_code")};
}

/// Nobody judges by eighteen signs alone: both with their names.
object pair_json(db::Session& session, const Codes& codes) {
    const auto name_of = [&](const std::string& code) {
        const auto row = store::find_organisation_by_code(session, code);
        return row ? row->organisation_name : std::string();
    };
    return {{"predecessor_code", codes.predecessor},
            {"predecessor_name", text_or_null(name_of(codes.predecessor))},
            {"successor_code", codes.successor},
            {"successor_name", text_or_null(name_of(codes.successor))}};
}

/// This one, and those that its own rights passed to, one after the other.
std::vector<std::string> heirs_of(db::Session& session, const std::string& credit_code) {
    std::vector<std::string> chain{credit_code};
    while (chain.size() <= kPredecessorsMax) {
        const auto passed = store::find_succession(session, chain.back());
        if (!passed) break;
        chain.push_back(passed->successor_code);
    }
    return chain;
}

/// The last of the heirs has the rights of all before it, and now of this one and of all before that.
Result<void> must_have_room(db::Session& session, const std::vector<std::string>& heirs,
                            const std::string& predecessor) {
    const auto has = Accounts::predecessors(session, heirs.back()).size();
    const auto comes = Accounts::predecessors(session, predecessor).size() + 1;
    if (has + comes <= kPredecessorsMax) return {};
    return error(Errc::conflict, "identity.too_many_predecessors",
                 fmt::format("一个单位最多承继 {} 个单位的权利（含再承继的），请核对；确有需要的，请联系系统管理员。",
                             kPredecessorsMax));
}

object proposal_json(db::Session& session, const authz::two_person::Proposal& one) {
    auto json = pair_json(session, codes_of(one));
    json["proposal_id"] = one.proposal_id;
    json["reason"] = one.reason;
    json["proposed_by"] = one.proposed_by;
    json["proposed_at_ms"] = one.proposed_at_ms;
    json["expires_at_ms"] = one.expires_at_ms;
    return json;
}

/// Which organisations a circle could go through that this proposal closes; none of a proposal that is not there.
std::vector<std::string> touched_by(db::Session& session, const std::string& proposal_id) {
    const auto proposal = is_uuid(proposal_id) ? authz::two_person::find(session, proposal_id) : std::nullopt;
    if (!proposal || proposal->act != kAct) return {};
    const auto codes = codes_of(*proposal);
    auto touched = heirs_of(session, codes.successor);
    touched.push_back(codes.predecessor);
    return touched;
}

}  // namespace

authz::two_person::Person Successions::person_of(const Request& request) const {
    const auto me = request.actor().account_id;
    const auto name = shared_.parts.database.read([&](db::Session& session) {
        const auto row = store::find_account(session, me.text);
        return row ? shared_.accounts.of_row(*row).display_name : std::string();
    });
    return {me, name.value_or(""), [this, me](db::Session& session, const authz::AccountId& other) {
                return shared_.accounts.same_person(session, me.text, other.text);
            }};
}

/// Both are known to the office, the rights have not passed yet, and they do not come back in a circle.
Result<void> Successions::check(db::Session& session, const std::string& predecessor,
                                const std::string& successor) const {
    for (const auto& [field, code] :
         {std::pair("predecessor_code", predecessor), std::pair("successor_code", successor)}) {
        const auto row = store::find_organisation_by_code(session, code);
        if (!row || row->state != "active") {
            return invalid_field(field, "identity.organisation_unknown",
                                 "没有核验过这个统一社会信用代码的单位，请先登记并核验。");
        }
    }
    if (store::find_succession(session, predecessor)) {
        return error(Errc::conflict, "identity.succeeded_already", "这个单位的权利已经由其他单位承继，请先查看记录。");
    }
    const auto heirs = heirs_of(session, successor);
    if (std::ranges::find(heirs, predecessor) != heirs.end()) {
        return invalid_field("successor_code", "identity.succession_circular",
                             "承继关系不能首尾相接，请核对两个单位。");
    }
    return must_have_room(session, heirs, predecessor);
}

Result<http::Reply> Successions::list(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "organisations.read"));
    KAIGONG_TRY(shown, shared_.parts.database.read([&](db::Session& session) {
        array proposals;
        const auto open = authz::two_person::open_of_act(session, std::string(kAct), "", shared_.now_ms(), kListMax);
        for (const auto& one : open) proposals.push_back(proposal_json(session, one));
        array done;
        for (const auto& row : store::newest_successions(session, kListMax)) {
            auto json = pair_json(session, {row.predecessor_code, row.successor_code});
            json["reason"] = row.reason;
            json["at_ms"] = row.at_ms;
            done.push_back(std::move(json));
        }
        return object{{"proposals", std::move(proposals)}, {"successions", std::move(done)}};
    }));
    return http::json_reply(std::move(shown));
}

Result<http::Reply> Successions::propose(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), "organisations.propose_succession"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto predecessor = reader.text("predecessor_code", {.length_min = 18, .length_max = 18});
    const auto successor = reader.text("successor_code", {.length_min = 18, .length_max = 18});
    const auto reason = reader.text("reason", {.length_max = 500});
    KAIGONG_CHECK(reader.finish());
    const auto by = person_of(request);
    const auto content =
        boost::json::serialize(object{{"predecessor_code", predecessor}, {"successor_code", successor}});
    KAIGONG_TRY(id, shared_.parts.database.transact([&](db::Session& session) -> Result<std::string> {
        KAIGONG_CHECK(check(session, predecessor, successor));
        KAIGONG_TRY(
            made, authz::two_person::propose(session, {std::string(kAct), "organisation", predecessor, content, reason},
                                             by, shared_.now_ms()));
        shared_.audit(session, {predecessor, "identity.propose_succession", by.account_id.text, by.name,
                                "提议由 " + successor + " 承继"});
        return made;
    }));
    return http::json_reply(object{{"proposal_id", id}}, 201);
}

Result<http::Reply> Successions::confirm(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), kAct));
    KAIGONG_CHECK(authz::Permissions::require_recent(request.actor()));
    const auto by = person_of(request);
    const auto& id = request.path_parameter("proposal_id");
    KAIGONG_TRY(touched, shared_.parts.database.read([&](db::Session& session) { return touched_by(session, id); }));
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        // Of two that would close a circle, the second must see the first.
        store::hold_organisations(session, touched);
        KAIGONG_TRY(proposal, authz::two_person::confirm(session, id, kAct, by, shared_.now_ms()));
        const auto codes = codes_of(proposal);
        KAIGONG_CHECK(check(session, codes.predecessor, codes.successor));
        if (!store::insert_succession(session, {codes.predecessor, codes.successor, proposal.reason,
                                                proposal.proposed_by_id, by.account_id.text, shared_.now_ms()})) {
            return not_there();
        }
        shared_.audit(session, {codes.predecessor, "identity.confirm_succession", by.account_id.text, by.name,
                                "由 " + codes.successor + " 承继；提议人 " + proposal.proposed_by});
        return {};
    }));
    return http::no_content();
}

Result<http::Reply> Successions::refuse(const Request& request) {
    KAIGONG_CHECK(shared_.permissions.require(request.actor(), kAct));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const auto reason = reader.text("reason", {.length_max = 300});
    KAIGONG_CHECK(reader.finish());
    const auto by = person_of(request);
    KAIGONG_CHECK(shared_.parts.database.transact([&](db::Session& session) -> Result<void> {
        const auto& id = request.path_parameter("proposal_id");
        KAIGONG_TRY(proposal, authz::two_person::refuse(session, id, kAct, by, reason, shared_.now_ms()));
        shared_.audit(session,
                      {proposal.subject_id, "identity.refuse_succession", by.account_id.text, by.name, "不同意承继"});
        return {};
    }));
    return http::no_content();
}

std::vector<http::Endpoint> Successions::routes() {
    const auto on = [this](Result<http::Reply> (Successions::*act)(const Request&)) {
        return [this, act](const Request& request) { return (this->*act)(request); };
    };
    const std::string all = "/api/v1/admin/successions";
    return {
        {.method = Method::get, .path = all, .action = "organisations.read", .handler = on(&Successions::list)},
        {.method = Method::post,
         .path = all,
         .action = "organisations.propose_succession",
         .handler = on(&Successions::propose)},
        {.method = Method::post,
         .path = all + "/{proposal_id}/confirmation",
         .action = std::string(kAct),
         .handler = on(&Successions::confirm)},
        {.method = Method::post,
         .path = all + "/{proposal_id}/refusal",
         .action = std::string(kAct),
         .handler = on(&Successions::refuse)},
    };
}

}  // namespace kaigong::identity
