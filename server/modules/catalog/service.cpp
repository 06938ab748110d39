#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

#include "modules/catalog/catalog.hpp"
#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/routes.hpp"
#include "modules/catalog/store.hpp"

namespace kaigong::catalog {
namespace {

namespace fs = std::filesystem;

constexpr int kFirstCalendarYear = 2007;  // when the notices took their present form
constexpr int kLastCalendarYear = 2100;

Error unreadable(const fs::path& path) {
    return error(Errc::unavailable, "catalog.folder_unreadable", path.string() + " 读不出来，请检查目录和权限。");
}

Result<std::string> read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return unreadable(path);
    return std::move(text).str();
}

Result<calendar::Calendar> read_calendar(const fs::path& folder) {
    std::vector<calendar::YearTable> tables;
    std::error_code fault;
    for (const auto& entry : fs::directory_iterator(folder, fault)) {
        if (entry.path().extension() != ".json") continue;
        KAIGONG_TRY(text, read_text(entry.path()));
        KAIGONG_TRY(table, calendar::year_table_from_text(text));
        tables.push_back(std::move(table));
    }
    if (fault) return unreadable(folder);
    return calendar::Calendar::of(tables);
}

std::string text_of(const boost::json::object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

class CatalogService final : public Catalog {
  public:
    explicit CatalogService(db::Database& database) : database_(database) {}

    Result<void> read_shared(const fs::path& folder) {
        KAIGONG_TRY(calendar, read_calendar(folder / "holidays"));
        calendar_ = std::move(calendar);
        KAIGONG_TRY(authorities_text, read_text(folder / "authorities.json"));
        KAIGONG_TRY(authorities, parse_json(authorities_text));
        for (const auto& one : authorities.at("authorities").as_array()) add_authority(one.as_object());
        KAIGONG_TRY(divisions_text, read_text(folder / "divisions.json"));
        KAIGONG_TRY(divisions, parse_json(divisions_text));
        divisions_ = divisions.at("divisions").as_array();
        return {};
    }

    Result<void> read_matters(const fs::path& folder, std::int64_t now_ms) {
        std::set<fs::path> folders;
        std::error_code fault;
        for (const auto& entry : fs::directory_iterator(folder, fault)) {
            if (fs::exists(entry.path() / "matter.json")) folders.insert(entry.path());
        }
        if (fault || folders.empty()) return unreadable(folder);
        for (const auto& one : folders) {
            KAIGONG_TRY(files, read_matter_folder(one));
            const auto text = to_json_text(files);
            KAIGONG_TRY(matter, LoadedMatter::read(std::move(files), shared_facts()));
            KAIGONG_CHECK(keep(*matter, text, now_ms));
            in_force_.push_back(matter);
        }
        return {};
    }

    /// Texts of all versions, so that an application's own version can be read in the middle of a transaction.
    Result<void> read_kept() {
        KAIGONG_TRY(rows, database_.read([](db::Session& session) { return store::all(session); }));
        for (auto& row : rows) kept_[row.matter_code + "@" + row.version] = std::move(row.files);
        return {};
    }

    std::vector<std::shared_ptr<const Matter>> matters() const override { return in_force_; }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code) const override {
        const auto found =
            std::ranges::find_if(in_force_, [&](const auto& matter) { return matter->matter_code() == matter_code; });
        if (found != in_force_.end()) return *found;
        return error(Errc::not_found, "catalog.matter_unknown", "没有这个事项，请从办事指南中选择。");
    }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code,
                                                      const std::string& version) const override {
        for (const auto& matter : in_force_) {
            if (matter->matter_code() == matter_code && matter->version() == version) return matter;
        }
        const std::scoped_lock lock(mutex_);
        const auto key = matter_code + "@" + version;
        if (const auto known = earlier_.find(key); known != earlier_.end()) return known->second;
        const auto text = kept_.find(key);
        if (text == kept_.end()) {
            return error(Errc::not_found, "catalog.version_unknown", "这件申请使用的事项版本没有保存，请联系管理员。");
        }
        KAIGONG_TRY(matter, LoadedMatter::read(from_json_text(text->second), shared_facts()));
        earlier_[key] = matter;
        return matter;
    }

    const calendar::Calendar& calendar() const override { return calendar_; }

    const Authority* find_authority(const std::string& region_code) const override {
        for (const auto& authority : authorities_) {
            const auto& codes = authority.region_codes;
            if (std::ranges::find(codes, region_code) != codes.end()) return &authority;
        }
        return nullptr;
    }

    std::string region_name(const std::string& region_code) const override {
        for (const auto& division : divisions_) {
            if (text_of(division.as_object(), "code") == region_code) return text_of(division.as_object(), "name");
        }
        return region_code;
    }

    std::vector<std::string> regions_with_authority() const override {
        std::vector<std::string> regions;
        for (const auto& authority : authorities_) {
            regions.insert(regions.end(), authority.region_codes.begin(), authority.region_codes.end());
        }
        return regions;
    }

    std::vector<http::Endpoint> routes() override { return catalog_routes(*this, authorities_, divisions_); }

  private:
    void add_authority(const boost::json::object& one) {
        Authority authority{text_of(one, "region_code"),          text_of(one, "name"),  text_of(one, "short_name"),
                            text_of(one, "credit_code"),          text_of(one, "phone"), text_of(one, "address"),
                            text_of(one, "reconsideration_body"), text_of(one, "court"), {}};
        for (const auto& code : one.at("region_codes").as_array())
            authority.region_codes.emplace_back(code.as_string());
        authorities_.push_back(std::move(authority));
    }

    SharedFacts shared_facts() const {
        SharedFacts facts;
        facts.find_authority = [this](const std::string& region_code) { return find_authority(region_code); };
        facts.find_division = [this](const std::string& region_code) -> boost::json::value {
            for (const auto& division : divisions_) {
                if (text_of(division.as_object(), "code") == region_code) return division;
            }
            return nullptr;
        };
        for (int year = kFirstCalendarYear; year <= kLastCalendarYear; ++year) {
            if (calendar_.is_published(year)) facts.published_years.emplace_back(year);
        }
        return facts;
    }

    Result<void> keep(const Matter& matter, const std::string& files, std::int64_t now_ms) {
        return database_.transact([&](db::Session& session) {
            // False means that this very version was kept by an earlier start.
            const bool is_new =
                store::insert(session, {matter.matter_code(), matter.version(),
                                        text_of(matter.settings(), "effective_from_on"), now_ms, files});
            (void)is_new;
        });
    }

    db::Database& database_;
    calendar::Calendar calendar_;
    std::vector<Authority> authorities_;
    boost::json::array divisions_;
    std::vector<std::shared_ptr<const Matter>> in_force_;
    std::map<std::string, std::string> kept_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const Matter>> earlier_;
};

}  // namespace

Result<std::unique_ptr<Catalog>> open_catalog(db::Database& database, const fs::path& folder, std::int64_t now_ms) {
    auto catalog = std::make_unique<CatalogService>(database);
    KAIGONG_CHECK(catalog->read_shared(folder / "shared"));
    KAIGONG_CHECK(catalog->read_matters(folder, now_ms));
    KAIGONG_CHECK(catalog->read_kept());
    return std::unique_ptr<Catalog>(std::move(catalog));
}

}  // namespace kaigong::catalog
