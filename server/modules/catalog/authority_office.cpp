#include "modules/catalog/authority_office.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/catalog/events.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using http::Method;
using http::Request;

constexpr const char* kRead = "authorities.read";
constexpr const char* kEdit = "authorities.edit";
constexpr std::int64_t kPublicationMax = 1'000'000'000;

Error not_there() {
    return error(Errc::not_found, "authorities.not_found", "没有找到这个机关，请从“机关”列表重新进入。");
}

Error settings_replaced() {
    return error(Errc::conflict, "catalog.settings_replaced",
                 "这个机关的设置刚刚被别人发布过。请刷新页面，核对后再发布。");
}

/// An administrator without an area administers the whole installation.
bool administers(const authz::Actor& actor, const Authority& authority) {
    return actor.region_code.empty() || authz::region_contains(actor.region_code, authority.region_code);
}

SettingsOf settings_in(const CalendarPicture& picture) {
    return
        [&picture](const Authority& one) -> const AuthoritySettings& { return picture.settings_of(one.region_code); };
}

bool is_new_day(const LocalDay& day, const AuthoritySettings& before) {
    return std::ranges::none_of(before.days,
                                [&](const LocalDay& kept) { return kept.on == day.on && kept.working == day.working; });
}

/// What has passed was counted: it is neither added nor taken away afterwards.
Result<void> check_past_days(const AuthoritySettings& before, const AuthoritySettings& settings, CivilDate today) {
    const auto moves = [&](const AuthoritySettings& of, const AuthoritySettings& other) {
        return std::ranges::any_of(of.days,
                                   [&](const LocalDay& day) { return day.on <= today && is_new_day(day, other); });
    };
    if (!moves(settings, before) && !moves(before, settings)) return {};
    return invalid_field("settings.days", "catalog.local_day_past",
                         "今天和已经过去的日子不能再改，已经计算的期限不受影响。请只安排明天以后的日子。");
}

std::int64_t number_in_force(const CalendarPicture& picture, const std::string& region_code) {
    const auto found = picture.authorities.find(region_code);
    return found == picture.authorities.end() ? 0 : found->second.front().number;
}

Result<http::Reply> reply_of(Result<object> outcome, int status = 200) {
    if (!outcome) return outcome.error();
    return http::json_reply(std::move(*outcome), status);
}

}  // namespace

std::unique_ptr<AuthorityOffice> make_authority_office(CalendarOfficeParts parts) {
    return std::make_unique<AuthorityService>(parts);
}

Result<const Authority*> AuthorityService::administered(const authz::Actor& actor,
                                                        const std::string& region_code) const {
    const auto* authority = parts_.catalog.authority_tree().find(region_code);
    if (authority == nullptr || !administers(actor, *authority)) return not_there();
    return authority;
}

array AuthorityService::promises_json(const CalendarPicture& picture, const Authority& authority) const {
    const auto& tree = parts_.catalog.authority_tree();
    array promises;
    for (const auto& matter : parts_.catalog.matters()) {
        const auto promise = promise_in(tree, settings_in(picture), authority, *matter);
        const auto* promiser = tree.find(promise.of_region);
        promises.push_back({{"matter_code", matter->matter_code()},
                            {"matter_name", matter->name()},
                            {"statutory_working_days", matter->statutory_working_days()},
                            {"matter_working_days", matter->promised_working_days()},
                            {"working_days", promise.working_days},
                            {"promised_by_name", promiser == nullptr ? value(nullptr) : value(promiser->name)}});
    }
    return promises;
}

object AuthorityService::publication_json(const PublishedSettings& published) const {
    const auto& by = published.published_by;
    return {{"number", published.number},
            {"published_by_name", by.empty() ? value(nullptr) : value(parts_.identity.name_of(authz::AccountId{by}))},
            {"published_at_ms", published.published_at_ms}};
}

object AuthorityService::authority_json(const CalendarPicture& picture, const authz::Actor& actor,
                                        const Authority& authority) const {
    array regions;
    for (const auto& code : authority.region_codes) {
        regions.push_back({{"code", code}, {"name", parts_.catalog.region_name(code)}});
    }
    const auto published = picture.authorities.find(authority.region_code);
    const bool is_published = published != picture.authorities.end();
    return {{"region_code", authority.region_code},
            {"name", authority.name},
            // Who stands above is told only where that one may be read too.
            {"parent", text_or_null(administered(actor, authority.parent) ? authority.parent : "")},
            {"region_name", parts_.catalog.region_name(authority.region_code)},
            {"issues_for", std::move(regions)},
            {"settings", to_json(picture.settings_of(authority.region_code))},
            {"promises", promises_json(picture, authority)},
            {"publication", is_published ? value(publication_json(published->second.front())) : value(nullptr)},
            {"may_edit", parts_.permissions.may(actor, kEdit)}};
}

Result<object> AuthorityService::list(const authz::Actor& actor) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kRead));
    const auto picture = parts_.catalog.calendar_years().picture();
    auto sorted = parts_.catalog.authority_tree().all();
    // By their codes those above come before those below.
    std::ranges::sort(sorted, {}, &Authority::region_code);
    array authorities;
    for (const auto& one : sorted) {
        if (administers(actor, one)) authorities.push_back(authority_json(*picture, actor, one));
    }
    return object{{"authorities", std::move(authorities)}};
}

Result<object> AuthorityService::show(const authz::Actor& actor, const std::string& region_code) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kRead));
    KAIGONG_TRY(authority, administered(actor, region_code));
    return authority_json(*parts_.catalog.calendar_years().picture(), actor, *authority);
}

Result<void> AuthorityService::check(const CalendarPicture& picture, const Authority& authority,
                                     const AuthoritySettings& settings) const {
    const auto settings_of = settings_in(picture);
    const auto matters = parts_.catalog.matters();
    KAIGONG_CHECK(check_promises({parts_.catalog.authority_tree(), settings_of, matters}, authority, settings));
    const auto today = office_date(parts_.clock.now_ms());
    KAIGONG_CHECK(check_local_days(picture.calendar->days, settings, today));
    return check_past_days(picture.settings_of(authority.region_code), settings, today);
}

Result<object> AuthorityService::publish(const authz::Actor& actor, const std::string& region_code, const object& json,
                                         std::int64_t replaces, const Retryable& request) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kEdit));
    KAIGONG_TRY(authority, administered(actor, region_code));
    KAIGONG_CHECK(authz::Permissions::require_recent(actor));
    KAIGONG_TRY(settings, settings_from_json(json));
    const auto now_ms = parts_.clock.now_ms();
    const auto name = parts_.identity.name_of(actor.account_id);
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    KAIGONG_TRY(number_text, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_TRY(picture, calendar_picture(store::calendar_years(session), parts_.catalog.authority_tree()));
            if (number_in_force(picture, region_code) != replaces) return settings_replaced();
            if (picture.settings_of(region_code) == settings) {
                return error(Errc::conflict, "catalog.settings_same", "与现行的设置完全一样，无需再发布。");
            }
            KAIGONG_CHECK(check(picture, *authority, settings));
            const auto number = picture.calendar->number + 1;
            if (!store::insert(session, {number, 0, boost::json::serialize(to_json(settings)), actor.account_id.text,
                                         now_ms, region_code})) {
                return settings_replaced();
            }
            parts_.audit.write(
                session, {"authority", region_code, number, std::string("authorities.publish"), actor.account_id.text,
                          name, fmt::format("发布{}的承诺时限和本地工作日", authority->name), now_ms});
            parts_.outbox.append(
                session, {.event_id = new_uuid(now_ms),
                          .event_type = kCalendarChanged,
                          .aggregate_kind = "calendar",
                          .aggregate_id = region_code,
                          .payload = boost::json::serialize(object{{"region_code", region_code}, {"number", number}}),
                          .occurred_at_ms = now_ms});
            return std::to_string(number);
        });
    }));
    KAIGONG_CHECK(parts_.catalog.calendar_since(std::stoll(number_text)));
    return show(actor, region_code);
}

std::vector<http::Endpoint> AuthorityService::routes() {
    const std::string path = "/api/v1/authorities";
    return {
        {.method = Method::get,
         .path = path,
         .action = kRead,
         .handler = [this](const Request& request) { return reply_of(list(request.actor())); }},
        {.method = Method::get,
         .path = path + "/{region_code}",
         .action = kRead,
         .handler =
             [this](const Request& request) {
                 return reply_of(show(request.actor(), request.path_parameter("region_code")));
             }},
        {.method = Method::post,
         .path = path + "/{region_code}/publications",
         .action = kEdit,
         .needs = {.idempotency_key = true},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(body, http::json_body(request));
             JsonReader reader(body);
             const auto settings = reader.raw_object("settings");
             const auto replaces = reader.optional_integer("replaces", {0, kPublicationMax}).value_or(0);
             KAIGONG_CHECK(reader.finish());
             const auto& code = request.path_parameter("region_code");
             const Retryable retryable{request.idempotency_key, "POST /authorities/" + code + "/publications",
                                       crypto::to_hex(crypto::sha256(crypto::view(request.body)))};
             return reply_of(publish(request.actor(), code, settings, replaces, retryable), 201);
         }},
    };
}

}  // namespace kaigong::catalog
