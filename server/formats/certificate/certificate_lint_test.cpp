#include "formats/certificate/lint.hpp"

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "formats/certificate/certificate_samples.hpp"
#include "formats/identifier/identifier.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <set>

using namespace kaigong;
using namespace kaigong::certificate;
using kaigong::certificate::samples::Sample;
using layout::Document;
namespace json = boost::json;

namespace {

constexpr const char* kMatter = "construction-permit";

CertificateProfile profile() {
    return read_profile(samples::template_of(kMatter).profile()).value();
}

Document filled(const Sample& sample) {
    auto document = samples::template_of(kMatter).fill(sample.values(), 0);
    if (!document) FAIL(document.error().reason, " ", document.error().message);
    return std::move(*document);
}

Sample sample_named(std::string_view name) {
    for (Sample& sample : samples::all_samples()) {
        if (sample.name == name) return std::move(sample);
    }
    FAIL("no such sample");
    return {};
}

/// How a good certificate is spoilt: what it says before its pages are made, the pages after, what is known of the
/// case.
struct Spoilt {
    std::string reason;
    std::string field;
    std::function<void(json::object&)> words = [](json::object&) {};
    std::function<void(Document&)> pages = [](Document&) {};
    std::function<void(IssuingFacts&)> known = [](IssuingFacts&) {};
    const char* sample = "example";
};

void check_refused(const Spoilt& spoilt) {
    CAPTURE(spoilt.reason);
    CAPTURE(spoilt.field);
    Sample sample = sample_named(spoilt.sample);
    spoilt.words(sample.certificate);
    Document document = filled(sample);
    spoilt.pages(document);
    IssuingFacts facts = sample.facts();
    spoilt.known(facts);
    const auto problems = certificate_problems(profile(), sample.certificate, document, facts);
    std::set<std::string> reasons;
    for (const auto& problem : problems) {
        reasons.insert(problem.reason);
        CHECK(problem.message.ends_with("。"));
    }
    CHECK(fmt::format("{}", fmt::join(reasons, " ")) == "certificate." + spoilt.reason);
    if (!problems.empty()) CHECK(problems.front().field == spoilt.field);
    const auto refused = lint_certificate(profile(), sample.certificate, document, facts);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::invalid_input);
    CHECK(refused.error().reason == problems.front().reason);
    CHECK(refused.error().fields.size() == problems.size());
}

json::object& member(json::object& of, std::string_view name) {
    return of[name].as_object();
}

json::object& unit(json::object& certificate, std::size_t index) {
    return certificate["units"].as_array()[index].as_object();
}

void retype(json::object& certificate, const char* type) {
    certificate["certificate_type_code"] = type;
    samples::set_version(certificate, 1);
}

/// The number changes everywhere, so that only what is wrong with it remains.
void renumber(json::object& certificate, const std::string& number) {
    certificate["permit_number"] = number;
    samples::set_version(certificate, 1);
}

layout::QrCode& code_of(Document& document) {
    for (layout::Element& element : document.pages[0].elements) {
        if (auto* code = std::get_if<layout::QrCode>(&element)) return *code;
    }
    throw std::logic_error("the sample has no code");
}

template <class Element>
void remove_all(layout::Page& page, const std::function<bool(const Element&)>& unwanted) {
    std::erase_if(page.elements, [&](const layout::Element& element) {
        const auto* found = std::get_if<Element>(&element);
        return found != nullptr && unwanted(*found);
    });
}

void remove_words(layout::Page& page, std::string_view words) {
    remove_all<layout::TextRun>(page, [&](const auto& run) { return run.run.text.find(words) != std::string::npos; });
}

void write_on(layout::Page& page, const char* words, layout::Point origin) {
    layout::TextRun run;
    run.run.text = words;
    run.run.size_pt = 8;
    run.run.width_pt = 20;
    run.run.glyphs.push_back({1, 0, 0});
    run.origin = origin;
    page.elements.emplace_back(run);
}

/// An empty place of the annex.
constexpr layout::Point kFree{60, 250};

}  // namespace

TEST_CASE("what a certificate says must be whole and agree with itself") {
    const std::vector<Spoilt> wrong = {
        // The identifier speaks of the issuer too.
        {"identifier_issuer_differs certificate.item_missing", "issuer.code",
         [](auto& c) { member(c, "issuer").erase("code"); }},
        {"name_wrong", "certificate_name", [](auto& c) { c["certificate_name"] = "施工许可证"; }},
        {"state_wrong", "state", [](auto& c) { c["state"] = "revoked"; }},
        {"type_wrong", "certificate_type_code", [](auto& c) { retype(c, "11100000000013338W011"); }},
        {"identifier_type_differs", "certificate_identifier",
         [](auto& c) {
             retype(c, "11100000000013338W011");
             c["certificate_type_code"] = "11100000000013338W009";
         }},
        {"identifier_serial_differs", "certificate_identifier",
         [](auto& c) {
             renumber(c, "330106202612020102");
             c["permit_number"] = "330106202612020101";
         }},
        {"identifier_version_differs", "certificate_identifier",
         [](auto& c) {
             samples::set_version(c, 2);
             c["certificate_version"] = 1;
         }},
        {"identifier_issuer_differs", "certificate_identifier",
         [](auto& c) { member(c, "issuer")["code"] = "11330106MB0DEM0105"; }},
        {"version_wrong", "certificate_version", [](auto& c) { c["certificate_version"] = 0; }},
        {"related_missing", "related_identifier", [](auto& c) { samples::set_version(c, 2); }},
        {"related_wrong", "related_identifier", [](auto& c) { c["related_identifier"] = c["certificate_identifier"]; }},
        {"permit_number_malformed", "permit_number", [](auto& c) { renumber(c, "33010620261302010A"); }},
        {"permit_number_region_differs", "permit_number", [](auto& c) { renumber(c, "330105202612020101"); }},
        {"permit_number_date_differs", "permit_number", [](auto& c) { renumber(c, "330106202612010101"); }},
        {"credit_code_wrong", "units[1].code", [](auto& c) { unit(c, 1)["code"] = "91330106MADEM00387"; }},
        {"unit_incomplete", "units[0].role", [](auto& c) { unit(c, 0)["role"] = ""; }},
        {"amount_malformed", "project.contract_price_text",
         [](auto& c) { samples::project(c, "contract_price_text") = "8,260.00 万元"; }},
        {"area_malformed", "buildings[1].floor_area_text",
         [](auto& c) { c["buildings"].as_array()[1].as_object()["floor_area_text"] = "2380 m2"; }},
        {"verify_url_wrong", "verify_url", [](auto& c) { c["verify_url"] = "http://127.0.0.1:8600/v?c=1&s=0"; }},
        {"verify_url_wrong", "verify_url",
         [](auto& c) { c["verify_url"] = "http" + std::string(c["verify_url"].as_string()).substr(5); }, [](auto&) {},
         [](auto&) {}, "real"},
        {"personal_number", "remark", [](auto& c) { c["remark"] = "经办人电话 13812345678"; }},
        {"personal_number", "units[3].lead_name",
         [](auto& c) { unit(c, 3)["lead_name"] = "郑例远11010519491231002x"; }},
    };
    for (const Spoilt& one : wrong) check_refused(one);
}

TEST_CASE("a wrong letter in the identifier is found by its check character") {
    Sample sample = samples::school();
    std::string identifier = text_of(sample.certificate, "certificate_identifier");
    identifier.back() = identifier.back() == 'A' ? 'B' : 'A';
    sample.certificate["certificate_identifier"] = identifier;
    sample.certificate["verify_url"] = "http://127.0.0.1:8600/v?c=" + identifier;
    const auto problems = certificate_problems(profile(), sample.certificate, filled(sample), sample.facts());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].reason == "certificate.check_character_wrong");
    sample.certificate["certificate_identifier"] = "1.2.156";
    sample.certificate["verify_url"] = "http://127.0.0.1:8600/v?c=1.2.156";
    const auto shorter = certificate_problems(profile(), sample.certificate, filled(sample), sample.facts());
    REQUIRE(shorter.size() == 1);
    CHECK(shorter[0].reason == "certificate.identifier_malformed");
}

TEST_CASE("a certificate needs one unit of each group of roles") {
    const Sample sample = samples::school();
    CertificateProfile strict = profile();
    strict.roles = {{"testing_body", "surveyor"}, {"testing_body"}};
    const auto problems = certificate_problems(strict, sample.certificate, filled(sample), sample.facts());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].reason == "certificate.role_missing");
}

TEST_CASE("a certificate may be issued as many days later as the log takes it") {
    const Sample sample = samples::school();
    auto facts = sample.facts();
    facts.issued_days_max = 15;
    facts.today = CivilDate{2026, 12, 17};
    CHECK(certificate_problems(profile(), sample.certificate, filled(sample), facts).empty());
    facts.today = CivilDate{2026, 12, 18};
    CHECK(certificate_problems(profile(), sample.certificate, filled(sample), facts).size() == 1);
    facts.issued_days_max.reset();
    CHECK(certificate_problems(profile(), sample.certificate, filled(sample), facts).empty());
}

TEST_CASE("days of a certificate follow each other") {
    const auto known = [](std::function<void(IssuingFacts&)> change) { return change; };
    const auto none = [](auto&) {};
    for (const Spoilt& one : std::vector<Spoilt>{
             {"issued_in_future", "issued_on", none, none, known([](auto& f) { f.today = {2026, 12, 1}; })},
             {"issued_before_filing", "issued_on", none, none, known([](auto& f) {
                  f.filed_on = CivilDate{2026, 12, 3};
                  f.decided_on.reset();
              })},
             {"issued_before_decision", "issued_on", none, none,
              known([](auto& f) { f.decided_on = CivilDate{2026, 12, 3}; })},
             {"issued_too_long_ago", "issued_on", none, none, known([](auto& f) {
                  f.issued_days_max = 15;
                  f.today = CivilDate{2026, 12, 18};
              })},
             {"decided_before_filing", "issued_on", none, none,
              known([](auto& f) { f.decided_on = CivilDate{2026, 11, 19}; })},
             {"contract_days_wrong", "project.duration_text", none, none,
              known([](auto& f) { f.contract_finish_on = CivilDate{2026, 12, 14}; })}}) {
        check_refused(one);
    }
}

TEST_CASE("pages of a certificate show what it says and nothing stands where it should not") {
    const auto none = [](auto&) {};
    const auto at = [](double x, double y) { return [=](Document& d) { write_on(d.pages[1], "字", {x, y}); }; };
    for (const Spoilt& one : std::vector<Spoilt>{
             {"page_count", "page", none, [](auto& d) { d.pages.clear(); }},
             {"page_count", "page", none, [](auto& d) { d.pages.resize(60); }},
             {"outside_page", "page[2]", none, at(208, 250)},
             {"outside_page", "page[2]", none, at(60, 1)},
             {"outside_frame", "page[2]", none, at(9, 250)},
             {"glyph_missing", "page[2]", none,
              [](auto& d) {
                  write_on(d.pages[1], "字", kFree);
                  std::get<layout::TextRun>(d.pages[1].elements.back()).run.glyphs[0].id = 0;
              }},
             {"text_overlaps", "page[2]", none,
              [](auto& d) {
                  write_on(d.pages[1], "字", kFree);
                  write_on(d.pages[1], "字", {kFree.x_mm + 3, kFree.y_mm});
              }},
             {"line_through_text", "page[2]", none,
              [](auto& d) {
                  write_on(d.pages[1], "字", kFree);
                  d.pages[1].elements.emplace_back(
                      layout::line({kFree.x_mm + 3, 200}, {kFree.x_mm + 3, 260}, {0, 0, 0}, 0.2));
              }},
             {"not_on_page", "units[3].lead_name", none,
              [](auto& d) {
                  for (auto& page : d.pages) remove_words(page, "郑例远");
              }},
             {"number_not_on_page", "page[2]", none, [](auto& d) { remove_words(d.pages[1], "1.2.156.3005.2"); }},
             {"qr_missing", "verify_url", none,
              [](auto& d) { remove_all<layout::QrCode>(d.pages[0], [](const auto&) { return true; }); }},
             {"qr_too_small", "verify_url", none, [](auto& d) { code_of(d).module_mm = 1.9 * layout::kMmPerPoint; }},
             {"qr_wrong", "verify_url", none,
              [](auto& d) {
                  auto& dark = code_of(d).dark;
                  dark[200] = !dark[200];
              }},
             {"seal_missing", "issuer.name", none,
              [](auto& d) { remove_all<layout::Path>(d.pages[0], [](const auto& path) { return path.seal; }); }},
             {"seal_covers_text", "issuer.name", none,
              [](auto& d) {
                  for (auto& element : d.pages[0].elements) {
                      auto* path = std::get_if<layout::Path>(&element);
                      if (path != nullptr && path->seal) layout::move_by(*path, 0, 60);
                  }
              }},
             {"personal_number", "page[2]", none, [](auto& d) { write_on(d.pages[1], "13812345678", kFree); }},
             {"copy_words_present", "page[2]", none, [](auto& d) { write_on(d.pages[1], "复制件", kFree); }},
         }) {
        check_refused(one);
    }
}

TEST_CASE("training, real certificates and copies are never taken for each other") {
    const auto none = [](auto&) {};
    const auto without_tiles = [](auto& d) {
        for (auto& page : d.pages) remove_all<layout::Tile>(page, [](const auto&) { return true; });
    };
    for (const Spoilt& one : std::vector<Spoilt>{
             {"sandbox_words_missing", "page[1]", none, without_tiles},
             {"sandbox_words_present", "page[2]", none, [](auto& d) { write_on(d.pages[1], "演示", kFree); }, none,
              "real"},
             {"watermark_unexpected", "page[1]", none,
              [](auto& d) {
                  d.pages[0].elements.emplace_back(
                      layout::Tile{{20, 20, 10, 10}, 5, 5, {layout::rectangle({0, 0, 2, 2})}});
              },
              none, "real"},
             {"copy_watermark_missing", "page[1]", none, without_tiles, none, "real_copy"},
             {"copy_words_missing", "page[2]", none, [](auto& d) { remove_words(d.pages[1], "不动产"); }, none,
              "real_copy"},
         }) {
        check_refused(one);
    }
    const auto is_refused = [](const Sample& said, const Sample& shown, std::string_view reason) {
        const auto problems = certificate_problems(profile(), said.certificate, filled(shown), said.facts());
        return std::ranges::any_of(problems, [&](const auto& one) { return one.reason == reason; });
    };
    const Sample real = sample_named("real");
    Sample real_as_training = real;
    real_as_training.certificate["sandbox"] = true;
    CHECK(is_refused(real_as_training, real, "certificate.sandbox_words_missing"));
    CHECK(is_refused(real, real_as_training, "certificate.sandbox_words_present"));
    Sample unclear = sample_named("example");
    unclear.certificate["sandbox"] = "yes";
    CHECK(is_refused(unclear, real, "certificate.sandbox_malformed"));
    CHECK(is_refused(real, sample_named("real_copy"), "certificate.copy_words_present"));
    CHECK(is_refused(sample_named("real_copy"), real, "certificate.copy_words_missing"));
}

TEST_CASE("the codes of an authority in force are checked, those of a training ground are invented") {
    Sample sample = sample_named("real");
    member(sample.certificate, "issuer")["code"] = "11330106MB0DEM0104";
    samples::set_version(sample.certificate, 1);
    sample.certificate["verify_url"] =
        "https://a.example/v?c=" + text_of(sample.certificate, "certificate_identifier") + "&s=0";
    const auto problems = certificate_problems(profile(), sample.certificate, filled(sample), sample.facts());
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].reason == "certificate.credit_code_wrong");
    CHECK(problems[0].field == "issuer.code");
}

TEST_CASE("numbers of the certificate itself are no numbers of persons") {
    // A permit number that passes for an identity number: its date for a day of birth.
    Sample sample = samples::school();
    std::string number;
    for (int serial = 1; serial <= 99 && number.empty(); ++serial) {
        const std::string candidate =
            identifier::compose(identifier::PermitNumber{"330106", {2026, 12, 2}, "01", serial}).value();
        if (identifier::id_number_valid(candidate)) number = candidate;
    }
    REQUIRE_FALSE(number.empty());
    renumber(sample.certificate, number);
    CHECK(certificate_problems(profile(), sample.certificate, filled(sample), sample.facts()).empty());
}

TEST_CASE("an empty certificate is refused and never read past its end") {
    const Document nothing;
    const auto refused = lint_certificate(profile(), {}, nothing, {.today = {2026, 12, 8}});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().fields.size() > 10);
    const json::object odd = {{"units", json::array{1, nullptr, json::object{}}}, {"project", 7}, {"buildings", "x"}};
    CHECK_FALSE(lint_certificate(profile(), odd, nothing, {.today = {2026, 12, 8}}).has_value());
}

TEST_CASE("a profile that is not right is refused") {
    const json::object good = samples::template_of(kMatter).profile();
    CHECK(read_profile(good)->roles == std::vector<std::vector<std::string>>{{"main_contractor", "epc_contractor"}});
    for (const char* name : {"certificate_name", "margins_mm"}) {
        json::object without = good;
        without.erase(name);
        CHECK(read_profile(without).error().reason == "certificate.profile_malformed");
    }
    const std::vector<std::pair<const char*, json::value>> wrong = {{"required", 7},
                                                                    {"printed", json::array{7}},
                                                                    {"pages_max", 0},
                                                                    {"pages_max", "x"},
                                                                    {"margins_mm", json::object{{"top", -1}}}};
    for (const auto& [name, value] : wrong) {
        json::object changed = good;
        changed[name] = value;
        CHECK(read_profile(changed).error().reason == "certificate.profile_malformed");
    }
}
