#include "modules/certificates/public_page.hpp"

#include <doctest/doctest.h>

#include <map>

#include "blob/sealed_cipher.hpp"
#include "crypto/signing.hpp"
#include "db/testing/test_databases.hpp"
#include "formats/identifier/identifier.hpp"
#include "http/target.hpp"

using namespace kaigong;

namespace {

constexpr const char* kNumber = "330106202612020101";
constexpr const char* kIssuer = "11330106MB0DEM1133";

/// Whole in form: the first entry of a log of one.
constexpr const char* kProof =
    "c2sp.org/tlog-proof@v1\nindex 41\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    "example.invalid/permits\n42\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    "— example.invalid/permits AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

std::string identifier_of(const std::string& number, int version) {
    return identifier::compose(identifier::CertificateIdentifier{"11100000000013338W009", kIssuer, number, version})
        .value();
}

class KnownPermits final : public permits::Permits {
  public:
    std::map<std::string, permits::Permit> permits;
    permits::PublicQuery asked;
    std::optional<std::string> next_cursor;

    Result<permits::Permit> load(db::Session&, const std::string& permit_number) override {
        const auto found = permits.find(permit_number);
        if (found == permits.end()) return error(Errc::not_found, "permits.not_found", "没有");
        return found->second;
    }
    Result<permits::PublicPage> published(const permits::PublicQuery& query) override {
        asked = query;
        permits::PublicPage page;
        for (const auto& [number, permit] : permits) {
            const bool wanted = query.text.empty() || permit.works_name.find(query.text) != std::string::npos;
            if (permit.published_at_ms > 0 && wanted) page.permits.push_back(permit);
        }
        page.next_cursor = next_cursor;
        return page;
    }
    void on_confidentiality(db::Session&, const std::string&, authz::Confidentiality) override {}
    Result<std::string> on_granted(db::Session&, const applications::Filing&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    Result<void> issue(const std::string&) override { throw std::logic_error("not asked"); }
    Result<permits::Permit> load_by_application(const std::string&) override { throw std::logic_error("not asked"); }
    Result<void> publish(db::Session&, const std::string&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    Result<permits::Permit> load_for(const authz::Actor&, const std::string&) override {
        throw std::logic_error("not asked");
    }
    std::vector<http::Endpoint> routes() override { return {}; }
};

/// Stands for the parts that no public page touches; a call would be a bug.
class NoEvidence final : public evidence::Evidence {
  public:
    void queue(db::Session&, const evidence::NewEntry&) override { throw std::logic_error("not asked"); }
    Result<int> settle() override { throw std::logic_error("not asked"); }
    Result<void> ask_witnesses() override { throw std::logic_error("not asked"); }
    Result<evidence::Proof> prove(const std::string&, const std::string&) override {
        throw std::logic_error("not asked");
    }
    Result<evidence::LoggedEntry> entry(const std::string&, const std::string&) override {
        throw std::logic_error("not asked");
    }
    std::vector<tlog::VerifierKey> witnesses() const override { return {}; }
    int witnesses_needed() const override { return 0; }
    Result<evidence::Tree> tree(const std::string&) override { throw std::logic_error("not asked"); }
    std::string verifier_key(const std::string&) const override { return {}; }
    std::string origin(const std::string&) const override { return {}; }
    std::vector<http::Endpoint> routes() override { return {}; }
};

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};
/// A bureau with the real catalogue, asked as the edge asks.
class Office {
  public:
    explicit Office(bool sandbox = true)
        : catalog_(catalog::open_catalog(*storage_, KAIGONG_SOURCE_DIR "/catalog", clock_, registers_).value()),
          blobs_(blob::Store::open(storage_.folder().file("blobs"), blob::sealed_cipher(key_ring_)).value()),
          audit_(audit::make_audit(*storage_)),
          parts_{.database = *storage_,
                 .clock = clock_,
                 .key_ring = key_ring_,
                 .catalog = *catalog_,
                 .permits = permits_,
                 .evidence = evidence_,
                 .blobs = *blobs_,
                 .audit = *audit_,
                 .permissions = permissions_,
                 .public_url = "https://example.invalid",
                 .sandbox = sandbox},
          pages_(parts_) {
        router_.add(pages_.routes());
    }

    void publish(permits::Permit permit, std::initializer_list<int> versions = {1}) {
        REQUIRE(storage_->transact([&](db::Session& session) {
            for (const auto version : versions) {
                CHECK(store_version(session, permit.permit_number, version, "valid"));
            }
        }));
        permits_.permits[permit.permit_number] = std::move(permit);
    }
    static bool store_version(db::Session& session, const std::string& number, int version, const std::string& state) {
        const auto valid_from = state == "valid" ? std::optional<std::int64_t>(1) : std::nullopt;
        return certificates::store::insert(
            session, certificates::store::EditionRow{identifier_of(number, version), number, version, 1, state, "", "",
                                                     kProof, 1, valid_from, ""});
    }

    Result<http::Reply> ask(const std::string& raw_target) {
        auto target = http::parse_target(raw_target).value();
        const auto match = router_.match(http::Method::get, target.segments).value();
        http::Request request;
        request.path_parameters = match.path_parameters;
        request.query = std::move(target.query);
        return match.endpoint->handler(request);
    }
    std::string body(const std::string& raw_target) {
        const auto reply = ask(raw_target);
        REQUIRE(reply);
        return std::get<std::string>(reply->body);
    }
    /// The page /verify with the number and the 防伪码 of an edition.
    std::string by_code(const std::string& number, int version) {
        return body("/verify?number=" + number +
                    "&code=" + crypto::anti_forgery_code(key_ring_, identifier_of(number, version), "k1"));
    }
    const catalog::Catalog& catalog() const { return *catalog_; }
    std::string qr(const std::string& identifier) {
        return "/v?c=" + identifier + "&s=" + crypto::sign_link(key_ring_, identifier);
    }

    KnownPermits permits_;
    db::testing::SqliteForTest storage_{"catalog", "certificates", "audit"};
    authz::Permissions permissions_;
    crypto::KeyRing key_ring_ = crypto::KeyRing::load(crypto::new_key_ring_text()).value();

  private:
    FixedClock clock_{1'796'200'000'000};
    SilentRegisters registers_;
    NoEvidence evidence_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::unique_ptr<blob::Store> blobs_;
    std::unique_ptr<audit::Audit> audit_;
    certificates::Parts parts_;
    certificates::PublicPages pages_;
    http::Router router_;
};

permits::Permit permit_of(const std::string& number) {
    permits::Permit permit;
    permit.permit_number = number;
    permit.region_code = "330106";
    permit.state = "in_force";
    permit.issuing_authority = "西湖区住建局";
    permit.issued_on = "2026-12-02";
    permit.start_due_on = "2027-03-02";
    permit.works_name = "翠苑小学<script>alert(1)</script>\"扩建'&";
    permit.owner_name = "教育建设中心<b>";
    permit.published_at_ms = 1'796'000'000'000;
    permit.record = {{"works_address", "文三路<i>1 号"},
                     {"secret_phone", "13800000000"},
                     {"participants", boost::json::array{{{"role_name", "施工总承包"},
                                                          {"organisation_name", "示例<建工>"},
                                                          {"lead_name", "王&工"},
                                                          {"id_number", "330106199001010011"}}}}};
    return permit;
}

bool contains(const std::string& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

}  // namespace

TEST_CASE("what applicants typed is text on every page, never markup") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto number = std::string(kNumber);
    for (const auto& target : {std::string("/"), "/search?q=" + std::string("%E7%BF%A0"), "/permits/" + number,
                               "/verify?number=" + number, office.qr(identifier_of(number, 1))}) {
        const auto page = office.body(target);
        CAPTURE(target);
        CHECK(contains(page, "翠苑小学&lt;script&gt;alert(1)&lt;/script&gt;&quot;扩建&#39;&amp;"));
        CHECK_FALSE(contains(page, "<script"));
        CHECK_FALSE(contains(page, "<b>"));
        CHECK_FALSE(contains(page, "<i>"));
    }
}

TEST_CASE("what somebody searched for comes back as text") {
    Office office;
    const auto page = office.body("/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
    CHECK(contains(page, "&quot;&gt;&lt;script&gt;"));
    CHECK_FALSE(contains(page, "<script"));
    CHECK_FALSE(contains(office.body("/verify?number=%22%3E%3Cscript%3E"), "<script"));
}

TEST_CASE("a page shows what the certificate shows and no other member of the record") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto page = office.body("/permits/" + std::string(kNumber));
    CHECK(contains(page, "文三路"));
    CHECK(contains(page, "示例&lt;建工&gt;"));
    CHECK(contains(page, "培训样证"));
    CHECK_FALSE(contains(page, "13800000000"));
    CHECK_FALSE(contains(page, "330106199001010011"));
}

TEST_CASE("an unknown permit and one that is not published are the same answer") {
    Office office;
    auto early = permit_of("330106202612020102");
    early.published_at_ms = 0;
    early.state = "numbered";
    office.publish(early);
    auto without_certificate = permit_of("330106202612020103");
    office.permits_.permits[without_certificate.permit_number] = without_certificate;
    for (const std::string number : {"330106202612020102", "330106202612020103", "330106202612020199"}) {
        CAPTURE(number);
        const auto json = office.ask("/api/v1/public/permits/" + number);
        REQUIRE_FALSE(json);
        CHECK(json.error().code == Errc::not_found);
        CHECK(json.error().reason == "permits.not_found");
        const auto page = office.ask("/permits/" + number);
        REQUIRE(page);
        CHECK(page->status == 404);
        CHECK(page->cache_subject.empty());
        CHECK_FALSE(contains(std::get<std::string>(page->body), "翠苑"));
        CHECK(contains(office.body("/verify?number=" + number), "res-fake"));
    }
}

TEST_CASE("the JSON of a permit depends on its number alone and names it as what makes it stale") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto reply = office.ask("/api/v1/public/permits/" + std::string(kNumber));
    REQUIRE(reply);
    CHECK(reply->cache_subject == kNumber);
    const auto json = boost::json::parse(std::get<std::string>(reply->body)).as_object();
    CHECK(json.at("state") == "in_force");
    CHECK(json.at("certificate_version") == 1);
    CHECK(json.at("certificate_identifier").as_string() == identifier_of(kNumber, 1));
    CHECK_FALSE(json.contains("application_id"));
    CHECK(office.ask("/permits/" + std::string(kNumber))->cache_subject == kNumber);
}

TEST_CASE("a QR that the authority signed says valid") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto page = office.body(office.qr(identifier_of(kNumber, 1)));
    CHECK(contains(page, "res-ok"));
    CHECK(contains(page, kNumber));
}

TEST_CASE("only a bureau that issues permits says that one may build by them") {
    for (const bool sandbox : {false, true}) {
        Office office(sandbox);
        office.publish(permit_of(kNumber));
        const auto page = office.body(office.qr(identifier_of(kNumber, 1)));
        CHECK(contains(page, "可以按证上的内容施工") != sandbox);
        CHECK(contains(page, "不能凭它施工") == sandbox);
    }
}

TEST_CASE("a forged QR says so, whatever of it is forged") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto identifier = identifier_of(kNumber, 1);
    auto wrong_check = identifier;
    wrong_check.back() = wrong_check.back() == 'A' ? 'B' : 'A';
    auto wrong_signature = office.qr(identifier);
    wrong_signature.back() = wrong_signature.back() == 'A' ? 'B' : 'A';
    for (const auto& target : {std::string("/v"), "/v?c=" + identifier, wrong_signature, office.qr(wrong_check),
                               office.qr("nonsense"), office.qr(identifier_of("330106202612020199", 1))}) {
        CAPTURE(target);
        const auto page = office.body(target);
        CHECK(contains(page, "res-fake"));
        CHECK_FALSE(contains(page, "翠苑"));
    }
}

TEST_CASE("the QR of an older version points to the new certificate") {
    Office office;
    office.publish(permit_of(kNumber), {1, 2});
    const auto page = office.body(office.qr(identifier_of(kNumber, 1)));
    CHECK(contains(page, "res-changed"));
    CHECK(contains(page, "/permits/" + std::string(kNumber)));
    CHECK(contains(office.body(office.qr(identifier_of(kNumber, 2))), "res-ok"));
}

TEST_CASE("a version that is still being made is not shown, the one before it is") {
    Office office;
    office.publish(permit_of(kNumber));
    REQUIRE(office.storage_->transact(
        [&](db::Session& session) { CHECK(Office::store_version(session, kNumber, 2, "rendered")); }));
    CHECK(contains(office.body(office.qr(identifier_of(kNumber, 1))), "res-ok"));
    CHECK(contains(office.body(office.qr(identifier_of(kNumber, 2))), "res-fake"));
}

TEST_CASE("a permit that ended is never shown as valid") {
    for (const std::string state :
         {"lapsed", "revoked", "retracted", "forfeited", "deregistered", "completed", "other"}) {
        CAPTURE(state);
        Office office;
        auto permit = permit_of(kNumber);
        permit.state = state;
        office.publish(permit);
        const auto page = office.body(office.qr(identifier_of(kNumber, 1)));
        CHECK(contains(page, "res-end"));
        CHECK_FALSE(contains(page, "res-ok"));
    }
}

TEST_CASE("paper of an older edition says what ended the permit, not that there is a new certificate") {
    Office office;
    auto permit = permit_of(kNumber);
    permit.state = "revoked";
    office.publish(permit, {1, 2});
    for (const auto& page : {office.body(office.qr(identifier_of(kNumber, 1))), office.by_code(kNumber, 1)}) {
        CHECK(contains(page, "res-end"));
        CHECK(contains(page, "已撤销"));
        CHECK(contains(page, "您查的是第 1 版"));
        CHECK_FALSE(contains(page, "看新证"));
    }
    CHECK_FALSE(contains(office.by_code(kNumber, 2), "您查的是"));
}

/// What the reader is asked to compare: from the first heading to the sentence under it.
std::string compared_part(const std::string& page) {
    const auto begins = page.find("证上应有的");
    const auto ends = page.find("才是真的");
    REQUIRE(begins != std::string::npos);
    REQUIRE(ends != std::string::npos);
    return page.substr(begins, ends - begins);
}

TEST_CASE("what is to be compared is what the certificate bears, and nothing else") {
    for (const std::string matter_code : {"construction-permit", "night-construction"}) {
        CAPTURE(matter_code);
        Office office;
        auto permit = permit_of(kNumber);
        permit.matter_code = matter_code;
        const auto matter = office.catalog().load_matter(matter_code).value();
        permit.catalog_version = matter->version();
        for (const auto* name : {"scale_text", "contract_price_text", "planning_permit_number"})
            permit.record[name] = name;
        permit.record["buildings"] = boost::json::array{{{"building_name", "教学楼"}}};
        const auto& printed = matter->find_template("certificate")->at("profile").at("printed").as_array();
        office.publish(permit);
        const auto page = office.body("/permits/" + std::string(kNumber));
        const auto compared = compared_part(page);
        // Path in the profile, and the heading of its line or table.
        for (const auto& [path, name] :
             std::vector<std::pair<std::string_view, std::string>>{{"permit_number", "许可证编号"},
                                                                   {"project.works_name", "工程名称"},
                                                                   {"holder.name", "建设单位"},
                                                                   {"project.scale_text", "建设规模"},
                                                                   {"project.contract_price_text", "合同价格"},
                                                                   {"project.planning_permit_number", "规划许可证"},
                                                                   {"issuer.name", "发证机关"},
                                                                   {"certificate_identifier", "证照标识"},
                                                                   {"start_due_on", "应当开工"},
                                                                   {"certificate_version", "<dt>版本</dt>"},
                                                                   {"evidence", "公开存证"},
                                                                   {"units[].role_name", "参建单位"},
                                                                   {"buildings[].building_name", "单体建筑"}}) {
            CAPTURE(name);
            CHECK(contains(page, name));
            const bool is_printed =
                std::ranges::any_of(printed, [&](const auto& one) { return one.as_string() == path; });
            CHECK(contains(compared, name) == is_printed);
        }
    }
}

TEST_CASE("a place in the log is that of the edition that was asked about") {
    Office office;
    office.publish(permit_of(kNumber), {2});
    REQUIRE(office.storage_->transact([&](db::Session& session) {
        auto older =
            certificates::store::EditionRow{identifier_of(kNumber, 1), kNumber, 1, 1, "valid", "", "", "", 1, 1, ""};
        CHECK(certificates::store::insert(session, older));
    }));
    CHECK_FALSE(contains(office.body(office.qr(identifier_of(kNumber, 1))), "第 41 号"));
    CHECK(contains(office.body(office.qr(identifier_of(kNumber, 2))), "第 41 号"));
}

TEST_CASE("what everybody sees the same may be kept for a moment, an answer to a question never") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto kept = [&](const std::string& target) {
        const auto reply = office.ask(target).value();
        const auto found =
            std::ranges::find(reply.headers, "Cache-Control", &std::pair<std::string, std::string>::first);
        return found == reply.headers.end() ? std::string() : found->second;
    };
    for (const std::string target : {"/", "/guide", "/guide/construction-permit", "/announcements"}) {
        CAPTURE(target);
        CHECK(kept(target) == "public, max-age=30");
    }
    CHECK(kept("/permits/" + std::string(kNumber)) == "public, max-age=30");
    for (const auto& target : {std::string("/verify"), "/verify?number=" + std::string(kNumber),
                               office.qr(identifier_of(kNumber, 1)), std::string("/search"),
                               std::string("/permits/330106202612020199"), std::string("/announcements?month=soon")}) {
        CAPTURE(target);
        CHECK(kept(target).empty());
    }
}

TEST_CASE("a list refuses what is no query, and names the field") {
    Office office;
    const std::string api = "/api/v1/public/permits";
    for (const auto& [target, field] : {std::pair(api + "?region_code=33010", "region_code"),
                                        {api + "?cursor=abc", "cursor"},
                                        {api + "?query=" + std::string(101, 'x'), "query"},
                                        {api + "?limit=0", "limit"}}) {
        CAPTURE(target);
        const auto reply = office.ask(target);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().code == Errc::invalid_input);
        REQUIRE(reply.error().fields.size() == 1);
        CHECK(reply.error().fields.front().field == field);
    }
    CHECK(office.ask("/search?region=x")->status == 422);
}

TEST_CASE("the guide of each matter is made from the catalogue") {
    Office office;
    CHECK(contains(office.body("/guide"), "/guide/construction-permit"));
    const auto guide = office.body("/guide/construction-permit");
    CHECK(contains(guide, "建筑法 8(4)"));
    CHECK(contains(guide, "营业执照"));
    CHECK(contains(guide, "消防核对"));
    CHECK_FALSE(contains(guide, "<script"));
    CHECK(contains(office.body("/guide/night-construction"), "噪声污染防治法 43"));
    CHECK(office.ask("/guide/unknown")->status == 404);
}

TEST_CASE("the page of verification shows three ways, and the address that a genuine QR has") {
    Office office;
    const auto page = office.body("/verify");
    CHECK(contains(page, "https://example.invalid"));
    CHECK(contains(page, "name=\"code\""));
    CHECK(contains(page, "/app/verify/index.html"));
    CHECK(contains(page, "/verify/kaigong-verify.html"));
    CHECK(contains(page, "/ledger/trust.json"));
    CHECK(contains(page, "id=\"report\""));
    CHECK_FALSE(contains(page, "<script"));
}

TEST_CASE("the code printed beside the number says whether the paper is of this permit") {
    Office office;
    office.publish(permit_of(kNumber));
    office.publish(permit_of("330106202612020102"));
    const auto right = office.by_code(kNumber, 1);
    CHECK(contains(right, "res-ok"));
    CHECK(contains(right, "防伪码一致"));
    const auto spelt = office.body("/verify?number=330106%20202612020101&code=0000-0000-0000-0000");
    CHECK(contains(spelt, "res-fake"));
    CHECK(contains(spelt, "防伪码不一致"));
    CHECK_FALSE(contains(spelt, "res-ok"));
    // The code of another permit is as wrong as an invented one.
    auto other = office.by_code("330106202612020102", 1);
    CHECK(contains(other, "防伪码一致"));
    const auto code = crypto::anti_forgery_code(office.key_ring_, identifier_of("330106202612020102", 1), "k1");
    CHECK(contains(office.body("/verify?number=" + std::string(kNumber) + "&code=" + code), "res-fake"));
}

TEST_CASE("the code of an older edition points to the new certificate") {
    Office office;
    office.publish(permit_of(kNumber), {1, 2});
    const auto page = office.by_code(kNumber, 1);
    CHECK(contains(page, "res-changed"));
    CHECK(contains(page, "第 1 版"));
    CHECK(contains(page, "现行的是第 2 版"));
    CHECK(contains(office.by_code(kNumber, 2), "res-ok"));
}

TEST_CASE("the code of an edition that is not published yet is wrong") {
    Office office;
    office.publish(permit_of(kNumber));
    REQUIRE(office.storage_->transact(
        [&](db::Session& session) { CHECK(Office::store_version(session, kNumber, 2, "rendered")); }));
    CHECK(contains(office.by_code(kNumber, 2), "res-fake"));
}

TEST_CASE("a code without its number asks for the number") {
    Office office;
    const auto page = office.body("/verify?code=7K3F-9Q2M-4XTB-8LWD");
    CHECK(contains(page, "number-problem"));
    CHECK(contains(page, "7K3F-9Q2M-4XTB-8LWD"));
}

TEST_CASE("an answer says as of when it holds, of which edition it is and where it stands in the log") {
    Office office;
    office.publish(permit_of(kNumber));
    const auto page = office.body(office.qr(identifier_of(kNumber, 1)));
    CHECK(contains(page, "截至 2026年12月2日"));
    CHECK(contains(page, "第 1 版"));
    CHECK(contains(page, "第 41 号"));
    // What stays in memory has no time of its own.
    CHECK_FALSE(contains(office.body("/permits/" + std::string(kNumber)), "截至"));
}

TEST_CASE("announcements are decisions, newest first, with the name of their matter") {
    Office office;
    CHECK(contains(office.body("/announcements"), "还没有公布的决定"));
    auto permit = permit_of(kNumber);
    permit.matter_code = "night-construction";
    office.publish(permit);
    const auto page = office.body("/announcements?region=330106");
    CHECK(contains(page, "准予许可"));
    CHECK(contains(page, "夜间施工"));
    CHECK(contains(page, "翠苑小学&lt;script&gt;"));
    CHECK(contains(page, "/permits/" + std::string(kNumber)));
    CHECK_FALSE(contains(page, "13800000000"));
    CHECK(office.permits_.asked.region_code == "330106");
    CHECK(office.permits_.asked.cursor.empty());
}

TEST_CASE("the announcements of a month begin before the next one and end with its first day") {
    Office office;
    office.publish(permit_of(kNumber));
    office.permits_.next_cursor = "1:330106202612020101";
    // 2026-11-01 and 2026-12-01 begin in the office at these instants.
    constexpr std::int64_t kNovember = 1'793'462'400'000;
    constexpr std::int64_t kDecember = 1'796'054'400'000;
    office.permits_.permits.at(kNumber).published_at_ms = kDecember - 1;
    const auto november = office.body("/announcements?month=2026-11");
    CHECK(office.permits_.asked.cursor == std::to_string(kDecember) + ":");
    CHECK(contains(november, kNumber));
    CHECK(contains(november, "2026年11月"));
    CHECK(contains(november, "下一页"));
    office.permits_.permits.at(kNumber).published_at_ms = kNovember - 1;
    const auto none = office.body("/announcements?month=2026-11");
    CHECK_FALSE(contains(none, "下一页"));
    CHECK(contains(none, "没有公布的决定"));
    CHECK(contains(none, "month=2026-10"));
    CHECK(contains(office.body("/announcements?month=2019-05"), "2019年5月"));
}

TEST_CASE("what is no month, region or page is refused with words") {
    Office office;
    for (const std::string target : {"month=2026-13", "month=12", "month=0001-01", "region=west", "cursor=x"}) {
        CAPTURE(target);
        CHECK(office.ask("/announcements?" + target)->status == 422);
    }
}
