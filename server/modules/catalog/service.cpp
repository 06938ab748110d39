#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>

#include "base/json_members.hpp"
#include "base/log.hpp"
#include "modules/catalog/calendar_book.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/package_errors.hpp"
#include "modules/catalog/register_list.hpp"
#include "modules/catalog/routes.hpp"
#include "modules/catalog/store.hpp"
#include "modules/catalog/version_book.hpp"

namespace kaigong::catalog {
namespace {

namespace fs = std::filesystem;

Error unreadable(const fs::path& path) {
    return error(Errc::unavailable, "catalog.folder_unreadable", path.string() + " 读不出来，请检查目录和权限。");
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

Result<std::vector<calendar::YearTable>> read_calendar(const fs::path& folder) {
    std::vector<calendar::YearTable> tables;
    std::error_code fault;
    for (const auto& entry : fs::directory_iterator(folder, fault)) {
        if (entry.path().extension() != ".json") continue;
        KAIGONG_TRY(text, read_text(entry.path()));
        KAIGONG_TRY(table, calendar::year_table_from_text(text));
        tables.push_back(std::move(table));
    }
    if (fault) return unreadable(folder);
    // Two files of one year are found before either is kept.
    KAIGONG_CHECK(calendar::Calendar::of(tables));
    std::ranges::sort(tables, {}, &calendar::YearTable::year);
    return tables;
}

Result<boost::json::array> divisions_in(const fs::path& shared) {
    KAIGONG_TRY(text, read_text(shared / "divisions.json"));
    KAIGONG_TRY(parsed, parse_json(text));
    return parsed.at("divisions").as_array();
}

Result<AuthorityTree> authorities_in(const fs::path& shared, const boost::json::array& divisions) {
    KAIGONG_TRY(text, read_text(shared / "authorities.json"));
    KAIGONG_TRY(parsed, parse_json(text));
    return AuthorityTree::read(parsed, divisions);
}

std::vector<Authority> issuing(const AuthorityTree& tree) {
    auto all = tree.all();
    std::erase_if(all, [](const Authority& one) { return one.region_codes.empty(); });
    return all;
}

/// What the folder's file says that the law or those above do not let an authority decide.
Error settings_refused(const Authority& authority, const Error& why) {
    return error(Errc::invalid_input, "catalog.authorities_malformed",
                 "目录文件 shared/authorities.json 有误：" + authority.name + "（" + authority.region_code +
                     "）的 settings：" + why.message);
}

class CatalogService final : public Catalog {
  public:
    CatalogService(db::Database& database, const Clock& clock, const RegisterSource& registers)
        : database_(database), clock_(clock), register_source_(registers) {}

    Result<void> read_shared(const fs::path& folder) {
        KAIGONG_TRY(years, read_calendar(folder / "holidays"));
        KAIGONG_TRY(divisions, divisions_in(folder));
        divisions_ = std::move(divisions);
        KAIGONG_TRY(tree, authorities_in(folder, divisions_));
        tree_ = std::move(tree);
        authorities_ = issuing(tree_);
        KAIGONG_TRY(country, calendar::Calendar::of(years));
        for (const auto& one : tree_.all()) {
            if (const auto fine = check_local_days(country, one.settings, office_date(clock_.now_ms())); !fine) {
                return settings_refused(one, fine.error());
            }
        }
        KAIGONG_CHECK(keep_folder_calendar(database_, years, tree_, clock_.now_ms()));
        KAIGONG_CHECK(refresh_calendar());
        KAIGONG_TRY(registers_text, read_text(folder / "registers.json"));
        KAIGONG_TRY(registers_json, parse_json(registers_text));
        KAIGONG_TRY(registers, read_registers(registers_json));
        registers_ = std::move(registers);
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
        KAIGONG_CHECK(refresh());
        // A version in force that this program cannot read any more is found at the start, not by the first applicant.
        for (const auto& matter : published_) {
            if (auto usable = load_matter(matter->matter_code()); !usable) {
                if (usable.error().reason != "catalog.matter_unknown") return usable.error();
            }
        }
        return {};
    }

    /// What the folder's authorities promise, once it is known of what.
    Result<void> check_authorities() const {
        const SettingsOf of_folder = [](const Authority& one) -> const AuthoritySettings& { return one.settings; };
        for (const auto& one : tree_.all()) {
            auto settings = one.settings;
            // A bureau may offer fewer matters than the list of authorities speaks of: the rest of it says nothing
            // here.
            const auto gone = std::erase_if(settings.promised_working_days, [&](const auto& promise) {
                return !code_folders_.contains(promise.first);
            });
            if (gone > 0) log_event(LogLevel::warning, "catalog.promise_of_no_matter", {{"region", one.region_code}});
            const auto fine = check_promises({tree_, of_folder, published_}, one, settings);
            if (!fine) return settings_refused(one, fine.error());
        }
        return {};
    }

    Result<void> refresh() override {
        const std::scoped_lock one_at_a_time(refreshing_);
        KAIGONG_CHECK(refresh_calendar());
        KAIGONG_TRY(rows, database_.read([](db::Session& session) { return store::all_facts(session); }));
        std::map<std::string, std::vector<KeptVersion>> versions;
        for (auto& row : rows) {
            auto kept = kept_of(std::move(row));
            KAIGONG_TRY(files, files_of(kept));
            kept.files = std::move(files);
            versions[kept.matter_code].push_back(std::move(kept));
        }
        VersionBook::Picture picture;
        for (auto& [matter_code, list] : versions) {
            picture[matter_code] = std::make_shared<const MatterVersions>(std::move(list), folder_version(matter_code));
        }
        book_.replace(std::move(picture));
        return {};
    }

    const VersionBook& versions() const override { return book_; }

    std::vector<std::shared_ptr<const Matter>> matters() const override {
        std::vector<std::shared_ptr<const Matter>> offered;
        for (const auto& matter : published_) {
            if (auto in_force = load_matter(matter->matter_code())) offered.push_back(std::move(*in_force));
        }
        return offered;
    }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code) const override {
        const auto versions = book_.find(matter_code);
        if (folder_version(matter_code).empty() || versions == nullptr) return matter_unknown();
        const auto* in_force = versions->in_force(to_string(office_date(clock_.now_ms())));
        return in_force == nullptr ? matter_unknown() : read_version(*in_force);
    }

    Result<std::shared_ptr<const Matter>> load_matter(const std::string& matter_code,
                                                      const std::string& version) const override {
        const auto versions = book_.find(matter_code);
        const auto* kept = versions == nullptr ? nullptr : versions->find(version);
        if (kept == nullptr) {
            return error(Errc::not_found, "catalog.version_unknown", "这件申请使用的事项版本没有保存，请联系管理员。");
        }
        return read_version(*kept);
    }

    std::shared_ptr<const OfficeCalendar> calendar() const override { return calendar_book_.picture()->calendar; }

    Result<std::shared_ptr<const OfficeCalendar>> calendar_since(std::int64_t number) const override {
        auto at_hand = calendar();
        if (at_hand->number >= number) return at_hand;
        KAIGONG_CHECK(refresh_calendar());
        return calendar();
    }

    const CalendarBook& calendar_years() const override { return calendar_book_; }

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

    const std::vector<Authority>& authorities() const override { return authorities_; }
    const AuthorityTree& authority_tree() const override { return tree_; }

    int promised_working_days(const Matter& matter, const std::string& region_code) const override {
        const auto* authority = tree_.issuing_in(region_code);
        if (authority == nullptr) return matter.promised_working_days();
        const auto picture = calendar_book_.picture();
        const auto settings_of = [&](const Authority& one) -> const AuthoritySettings& {
            return picture->settings_of(one.region_code);
        };
        return promise_in(tree_, settings_of, *authority, matter).working_days;
    }

    std::vector<http::Endpoint> routes() override { return catalog_routes(*this, authorities_, divisions_); }

  private:
    static KeptVersion kept_of(store::VersionFactsRow row) {
        KeptVersion kept;
        kept.matter_code = std::move(row.matter_code);
        kept.version = std::move(row.version);
        kept.effective_from_on = std::move(row.effective_from_on);
        kept.published_at_ms = row.published_at_ms;
        kept.of_office = row.base_version.has_value();
        kept.base_version = std::move(row.base_version).value_or("");
        kept.edited_by = std::move(row.edited_by).value_or("");
        kept.published_by = std::move(row.published_by).value_or("");
        kept.note = std::move(row.note).value_or("");
        kept.withdrawn = row.withdrawn_at_ms.has_value();
        return kept;
    }

    /// Of a version that is known already, its texts in memory: they never change.
    Result<std::shared_ptr<const MatterFiles>> files_of(const KeptVersion& kept) {
        const auto known = book_.find(kept.matter_code);
        if (const auto* same = known == nullptr ? nullptr : known->find(kept.version)) return same->files;
        KAIGONG_TRY(text, database_.read([&](db::Session& session) {
            return store::files_of(session, kept.matter_code, kept.version);
        }));
        return std::make_shared<const MatterFiles>(from_json_text(text));
    }

    /// Read whole only when something was published since.
    Result<void> refresh_calendar() const {
        KAIGONG_TRY(rows, database_.read([&](db::Session& session) -> std::vector<store::CalendarYearRow> {
            if (store::last_calendar_number(session) <= calendar()->number) return {};
            return store::calendar_years(session);
        }));
        if (rows.empty()) return {};
        KAIGONG_TRY(picture, calendar_picture(rows, tree_));
        calendar_book_.replace(std::move(picture));
        return {};
    }

    std::string folder_version(const std::string& matter_code) const {
        for (const auto& matter : published_) {
            if (matter->matter_code() == matter_code) return matter->version();
        }
        return "";
    }

    /// Read when it is first asked for, so that a start does not read all that ever was; outside the lock, so that
    /// nobody waits for a version that somebody else asks for.
    Result<std::shared_ptr<const Matter>> read_version(const KeptVersion& kept) const {
        const auto key = kept.matter_code + "@" + kept.version;
        {
            const std::scoped_lock lock(mutex_);
            if (const auto known = read_.find(key); known != read_.end()) return known->second;
        }
        KAIGONG_TRY(matter, LoadedMatter::read(*kept.files, shared_facts(),
                                               LoadedMatter::Naming{kept.version, kept.effective_from_on}));
        const std::scoped_lock lock(mutex_);
        return read_.emplace(key, std::move(matter)).first->second;
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
        facts.ask_registers = [this](const PrecheckInput& input) {
            return register_inputs(registers_, register_source_, input, clock_.now_ms());
        };
        facts.published_years = [this] {
            boost::json::array years;
            const auto picture = calendar_book_.picture();
            for (const auto& entry : picture->years) years.emplace_back(entry.first);
            return years;
        };
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
    const RegisterSource& register_source_;
    std::vector<Register> registers_;
    mutable CalendarBook calendar_book_;
    AuthorityTree tree_;
    std::vector<Authority> authorities_;  ///< those that issue
    boost::json::array divisions_;
    std::map<std::string, fs::path> code_folders_;
    /// What the folder holds; what is in force, `load_matter` says.
    std::vector<std::shared_ptr<const Matter>> published_;
    VersionBook book_;
    std::mutex refreshing_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const Matter>> read_;
};

}  // namespace

Result<std::vector<Authority>> read_authorities(const fs::path& folder) {
    KAIGONG_TRY(divisions, divisions_in(folder / "shared"));
    KAIGONG_TRY(tree, authorities_in(folder / "shared", divisions));
    return issuing(tree);
}

Result<std::unique_ptr<Catalog>> open_catalog(db::Database& database, const fs::path& folder, const Clock& clock,
                                              const RegisterSource& registers) {
    auto catalog = std::make_unique<CatalogService>(database, clock, registers);
    KAIGONG_CHECK(catalog->read_shared(folder / "shared"));
    KAIGONG_CHECK(catalog->read_matters(folder));
    KAIGONG_CHECK(catalog->check_authorities());
    return std::unique_ptr<Catalog>(std::move(catalog));
}

}  // namespace kaigong::catalog
