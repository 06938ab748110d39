#include "verify/status.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace kaigong::verify;

namespace {

const boost::json::object kHeld{{"certificate_version", 2}, {"certificate_identifier", "1.2.156.3005.2.A.B.C.002.0"}};

std::string code_of(int status, const char* body) {
    const auto check = judge_status(kHeld, {status, boost::json::parse(body)});
    return check ? check->code : "nothing";
}

}  // namespace

TEST_CASE("what the authority says now becomes one check, in the words of the page") {
    constexpr const char* kSame = R"("certificate_version":2,"certificate_identifier":"1.2.156.3005.2.A.B.C.002.0")";
    const auto body = [&](const std::string& more) { return "{" + std::string(kSame) + more + "}"; };
    CHECK(code_of(200, body(R"(,"state":"in_force")").c_str()).empty());
    CHECK(code_of(200, body(R"(,"state":"revoked","state_name":"已撤销")").c_str()) == "verify.not_in_force");
    CHECK(code_of(200, body(R"(,"state":"replaced")").c_str()) == "verify.replaced");
    CHECK(code_of(200, R"({"state":"in_force","certificate_version":3,"certificate_identifier":"x"})") ==
          "verify.replaced");
    CHECK(code_of(200, R"({"state":"in_force","certificate_version":1,"certificate_identifier":"x"})") ==
          "verify.version_differs");
    CHECK(code_of(200, R"({"state":"in_force","certificate_version":2,"certificate_identifier":"x"})") ==
          "verify.version_differs");
    CHECK(code_of(404, "{}") == "verify.number_unknown");
    CHECK(code_of(500, "{}") == "nothing");
    CHECK(code_of(200, "[]") == "nothing");
    CHECK(code_of(200, "{}") == "nothing");
    const auto revoked =
        judge_status(kHeld, {200, boost::json::parse(body(R"(,"state":"revoked","state_name":"已撤销")"))});
    CHECK(revoked->zh.find("已撤销") != std::string::npos);
    CHECK(revoked->en.find("\"revoked\"") != std::string::npos);
    CHECK(revoked->en.find("已撤销") == std::string::npos);
}

TEST_CASE("a permit that ended is told as ended, also to who holds an older edition") {
    CHECK(code_of(200, R"({"state":"revoked","certificate_version":3,"certificate_identifier":"x"})") ==
          "verify.not_in_force");
    CHECK(code_of(200, R"({"state":"completed","certificate_version":1,"certificate_identifier":"x"})") ==
          "verify.not_in_force");
}

TEST_CASE("an authority that was asked in vain leaves the question open, and says that it was asked") {
    const auto check = authority_unreachable();
    CHECK(check.check == CheckName::status);
    CHECK(check.outcome == Outcome::unchecked);
    CHECK(check.code == "verify.authority_unreachable");
    CHECK(check.zh.find("没有问到") != std::string::npos);
}

TEST_CASE("an answer takes the check in the place of the one that was not made, and keeps its verdict") {
    Answer answer;
    answer.verdict = Verdict::genuine;
    answer.checks = {{CheckName::file, Outcome::pass, "", "", ""},
                     {CheckName::status, Outcome::unchecked, "verify.offline", "", ""}};
    const auto said = with_status(answer, *judge_status(kHeld, {404, boost::json::parse("{}")}));
    CHECK(said.verdict == Verdict::genuine);
    CHECK(said.checks.size() == 2);
    CHECK(said.checks.back().code == "verify.number_unknown");
}
