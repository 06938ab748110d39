#include "modules/catalog/rule_comparison.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "db/testing/test_databases.hpp"

using namespace kaigong;

namespace {

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(KAIGONG_SOURCE_DIR "/" + path).rdbuf();
    return text.str();
}

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};

/// The construction permit in force, and cases of a school of many sizes.
class Permit {
  public:
    Permit()
        : catalog_(catalog::open_catalog(*storage_, KAIGONG_SOURCE_DIR "/catalog", clock_, registers_).value()),
          matter_(std::static_pointer_cast<const catalog::LoadedMatter>(
              catalog_->load_matter("construction-permit").value())),
          form_(boost::json::parse(text_of("tests/data/school-form.json")).as_object()) {}

    const std::shared_ptr<const catalog::LoadedMatter>& matter() const { return matter_; }

    catalog::PastCase case_of(int number) const {
        catalog::PastCase past{fmt::format("01900000-0000-7000-8000-{:012}", number),
                               "330106-2026-00001",
                               "教学楼",
                               "示例中心",
                               "2026-11-24",
                               {}};
        past.input.form = form_;
        past.input.form["works"].as_object()["works_investment_fen"] = 150'000'000LL + number * 5'000'000LL;
        past.input.today = parse_date("2026-11-24").value();
        past.input.applicant_credit_code = "91330106MA0DEM0133";
        past.input.region_code = "330106";
        return past;
    }

    static dmn::Model changed(const std::string& from, const std::string& to) {
        auto text = text_of("catalog/construction-permit/precheck.dmn");
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        return dmn::parse(text.replace(at, from.size(), to)).value();
    }

  private:
    db::testing::SqliteForTest storage_{{"catalog"}};
    FixedClock clock_{1'796'200'000'000};
    SilentRegisters registers_;
    std::unique_ptr<catalog::Catalog> catalog_;
    std::shared_ptr<const catalog::LoadedMatter> matter_;
    boost::json::object form_;
};

}  // namespace

TEST_CASE("groups of rules that did not change are left out after some cases, and the results stay the same") {
    const Permit permit;
    const auto drafted = Permit::changed(R"(<outputEntry id="permit_limit_row_4_out_1"><text>200000000</text>)",
                                         R"(<outputEntry id="permit_limit_row_4_out_1"><text>300000000</text>)");
    catalog::RuleComparison used(permit.matter(), drafted);
    for (int number = 0; number < 45; ++number) used.run(permit.case_of(number));
    catalog::RuleComparison fresh(permit.matter(), drafted);
    for (int number = 6; number < 36; number += 2) {
        INFO(number);
        const auto late = used.run(permit.case_of(number));
        const auto early = fresh.run(permit.case_of(number));
        REQUIRE(late.size() == early.size());
        for (std::size_t i = 0; i < late.size(); ++i) {
            CHECK(late[i].subject == early[i].subject);
            CHECK(late[i].title == early[i].title);
            CHECK(late[i].before_outcome == early[i].before_outcome);
            CHECK(late[i].after_outcome == early[i].after_outcome);
        }
        // From two to less than three million yuan a permit was needed and no longer is.
        const auto investment = 150'000'000LL + number * 5'000'000LL;
        if (investment < 200'000'000 || investment >= 300'000'000) continue;
        const auto found = std::ranges::find(late, "R-102", &catalog::store::PreviewChangeRow::subject);
        REQUIRE(found != late.end());
        CHECK(found->before_outcome == "pass");
        CHECK(found->after_outcome == "fail");
    }
}
