#include <doctest/doctest.h>

#include "http/header_fields.hpp"
#include "http/html.hpp"
#include "http/reply.hpp"
#include "http/target.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

std::string reason_of(std::string_view target) {
    const auto parsed = parse_target(target);
    return parsed ? "" : parsed.error().reason;
}

}  // namespace

TEST_CASE("a target is decoded once, segment by segment") {
    const auto target = parse_target("/permits/a%20b/%E5%BB%BA?q=a+b%2Bc&empty=&flag");
    REQUIRE(target);
    CHECK(target->segments == std::vector<std::string>{"permits", "a b", "建"});
    CHECK(target->query == Parameters{{"q", "a b+c"}, {"empty", ""}, {"flag", ""}});
    CHECK(parse_target("/%2541")->segments == std::vector<std::string>{"%41"});
    CHECK(parse_target("/")->segments.empty());
    CHECK(parse_target("/a/")->segments == std::vector<std::string>{"a", ""});
}

TEST_CASE("a path that could mean two things is refused") {
    for (const char* bad : {"/a%2Fb", "/a%2f..", "/..", "/a/../b", "/%2e%2e/etc", "/./a", "/a%5Cb", "/%00", "/a%0d%0aB",
                            "/%", "/%4", "/%zz", "/%C0%AE", "/%ED%A0%80", "/a%7f"}) {
        CAPTURE(bad);
        CHECK(reason_of(bad) == "http.path_malformed");
    }
    for (const char* bad : {"", "a", "http://host/", "*", "/a b", "/a\\b", "/a#b", "/\x80", "/a\"b"}) {
        CAPTURE(bad);
        CHECK(reason_of(bad) == "http.target_malformed");
    }
}

TEST_CASE("a query names each parameter once") {
    CHECK(reason_of("/?a=1&a=2") == "http.query_repeated");
    CHECK(reason_of("/?a=1&%61=2") == "http.query_repeated");
    CHECK(reason_of("/?=1") == "http.query_malformed");
    CHECK(reason_of("/?a=%f") == "http.query_malformed");
    CHECK(reason_of("/?a=%0a") == "http.query_malformed");
    CHECK(reason_of("/?&&a=1&").empty());
    std::string many = "/?";
    for (int i = 0; i < 33; ++i) many += "p" + std::to_string(i) + "=1&";
    CHECK(reason_of(many) == "http.query_malformed");
}

TEST_CASE("a cookie that is planted beside the real one is not believed") {
    CHECK(find_cookie("a=1; __Host-kaigong=x; b=2", "__Host-kaigong") == "x");
    CHECK(find_cookie("__Host-kaigong=x;__Host-kaigong=x", "__Host-kaigong") == "x");
    CHECK_FALSE(find_cookie("__Host-kaigong=x; __Host-kaigong=y", "__Host-kaigong"));
    CHECK_FALSE(find_cookie("x__Host-kaigong=x", "__Host-kaigong"));
    CHECK_FALSE(find_cookie("__Host-kaigong", "__Host-kaigong"));
    CHECK_FALSE(find_cookie("", "a"));
    CHECK(find_cookie("a=b=c", "a") == "b=c");
}

TEST_CASE("only a strong tag with a number is a version") {
    CHECK(parse_version_tag("\"7\"") == 7);
    CHECK(parse_version_tag(" \"0\" ") == 0);
    for (const char* bad :
         {"7", "W/\"7\"", "*", "\"\"", "\"-1\"", "\"7\", \"8\"", "\"99999999999999999999\"", "\"7", ""}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_version_tag(bad));
    }
}

TEST_CASE("encodings and tags are read from lists with weights") {
    CHECK(accepts_encoding("gzip, deflate, br", "br"));
    CHECK(accepts_encoding("GZIP;q=0.5", "gzip"));
    CHECK_FALSE(accepts_encoding("br;q=0", "br"));
    CHECK_FALSE(accepts_encoding("br;q=0.000", "br"));
    CHECK_FALSE(accepts_encoding("", "br"));
    CHECK(names_etag("\"a\", W/\"b\"", "\"b\""));
    CHECK(names_etag("*", "\"b\""));
    CHECK_FALSE(names_etag("\"bb\"", "\"b\""));
}

TEST_CASE("hosts and origins compare without case and without surprises") {
    CHECK(host_of("LocalHost:8600") == "localhost");
    CHECK(host_of("[::1]:80") == "[::1]");
    CHECK(host_of("a.example") == "a.example");
    for (const char* bad : {"", ":80", "a:b", "a b", "user@host", "a/b", "a:123456", "[::1", "[x/y]", "a,b"}) {
        CAPTURE(bad);
        CHECK_FALSE(host_of(bad));
    }
    CHECK(authority_of_origin("https://A.example:8443") == "a.example:8443");
    CHECK_FALSE(authority_of_origin("null"));
    CHECK_FALSE(authority_of_origin("https://a.example/x"));
    CHECK_FALSE(authority_of_origin("ftp://a.example"));
}

TEST_CASE("file names survive any character and never leave their header") {
    CHECK(content_disposition(Disposition::attachment, "施工合同 1.pdf") ==
          "attachment; filename=\"_ 1.pdf\"; filename*=UTF-8''%E6%96%BD%E5%B7%A5%E5%90%88%E5%90%8C%201.pdf");
    const auto hostile = content_disposition(Disposition::inline_preview, "a\"\r\nX: y;b.pdf");
    CHECK(hostile.find('\n') == std::string::npos);
    CHECK(hostile == "inline; filename=\"a_X: y;b.pdf\"; filename*=UTF-8''a%22%0D%0AX%3A%20y%3Bb.pdf");
}

TEST_CASE("a stranger's file is only shown in place when it cannot run anything") {
    const auto disposition = [](std::string_view type) {
        const auto reply = stranger_file({}, type, "f", Disposition::inline_preview);
        return reply.content_type + " " + reply.headers[0].second.substr(0, 6);
    };
    CHECK(disposition("application/pdf") == "application/pdf inline");
    CHECK(disposition("text/html") == "application/octet-stream attach");
    CHECK(disposition("image/svg+xml") == "application/octet-stream attach");
}

TEST_CASE("pages escape every text and value") {
    Html page;
    page.open("p", {{"class", "a\"><script>"}}).text("1 < 2 & \x01'x'").close();
    CHECK(page.str() == "<p class=\"a&quot;&gt;&lt;script&gt;\">1 &lt; 2 &amp; &#39;x&#39;</p>");
    Html link;
    link.element("a", {{"href", "/search?q=" + encode_component("a&b 建")}}, "查").element("br");
    CHECK(link.str() == "<a href=\"/search?q=a%26b%20%E5%BB%BA\">查</a><br>");
}

TEST_CASE("what could run or lead away cannot be written into a page") {
    Html page;
    CHECK_THROWS_AS(page.element("script"), std::logic_error);
    CHECK_THROWS_AS(page.element("p", {{"onclick", "x"}}), std::logic_error);
    CHECK_THROWS_AS(page.element("p", {{"style", "x"}}), std::logic_error);
    CHECK_THROWS_AS(page.element("a", {{"href", "javascript:x"}}), std::logic_error);
    CHECK_THROWS_AS(page.element("a", {{"href", "//evil.example"}}), std::logic_error);
    CHECK_THROWS_AS(page.element("a", {{"href", "http://evil.example"}}), std::logic_error);
    CHECK_THROWS_AS(page.element("p x"), std::logic_error);
    CHECK_THROWS_AS(page.close(), std::logic_error);
    page.open("p");
    CHECK_THROWS_AS((void)page.str(), std::logic_error);
}

TEST_CASE("a page is a whole document in Chinese") {
    Html body;
    body.element("h1", {}, "甲");
    CHECK(html_document({"标题", {"/public/site.css"}, "说明"}, body) ==
          "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>标题</title>"
          "<meta name=\"description\" content=\"说明\"><link rel=\"stylesheet\" href=\"/public/site.css\"></head>"
          "<body><h1>甲</h1></body></html>");
}
