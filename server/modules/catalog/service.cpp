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

Error matter_unknown() {
    return error(Errc::not_found, "catalog.matter_unknown", "没有这个事项，请从办事指南中选择。");
}

Error matter_twice(const fs::path& first, const fs::path& second, const std::string& matter_code) {
    return error(Errc::invalid_input, "catalog.matter_twice",
                 "目录 " + first.string() + " 和 " + second.string() + " 的 matter_code 都是 " + matter_code +
                     "。请改正其中一个，或移走多余的目录，再重新启动。");
}

Result<std::string> read_text(const fs::path& path) {
    const std::ifstream in(path, std::ios::binary);
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
    CatalogService(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

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

    Result<void> read_matters(const fs::path& folder) {
        std::set<fs::path> folders;
        std::error_code fault;
        for (const auto& entry : fs::directory_iterator(folder, fault)) {
            if (fs::exists(entry.path() / "matter.json")) folders.insert(entry.path());
        }
        if (fault || folders.empty()) return unreadable(folder);
        for (const auto& one : folders) {
            KAIGONG_TRY(files, read_matter_folder(one));
            const auto text = to_json_text(files);
            KAIGONG_TRY(matter, LoadedMatter::read(files, shared_facts()));
            if (const auto known = code_folders_.find(matter->matter_code()); known != code_folders_.end()) {
                return matter_twice(known->second, one, matter->matter_code());
            }
            code_folders_.emplace(matter->matter_code(), one);
            KAIGONG_CHECK(keep(*matter, text, clock_.now_ms()));
            published_.push_back(matter);
        }
        return {};
    }

    /// Texts of all versions, so that an application's own version can be read in the middle of a transaction.
    Result<void> read_kept() {
        KAIGONG_TRY(rows, database_.read([](db::Session& session) { return store::all(session); }));
        for (auto& row : rows) {
            kept_versions_[row.matter_code].push_back({row.version, row.effective_from_on, row.published_at_ms});
            kept_[row.matter_code + "@" + row.version] = std::move(row.files);
        }
        return {};
    }

    std::vector<std::shared_ptr<const Matter>> matters() const override {
        std::vector<std::shared_ptr<const Matter>> offered;
        for (const auto& matter : published_) {
            if (auto in_force = load_matter(matter->matter_code())) offered.push_back(std::move(*in_force));
        }
        return offered;
    }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code) const override {
        const auto today = to_string(office_date(clock_.now_ms()));
        const auto found =
            std::ranges::find_if(published_, [&](const auto& matter) { return matter->matter_code() == matter_code; });
        if (found == published_.end()) return matter_unknown();
        if ((*found)->effective_from_on() <= today) return *found;
        const auto version = version_before(matter_code, (*found)->version(), today);
        if (version.empty()) return matter_unknown();
        return load_matter(matter_code, version);
    }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code,
                                                      const std::string& version) const override {
        for (const auto& matter : published_) {
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

    struct KeptVersion {
        std::string version;
        std::string effective_from_on;
        std::int64_t published_at_ms = 0;
    };

    /// The kept version that is in force while the folder's waits for its day; empty when there is none. One that was
    /// replaced before its own day came never takes effect.
    std::string version_before(const std::string& matter_code, const std::string& waiting,
                               const std::string& today) const {
        const auto kept = kept_versions_.find(matter_code);
        if (kept == kept_versions_.end()) return "";
        const KeptVersion* best = nullptr;
        for (const auto& one : kept->second) {
            const bool replaced = std::ranges::any_of(kept->second, [&](const KeptVersion& later) {
                return later.published_at_ms > one.published_at_ms &&
                       one.effective_from_on > to_string(office_date(later.published_at_ms));
            });
            if (one.version == waiting || one.effective_from_on > today || replaced) continue;
            const auto rank = [](const KeptVersion& of) { return std::pair(of.effective_from_on, of.published_at_ms); };
            if (best == nullptr || rank(*best) < rank(one)) best = &one;
        }
        return best == nullptr ? "" : best->version;
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
    const Clock& clock_;
    calendar::Calendar calendar_;
    std::vector<Authority> authorities_;
    boost::json::array divisions_;
    std::map<std::string, fs::path> code_folders_;
    /// What the folder holds; whether it is in force already, `load_matter` says.
    std::vector<std::shared_ptr<const Matter>> published_;
    std::map<std::string, std::vector<KeptVersion>> kept_versions_;
    std::map<std::string, std::string> kept_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const Matter>> earlier_;
};

}  // namespace

Result<std::unique_ptr<Catalog>> open_catalog(db::Database& database, const fs::path& folder, const Clock& clock) {
    auto catalog = std::make_unique<CatalogService>(database, clock);
    KAIGONG_CHECK(catalog->read_shared(folder / "shared"));
    KAIGONG_CHECK(catalog->read_matters(folder));
    KAIGONG_CHECK(catalog->read_kept());
    return std::unique_ptr<Catalog>(std::move(catalog));
}

}  // namespace kaigong::catalog
