#include "modules/certificates/content.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

#include <fstream>
#include <sstream>

#include "formats/layout/ornament.hpp"
#include "formats/layout/template.hpp"

using namespace kaigong;

namespace {

std::string template_text(const std::string& matter_code) {
    std::stringstream text;
    text << std::ifstream(KAIGONG_SOURCE_DIR "/catalog/" + matter_code + "/certificate.json").rdbuf();
    return text.str();
}

/// The outlines of the seal on the first page, which its legend is part of; it is no text.
std::size_t drawn_of(const std::string& matter_code, const std::string& legend) {
    const auto form = layout::Template::parse(template_text(matter_code)).value();
    auto values = form.example_values();
    values.erase("sandbox");
    values["seal_legend"] = legend;
    const auto document = form.fill(values, 0).value();
    std::size_t steps = 0;
    for (const auto& element : document.pages.at(0).elements) {
        if (const auto* path = std::get_if<layout::Path>(&element); path != nullptr && path->seal)
            steps += path->steps.size();
    }
    return steps;
}

}  // namespace

TEST_CASE("the seal of a trial or of a demonstration is called so on the page, whoever runs it") {
    CHECK(certificates::seal_legend("杭州市西湖区住房和城乡建设局（试用印章）") == "试用印章");
    CHECK(certificates::seal_legend("杭州市西湖区住房和城乡建设局（演示印章）") == "演示印章");
    CHECK(certificates::seal_legend("杭州市西湖区住房和城乡建设局") == "电子印章");
    CHECK(certificates::seal_legend("试用印章管理处") == "电子印章");
    CHECK(certificates::seal_legend("") == "电子印章");
}

TEST_CASE("the values of a page name its seal") {
    permits::Permit permit;
    permit.permit_number = "330106202612020101";
    permit.issued_on = "2026-12-02";
    const boost::json::object certificate{
        {"certificate_identifier", "1.2"}, {"verify_url", "https://example.invalid"}, {"certificate_version", 1}};
    const auto values = certificates::page_values(permit, certificate, {"7K3F", "试用印章"}, nullptr);
    CHECK(values.at("seal_legend") == "试用印章");
    CHECK(values.at("anti_forgery_code") == "7K3F");
}

TEST_CASE("a certificate that is no training specimen bears the legend of its seal, and no other") {
    for (const std::string matter_code : {"construction-permit", "night-construction"}) {
        CAPTURE(matter_code);
        CHECK(drawn_of(matter_code, "试用印章") != drawn_of(matter_code, "电子印章"));
        CHECK(drawn_of(matter_code, "演示印章") != drawn_of(matter_code, "电子印章"));
    }
}

TEST_CASE("the log names the works and the owner, but not those of a restricted permit") {
    const boost::json::object certificate{{"certificate_identifier", "1.2"},
                                          {"certificate_version", 1},
                                          {"permit_number", "330106202612020101"},
                                          {"state", "in_force"},
                                          {"issued_on", "2026-12-02"},
                                          {"issuer", {{"name", "某局"}, {"code", "11330106MB0DEM1133"}}},
                                          {"holder", {{"name", "某建设中心"}}},
                                          {"project", {{"works_name", "某库房工程"}}}};
    const std::string salt(32, '0');
    const auto open = certificates::permit_entry(certificate, salt, {1, 2});
    CHECK(open.find("某库房工程") != std::string::npos);
    const auto restricted = certificates::permit_entry(certificate, salt, {1, 2}, true);
    for (const char* name : {"某库房工程", "某建设中心", "works_name", "owner_name"}) {
        CHECK(restricted.find(name) == std::string::npos);
    }
    CHECK(boost::json::parse(restricted).at("content") == boost::json::parse(open).at("content"));
}
