// make_cases: multiplies the cases of a small bureau, played for this, into as many as a benchmark needs.
//
//   make_cases PLAN.json
//   {"data":"DIR","seed":1,"issued":1000000,"open":111111,"regions":["330106"],"now_on":"2026-11-20",
//    "issued_patterns":[{"application_id":"…","weight":19}],"open_patterns":[{"application_id":"…","weight":1}]}
//
// The bureau must not be running. Issued cases are spread over the years before `now_on` so that no region numbers more
// than 99 permits of a kind a day; open ones over the four days that end with the day their pattern was received on.
// Their permit numbers are written to DIR/permit_numbers.txt, one a line.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <fstream>
#include <sstream>

#include "base/civil_date.hpp"
#include "formats/identifier/identifier.hpp"
#include "generator/copier.hpp"
#include "generator/progress.hpp"

namespace kaigong::bench {
namespace {

constexpr std::int64_t kPermitsADay = 99;
constexpr std::int64_t kCopiesInOneTransaction = 5'000;
constexpr int kOrganisations = 5'000;
constexpr int kOpenDays = 4;

std::string read_text(const std::string& path) {
    const std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

Organisation organisation(int number) {
    constexpr std::string_view kCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const auto body = fmt::format("91330106MA{:06}", number);
    for (const char check : kCharacters) {
        const auto first = body + check;
        const auto last = identifier::credit_code_check(first);
        if (last && identifier::credit_code_valid(first + *last)) {
            return {fmt::format("杭州示例第{}建设有限公司（示例）", number), first + *last};
        }
    }
    // GB 11714 gives some bodies the check X, which only the alphabet of organisation codes has.
    return organisation(number + kOrganisations);
}

struct Weighted {
    Pattern pattern;
    std::int64_t weight = 1;
};

struct Plan {
    boost::json::object json;
    std::vector<std::string> regions;
    std::vector<Weighted> issued;
    std::vector<Weighted> open;

    std::int64_t count(const char* name) const { return json.at(name).as_int64(); }
    std::string text(const char* name) const { return std::string(json.at(name).as_string()); }
};

/// The i-th of a cycle in which each pattern comes as often as its weight says.
const Pattern& pattern_for(const std::vector<Weighted>& patterns, std::int64_t i) {
    std::int64_t sum = 0;
    for (const auto& one : patterns) sum += one.weight;
    if (sum <= 0) throw std::runtime_error("the plan has no patterns with a weight");
    auto rest = i % sum;
    for (const auto& one : patterns) {
        if (rest < one.weight) return one.pattern;
        rest -= one.weight;
    }
    throw std::logic_error("weights do not add up");
}

/// Indexes that are not part of a table's definition: dropped for the insertion, made again at its end.
std::vector<std::pair<std::string, std::string>> secondary_indexes(SqliteFile& file) {
    std::vector<std::pair<std::string, std::string>> indexes;
    Statement found(file.handle(), "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
    while (found.step()) indexes.emplace_back(found.text(0), found.text(1));
    return indexes;
}

void read_counters(SqliteFile& file, Bureau& bureau) {
    Statement applications(file.handle(), "SELECT region_code, year, last_serial FROM application_counters");
    while (applications.step()) {
        bureau.application_serials[{applications.text(0), static_cast<int>(applications.integer(1))}] =
            applications.integer(2);
    }
    Statement letters(file.handle(), "SELECT region_code, letter_kind, year, last_serial FROM letter_counters");
    while (letters.step()) {
        bureau.letter_serials[{letters.text(0), letters.text(1), static_cast<int>(letters.integer(2))}] =
            letters.integer(3);
    }
    Statement permits(file.handle(),
                      "SELECT region_code, numbered_on, works_category, last_serial FROM permit_counters");
    while (permits.step()) bureau.permits[{permits.text(0), permits.text(1), permits.text(2)}] = permits.integer(3);
}

void write_counters(SqliteFile& file, const Bureau& bureau) {
    Statement applications(file.handle(), "INSERT OR REPLACE INTO application_counters VALUES (?, ?, ?, ?)");
    for (const auto& [key, serial] : bureau.application_serials) {
        applications.bind(1, key.first);
        applications.bind(2, static_cast<std::int64_t>(key.second));
        applications.bind(3, serial);
        applications.bind(4, serial);
        applications.run();
    }
    Statement letters(file.handle(), "INSERT OR REPLACE INTO letter_counters VALUES (?, ?, ?, ?, ?)");
    for (const auto& [key, serial] : bureau.letter_serials) {
        letters.bind(1, std::get<0>(key));
        letters.bind(2, std::get<1>(key));
        letters.bind(3, static_cast<std::int64_t>(std::get<2>(key)));
        letters.bind(4, serial);
        letters.bind(5, serial);
        letters.run();
    }
    Statement permits(file.handle(), "INSERT OR REPLACE INTO permit_counters VALUES (?, ?, ?, ?, ?)");
    for (const auto& [key, serial] : bureau.permits) {
        permits.bind(1, std::get<0>(key));
        permits.bind(2, std::get<1>(key));
        permits.bind(3, std::get<2>(key));
        permits.bind(4, serial);
        permits.bind(5, serial);
        permits.run();
    }
}

/// Day by day, region by region, until there are as many as wanted.
class Issuing {
  public:
    Issuing(const Plan& plan) : plan_(plan), now_(*parse_date(plan.text("now_on"))) {
        std::int64_t heaviest = 0;
        std::int64_t sum = 0;
        for (const auto& one : plan.issued) {
            heaviest = std::max(heaviest, one.weight);
            sum += one.weight;
        }
        if (plan.count("issued") == 0) return;
        if (heaviest <= 0) throw std::runtime_error("the plan has no issued patterns with a weight");
        // The commonest pattern fills a day's numbers of its kind.
        a_day_ = std::max<std::int64_t>(1, kPermitsADay * sum / heaviest - sum);
        const auto of_all = a_day_ * static_cast<std::int64_t>(plan.regions.size());
        days_ = (plan.count("issued") + of_all - 1) / of_all;
    }

    Placement placement(std::int64_t i, const Pattern& pattern) const {
        const auto regions = static_cast<std::int64_t>(plan_.regions.size());
        const auto day = i / (a_day_ * regions);
        const auto region = i / a_day_ % regions;
        const auto decided = days_of(office_date(pattern.decided_at_ms));
        return {plan_.regions[static_cast<std::size_t>(region)], days_of(now_) - days_ + day - decided, i};
    }

  private:
    const Plan& plan_;
    CivilDate now_;
    std::int64_t a_day_ = 0;
    std::int64_t days_ = 0;
};

Placement open_placement(const Plan& plan, std::int64_t i) {
    const auto regions = static_cast<std::int64_t>(plan.regions.size());
    const auto total = plan.count("open");
    const auto day = i * kOpenDays / total;
    return {plan.regions[static_cast<std::size_t>(i % regions)], day - (kOpenDays - 1), plan.count("issued") + i};
}

void write_all(SqliteFile& file, Bureau& bureau, const Plan& plan) {
    Copier copier(file, bureau, static_cast<std::uint64_t>(plan.count("seed")));
    const Issuing issuing(plan);
    const auto issued = plan.count("issued");
    const auto total = issued + plan.count("open");
    const auto regions = static_cast<std::int64_t>(plan.regions.size());
    Progress progress("cases  ", total);
    std::ofstream numbers(plan.text("data") + "/permit_numbers.txt", std::ios::trunc);
    file.execute("BEGIN");
    for (std::int64_t i = 0; i < total; ++i) {
        if (i < issued) {
            const auto& pattern = pattern_for(plan.issued, i);
            copier.write(pattern, issuing.placement(i, pattern));
            numbers << copier.permit_number() << '\n';
        } else {
            copier.write(pattern_for(plan.open, (i - issued) / regions), open_placement(plan, i - issued));
        }
        progress.reach(i);
        if (i % kCopiesInOneTransaction == 0) file.execute("COMMIT; BEGIN");
    }
    write_counters(file, bureau);
    file.execute("COMMIT");
    progress.finish();
}

std::vector<Weighted> read_patterns(const Plan& plan, const char* name, SqliteFile& file, const Bureau& bureau,
                                    bool with_requests) {
    std::vector<Weighted> patterns;
    for (const auto& one : plan.json.at(name).as_array()) {
        const std::string id(one.at("application_id").as_string());
        patterns.push_back(
            {read_pattern(file, bureau.around, *bureau.keys, id, with_requests), one.at("weight").as_int64()});
    }
    return patterns;
}

void make(const std::string& plan_path) {
    Plan plan{boost::json::parse(read_text(plan_path)).as_object(), {}, {}, {}};
    for (const auto& region : plan.json.at("regions").as_array()) plan.regions.emplace_back(region.as_string());
    const auto keys = crypto::KeyRing::load(read_text(plan.text("data") + "/keys.json"));
    if (!keys) throw std::runtime_error("the key file does not open: " + keys.error().reason);
    SqliteFile file(plan.text("data") + "/kaigong.db");
    Bureau bureau;
    bureau.around = read_surroundings(file);
    bureau.keys = &*keys;
    for (int i = 1; i <= kOrganisations; ++i) bureau.organisations.push_back(organisation(i));
    read_counters(file, bureau);
    plan.issued = read_patterns(plan, "issued_patterns", file, bureau, false);
    plan.open = read_patterns(plan, "open_patterns", file, bureau, true);

    const auto indexes = secondary_indexes(file);
    // Nothing here has to survive a power cut: whoever finds no stamp begins again.
    file.execute("PRAGMA journal_mode = DELETE");
    file.execute("PRAGMA journal_mode = OFF");
    file.execute(
        "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1000000; "
        "PRAGMA temp_store = FILE; PRAGMA threads = 2");
    for (const auto& [name, sql] : indexes) file.execute("DROP INDEX " + name);
    write_all(file, bureau, plan);
    Progress progress("indexes", static_cast<std::int64_t>(indexes.size()));
    for (std::size_t i = 0; i < indexes.size(); ++i) {
        file.execute(indexes[i].second);
        progress.reach(static_cast<std::int64_t>(i) + 1);
    }
    progress.finish();
    file.execute("PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL");
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "make_cases PLAN.json\n");
        return 2;
    }
    try {
        kaigong::bench::make(argv[1]);
        return 0;
    } catch (const std::exception& failure) {
        fmt::print(stderr, "make_cases: {}\n", failure.what());
        return 1;
    }
}
