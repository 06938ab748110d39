// The service of invited parts; see invited_parts.hpp.
#include "modules/applications/invited_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "db/idempotency.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/attempt_limiter.hpp"
#include "modules/applications/part_json.hpp"
#include "modules/applications/part_standing.hpp"
#include "modules/applications/part_values.hpp"
#include "modules/applications/read_only.hpp"
#include "modules/applications/service.hpp"
#include "modules/applications/stored_lists.hpp"

namespace kaigong::applications {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

struct PartIdTag;
using PartId = Id<PartIdTag>;

// The resource is the invitation and its organisation the invited firm, so `company` is what it was invited to.
constexpr std::array kPartGrants{
    authz::Grant{authz::Role::owner_agent, "applications.invite", authz::Scope::company},
    authz::Grant{authz::Role::individual_owner, "applications.invite", authz::Scope::own},
    authz::Grant{authz::Role::owner_agent, "invited_parts.read", authz::Scope::company},
    authz::Grant{authz::Role::owner_agent, "invited_parts.write", authz::Scope::company},
    authz::Grant{authz::Role::owner_agent, "invited_parts.confirm", authz::Scope::company},
};

constexpr std::uint64_t kPartBytesMax = 512ULL * 1024;
constexpr JsonLimits kPartLimits{.bytes_max = kPartBytesMax, .depth_max = 16, .values_max = 50'000};
/// A day's invitations of one application: more than works have firms, too few to send messages to strangers with.
constexpr int kInvitationsADay = 50;
/// Messages within an hour: of one account, whatever number of drafts it has, and to one phone.
constexpr int kMessagesOfOneMax = 30;
constexpr int kMessagesToOneMax = 5;
constexpr std::int64_t kHourMs = 3'600'000;
/// The owner saves the same draft; each time the part is put into what he saved last.
constexpr int kSaveTries = 5;

struct Wanted {
    std::string part;
    PartFirm firm;
    std::string kind;
    std::optional<std::string> phone;
};

Error part_not_there() {
    return error(Errc::not_found, "invited_parts.not_found",
                 "没有找到这项邀请：可能已撤回、已到期，或申请已经提交。请从“待我单位填报或确认”重新进入。");
}

Error part_gone() {
    return error(Errc::not_found, "applications.part_gone",
                 "建设单位已经把贵单位从参建单位中删去，或改了代码、角色。请联系建设单位。");
}

Error part_changed() {
    return error(Errc::precondition_failed, "applications.part_changed",
                 "这部分内容刚被改过，这次没有保存。请刷新后核对，再保存或确认。");
}

bool is_open(const store::PartRow& row, std::int64_t now_ms) {
    return row.state == "open" && row.expires_at_ms > now_ms;
}

Error part_restricted() {
    return error(Errc::conflict, "applications.invite_restricted",
                 "本件限制知悉，内容不能交给其他单位。请由本单位填写，或在解除限制知悉后再邀请。");
}

/// An invitation that its firm may work on now.
struct HeldPart {
    store::PartRow row;
    LoadedDraft draft;
    catalog::InvitedParts kinds;
    catalog::InvitedPart kind;
    object values;

    PartFirm firm() const { return {row.credit_code, row.role}; }
};

class InvitedPartService final : public InvitedParts {
  public:
    InvitedPartService(const Parts& parts, Applications& applications, identity::Firms& firms)
        : parts_(parts), drafts_(parts), applications_(applications), firms_(firms) {}

    std::vector<http::Endpoint> routes() override;

  private:
    Result<http::Reply> answer_invite(const Request& request);
    Result<http::Reply> answer_withdraw(const Request& request);
    Result<http::Reply> answer_list(const Request& request);
    Result<http::Reply> answer_show(const Request& request);
    Result<http::Reply> answer_save(const Request& request);
    Result<http::Reply> answer_confirm(const Request& request);

    Result<store::PartRow> new_invitation(const authz::Actor& actor, const LoadedDraft& draft, const Wanted& wanted);
    Result<std::string> invite(const authz::Actor& actor, const std::string& application_id, const Wanted& wanted,
                               const db::IdempotentRequest& once);
    Result<std::string> place(db::Session& session, const authz::Actor& actor, const store::PartRow& row,
                              std::int64_t draft_version, const std::optional<std::string>& contact);
    std::vector<store::PartListRow> without_restricted(db::Session& session, std::vector<store::PartListRow> rows);
    Result<void> check_room(db::Session& session, const store::PartRow& row);
    Result<void> count_message(const authz::Actor& actor, const std::string& credit_code, const std::string& phone);
    Result<HeldPart> hold(const authz::Actor& actor, std::string_view action, const std::string& part_id);
    Result<HeldPart> save(const authz::Actor& actor, const std::string& part_id, std::int64_t version,
                          const object& values);
    Result<void> write_values(HeldPart& held, const object& before, const authz::Actor& actor);
    Result<void> confirm(HeldPart& held, const authz::Actor& actor);
    Result<http::Reply> shown(const HeldPart& held, const authz::Actor& actor);
    void audit(db::Session& session, const store::PartRow& row, const authz::Actor& actor, const char* act,
               const std::string& summary);

    Parts parts_;
    Drafts drafts_;
    Applications& applications_;
    identity::Firms& firms_;
    http::AttemptLimiter by_one_{kMessagesOfOneMax, kHourMs};
    http::AttemptLimiter to_one_{kMessagesToOneMax, kHourMs};
};

/// What was invited to before a case was restricted comes back when that is lifted.
std::vector<store::PartListRow> InvitedPartService::without_restricted(db::Session& session,
                                                                       std::vector<store::PartListRow> rows) {
    std::erase_if(rows, [&](const store::PartListRow& row) {
        return parts_.procedures.is_restricted(session, row.application_id);
    });
    return rows;
}

void InvitedPartService::audit(db::Session& session, const store::PartRow& row, const authz::Actor& actor,
                               const char* act, const std::string& summary) {
    const bool is_firms = actor.acts_for(row.credit_code);
    parts_.audit.write(session, {"application", row.application_id, row.version, act, actor.account_id.text,
                                 is_firms ? "受邀单位" : "申请人", summary, parts_.clock.now_ms()});
}

Result<store::PartRow> InvitedPartService::new_invitation(const authz::Actor& actor, const LoadedDraft& draft,
                                                          const Wanted& wanted) {
    KAIGONG_TRY(kinds, catalog::read_invited_parts(draft.matter->settings(), draft.matter->form_schema()));
    const auto* kind = kinds.find(wanted.part);
    if (kind == nullptr || !kind->is_for(wanted.firm.role)) {
        return invalid_field("part", "applications.part_unknown",
                             "这一角色的单位没有这一部分可以填报，请刷新页面后重选。");
    }
    const auto& code = wanted.firm.credit_code;
    if (!identifier::credit_code_valid(code)) {
        return invalid_field("credit_code", "applications.credit_code_malformed",
                             "该单位的统一社会信用代码不对，请在参建单位中核对 18 位代码并保存。");
    }
    if (is_own_firm(draft, actor, code)) {
        return invalid_field("credit_code", "applications.part_is_own", "这是本单位自己填写的部分，不用邀请。");
    }
    const auto place = row_of_firm(kinds, wanted.firm, draft.form);
    if (!place) {
        return invalid_field("credit_code", "applications.firm_not_listed",
                             "参建单位中没有这个单位，或者同一角色写了两次。请先填好角色和代码，每个单位每个角色只留一"
                             "行，保存后再邀请。");
    }
    const auto now_ms = parts_.clock.now_ms();
    store::PartRow row;
    row.part_id = new_uuid(now_ms);
    row.application_id = draft.row.application_id;
    row.part = wanted.part;
    row.credit_code = code;
    row.role = wanted.firm.role;
    row.kind = wanted.kind;
    row.state = "open";
    row.organisation_name =
        text_of(draft.form.at(kinds.rows).get_array()[*place].get_object(), kinds.organisation_name);
    row.invited_by = actor.account_id.text;
    row.invited_at_ms = now_ms;
    row.expires_at_ms = now_ms + kinds.expires_after_days * identity::kDayMs;
    return row;
}

Result<void> InvitedPartService::check_room(db::Session& session, const store::PartRow& row) {
    const auto rows = store::parts_of(session, row.application_id, kPartsMax);
    if (std::ranges::any_of(rows, [&](const store::PartRow& one) {
            return one.part == row.part && one.credit_code == row.credit_code && one.role == row.role &&
                   is_open(one, row.invited_at_ms);
        })) {
        return error(Errc::conflict, "applications.part_already_invited",
                     "已经邀请过这个单位填报这一部分。需要重新邀请的，请先撤回原来的邀请。");
    }
    const auto today = std::ranges::count_if(
        rows, [&](const store::PartRow& one) { return one.invited_at_ms > row.invited_at_ms - identity::kDayMs; });
    if (today >= kInvitationsADay || std::ssize(rows) >= kPartsMax) {
        return error(Errc::rate_limited, "applications.too_many_invitations",
                     "这件申请发出的邀请太多，请明天再试，或请有关单位直接提供内容由您填写。");
    }
    return {};
}

Result<std::string> InvitedPartService::place(db::Session& session, const authz::Actor& actor,
                                              const store::PartRow& row, std::int64_t draft_version,
                                              const std::optional<std::string>& contact) {
    KAIGONG_CHECK(applications_.hold_for_change(session, actor, row.application_id, row.invited_at_ms));
    // The row of the firm may be gone by now: then nothing would close the invitation until the next save.
    const auto held = store::find(session, row.application_id);
    if (!held || held->version != draft_version) {
        return error(Errc::conflict, "db.version_is_stale", "申请内容刚刚改过，请刷新后再邀请。");
    }
    if (parts_.procedures.is_restricted(session, row.application_id)) return part_restricted();
    KAIGONG_CHECK(check_room(session, row));
    const bool is_here = firms_.is_here(session, row.credit_code);
    if (!is_here && !contact) {
        return invalid_field("phone", "applications.firm_not_here",
                             "该单位还没有在本系统登记。请填写其联系人的手机号，系统会告诉对方怎样登记。");
    }
    const char* message = is_here ? "not_needed" : firms_.can_tell() ? "sent" : "unavailable";
    if (!is_here && firms_.can_tell()) firms_.tell(session, *contact, actor.credit_code, row.invited_at_ms);
    store::insert_part(session, row);
    audit(session, row, actor, "applications.invite_part",
          fmt::format("邀请 {} {}“{}”部分", row.credit_code, row.kind == "fill" ? "填报" : "确认", row.part));
    return boost::json::serialize(
        object{{"part_id", row.part_id}, {"message", message}, {"expires_at_ms", row.expires_at_ms}});
}

/// A firm that is not here costs a message, and somebody gets it; one that is here, none.
Result<void> InvitedPartService::count_message(const authz::Actor& actor, const std::string& credit_code,
                                               const std::string& phone) {
    KAIGONG_TRY(is_here,
                parts_.database.read([&](db::Session& session) { return firms_.is_here(session, credit_code); }));
    if (is_here || !firms_.can_tell()) return {};
    const auto now_ms = parts_.clock.now_ms();
    if (by_one_.take(actor.account_id.text, now_ms) && to_one_.take(phone, now_ms)) return {};
    return error(Errc::rate_limited, "applications.too_many_invitations",
                 "发出的邀请短信太多，请一小时后再试，或请有关单位直接提供内容由您填写。");
}

Result<std::string> InvitedPartService::invite(const authz::Actor& actor, const std::string& application_id,
                                               const Wanted& wanted, const db::IdempotentRequest& once) {
    for (int tried = 1;; ++tried) {
        KAIGONG_TRY(draft, drafts_.load(application_id));
        KAIGONG_TRY(row, new_invitation(actor, draft, wanted));
        std::optional<std::string> contact;
        if (wanted.phone) {
            KAIGONG_TRY(number, firms_.contact_of(*wanted.phone));
            contact = number;
            if (tried == 1) KAIGONG_CHECK(count_message(actor, row.credit_code, number));
        }
        auto placed = parts_.database.transact([&](db::Session& session) -> Result<std::string> {
            return db::once(session, once, [&] { return place(session, actor, row, draft.row.version, contact); });
        });
        if (placed || placed.error().reason != "db.version_is_stale" || tried == kSaveTries) return placed;
    }
}

Result<http::Reply> InvitedPartService::answer_invite(const Request& request) {
    constexpr std::array<JsonName<const char*>, 2> kKinds{{{"fill", "fill"}, {"confirm", "confirm"}}};
    KAIGONG_TRY(id, http::path_id<ApplicationId>(request, "application_id", "applications.not_found"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Wanted wanted;
    wanted.part = reader.text("part", {.length_max = 40});
    wanted.firm.credit_code = reader.text("credit_code", {.length_min = 18, .length_max = 18});
    wanted.firm.role = reader.text("role", {.length_max = 40});
    wanted.kind = reader.one_of<const char*>("kind", kKinds);
    wanted.phone = reader.optional_text("phone", {.length_max = 20});
    KAIGONG_CHECK(reader.finish());
    const auto& actor = request.actor();
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) { return store::find(session, id.text); }));
    KAIGONG_CHECK(parts_.permissions.authorise(actor, "applications.invite",
                                               found ? std::optional(resource_of(*found)) : std::nullopt));
    const db::IdempotentRequest once{
        actor.account_id.text, "POST /applications/" + id.text + "/invited-parts", request.idempotency_key,
        crypto::blind_index(parts_.key_ring, "application_parts", "request", request.body), parts_.clock.now_ms()};
    KAIGONG_TRY(outcome, invite(actor, id.text, wanted, once));
    return http::json_reply(boost::json::parse(outcome).as_object(), 201);
}

Result<http::Reply> InvitedPartService::answer_withdraw(const Request& request) {
    KAIGONG_TRY(id, http::path_id<ApplicationId>(request, "application_id", "applications.not_found"));
    KAIGONG_TRY(part_id, http::path_id<PartId>(request, "invited_part_id", "applications.part_not_found"));
    const auto& actor = request.actor();
    KAIGONG_TRY(found, parts_.database.read([&](db::Session& session) { return store::find(session, id.text); }));
    KAIGONG_CHECK(parts_.permissions.authorise(actor, "applications.invite",
                                               found ? std::optional(resource_of(*found)) : std::nullopt));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(applications_.hold_for_change(session, actor, id.text, parts_.clock.now_ms()));
        auto row = store::find_part(session, part_id.text);
        const bool is_over = !row || (row->state != "open" && row->state != "unlisted");
        if (!is_over && row->application_id == id.text) {
            row->state = "withdrawn";
            if (store::change_part(session, *row)) {
                audit(session, *row, actor, "applications.withdraw_part",
                      fmt::format("撤回对 {} 的邀请，“{}”部分", row->credit_code, row->part));
                return {};
            }
        }
        return error(Errc::not_found, "applications.part_not_found", "没有这项邀请，或已经结束。请刷新页面查看。");
    }));
    return http::no_content();
}

Result<http::Reply> InvitedPartService::answer_list(const Request& request) {
    const auto& actor = request.actor();
    KAIGONG_CHECK(parts_.permissions.require(actor, "invited_parts.read"));
    KAIGONG_TRY(page, http::page_of(request));
    const auto now_ms = parts_.clock.now_ms();
    std::int64_t from_ms = 0;
    std::string after_id;
    if (const auto colon = page.cursor.find(':'); colon != std::string::npos) {
        std::from_chars(page.cursor.data(), page.cursor.data() + colon, from_ms);
        after_id = page.cursor.substr(colon + 1);
    }
    // What is over by now is before the beginning, also for who came with an older position.
    if (from_ms <= now_ms) {
        from_ms = now_ms + 1;
        after_id.clear();
    }
    const authz::BoundScope scope(
        parts_.permissions.scope_condition(actor, "invited_parts.read", store::kScopeOfParts));
    const auto limit = static_cast<std::size_t>(page.limit);
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::parts_of_firm(session, scope, from_ms, after_id, static_cast<int>(page.limit) + 1);
    }));
    boost::json::value next = nullptr;
    if (rows.size() > limit) {
        rows.resize(limit);
        next = fmt::format("{}:{}", rows.back().expires_at_ms, rows.back().part_id);
    }
    KAIGONG_TRY(visible, parts_.database.read([&](db::Session& session) { return without_restricted(session, rows); }));
    array list;
    for (const auto& row : visible) {
        KAIGONG_TRY(matter, parts_.catalog.load_matter(row.matter_code, row.catalog_version));
        list.push_back(part_list_json(row, *matter, now_ms));
    }
    return http::json_reply(object{{"parts", std::move(list)}, {"next_cursor", next}});
}

Result<HeldPart> InvitedPartService::hold(const authz::Actor& actor, std::string_view action,
                                          const std::string& part_id) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find_part(session, part_id); }));
    auto resource = row ? std::optional(authz::Resource{.credit_code = row->credit_code}) : std::nullopt;
    KAIGONG_CHECK(parts_.permissions.authorise(actor, action, resource));
    const bool is_unlisted = row->state == "unlisted" && row->expires_at_ms > parts_.clock.now_ms();
    if (!is_unlisted && !is_open(*row, parts_.clock.now_ms())) return part_not_there();
    KAIGONG_TRY(draft, drafts_.load(row->application_id));
    KAIGONG_TRY(is_turn, parts_.database.read([&](db::Session& session) {
        return drafts_.applicants_turn(session, draft.row).has_value() &&
               !parts_.procedures.is_restricted(session, draft.row.application_id);
    }));
    KAIGONG_TRY(kinds, catalog::read_invited_parts(draft.matter->settings(), draft.matter->form_schema()));
    const auto* kind = kinds.find(row->part);
    if (!is_turn || kind == nullptr) return part_not_there();
    if (is_unlisted) return part_gone();
    HeldPart held{std::move(*row), std::move(draft), std::move(kinds), *kind, {}};
    auto values = part_of_form(held.kinds, held.kind, held.firm(), held.draft.form);
    if (!values) return part_gone();
    held.values = std::move(*values);
    return held;
}

Result<http::Reply> InvitedPartService::shown(const HeldPart& held, const authz::Actor& actor) {
    KAIGONG_TRY(standing, standing_parts(parts_.key_ring, held.kinds, held.draft, {held.row}, parts_.clock.now_ms()));
    auto json = part_json(standing.front(), held.kinds, *held.draft.matter, parts_.identity);
    const auto& row = held.draft.row;
    const auto place = row_of_firm(held.kinds, held.firm(), held.draft.form);
    if (!place) return part_gone();
    // What is confirmed is this name, also where the owner changed it since the invitation.
    json["organisation_name"] = text_or_null(
        text_of(held.draft.form.at(held.kinds.rows).get_array()[*place].get_object(), held.kinds.organisation_name));
    json["version"] = held.row.version;
    json["matter_code"] = row.matter_code;
    json["matter_name"] = held.draft.matter->name();
    json["works_name"] = text_or_null(row.works_name);
    json["owner_name"] = text_or_null(row.owner_name);
    json["values"] = held.values;
    json["own_row"] = held.kind.is_own_row();
    json["fields"] = part_fields_json(held.kinds, held.kind);
    json["fixed"] = part_fixed_json(held.kinds, held.kind);
    json["can_edit"] = held.row.kind == "fill" && parts_.permissions.may(actor, "invited_parts.write");
    return http::json_reply(std::move(json)).with_version(held.row.version);
}

Result<http::Reply> InvitedPartService::answer_show(const Request& request) {
    KAIGONG_TRY(id, http::path_id<PartId>(request, "part_id", "invited_parts.not_found"));
    KAIGONG_TRY(held, hold(request.actor(), "invited_parts.read", id.text));
    return shown(held, request.actor());
}

/// All that is written; a failure of the draft's version says that the owner saved meanwhile.
Result<void> InvitedPartService::write_values(HeldPart& held, const object& before, const authz::Actor& actor) {
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_TRY(text, drafts_.sealed(held.draft, draft_row(held.row.application_id)));
    held.draft.row.form = text;
    held.draft.row.updated_at_ms = now_ms;
    auto next = held.row;
    next.filled_at_ms = now_ms;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = held.draft.row;
        auto part = next;
        KAIGONG_CHECK(store::save(session, row));
        if (parts_.procedures.is_restricted(session, row.application_id)) return part_not_there();
        if (!store::change_part(session, part)) return part_changed();
        for (const auto& moved : count_changed_parts(session, held.kinds, held.draft, before, part.part_id)) {
            audit(session, moved, actor, move_act(moved), move_summary(moved));
        }
        audit(session, part, actor, "applications.fill_part",
              fmt::format("{} 保存“{}”部分", part.credit_code, part.part));
        return {};
    }));
    next.version += 1;
    held.row = std::move(next);
    return {};
}

Result<HeldPart> InvitedPartService::save(const authz::Actor& actor, const std::string& part_id, std::int64_t version,
                                          const object& values) {
    for (int tried = 1;; ++tried) {
        KAIGONG_TRY(held, hold(actor, "invited_parts.write", part_id));
        if (held.row.kind != "fill") {
            return error(Errc::forbidden, "applications.part_only_confirmed",
                         "建设单位请贵单位确认，不需要填写。内容不对的，请联系建设单位修改。");
        }
        if (held.row.version != version) return part_changed();
        const auto before = held.draft.form;
        const auto row = row_of_firm(held.kinds, held.firm(), before).value_or(0);
        KAIGONG_CHECK(put_part(held.kinds, held.kind, held.firm(), values, held.draft.form));
        drop_read_only(held.draft.matter->form_schema(), held.draft.form);
        const auto fits = held.draft.matter->check_form(held.draft.form, catalog::Strictness::draft);
        if (!fits) return in_part(fits.error(), held.kinds, row);
        Drafts::copy_display_columns(held.draft);
        const auto written = write_values(held, before, actor);
        if (written) {
            auto now = part_of_form(held.kinds, held.kind, held.firm(), held.draft.form);
            held.values = now ? std::move(*now) : object{};
            return std::move(held);
        }
        const bool is_owners_save = written.error().reason == "db.version_is_stale";
        if (!is_owners_save || tried == kSaveTries) return written.error();
    }
}

Result<http::Reply> InvitedPartService::answer_save(const Request& request) {
    KAIGONG_TRY(id, http::path_id<PartId>(request, "part_id", "invited_parts.not_found"));
    KAIGONG_TRY(body, http::json_body(request, kPartLimits));
    JsonReader reader(body);
    const auto values = reader.raw_object("values");
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(held, save(request.actor(), id.text, request.if_match, values));
    return shown(held, request.actor());
}

Result<void> InvitedPartService::confirm(HeldPart& held, const authz::Actor& actor) {
    const auto now_ms = parts_.clock.now_ms();
    const auto digest = part_digest(held.values, held.draft.matter->form_schema());
    KAIGONG_TRY(sealed, sealed_digest(parts_.key_ring, held.row.part_id, digest));
    auto next = held.row;
    next.confirmed_version = next.version + 1;
    next.confirmed_at_ms = now_ms;
    next.confirmed_by = actor.account_id.text;
    next.values_digest = sealed;
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        // Held as by every act on the application: a confirmation is wholly before or wholly after a filing.
        if (!store::touch(session, next.application_id, now_ms)) return part_not_there();
        if (parts_.procedures.is_restricted(session, next.application_id)) return part_not_there();
        const auto authority = firms_.authority_of(session, actor.account_id, actor.credit_code, office_date(now_ms));
        if (!authority) return part_not_there();
        // As the office verified it, not as the owner typed it.
        next.organisation_name = authority->organisation_name;
        next.authority_duty = authority->duty;
        next.authority_reference = authority->reference;
        auto part = next;
        if (!store::change_part(session, part)) return part_changed();
        audit(session, part, actor, "applications.confirm_part",
              fmt::format("{} 确认“{}”部分属实", part.credit_code, part.part));
        return {};
    }));
    next.version += 1;
    held.row = std::move(next);
    return {};
}

Result<http::Reply> InvitedPartService::answer_confirm(const Request& request) {
    KAIGONG_TRY(id, http::path_id<PartId>(request, "part_id", "invited_parts.not_found"));
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    const bool declared = reader.boolean("declared");
    KAIGONG_CHECK(reader.finish());
    const auto& actor = request.actor();
    KAIGONG_TRY(held, hold(actor, "invited_parts.confirm", id.text));
    if (!declared) {
        return invalid_field("declared", "applications.declaration_missing", "请阅读并勾选“本单位确认以上内容属实”。");
    }
    if (held.row.version != request.if_match) return part_changed();
    KAIGONG_CHECK(confirm(held, actor));
    return shown(held, actor);
}

std::vector<http::Endpoint> InvitedPartService::routes() {
    const std::string of_application = "/api/v1/applications/{application_id}/invited-parts";
    const std::string of_firm = "/api/v1/invited-parts";
    const auto on = [this](Result<http::Reply> (InvitedPartService::*answer)(const Request&)) {
        return [this, answer](const Request& request) { return (this->*answer)(request); };
    };
    return {
        {.method = Method::post,
         .path = of_application,
         .action = "applications.invite",
         .needs = {.idempotency_key = true},
         .handler = on(&InvitedPartService::answer_invite)},
        {.method = Method::del,
         .path = of_application + "/{invited_part_id}",
         .action = "applications.invite",
         .handler = on(&InvitedPartService::answer_withdraw)},
        {.method = Method::get,
         .path = of_firm,
         .action = "invited_parts.read",
         .query = {"cursor", "limit"},
         .handler = on(&InvitedPartService::answer_list)},
        {.method = Method::get,
         .path = of_firm + "/{part_id}",
         .action = "invited_parts.read",
         .handler = on(&InvitedPartService::answer_show)},
        {.method = Method::put,
         .path = of_firm + "/{part_id}/values",
         .action = "invited_parts.write",
         .body_bytes_max = kPartBytesMax,
         .needs = {.if_match = true},
         .handler = on(&InvitedPartService::answer_save)},
        {.method = Method::post,
         .path = of_firm + "/{part_id}/confirmation",
         .action = "invited_parts.confirm",
         .needs = {.if_match = true},
         .handler = on(&InvitedPartService::answer_confirm)},
    };
}

}  // namespace

std::span<const authz::Grant> part_permissions() {
    return kPartGrants;
}

std::unique_ptr<InvitedParts> make_invited_parts(Parts parts, Applications& applications, identity::Firms& firms) {
    return std::make_unique<InvitedPartService>(parts, applications, firms);
}

}  // namespace kaigong::applications
