// Authorities as a tree: who stands above whom, whose promise counts, which days an authority may decide about, and
// that a file with anything else stops the start by name.
#include "modules/catalog/authority_tree.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "db/testing/test_databases.hpp"

namespace kaigong::catalog {
namespace {

namespace fs = std::filesystem;

const char* const kDivisions = R"([{"code": "330000"}, {"code": "330100"}, {"code": "330105"}, {"code": "330106"},
                                   {"code": "330200"}, {"code": "330203"}])";

/// `{region, issues there itself, settings, parent}`.
struct Given {
    std::string region;
    bool issues = true;
    std::string settings = "{}";
    std::string parent = {};
};

Result<AuthorityTree> tree_of(const std::vector<Given>& given) {
    boost::json::array list;
    for (const auto& one : given) {
        boost::json::object authority{{"region_code", one.region},
                                      {"name", "机关" + one.region},
                                      {"region_codes", boost::json::array{}},
                                      {"settings", boost::json::parse(one.settings)}};
        if (one.issues) authority["region_codes"].as_array().emplace_back(one.region);
        if (!one.parent.empty()) authority["parent"] = one.parent;
        list.push_back(std::move(authority));
    }
    return AuthorityTree::read(boost::json::object{{"authorities", std::move(list)}},
                               boost::json::parse(kDivisions).as_array());
}

std::string parent_of(const AuthorityTree& tree, const std::string& region) {
    const auto* parent = tree.parent_of(*tree.find(region));
    return parent == nullptr ? "" : parent->region_code;
}

std::string refusal(const Result<AuthorityTree>& read) {
    return read ? "" : read.error().reason + " " + read.error().message;
}

class SilentRegisters final : public RegisterSource {
  public:
    RegisterAnswer ask(const std::string&, const PrecheckInput&) const override { return {}; }
};
const SilentRegisters kRegisters;

/// The shipped folder's small matter, which the matter itself promises in one day; here in three.
class Folder {
  public:
    Folder() {
        fs::create_directories(path());
        for (const char* part : {"shared", "night-construction"}) {
            fs::copy(fs::path(KAIGONG_SOURCE_DIR) / "catalog" / part, path() / part, fs::copy_options::recursive);
        }
        change("night-construction/matter.json",
               [](boost::json::value& json) { json.as_object()["promised_working_days"] = 3; });
        settle("330109", boost::json::object{});
        settle("330100", boost::json::object{});
    }
    fs::path path() const { return folder_.file("catalog"); }

    template <class Change>
    void change(const char* file, Change by) const {
        std::ostringstream read;
        read << std::ifstream(path() / file).rdbuf();
        auto json = boost::json::parse(read.str());
        by(json);
        std::ofstream(path() / file) << boost::json::serialize(json);
    }
    /// Gives an authority of the file these settings.
    void settle(const std::string& region, const boost::json::value& settings) const {
        change("shared/authorities.json", [&](boost::json::value& json) {
            for (auto& one : json.at("authorities").as_array()) {
                if (one.at("region_code") == boost::json::value(region)) one.as_object()["settings"] = settings;
            }
        });
    }

  private:
    db::testing::TemporaryFolder folder_;
};

boost::json::object promising(int days, bool binds = false) {
    return {{"promised_working_days", {{"night-construction", days}}}, {"promise_binds_area", binds}};
}

boost::json::object with_day(const char* on, bool working, const char* document = nullptr) {
    boost::json::object day{{"on", on}, {"name", "本地"}, {"working", working}};
    if (document != nullptr) day["document"] = document;
    return {{"days", boost::json::array{day}}};
}

Error refused(db::Database& database, const Folder& folder, const Clock& clock) {
    auto opened = open_catalog(database, folder.path(), clock, kRegisters);
    REQUIRE_FALSE(opened);
    return opened.error();
}

}  // namespace

TEST_CASE("an authority stands below the nearest one whose area holds its own, or below the one that it names") {
    const auto tree =
        tree_of({{"330106"}, {"330000", false}, {"330100", false}, {"330203"}, {"330105", true, "{}", "330000"}});
    REQUIRE(tree);
    CHECK(parent_of(*tree, "330106") == "330100");
    CHECK(parent_of(*tree, "330100") == "330000");
    CHECK(parent_of(*tree, "330203") == "330000");
    CHECK(parent_of(*tree, "330105") == "330000");
    CHECK(parent_of(*tree, "330000").empty());
    CHECK(tree->issuing_in("330106")->region_code == "330106");
    CHECK(tree->issuing_in("330100") == nullptr);
}

TEST_CASE("a file that makes no tree is refused, with the authority's name") {
    CHECK(refusal(tree_of({{"330106"}, {"330106"}})).starts_with("catalog.authorities_malformed"));
    CHECK(refusal(tree_of({{"330106"}, {"330106"}})).find("330106：写了两次") != std::string::npos);
    CHECK(refusal(tree_of({{"440100"}})).find("divisions.json") != std::string::npos);
    CHECK(refusal(tree_of({{"330106", true, "{}", "330200"}, {"330200", false}})).find("parent") != std::string::npos);
    CHECK(refusal(tree_of({{"330106", true, "{}", "330100"}})).find("parent") != std::string::npos);
    CHECK(refusal(tree_of({{"330106", true, "{}", "330106"}})).find("parent") != std::string::npos);
    CHECK(
        refusal(tree_of({{"330106", true, R"({"promised_working_days": {"x": 0}})"}})).find("promised_working_days") !=
        std::string::npos);
    CHECK(refusal(tree_of({{"330106", true, R"({"day_off": 1})"}})).find("day_off") != std::string::npos);
    CHECK_FALSE(AuthorityTree::read(boost::json::parse("[]"), {}));
}

TEST_CASE("the nearest promise up the tree counts, and one above caps it where it binds its area") {
    db::testing::on_each_database({"catalog"}, [](db::Database& database) {
        const FixedClock clock(office_midnight_ms({2026, 11, 23}));
        const Folder folder;
        const auto promised = [&](const char* region) {
            const auto catalog = open_catalog(database, folder.path(), clock, kRegisters);
            REQUIRE(catalog);
            return (*catalog)->promised_working_days(**(*catalog)->load_matter("night-construction"), region);
        };
        CHECK(promised("330106") == 3);
        folder.settle("330000", promising(2));
        CHECK(promised("330106") == 2);
        folder.settle("330100", promising(3));
        CHECK(promised("330106") == 3);
        folder.settle("330106", promising(1));
        CHECK(promised("330106") == 1);
        CHECK(promised("330105") == 3);
        folder.settle("330000", promising(3, true));
        folder.settle("330100", promising(2, true));
        CHECK(promised("330106") == 1);
        CHECK(promised("330105") == 2);
        // Nobody's region: as the matter says.
        CHECK(promised("330203") == 3);
    });
}

TEST_CASE("a promise longer than the matter's, or than one above binds to, stops the start") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(office_midnight_ms({2026, 11, 23}));
    const Folder folder;
    folder.settle("330106", promising(4));
    const auto longer = refused(*database, folder, clock);
    CHECK(longer.reason == "catalog.authorities_malformed");
    CHECK(longer.message.find("西湖区") != std::string::npos);
    CHECK(longer.message.find("1 到 3 个工作日") != std::string::npos);
    folder.settle("330106", promising(3));
    folder.settle("330100", promising(2, true));
    CHECK(refused(*database, folder, clock).message.find("不超过 2 个工作日") != std::string::npos);
    // Of a matter that this bureau does not offer nothing is promised.
    folder.settle("330106", {{"promised_working_days", {{"house-painting", 1}}}});
    CHECK(open_catalog(*database, folder.path(), clock, kRegisters));
}

TEST_CASE(
    "a day off needs the local government's document; days that change nothing, or cannot be judged, are refused") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(office_midnight_ms({2026, 11, 23}));
    const Folder folder;
    const auto says = [&](const boost::json::object& settings) {
        folder.settle("330106", settings);
        return refused(*database, folder, clock).message;
    };
    CHECK(says(with_day("2026-11-26", false)).find("第四条") != std::string::npos);
    CHECK(says(with_day("2026-11-28", false, "杭政〔2026〕1号")).find("本来就不是工作日") != std::string::npos);
    CHECK(says(with_day("2026-11-26", true)).find("本来就是工作日") != std::string::npos);
    CHECK(says(with_day("2031-11-26", false, "杭政〔2031〕1号")).find("还没有公布") != std::string::npos);
    auto twice = with_day("2026-11-28", true);
    twice["days"].as_array().push_back(twice["days"].as_array()[0]);
    CHECK(says(twice).find("写了两次") != std::string::npos);
}

TEST_CASE("days of an authority are counted for its cases alone, and days that it works more for its promise alone") {
    const db::testing::SqliteForTest database({"catalog"});
    const FixedClock clock(office_midnight_ms({2026, 11, 23}));
    const Folder folder;
    folder.settle("330106",
                  {{"days",
                    {{{"on", "2026-11-26"}, {"name", "本地节日"}, {"working", false}, {"document", "杭政〔2026〕1号"}},
                     {{"on", "2026-11-28"}, {"name", "周六延时服务"}, {"working", true}}}}});
    const auto catalog = open_catalog(*database, folder.path(), clock, kRegisters);
    REQUIRE(catalog);
    const auto calendar = (*catalog)->calendar();
    const CivilDate wednesday{2026, 11, 25};
    CHECK(calendar->days_in("330106").add_working_days(wednesday, 2).value == CivilDate{2026, 11, 30});
    CHECK(calendar->promise_days_in("330106").add_working_days(wednesday, 2).value == CivilDate{2026, 11, 28});
    CHECK(calendar->days_in("330105").add_working_days(wednesday, 2).value == CivilDate{2026, 11, 27});
    CHECK(calendar->promise_days_in("330105").add_working_days(wednesday, 2).value == CivilDate{2026, 11, 27});
    CHECK(calendar->days.add_working_days(wednesday, 2).value == CivilDate{2026, 11, 27});
    // A start with the same file publishes nothing again; one with another does.
    const auto number = calendar->number;
    CHECK(open_catalog(*database, folder.path(), clock, kRegisters).value()->calendar()->number == number);
    folder.settle("330106", boost::json::object{});
    const auto again = open_catalog(*database, folder.path(), clock, kRegisters).value()->calendar();
    CHECK(again->number == number + 1);
    CHECK(again->days_in("330106").add_working_days(wednesday, 2).value == CivilDate{2026, 11, 27});
}

}  // namespace kaigong::catalog
