#include "formats/identifier/identifier.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::identifier;

TEST_CASE("certificate identifiers in use carry the check character of ISO 7064 MOD 37,36") {
    for (const char* text : {"1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
                             "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
                             "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9"}) {
        CAPTURE(text);
        const auto parsed = parse_certificate_identifier(text);
        REQUIRE(parsed.has_value());
        CHECK(*compose(*parsed) == text);
    }
}

TEST_CASE("a certificate identifier comes apart into its parts") {
    const auto parsed =
        parse_certificate_identifier("1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0");
    CHECK(*parsed == CertificateIdentifier{"11100000000013338W009", "11330105002500287C", "2025052201", 2});
}

TEST_CASE("one wrong character in a certificate identifier is found") {
    const std::string right =
        *compose(CertificateIdentifier{"11100000000013338W009", "11330106MB0DEM1133", "330106202612020101", 1});
    for (std::size_t i = 15; i < right.size(); ++i) {
        if (right[i] == '.') continue;
        std::string wrong = right;
        wrong[i] = wrong[i] == '7' ? '8' : '7';
        CHECK_FALSE(parse_certificate_identifier(wrong).has_value());
    }
    std::string wrong = right;
    wrong.back() = wrong.back() == '0' ? '1' : '0';
    CHECK(parse_certificate_identifier(wrong).error().reason == "identifier.check_character_wrong");
}

TEST_CASE("what is not a certificate identifier is malformed") {
    for (const char* text :
         {"", "1.2.156.3005.2", "1.2.156.3005.2.", "1.2.156.3003.2.11100000000013338W009.11330105002500287C.1.002.0",
          "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.2.0",
          "1.2.156.3005.2.11100000000013338w009.11330105002500287C.2025052201.002.0",
          "1.2.156.3005.2.11100000000013338W009.11330105002500287C..002.0"}) {
        CHECK(parse_certificate_identifier(text).error().reason == "identifier.certificate_malformed");
    }
    CHECK(compose(CertificateIdentifier{"11100000000013338W009", "A", "1", 1000}).error().reason ==
          "identifier.certificate_malformed");
    CHECK_FALSE(mod_37_36_check("").has_value());
}

TEST_CASE("permit numbers in use come apart and together") {
    const auto parsed = parse_permit_number("321111201709010201");
    REQUIRE(parsed.has_value());
    CHECK(*parsed == PermitNumber{"321111", {2017, 9, 1}, "02", 1});
    for (const char* text : {"321111201709010201", "321183201801090101", "330109202101210222"}) {
        CHECK(*compose(*parse_permit_number(text)) == text);
    }
}

TEST_CASE("a permit number with a day that does not exist, a category that is no number or serial 00 is refused") {
    for (const char* text : {"330106202613020101", "330106202602300101", "3301062026120203X1", "330106202612020100",
                             "33010620261202010", "33010620261202010X", "[2018]施[朝]建字0072号"}) {
        CHECK(parse_permit_number(text).error().reason == "identifier.permit_number_malformed");
    }
    CHECK_FALSE(compose(PermitNumber{"330106", {2026, 12, 2}, "01", 100}).has_value());
    CHECK_FALSE(compose(PermitNumber{"330106", {2026, 12, 2}, "", 1}).has_value());
    CHECK_FALSE(compose(PermitNumber{"330106", {2026, 12, 2}, "1x", 1}).has_value());
    CHECK(*compose(PermitNumber{"330106", {2026, 12, 2}, "01", 1}) == "330106202612020101");
    CHECK(*compose(PermitNumber{"330106", {2026, 12, 2}, "98", 1}) == "330106202612029801");
}

TEST_CASE("credit codes in use are valid and one wrong character is found") {
    for (const char* text : {"11330105002500287C", "11100000000013338W", "11110000000021135M", "11430000006122244L",
                             "11420503087246977F"}) {
        CAPTURE(text);
        CHECK(credit_code_valid(text));
        for (std::size_t i = 0; i < 18; ++i) {
            std::string wrong = text;
            wrong[i] = wrong[i] == '3' ? '4' : '3';
            CHECK_FALSE(credit_code_valid(wrong));
        }
    }
    CHECK_FALSE(credit_code_valid("11330105002500287c"));
    CHECK_FALSE(credit_code_valid("1133010500250028I7"));
    CHECK_FALSE(credit_code_valid(""));
    CHECK_FALSE(credit_code_check("123").has_value());
}

TEST_CASE("organisation codes are checked with and without their hyphen") {
    CHECK(organisation_code_valid("002500287"));
    CHECK(organisation_code_valid("00250028-7"));
    CHECK_FALSE(organisation_code_valid("002500288"));
    CHECK_FALSE(organisation_code_valid("0025002-87"));
    CHECK_FALSE(organisation_code_valid("00250028"));
}

TEST_CASE("id numbers need a right check character and a real birthday") {
    CHECK(id_number_valid("11010519491231002X"));
    CHECK_FALSE(id_number_valid("11010519491231002x"));
    CHECK_FALSE(id_number_valid("110105194912310021"));
    CHECK_FALSE(id_number_valid("11010519491331002X"));
    CHECK_FALSE(id_number_valid("1101051949123100"));
}

TEST_CASE("project numbers and investment codes are judged by their form") {
    CHECK(project_number_valid("3211111509220201"));
    CHECK(project_number_valid("3211831507280102"));
    CHECK_FALSE(project_number_valid("3211111513220201"));
    CHECK_FALSE(project_number_valid("3211111509220301"));
    CHECK(investment_code_valid("2017-330106-47-03-012345"));
    CHECK(investment_code_valid("2017-330106-47-03-012345-000"));
    CHECK(investment_code_valid("2612-330106-04-01-123456"));
    CHECK_FALSE(investment_code_valid("2017-330106-47-03-01234"));
    CHECK_FALSE(investment_code_valid("2017-330106-47-03-012345-00"));
    CHECK_FALSE(investment_code_valid("2017-33010A-47-03-012345"));
}
