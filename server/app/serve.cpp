// serve, migrate, ready, routes: running the program.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "app/bureau.hpp"
#include "app/demo_bureau.hpp"
#include "app/serve_settings.hpp"
#include "app/verbs.hpp"
#include "base/log.hpp"
#include "base/settings.hpp"
#include "http/server.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;

/// `2026-11-23T09:00:00+08:00`, the office's time; 0 when it is empty.
Result<std::int64_t> clock_start(const std::string& text) {
    if (text.empty()) return 0;
    const auto date = parse_date(std::string_view(text).substr(0, 10));
    const bool shaped = date && text.size() >= 16 && text[10] == 'T' && text[13] == ':';
    const auto digits = [&](std::size_t at) {
        int value = -1;
        std::from_chars(text.data() + at, text.data() + at + 2, value);
        return value;
    };
    if (!shaped || digits(11) < 0 || digits(11) > 23 || digits(14) < 0 || digits(14) > 59 ||
        !text.ends_with("+08:00")) {
        return error(Errc::invalid_input, "app.clock_start_malformed",
                     "--clock-start 应写成 2026-11-23T09:00:00+08:00 这样。");
    }
    return office_midnight_ms(*date) + (digits(11) * 60 + digits(14)) * 60'000LL;
}

constexpr std::array<JsonName<oauth::Provision>, 3> kProvisions{{{"nobody", oauth::Provision::nobody},
                                                                 {"public_accounts", oauth::Provision::public_accounts},
                                                                 {"officers", oauth::Provision::officers}}};

/// Nothing where no issuer is named.
std::optional<oauth::ProviderSettings> read_provider(Settings& file) {
    oauth::ProviderSettings provider;
    provider.issuer = file.text("provider.issuer", "");
    provider.client_id = file.text("provider.client_id", "");
    provider.client_secret = file.secret("provider.client_secret");
    provider.hosts = file.texts("provider.hosts", {});
    provider.provision = file.one_of<oauth::Provision>("provider.provision", oauth::Provision::nobody, kProvisions);
    provider.officer_claim = file.text("provider.officer_claim", "");
    provider.officer_value = file.text("provider.officer_value", "");
    provider.name_claim = file.text("provider.name_claim", "name");
    provider.chinese = file.text("provider.words", "统一身份登录");
    provider.english = file.text("provider.words_en", "Sign in with the public identity");
    return provider.issuer.empty() ? std::nullopt : std::optional(std::move(provider));
}

/// A sixteenth of the machine's memory, within bounds: with two kilobytes an answer that is a whole province's permits.
std::int64_t rendered_cache_mib_default() {
    const auto mib = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) >> 20;
    return std::clamp<std::int64_t>(mib / 16, 16, 4'096);
}

}  // namespace

Result<ServeSettings> read_settings(const Arguments& arguments) {
    KAIGONG_TRY(file, Settings::open(option(arguments, "--config"), environment_of_process()));
    file.leave_to_others({"KAIGONG_URL", "KAIGONG_BINARY", "KAIGONG_KILL_ROUNDS"});
    ServeSettings settings;
    auto& bureau = settings.bureau;
    bureau.demo = flag(arguments, "--demo");
    bureau.data_folder =
        option(arguments, "--data", file.text("data.folder", bureau.demo ? "data/demo" : "data/bureau"));
    bureau.catalog_folder = file.text("catalog.folder", "catalog");
    bureau.key_file = file.text("keys.file", bureau.demo ? (bureau.data_folder / "keys.json").string() : "");
    bureau.database_url = option(arguments, "--database", file.text("database.url", ""));
    bureau.signing_folder = file.text("signing.folder", "");
    bureau.signing_socket = file.text("signing.socket", "");
    bureau.signing_passphrase = file.secret("signing.passphrase").reveal();
    KAIGONG_TRY(timestamps,
                read_timestamp_authority(file.text("signing.tsa_url", ""), file.text("signing.tsa_roots", "")));
    bureau.timestamps = std::move(timestamps);
    KAIGONG_TRY(witnesses, read_witnesses(file.texts("ledger.witnesses", {})));
    bureau.witnesses_needed =
        static_cast<int>(file.integer("ledger.witnesses_needed", 0, {0, static_cast<std::int64_t>(witnesses.size())}));
    bureau.witnesses = std::move(witnesses);
    if (bureau.demo) bureau.dies_after_step = option(arguments, "--die-after");
    settings.server.address = file.text("server.address", "127.0.0.1");
    settings.server.hosts = file.texts("server.hosts", {});
    settings.server.trusted_proxies = file.texts("server.trusted_proxies", {});
    const auto port =
        std::stoi(option(arguments, "--port", std::to_string(file.integer("server.port", 8600, {0, 65'535}))));
    settings.server.port = static_cast<std::uint16_t>(port);
    bureau.public_url = file.text("server.public_url", fmt::format("http://127.0.0.1:{}", port));
    bureau.provider = read_provider(file);
    const auto cache_mib = file.integer("server.rendered_cache_mib", rendered_cache_mib_default(), {1, 65'536});
    bureau.rendered_cache_bytes = static_cast<std::size_t>(cache_mib) << 20U;
    settings.web_folder = file.text("web.folder", "web/dist");
    bureau.built_page = settings.web_folder / "verify" / "kaigong-verify.html";
    KAIGONG_TRY(start_ms, clock_start(option(arguments, "--clock-start")));
    bureau.demo_clock_start_ms = start_ms;
    KAIGONG_CHECK(file.finish());
    if (bureau.demo && settings.server.address != "127.0.0.1" && settings.server.address != "::1") {
        return error(Errc::forbidden, "app.demo_not_on_loopback",
                     "演示机构只能在本机（127.0.0.1）运行，它的密码是公开的。");
    }
    return settings;
}

namespace {

/// Blocks SIGTERM and SIGINT in every thread that starts from here on; `wait` takes them.
class StopSignals {
  public:
    StopSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGTERM);
        sigaddset(&set_, SIGINT);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    void wait() const {
        int signal = 0;
        sigwait(&set_, &signal);
    }

  private:
    sigset_t set_{};
};

Result<void> run(const ServeSettings& settings) {
    const StopSignals signals;
    KAIGONG_TRY(bureau, Bureau::open(settings.bureau));
    if (settings.bureau.demo) {
        const auto departments = catalog::department_names(bureau->catalog());
        KAIGONG_CHECK(make_demo_accounts(bureau->identity(), departments, bureau->clock().now_ms()));
    }
    http::Router router;
    router.add(bureau->endpoints());
    std::optional<http::StaticFiles> web;
    if (fs::exists(settings.web_folder / "index.html")) {
        KAIGONG_TRY(files, http::StaticFiles::load({"/app/", settings.web_folder, true}));
        web.emplace(std::move(files));
    }
    http::ServerParts parts{&router, &bureau->authenticator(), &bureau->rendered_cache(), &bureau->metrics(), {}};
    if (web) parts.static_files.push_back(&*web);
    bureau->start();
    KAIGONG_TRY(server, http::Server::start(settings.server, parts));
    fmt::print("kaigong: ready on http://{}:{}\n", settings.server.address, server->port());
    std::fflush(stdout);
    signals.wait();
    const bool finished = server->stop();
    bureau->stop();
    log_event(LogLevel::info, "app.stopped", {{"finished_all", finished}});
    return {};
}

}  // namespace

int serve(const Arguments& arguments) {
    const auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto done = run(*settings);
    return done ? kDone : refuse(done.error());
}

int migrate(const Arguments& arguments) {
    const auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto bureau = Bureau::open(settings->bureau);
    if (!bureau) return refuse(bureau.error());
    fmt::print("数据库已是最新版本。\n");
    return kDone;
}

int routes(const Arguments& arguments) {
    auto settings = read_settings(arguments);
    if (!settings) return refuse(settings.error());
    const auto folder = fs::temp_directory_path() / ("kaigong-routes-" + std::to_string(::getpid()));
    settings->bureau.data_folder = folder;
    settings->bureau.database_url.clear();
    settings->bureau.demo = true;
    settings->bureau.key_file = folder / "keys.json";
    boost::json::array list;
    {
        const auto bureau = Bureau::open(settings->bureau);
        if (!bureau) return refuse(bureau.error());
        constexpr std::array kAccess{"session", "optional_session", "anonymous", "loopback"};
        for (const auto& endpoint : (*bureau)->endpoints()) {
            list.push_back({{"method", to_string(endpoint.method)},
                            {"path", endpoint.path},
                            {"access", kAccess.at(static_cast<std::size_t>(endpoint.access))},
                            {"action", endpoint.action},
                            {"idempotency_key", endpoint.needs.idempotency_key},
                            {"if_match", endpoint.needs.if_match}});
        }
        boost::json::array grants;
        for (const auto& grant : (*bureau)->permissions().grants()) {
            grants.push_back(
                {{"role", to_string(grant.role)}, {"action", grant.action}, {"scope", to_string(grant.scope)}});
        }
        if (flag(arguments, "--json")) {
            fmt::print("{}\n", boost::json::serialize(boost::json::object{{"routes", list}, {"grants", grants}}));
        } else {
            for (const auto& one : list) {
                fmt::print("{:6} {} ({})\n", std::string(one.at("method").as_string()),
                           std::string(one.at("path").as_string()), std::string(one.at("access").as_string()));
            }
        }
    }
    fs::remove_all(folder);
    return kDone;
}

}  // namespace kaigong::app
