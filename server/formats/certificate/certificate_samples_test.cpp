#include "formats/certificate/certificate_samples.hpp"
#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/pdf/pdf_writer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace kaigong::certificate::samples {
namespace {

namespace json = boost::json;

constexpr const char* kIssuer = "杭州市西湖区住房和城乡建设局";
constexpr const char* kIssuerCode = "11330106MB0DEM0104";

std::string credit_code(std::size_t number, std::string_view office_and_region = "91330106") {
    const std::string body = fmt::format("MADEM{:03}", number);
    for (const char c : std::string_view("0123456789X")) {
        if (!identifier::organisation_code_valid(body + c)) continue;
        const std::string first = std::string(office_and_region) + body + c;
        return first + *identifier::credit_code_check(first);
    }
    return {};
}

json::object unit(const char* role, const char* role_name, const std::string& name, std::size_t number,
                  const char* lead) {
    return {
        {"role", role}, {"role_name", role_name}, {"name", name}, {"code", credit_code(number)}, {"lead_name", lead}};
}

json::object building(const std::string& name, std::int64_t area, std::int64_t cost_fen) {
    return {{"building_name", name},
            {"floor_area_text", area_text(area)},
            {"storeys_text", "地上 18 层，地下 2 层"},
            {"structure_type_name", "剪力墙"},
            {"cost_text", money_wan_text(cost_fen)}};
}

json::array& units(Sample& sample) {
    return sample.certificate["units"].as_array();
}

const json::object* unit_with(const json::object& certificate, std::initializer_list<std::string_view> roles) {
    for (const std::string_view role : roles) {
        for (const json::value& one : certificate.at("units").as_array()) {
            if (text_of(one.as_object(), "role") == role) return &one.as_object();
        }
    }
    return nullptr;
}

Sample named(std::string name) {
    Sample sample = school();
    sample.name = std::move(name);
    return sample;
}

Sample longest() {
    Sample sample = named("longest");
    const std::string name = repeated("示例建设集团有限公司", 10);
    sample.certificate["holder"].as_object()["name"] = name;
    project(sample.certificate, "works_name") = repeated("翠苑小学扩建工程二期", 10);
    project(sample.certificate, "works_address") = repeated("西湖区翠苑街道学院路", 20);
    project(sample.certificate, "scale_text") = repeated("框架结构六层", 10);
    for (json::value& one : units(sample)) one.as_object()["name"] = name;
    sample.certificate["remark"] = repeated("分期建设，明细见附件。", 18);
    return sample;
}

Sample with_contractors(std::string name, std::size_t count) {
    Sample sample = named(std::move(name));
    for (std::size_t i = 1; i < count; ++i) {
        units(sample).push_back(unit("main_contractor", "施工总承包单位",
                                     fmt::format("浙江样本第{}建筑工程集团有限公司", i + 1), 10 + i, "赵样本"));
    }
    return sample;
}

Sample design_and_build() {
    Sample sample = named("epc");
    units(sample).push_back(
        unit("epc_contractor", "工程总承包单位", "浙江示例工程总承包集团股份有限公司", 30, "周样总"));
    return sample;
}

Sample long_scope() {
    Sample sample = named("long_scope");
    project(sample.certificate, "scale_text") =
        repeated("新建教学楼、风雨操场和地下车库及室外配套，", 15).substr(0, 900);
    return sample;
}

/// Of CJK extensions B to F: in serif, bold and sans alike.
Sample rare_characters() {
    Sample sample = named("rare_characters");
    const std::string rare = "\U00020000\U0002A6D6\U0002B740\U0002CEB0\U0002EBE0";
    sample.certificate["holder"].as_object()["name"] = "杭州" + rare + "置业有限公司";
    project(sample.certificate, "works_name") = "\U00020BB7\U0002123D\U0002A8FB\U0002CB5A" + rare + "小区";
    units(sample)[2].as_object()["lead_name"] = "王" + rare;
    sample.certificate["issuer"].as_object()["name"] = "杭州市\U00020000\U0002A6D6区住房和城乡建设局";
    return sample;
}

Sample fifty_buildings() {
    Sample sample = named("fifty_buildings");
    auto& list = sample.certificate["buildings"].as_array();
    list.clear();
    for (int i = 1; i <= 50; ++i) {
        const std::string name =
            i % 7 == 0 ? fmt::format("{} 号楼（含垃圾用房、配电房与社区服务用房）", i) : fmt::format("{} 号楼", i);
        list.push_back(building(name, 1'234'567 + i, 283'900'000'00 + i * 100));
    }
    return sample;
}

Sample changed() {
    Sample sample = named("changed");
    sample.certificate["related_identifier"] = sample.certificate["certificate_identifier"];
    set_version(sample.certificate, 2);
    return sample;
}

Sample copied(Sample sample, std::string name) {
    sample.name = std::move(name);
    sample.copy = json::object{{"number", "3"},
                               {"purpose", "办理不动产首次登记"},
                               {"made_for", "杭州市规划和自然资源局西湖分局"},
                               {"made_on", "2026-12-08"}};
    return sample;
}

Sample real() {
    Sample sample = named("real");
    sample.certificate.erase("sandbox");
    sample.certificate["issuer"].as_object()["code"] = credit_code(900, "11330106");
    set_version(sample.certificate, 1);
    std::string url = "https://permits.example.gov.cn/v?c=" + text_of(sample.certificate, "certificate_identifier");
    sample.certificate["verify_url"] = url + "&s=0123456789abcdef";
    return sample;
}

/// All at once: what is allowed by itself must also be allowed together.
Sample everything() {
    Sample sample = longest();
    const std::string name = repeated("示例建设集团有限公司", 10);
    for (std::size_t i = 0; i < 9; ++i) {
        units(sample).push_back(unit("main_contractor", "施工总承包单位", name, 50 + i, "欧阳样本长名"));
    }
    units(sample).push_back(unit("epc_contractor", "工程总承包单位", name, 60, "周样总"));
    sample = copied(std::move(sample), "everything");
    (*sample.copy)["purpose"] = repeated("办理不动产首次登记和银行贷款", 4);
    (*sample.copy)["made_for"] = repeated("杭州市规划和自然资源局西湖分局", 4);
    sample.certificate["related_identifier"] = sample.certificate["certificate_identifier"];
    set_version(sample.certificate, 2);
    sample.certificate["verify_url"] = "https://permits.zhujianju.hangzhou.example.gov.cn/v?c=" +
                                       text_of(sample.certificate, "certificate_identifier") + "&s=0123456789abcdef";
    return sample;
}

Sample bare() {
    Sample sample = named("bare");
    units(sample).erase(units(sample).begin());
    sample.certificate["buildings"].as_array().clear();
    sample.certificate.erase("remark");
    return sample;
}

}  // namespace

std::string repeated(std::string_view word, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += word;
    return text;
}

json::value& project(json::object& certificate, std::string_view member) {
    return certificate["project"].as_object()[member];
}

void set_version(json::object& certificate, int version) {
    const std::string identifier =
        identifier::compose(identifier::CertificateIdentifier{text_of(certificate, "certificate_type_code"),
                                                              text_of(certificate.at("issuer").as_object(), "code"),
                                                              text_of(certificate, "permit_number"), version})
            .value();
    certificate["certificate_version"] = version;
    certificate["certificate_identifier"] = identifier;
    certificate["verify_url"] = "http://127.0.0.1:8600/v?c=" + identifier + "&s=0123456789abcdef";
}

Sample school() {
    Sample sample;
    sample.name = "example";
    sample.certificate = {
        {"certificate_name", "中华人民共和国建筑工程施工许可证"},
        {"certificate_type_code", "11100000000013338W009"},
        {"permit_number", "330106202612020101"},
        {"state", "in_force"},
        {"issued_on", "2026-12-02"},
        {"issuer", {{"name", kIssuer}, {"code", kIssuerCode}}},
        {"holder", {{"name", "杭州市西湖区教育建设中心（示例）"}, {"code", credit_code(1)}}},
        {"project",
         {{"works_name", "翠苑小学扩建工程"},
          {"works_address", "杭州市西湖区翠苑街道学院路 77 号"},
          {"scale_text", area_text(1'234'567)},
          {"contract_price_text", money_wan_text(8'260'000'000)},
          {"duration_text", "540 天（2026年12月15日至2028年6月6日）"}}},
        {"units", json::array{unit("surveyor", "勘察单位", "杭州示例岩土勘察有限公司", 2, "吴样舟"),
                              unit("designer", "设计单位", "浙江样例建筑设计有限公司", 3, "孙例平"),
                              unit("main_contractor", "施工总承包单位", "浙江示例建设有限公司", 4, "李样例"),
                              unit("resident_engineer", "监理单位", "杭州样本工程监理有限公司", 5, "郑例远")}},
        {"buildings",
         json::array{building("教学楼", 602'145, 4'028'000'000), building("风雨操场", 238'000, 1'592'000'000),
                     building("地下车库", 394'422, 2'640'000'000)}},
        {"sandbox", true}};
    set_version(sample.certificate, 1);
    return sample;
}

std::vector<Sample> all_samples() {
    return {school(),
            longest(),
            with_contractors("two_contractors", 2),
            with_contractors("ten_contractors", 10),
            long_scope(),
            rare_characters(),
            fifty_buildings(),
            design_and_build(),
            changed(),
            bare(),
            real(),
            copied(school(), "copy"),
            copied(real(), "real_copy"),
            copied(fifty_buildings(), "fifty_buildings_copy"),
            everything()};
}

Sample night_sample() {
    Sample sample = named("night");
    sample.certificate["certificate_name"] = "夜间施工许可证";
    sample.certificate["permit_number"] = "330106202612029801";
    set_version(sample.certificate, 1);
    for (const char* member : {"units", "buildings"}) sample.certificate[member] = json::array();
    return sample;
}

const layout::Template& template_of(const std::string& matter) {
    static std::map<std::string, layout::Template> templates;
    if (const auto known = templates.find(matter); known != templates.end()) return known->second;
    std::ostringstream text;
    text << std::ifstream(fmt::format("{}/catalog/{}/certificate.json", KAIGONG_SOURCE_DIR, matter)).rdbuf();
    auto parsed = layout::Template::parse(text.str());
    if (!parsed) FAIL(parsed.error().message);
    return templates.emplace(matter, std::move(*parsed)).first->second;
}

IssuingFacts Sample::facts() const {
    return {.today = {2026, 12, 8},
            .filed_on = CivilDate{2026, 11, 20},
            .decided_on = CivilDate{2026, 12, 1},
            .contract_start_on = CivilDate{2026, 12, 15},
            .contract_finish_on = CivilDate{2028, 6, 6},
            .copy = copy ? &*copy : nullptr};
}

json::object Sample::values() const {
    json::object values = certificate.at("project").as_object();
    for (const char* member :
         {"permit_number", "certificate_identifier", "verify_url", "remark", "buildings", "related_identifier"}) {
        if (const auto* value = certificate.if_contains(member)) values[member] = *value;
    }
    values["owner_name"] = certificate.at("holder").at("name");
    values["issuing_authority"] = certificate.at("issuer").at("name");
    values["issued_on_text"] = date_text(parse_date(text_of(certificate, "issued_on")).value());
    values["anti_forgery_code"] = anti_forgery_code;
    values["seal_legend"] = certificate.contains("sandbox") ? "演示印章" : "电子印章";
    const auto version = certificate.at("certificate_version").as_int64();
    if (version > 1) values["certificate_version_text"] = fmt::format("第 {} 版", version);
    if (certificate.contains("sandbox")) values["sandbox"] = "true";
    const auto put = [&](const char* unit_name, const char* lead, std::initializer_list<std::string_view> roles) {
        const auto* found = unit_with(certificate, roles);
        if (found == nullptr) return;
        values[unit_name] = found->at("name");
        values[lead] = found->at("lead_name");
    };
    put("surveyor_name", "surveyor_lead_name", {"surveyor"});
    put("designer_name", "designer_lead_name", {"designer"});
    put("contractor_name", "contractor_lead_name", {"main_contractor", "epc_contractor"});
    put("epc_contractor_name", "epc_lead_name", {"epc_contractor"});
    put("resident_engineer_name", "chief_resident_engineer_name", {"resident_engineer"});
    json::array participants;
    json::array contractors;
    for (const json::value& one : certificate.at("units").as_array()) {
        json::object item = one.as_object();
        item["organisation_name"] = item["name"];
        item["credit_code"] = item["code"];
        if (item["role"] == "main_contractor") contractors.push_back(item);
        participants.push_back(std::move(item));
    }
    values["participants"] = std::move(participants);
    values["contractors"] = std::move(contractors);
    if (!copy) return values;
    values["copy_purpose"] = copy->at("purpose");
    values["copy_made_for"] = copy->at("made_for");
    values["copy_number"] = copy->at("number");
    values["copy_made_on_text"] = date_text(parse_date(text_of(*copy, "made_on")).value());
    return values;
}

}  // namespace kaigong::certificate::samples

namespace {

/// With KAIGONG_RENDER_TO set to a folder, the files are kept there for looking at.
void keep_certificate(const std::string& name, const std::string& bytes) {
    const char* folder = std::getenv("KAIGONG_RENDER_TO");
    if (folder == nullptr) return;
    std::filesystem::create_directories(std::filesystem::path(folder) / "certificates");
    std::ofstream(std::filesystem::path(folder) / "certificates" / (name + ".pdf"), std::ios::binary) << bytes;
}

}  // namespace

TEST_CASE("certificates with the worst values print, pass the linter and give the same bytes twice") {
    using namespace kaigong;
    using namespace kaigong::certificate;
    const auto check = [](const std::string& matter, const samples::Sample& sample) {
        CAPTURE(sample.name);
        const auto& form = samples::template_of(matter);
        const auto profile = read_profile(form.profile());
        REQUIRE(profile.has_value());
        const auto document = form.fill(sample.values(), 1'796'200'000'000);
        if (!document)
            FAIL_CHECK(document.error().reason, " ", document.error().message, " ",
                       document.error().fields.empty() ? "" : document.error().fields[0].field);
        REQUIRE(document.has_value());
        const auto bytes = pdf::write(*document);
        REQUIRE(bytes.has_value());
        keep_certificate(sample.name, *bytes);
        for (const auto& problem : certificate_problems(*profile, sample.certificate, *document, sample.facts())) {
            FAIL_CHECK(problem.reason, " ", problem.field, " ", problem.message);
        }
        CHECK(lint_certificate(*profile, sample.certificate, *document, sample.facts()).has_value());
        return document->pages.size();
    };
    for (const auto& sample : samples::all_samples()) {
        const std::size_t pages = check("construction-permit", sample);
        CHECK(pages >= 2);
        CHECK(pages <= (sample.name.starts_with("fifty_buildings") || sample.name == "everything" ? 5 : 3));
    }
    CHECK(check("night-construction", samples::night_sample()) == 1);
}
