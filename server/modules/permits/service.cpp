#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "crypto/long_field.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/request.hpp"
#include "modules/permits/permits.hpp"
#include "modules/permits/store.hpp"

namespace kaigong::permits {
namespace {

using authz::Role;
using authz::Scope;
using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

constexpr std::int64_t kSerialMax = 99;

constexpr std::array kGrants{
    authz::Grant{Role::owner_agent, "permits.read", Scope::company},
    authz::Grant{Role::window_clerk, "permits.read", Scope::region},
    authz::Grant{Role::acceptance_officer, "permits.read", Scope::region},
    authz::Grant{Role::reviewer, "permits.read", Scope::region},
    authz::Grant{Role::section_head, "permits.read", Scope::region},
    authz::Grant{Role::deciding_leader, "permits.read", Scope::region},
    authz::Grant{Role::certificate_officer, "permits.read", Scope::region},
    authz::Grant{Role::owner_agent, "permits.copy", Scope::company},
    authz::Grant{Role::individual_owner, "permits.read", Scope::own},
    authz::Grant{Role::individual_owner, "permits.copy", Scope::own},
    authz::Grant{Role::supervisor, "permits.read", Scope::region},
    authz::Grant{Role::certificate_officer, "permits.copy", Scope::region},
};

Error not_found() {
    return error(Errc::not_found, "permits.not_found", "没有找到这个许可证编号，请核对 18 位编号后再查。");
}

authz::Resource resource_of(const store::PermitRow& row) {
    // A word that nobody knows keeps it from everybody without clearance.
    const auto known = authz::parse_confidentiality(row.confidentiality);
    return {{row.account_id}, row.credit_code, {},
            row.region_code,  row.matter_code, known.value_or(authz::Confidentiality::restricted)};
}

Result<std::string> seal_record(const crypto::KeyRing& ring, const std::string& permit_number, const object& record) {
    return crypto::seal_long_field(ring, {"permits", "record", permit_number}, boost::json::serialize(record));
}

/// A number that was just taken has no record yet; one that was published has, or somebody emptied it.
Result<object> open_record(const crypto::KeyRing& ring, const store::PermitRow& row) {
    if (row.record.empty() && !row.published_at_ms) return object{};
    KAIGONG_TRY(text, crypto::open_long_field(ring, {"permits", "record", row.permit_number}, row.record));
    return boost::json::parse(text).as_object();
}

class PermitService final : public Permits {
  public:
    explicit PermitService(const Parts& parts) : parts_(parts) {}

    Result<std::string> on_granted(db::Session& session, const applications::Filing& filing,
                                   std::int64_t now_ms) override;
    void on_confidentiality(db::Session& session, const std::string& application_id,
                            authz::Confidentiality confidentiality) override;
    Result<void> issue(const std::string& application_id) override;
    Result<Permit> load(db::Session& session, const std::string& permit_number) override;
    Result<Permit> load_by_application(const std::string& application_id) override;
    Result<void> publish(db::Session& session, const std::string& permit_number, std::int64_t now_ms) override;
    Result<PublicPage> published(const PublicQuery& query) override;
    Result<Permit> load_for(const authz::Actor& actor, const std::string& permit_number) override;
    std::vector<http::Endpoint> routes() override;

  private:
    Result<Permit> permit_of(const std::optional<store::PermitRow>& row) const;
    Result<object> list(const authz::Actor& actor, const std::string& cursor, int limit);

    Parts parts_;
};

Result<std::string> PermitService::on_granted(db::Session& session, const applications::Filing& filing,
                                              std::int64_t now_ms) {
    const auto today = office_date(now_ms);
    const auto serial = store::take_serial(session, filing.region_code, to_string(today), filing.works_category);
    if (serial > kSerialMax) {
        return error(Errc::conflict, "permits.serial_exhausted",
                     "本区划今天这一类别的许可证编号（01–99）已经用完，本件没有作出决定，仍在您的待办中。"
                     "请在下一个工作日决定，或联系管理员。");
    }
    KAIGONG_TRY(number, identifier::compose(identifier::PermitNumber{filing.region_code, today, filing.works_category,
                                                                     static_cast<int>(serial)}));
    const auto* authority = parts_.catalog.find_authority(filing.region_code);
    const auto calendar = parts_.catalog.calendar();
    // 建筑法 9: three months from the day the certificate is collected; a day off moves it on (民法典 203).
    const auto start_due = calendar->days_in(filing.region_code).add_months(today, 3);
    store::insert(session, {number,
                            1,
                            filing.application_id.text,
                            filing.region_code,
                            filing.owner_credit_code,
                            filing.works_category,
                            "numbered",
                            filing.matter_code,
                            filing.catalog_version,
                            authority == nullptr ? "" : authority->name,
                            filing.works_name,
                            filing.owner_name,
                            to_string(today),
                            to_string(start_due.value),
                            start_due.provisional,
                            "",
                            now_ms,
                            std::nullopt,
                            filing.received_at_ms,
                            filing.applicant_account_id});
    return number;
}

void PermitService::on_confidentiality(db::Session& session, const std::string& application_id,
                                       authz::Confidentiality confidentiality) {
    store::save_confidentiality(session, application_id, std::string(to_string(confidentiality)));
    const auto row = store::find_by_application(session, application_id);
    if (!row || !parts_.public_changed) return;
    session.after_commit([changed = parts_.public_changed, number = row->permit_number] { changed(number); });
}

Result<void> PermitService::issue(const std::string& application_id) {
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_by_application(session, application_id); }));
    if (!row) return not_found();
    if (!row->record.empty()) return {};
    KAIGONG_TRY(submission, parts_.applications.load_submission(application_id, 0));
    KAIGONG_TRY(matter, parts_.catalog.load_matter(row->matter_code, row->catalog_version));
    KAIGONG_TRY(record, seal_record(parts_.key_ring, row->permit_number, matter->public_record(submission.form)));
    row->record = record;
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto changed = *row;
        KAIGONG_CHECK(store::save(session, changed));
        parts_.audit.write(session, {"permit", row->permit_number, changed.version, "permits.issue", "system", "系统",
                                     "生成许可记录", parts_.clock.now_ms()});
        return {};
    });
}

Result<Permit> PermitService::permit_of(const std::optional<store::PermitRow>& row) const {
    if (!row) return not_found();
    KAIGONG_TRY(record, open_record(parts_.key_ring, *row));
    return Permit{row->permit_number,
                  row->application_id,
                  row->region_code,
                  row->state,
                  row->version,
                  row->matter_code,
                  row->catalog_version,
                  row->issuing_authority,
                  row->issued_on,
                  row->start_due_on,
                  row->start_due_provisional,
                  row->works_name,
                  row->owner_name,
                  std::move(record),
                  row->published_at_ms.value_or(0),
                  row->numbered_at_ms,
                  row->filed_at_ms,
                  resource_of(*row).confidentiality != authz::Confidentiality::normal};
}

Result<Permit> PermitService::load(db::Session& session, const std::string& permit_number) {
    return permit_of(store::find(session, permit_number));
}

Result<Permit> PermitService::load_by_application(const std::string& application_id) {
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_by_application(session, application_id); }));
    return permit_of(row);
}

Result<void> PermitService::publish(db::Session& session, const std::string& permit_number, std::int64_t now_ms) {
    auto row = store::find(session, permit_number);
    if (!row) return not_found();
    if (row->published_at_ms) return {};
    row->state = "in_force";
    row->published_at_ms = now_ms;
    KAIGONG_CHECK(store::save(session, *row));
    parts_.audit.write(
        session, {"permit", permit_number, row->version, "permits.publish", "system", "系统", "许可公开", now_ms});
    return {};
}

Result<PublicPage> PermitService::published(const PublicQuery& query) {
    store::PublicQuery asked{query.region_code, query.text, std::numeric_limits<std::int64_t>::max(), "~",
                             query.limit + 1};
    if (const auto colon = query.cursor.find(':'); colon != std::string::npos) {
        asked.before_ms = std::strtoll(query.cursor.c_str(), nullptr, 10);
        asked.before_number = query.cursor.substr(colon + 1);
    }
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) { return store::published(session, asked); }));
    PublicPage page;
    if (rows.size() > static_cast<std::size_t>(query.limit)) {
        rows.resize(static_cast<std::size_t>(query.limit));
        page.next_cursor = fmt::format("{}:{}", rows.back().published_at_ms.value_or(0), rows.back().permit_number);
    }
    for (auto& row : rows) {
        KAIGONG_TRY(permit, permit_of(row));
        page.permits.push_back(std::move(permit));
    }
    return page;
}

Result<Permit> PermitService::load_for(const authz::Actor& actor, const std::string& permit_number) {
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, permit_number); }));
    const bool visible = row && row->published_at_ms;
    KAIGONG_CHECK(
        parts_.permissions.authorise(actor, "permits.read", visible ? std::optional(resource_of(*row)) : std::nullopt));
    return permit_of(row);
}

object permit_json(const Permit& permit) {
    object whole = permit.record;
    whole["permit_number"] = permit.permit_number;
    whole["application_id"] = permit.application_id;
    whole["region_code"] = permit.region_code;
    whole["state"] = permit.state;
    whole["state_name"] = state_name(permit.state);
    whole["version"] = permit.version;
    whole["works_name"] = permit.works_name;
    whole["owner_name"] = permit.owner_name;
    whole["issuing_authority"] = permit.issuing_authority;
    whole["issued_on"] = permit.issued_on;
    whole["start_due_on"] = permit.start_due_on;
    whole["start_due_provisional"] = permit.start_due_provisional;
    return whole;
}

Result<object> PermitService::list(const authz::Actor& actor, const std::string& cursor, int limit) {
    KAIGONG_CHECK(parts_.permissions.require(actor, "permits.read"));
    const authz::BoundScope scope(parts_.permissions.scope_condition(actor, "permits.read", store::kScopeOfPermits));
    const auto span = store::span_of(authz::region_bound(parts_.permissions, actor, "permits.read"), cursor);
    KAIGONG_TRY(rows, parts_.database.read(
                          [&](db::Session& session) { return store::listed(session, scope, span, limit + 1); }));
    boost::json::value next = nullptr;
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        next = rows.back().permit_number;
    }
    array permits;
    for (const auto& row : rows) {
        KAIGONG_TRY(permit, permit_of(row));
        permits.push_back(permit_json(permit));
    }
    return object{{"permits", std::move(permits)}, {"next_cursor", next}};
}

std::vector<http::Endpoint> PermitService::routes() {
    return {
        {.method = Method::get,
         .path = "/api/v1/permits",
         .action = "permits.read",
         .query = {"cursor", "limit"},
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(page, http::page_of(request));
             KAIGONG_TRY(found, list(request.actor(), page.cursor, static_cast<int>(page.limit)));
             return http::json_reply(std::move(found));
         }},
        {.method = Method::get,
         .path = "/api/v1/permits/{permit_number}",
         .action = "permits.read",
         .handler = [this](const Request& request) -> Result<http::Reply> {
             KAIGONG_TRY(permit, load_for(request.actor(), request.path_parameter("permit_number")));
             return http::json_reply(permit_json(permit)).with_version(permit.version);
         }},
    };
}

}  // namespace

std::string_view state_name(const std::string& state) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames{{{"numbered", "制证中"},
                                                                                   {"in_force", "有效"},
                                                                                   {"lapsed", "已自行废止"},
                                                                                   {"replaced", "已变更（看新证）"},
                                                                                   {"revoked", "已撤销"},
                                                                                   {"retracted", "已撤回"},
                                                                                   {"forfeited", "已吊销"},
                                                                                   {"deregistered", "已注销"},
                                                                                   {"completed", "已竣工"}}};
    const auto found = std::ranges::find(kNames, state, &std::pair<std::string_view, std::string_view>::first);
    return found == kNames.end() ? "状态待核实" : found->second;
}

std::span<const authz::Grant> permissions() {
    return kGrants;
}

std::unique_ptr<Permits> make_permits(Parts parts) {
    return std::make_unique<PermitService>(parts);
}

}  // namespace kaigong::permits
