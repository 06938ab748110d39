#include "modules/certificates/public_page.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "base/chinese_format.hpp"
#include "base/civil_date.hpp"
#include "base/text.hpp"
#include "crypto/signing.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/request.hpp"
#include "modules/certificates/issuing.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::array;
using boost::json::object;
using html::Topic;
using http::Access;
using http::Html;
using http::Method;
using http::Request;

constexpr std::size_t kQueryCharactersMax = 100;
constexpr int kPageLength = 20;
constexpr int kMonthsOffered = 24;

std::string query_text(const Request& request, std::string_view name) {
    return std::string(request.query_parameter(name).value_or(""));
}

Error unknown_permit() {
    return error(Errc::not_found, "permits.not_found",
                 "没有查到这个编号的许可证，请核对 18 位编号。刚发的证要等公布后才能查到。");
}

/// What everybody sees the same: a crowd is served by whoever stands between, and a permit that ends is shown as ended
/// half a minute later at the latest. Answers to a question (/verify, /v) are of their moment and never kept.
constexpr const char* kKeptBriefly = "public, max-age=30";

http::Reply kept_briefly(http::Reply reply) {
    return std::move(reply).with_header("Cache-Control", kKeptBriefly);
}

object public_permit_json(const html::PublicPermit& found) {
    auto whole = public_json(found.permit, found.certificate);
    whole["state"] = found.permit.state;
    whole["state_name"] = permits::state_name(found.permit.state);
    whole["start_due_provisional"] = found.permit.start_due_provisional;
    whole["published_at_ms"] = found.permit.published_at_ms;
    return whole;
}

/// A cursor is what a reply gave as next_cursor: published_at_ms, a colon, the number.
Result<void> check_cursor(std::string_view cursor) {
    const auto digits = cursor.find_first_not_of("0123456789");
    const bool whole = digits != std::string_view::npos && digits > 0 && digits < 16 && cursor[digits] == ':';
    if (cursor.empty() || whole) return {};
    return invalid_field("cursor", "http.page_invalid", "翻页标记不对，请从第一页重新查询。");
}

Result<permits::PublicQuery> query_of(std::string region_code, std::string text, std::string cursor,
                                      std::string_view text_name, std::string_view region_name) {
    if (count_code_points(text).value_or(kQueryCharactersMax + 1) > kQueryCharactersMax) {
        return invalid_field(std::string(text_name), "certificates.query_too_long",
                             "查询文字太长，请只留下关键的几个字，最多 100 个字。");
    }
    const bool is_code = region_code.size() == 6 && region_code.find_first_not_of("0123456789") == std::string::npos;
    if (!region_code.empty() && !is_code) {
        return invalid_field(std::string(region_name), "certificates.region_malformed",
                             "区划代码应为 6 位数字，例如 330106。");
    }
    KAIGONG_CHECK(check_cursor(cursor));
    return permits::PublicQuery{std::move(region_code), std::move(text), std::move(cursor), kPageLength};
}

std::string month_of(CivilDate day) {
    return fmt::format("{:04}-{:02}", day.year, day.month);
}

/// Of `YYYY-MM` in this age; nothing for anything else.
std::optional<CivilDate> first_of_month(const std::string& month) {
    const auto first = parse_date(month + "-01");
    return first && first->year >= 2000 && first->year < 2100 ? first : std::nullopt;
}

/// The newest two years, and the month that was asked for.
std::vector<std::string> months_to_choose(CivilDate today, std::optional<CivilDate> asked) {
    std::vector<std::string> months;
    months.reserve(kMonthsOffered + 1);
    const CivilDate this_month{today.year, today.month, 1};
    for (int back = 0; back < kMonthsOffered; ++back) months.push_back(month_of(add_months(this_month, -back)));
    if (asked && std::ranges::find(months, month_of(*asked)) == months.end()) months.push_back(month_of(*asked));
    return months;
}

/// A list that is newest first ends where the month begins.
void keep_from(permits::PublicPage& found, std::int64_t begins_ms) {
    const auto is_before = [&](const permits::Permit& permit) { return permit.published_at_ms < begins_ms; };
    if (std::erase_if(found.permits, is_before) > 0) found.next_cursor.reset();
}

}  // namespace

Result<std::optional<html::PublicPermit>> PublicPages::find(const std::string& permit_number) {
    using Found = std::optional<html::PublicPermit>;
    return parts_.database.read([&](db::Session& session) -> Result<Found> {
        auto permit = parts_.permits.load(session, permit_number);
        if (!permit && permit.error().code == Errc::not_found) return Found();
        if (!permit) return std::move(permit).error();
        if (permit->published_at_ms == 0 || permit->is_restricted) return Found();
        auto row = store::find_valid(session, permit_number);
        if (!row) return Found();
        auto printed = printed_of(*permit);
        return Found({std::move(*permit), std::move(*row), std::move(printed)});
    });
}

/// By the version of the matter that the permit was issued under.
std::vector<std::string> PublicPages::printed_of(const permits::Permit& permit) const {
    std::vector<std::string> paths;
    const auto matter = parts_.catalog.load_matter(permit.matter_code, permit.catalog_version);
    const auto* form = matter ? (*matter)->find_template("certificate") : nullptr;
    const auto* profile = form != nullptr ? form->if_contains("profile") : nullptr;
    const auto* list =
        profile != nullptr && profile->is_object() ? profile->get_object().if_contains("printed") : nullptr;
    if (list == nullptr || !list->is_array()) return paths;
    for (const auto& path : list->get_array()) {
        if (const auto* text = path.if_string()) paths.emplace_back(*text);
    }
    return paths;
}

Result<http::Reply> PublicPages::list_json(const Request& request) {
    KAIGONG_TRY(asked, http::page_of(request));
    KAIGONG_TRY(query, query_of(query_text(request, "region_code"), query_text(request, "query"), asked.cursor, "query",
                                "region_code"));
    query.limit = static_cast<int>(asked.limit);
    KAIGONG_TRY(found, parts_.permits.published(query));
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        std::vector<std::optional<store::EditionRow>> versions;
        versions.reserve(found.permits.size());
        for (const auto& permit : found.permits) versions.push_back(store::find_valid(session, permit.permit_number));
        return versions;
    }));
    array permits;
    for (std::size_t at = 0; at < found.permits.size(); ++at) {
        if (rows[at]) permits.push_back(public_permit_json({found.permits[at], *rows[at]}));
    }
    return http::json_reply(object{
        {"permits", std::move(permits)},
        {"next_cursor", found.next_cursor ? boost::json::value(*found.next_cursor) : boost::json::value(nullptr)}});
}

/// Depends on the number alone, so that it can stay in memory: how fresh it is, its Date header says.
Result<http::Reply> PublicPages::permit_json(const Request& request) {
    const auto& number = request.path_parameter("permit_number");
    KAIGONG_TRY(found, find(number));
    if (!found) return unknown_permit();
    auto reply = http::json_reply(public_permit_json(*found));
    reply.cache_subject = number;
    return reply;
}

http::Reply PublicPages::page(html::Frame frame, const Html& content, int status) const {
    frame.sandbox = parts_.sandbox;
    return http::page_reply(html::document(frame, content), status);
}

std::string PublicPages::checked_text() const {
    return fmt::format("截至 {}，由发证机关的登记即时答复。", instant_text(parts_.clock.now_ms()));
}

Result<http::Reply> PublicPages::portal() {
    permits::PublicQuery latest;
    latest.limit = 5;
    KAIGONG_TRY(found, parts_.permits.published(latest));
    Html content;
    html::add_portal(content, parts_.catalog.matters(), found.permits);
    return kept_briefly(page({.title = "建筑工程施工许可", .topic = Topic::portal, .full_width = true}, content));
}

Result<http::Reply> PublicPages::guide_list() {
    Html content;
    html::add_guide_list(content, parts_.catalog.matters());
    return kept_briefly(page({.title = "办事指南", .topic = Topic::guide}, content));
}

Result<http::Reply> PublicPages::guide(const Request& request) {
    auto matter = parts_.catalog.load_matter(request.path_parameter("matter_code"));
    Html content;
    if (!matter) {
        if (matter.error().code != Errc::not_found) return std::move(matter).error();
        html::add_not_found(content, "没有这个事项", "请从办事指南的列表里选。");
        return page({.title = "没有找到", .topic = Topic::guide}, content, 404);
    }
    html::add_guide(content, **matter, parts_.catalog, office_date(parts_.clock.now_ms()));
    return kept_briefly(page({.title = (*matter)->name() + " · 办事指南", .topic = Topic::guide}, content));
}

Result<http::Reply> PublicPages::search_page(const Request& request) {
    html::SearchForm form{query_text(request, "q"), query_text(request, "region"), regions(), {}};
    const html::Frame frame{.title = "许可查询", .topic = Topic::search};
    const auto query = query_of(form.region_code, form.text, query_text(request, "cursor"), "q", "region");
    if (!query) form.problem = query.error().message;
    Html content;
    content.element("h1", {{"class", "gap"}}, "许可查询");
    html::add_search_form(content, form);
    if (!query) return page(frame, content, 422);
    KAIGONG_TRY(found, parts_.permits.published(*query));
    html::add_search_results(content, form, found);
    return page(frame, content);
}

Result<http::Reply> PublicPages::permit_page(const Request& request) {
    const auto& number = request.path_parameter("permit_number");
    KAIGONG_TRY(found, find(number));
    Html content;
    if (!found) {
        html::add_not_found(content, "没有查到这个许可证", unknown_permit().message);
        return page({.title = "没有找到", .topic = Topic::search}, content, 404);
    }
    content.open("nav", {{"class", "crumb"}, {"aria-label", "位置"}}).element("a", {{"href", "/"}}, "首页").text(" / ");
    content.element("a", {{"href", "/search"}}, "许可查询").text(" / " + number).close();
    content.element("h1", {{"class", "vh"}}, "施工许可证 " + number);
    html::add_permit(content, *found, {.checked_text = "取自发证机关的登记。", .sandbox = parts_.sandbox});
    html::add_how_to_verify(content);
    auto reply = page({.title = "施工许可证 " + number,
                       .topic = Topic::search,
                       .narrow = true,
                       .authority = parts_.catalog.find_authority(found->permit.region_code)},
                      content);
    reply.cache_subject = number;
    return kept_briefly(std::move(reply));
}

std::vector<catalog::CodeEntry> PublicPages::regions() const {
    std::vector<catalog::CodeEntry> list;
    for (const auto& code : parts_.catalog.regions_with_authority()) {
        list.push_back({code, parts_.catalog.region_name(code)});
    }
    return list;
}

Result<http::Reply> PublicPages::verify_form(const Request& request) {
    html::VerifyForm form{query_text(request, "number"), query_text(request, "code"), {}};
    std::erase(form.number, ' ');
    if (!form.number.empty()) return verify_number(form);
    Html content;
    content.element("h1", {{"class", "gap"}}, "证照验真");
    if (form.code.empty()) {
        html::add_verify_ways(content, parts_.public_url, parts_.catalog.authorities());
    } else {
        form.problem = "防伪码要和编号一起查，请填写许可证编号。";
        html::add_verify_form(content, form);
        html::add_how_to_verify(content);
    }
    return page({.title = "证照验真", .topic = Topic::verify, .narrow = true}, content);
}

http::Reply PublicPages::answered(const html::PublicPermit& found, Html content) const {
    html::add_how_to_verify(content);
    return page({.title = "验真结果",
                 .topic = Topic::verify,
                 .narrow = true,
                 .authority = parts_.catalog.find_authority(found.permit.region_code)},
                content);
}

/// Paper of an older edition has a code of its own, which is not forged.
Result<std::optional<store::EditionRow>> PublicPages::edition_of_code(const html::PublicPermit& found,
                                                                      const std::string& code) {
    const auto is_of = [&](const store::EditionRow& row) {
        return crypto::verify_anti_forgery_code(parts_.key_ring, row.certificate_identifier, code);
    };
    using Edition = std::optional<store::EditionRow>;
    if (is_of(found.certificate)) return Edition(found.certificate);
    KAIGONG_TRY(editions, parts_.database.read([&](db::Session& session) {
        return store::editions_of(session, found.permit.permit_number);
    }));
    const auto older = std::ranges::find_if(editions, is_of);
    return older == editions.end() ? Edition() : Edition(*older);
}

/// By the number on the paper, better with the 防伪码. Whoever copied a paper copied both, so that the answer asks to
/// compare all of it.
Result<http::Reply> PublicPages::verify_number(const html::VerifyForm& form) {
    KAIGONG_TRY(found, find(form.number));
    if (!found) return number_unknown(form);
    html::Answer answer{.checked_text = checked_text(), .sandbox = parts_.sandbox};
    auto edition = std::optional(found->certificate);
    if (!form.code.empty()) {
        KAIGONG_TRY(of_code, edition_of_code(*found, form.code));
        answer.code = of_code ? html::CodeCheck::right : html::CodeCheck::wrong;
        edition = of_code;
    }
    Html content;
    content.element("h1", {{"class", "gap"}}, "证照验真");
    if (!edition) {
        html::add_wrong_code(content, *found, answer);
        html::add_verify_form(content, form);
    } else {
        add_answer(content, *found, *edition, answer);
    }
    return answered(*found, std::move(content));
}

/// Paper of an older edition leads to the new certificate, unless there is none to build by: a permit that ended says
/// so whichever paper is held.
void PublicPages::add_answer(Html& content, const html::PublicPermit& found, const store::EditionRow& shown,
                             html::Answer answer) const {
    if (shown.certificate_identifier != found.certificate.certificate_identifier) answer.older = shown;
    if (answer.older && html::standing_of(found.permit.state) != html::Standing::ended) {
        html::add_older_version(content, found, answer);
    } else {
        html::add_permit(content, found, answer);
    }
}

http::Reply PublicPages::number_unknown(html::VerifyForm form) const {
    const bool well_formed = identifier::parse_permit_number(form.number).has_value();
    form.problem = well_formed ? "没有查到这个编号。请与证上的编号逐位核对；刚发的证要等公布后才能查到。"
                               : "编号应为 18 位数字：区划 6 位、日期 8 位、类别 2 位、顺序号 2 "
                                 "位。请对照证上的编号再填一次。";
    Html content;
    content.element("h1", {{"class", "gap"}}, "证照验真");
    html::add_verify_form(content, form);
    if (well_formed) {
        html::add_not_verified(content, "没有查到这个编号的许可证。" + checked_text(), parts_.catalog.authorities());
    }
    html::add_how_to_verify(content);
    return page({.title = "验真结果", .topic = Topic::verify, .narrow = true}, content);
}

http::Reply PublicPages::not_verified(std::string_view why) const {
    Html content;
    content.element("h1", {{"class", "gap"}}, "证照验真");
    html::add_not_verified(content, why, parts_.catalog.authorities());
    html::add_how_to_verify(content);
    return page({.title = "验真结果", .topic = Topic::verify, .narrow = true}, content);
}

/// The QR's target. An identifier whose check character or signature is wrong was not printed by the authority.
Result<http::Reply> PublicPages::verify_code(const Request& request) {
    const auto identifier = query_text(request, "c");
    const bool genuine = identifier::parse_certificate_identifier(identifier).has_value() &&
                         crypto::verify_link(parts_.key_ring, identifier, query_text(request, "s"));
    if (!genuine) return not_verified("这个二维码不是发证机关签发的，请不要采信。" + checked_text());
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, identifier); }));
    if (!row || row->state != "valid") {
        return not_verified("没有查到这个证照：可能还没有公布，也可能不是发证机关的。请先不要采信。" + checked_text());
    }
    return verify_certificate(*row);
}

Result<http::Reply> PublicPages::verify_certificate(const store::EditionRow& row) {
    KAIGONG_TRY(found, find(row.permit_number));
    if (!found) return not_verified("没有查到这个证照，请先不要采信。" + checked_text());
    Html content;
    content.element("h1", {{"class", "gap"}}, "证照验真");
    add_answer(content, *found, row,
               {.checked_text = checked_text(), .signature_checked = true, .sandbox = parts_.sandbox});
    return answered(*found, std::move(content));
}

/// A month is read from its end backwards, by the cursor of the list: its first day ends it. So a month of long ago
/// costs what the newest costs.
Result<http::Reply> PublicPages::announcements(const Request& request) {
    html::AnnouncementForm form{query_text(request, "region"), query_text(request, "month"), regions(), {}, {}};
    const auto first = first_of_month(form.month);
    form.months = months_to_choose(office_date(parts_.clock.now_ms()), first);
    auto cursor = query_text(request, "cursor");
    if (first && cursor.empty()) cursor = fmt::format("{}:", office_midnight_ms(add_months(*first, 1)));
    const auto query = query_of(form.region_code, {}, cursor, {}, "region");
    if (!query) form.problem = query.error().message;
    if (!form.month.empty() && !first) form.problem = "月份应写成 2026-12 的样子，请从列表里选。";
    Html content;
    content.element("h1", {{"class", "gap"}}, "公示公告");
    content.element("p", {{"class", "muted gap-s"}},
                    "准予施工许可的决定向社会公开，谁都可以查阅（行政许可法第四十条）。新公布的在前。");
    html::add_announcement_form(content, form);
    const html::Frame frame{.title = "公示公告", .topic = Topic::announcements};
    if (!form.problem.empty()) return page(frame, content, 422);
    KAIGONG_TRY(found, parts_.permits.published(*query));
    if (first) keep_from(found, office_midnight_ms(*first));
    const bool month_ends_here = first && !found.next_cursor;
    html::add_announcements(content, form, found, parts_.catalog.matters(),
                            month_ends_here ? month_of(add_months(*first, -1)) : "");
    return kept_briefly(page(frame, content));
}

std::vector<http::Endpoint> PublicPages::routes() {
    const auto get = [](std::string path, http::Handler handler, std::vector<std::string> query = {},
                        bool cached = false) {
        return http::Endpoint{.method = Method::get,
                              .path = std::move(path),
                              .access = Access::anonymous,
                              .query = std::move(query),
                              .cached = cached,
                              .handler = std::move(handler)};
    };
    return {
        get("/api/v1/public/permits", [this](const Request& request) { return list_json(request); },
            {"query", "region_code", "cursor", "limit"}),
        get(
            "/api/v1/public/permits/{permit_number}", [this](const Request& request) { return permit_json(request); },
            {}, true),
        get("/", [this](const Request&) { return portal(); }),
        get("/guide", [this](const Request&) { return guide_list(); }),
        get("/guide/{matter_code}", [this](const Request& request) { return guide(request); }),
        get("/search", [this](const Request& request) { return search_page(request); }, {"q", "region", "cursor"}),
        get(
            "/permits/{permit_number}", [this](const Request& request) { return permit_page(request); }, {}, true),
        get("/verify", [this](const Request& request) { return verify_form(request); }, {"number", "code"}),
        get("/v", [this](const Request& request) { return verify_code(request); }, {"c", "s"}),
        get("/announcements", [this](const Request& request) { return announcements(request); },
            {"region", "month", "cursor"}),
    };
}

}  // namespace kaigong::certificates
