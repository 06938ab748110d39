// serve, migrate: running the program.
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
#include "db/mariadb_url.hpp"
#include "http/server.hpp"
#include "modules/identity/factors.hpp"

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
    provider.id_number_claim = file.text("provider.id_number_claim", "");
    provider.chinese = file.text("provider.words", "统一身份登录");
    provider.english = file.text("provider.words_en", "Sign in with the public identity");
    return provider.issuer.empty() ? std::nullopt : std::optional(std::move(provider));
}

/// A sixteenth of the machine's memory, within bounds: with two kilobytes an answer that is a whole province's permits.
std::int64_t rendered_cache_mib_default() {
    const auto mib = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) >> 20;
    return std::clamp<std::int64_t>(mib / 16, 16, 4'096);
}

/// How strict the door is (modules/identity/policy.hpp). A demo may be told anything; a bureau nothing that leaves its
/// officers without a second factor.
identity::Policy read_policy(Settings& file, bool demo) {
    using identity::kDayMs;
    using identity::kHourMs;
    using identity::kMinuteMs;
    auto policy = demo ? identity::demo_policy() : identity::Policy{};
    const auto minutes = [&](const char* key, std::int64_t& value, IntegerRule rule) {
        value = file.integer(key, value / kMinuteMs, rule) * kMinuteMs;
    };
    policy.failures_max = static_cast<int>(file.integer("identity.failures_max", policy.failures_max, {3, 20}));
    minutes("identity.lock_minutes", policy.lock_ms, {1, 1'440});
    minutes("identity.idle_minutes", policy.idle_ms, {1, 480});
    minutes("identity.recent_minutes", policy.recent_ms, {1, 60});
    policy.absolute_ms = file.integer("identity.absolute_hours", policy.absolute_ms / kHourMs, {1, 24}) * kHourMs;
    policy.password_age_ms =
        file.integer("identity.password_days", policy.password_age_ms / kDayMs, {demo ? 0 : 1, 365}) * kDayMs;
    policy.staff_by_provider_only = file.boolean("identity.officers_by_provider_only", false);
    policy.emergency_accounts = file.texts("identity.emergency_accounts", {});
    policy.first_password_ms =
        file.integer("identity.first_password_hours", policy.first_password_ms / kHourMs, {1, 720}) * kHourMs;
    policy.messages_kept_ms =
        file.integer("identity.messages_days", policy.messages_kept_ms / kDayMs, {1, 3'650}) * kDayMs;
    if (!demo) policy.published_password = kDemoPassword;
    if (demo) policy.factor_forced = file.boolean("identity.second_factor_forced", policy.factor_forced);
    return policy;
}

/// Who handles personal values here, and whom people ask about them.
PrivacyNotice read_privacy(Settings& file, bool demo) {
    return {file.text("privacy.handler", demo ? "示例市住房和城乡建设局（演示）" : ""),
            file.text("privacy.contact", demo ? "示例市政务服务中心一楼综合窗口（演示）" : "")};
}

constexpr std::int64_t kHstsSecondsDefault = 365LL * 24 * 60 * 60;

/// Limits of the edge. In a demo everybody comes from this machine and under a handful of published names, so that what
/// is much for one would be little for all: there the limits of addresses and accounts are off until somebody sets
/// them.
http::ServerLimits read_limits(Settings& file, bool demo) {
    http::ServerLimits limits;
    const auto number = [&](const char* key, std::int64_t fallback, IntegerRule rule) {
        return file.integer(std::string("server.limits.") + key, fallback, rule);
    };
    const auto rate = [&](const char* key, std::int64_t fallback) {
        return http::Rate{static_cast<std::uint32_t>(number(key, demo ? 0 : fallback, {0, 100'000}))};
    };
    const auto seconds = [&](const char* key, std::chrono::milliseconds& limit) {
        limit = std::chrono::seconds(number(key, limit.count() / 1'000, {1, 3'600}));
    };
    const auto connections = number("connections", static_cast<std::int64_t>(limits.connections_max), {16, 100'000});
    limits.connections_max = static_cast<std::size_t>(connections);
    limits.connections_per_address_max =
        static_cast<std::size_t>(number("connections_of_address", demo ? connections : 512, {1, 100'000}));
    limits.address_rate = rate("requests_of_address", 300);
    limits.account_rate = rate("requests_of_account", 100);
    limits.read_rate = rate("reads_of_route", 200);
    limits.write_rate = rate("writes_of_route", 50);
    limits.slow_rate = rate("slow_of_route", 10);
    seconds("first_byte_s", limits.first_byte_timeout);
    seconds("header_s", limits.header_timeout);
    seconds("handshake_s", limits.handshake_timeout);
    seconds("idle_s", limits.idle_timeout);
    seconds("body_grace_s", limits.body_grace);
    seconds("write_s", limits.write_timeout);
    return limits;
}

/// TLS by this process, and what goes with it.
Result<void> read_tls(Settings& file, ServeSettings& settings) {
    settings.tls = {file.text("server.tls_certificate", ""), file.text("server.tls_key", "")};
    if (settings.tls.certificate.empty() != settings.tls.key.empty()) {
        return invalid_field("server.tls_key", "app.tls_half_set",
                             "server.tls_certificate 和 server.tls_key 要一起写,或都不写,请补齐。");
    }
    if (file.is_set("server.redirect_port")) {
        settings.server.redirect_port =
            static_cast<std::uint16_t>(file.integer("server.redirect_port", 80, {0, 65'535}));
    }
    const auto& public_url = settings.bureau.public_url;
    const bool is_secure = public_url.starts_with("https://");
    if (!is_secure && (settings.server.redirect_port || !settings.tls.empty())) {
        return invalid_field("server.public_url", "app.public_url_not_secure",
                             "启用 TLS 后 server.public_url 要写成 https://,二维码和跳转都用它,请改正。");
    }
    settings.server.public_url = public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
    const auto hsts = file.integer("server.hsts_seconds", kHstsSecondsDefault, {0, 10 * kHstsSecondsDefault});
    settings.server.hsts_max_age = std::chrono::seconds(is_secure ? hsts : 0);
    return {};
}

/// A demo has nobody's data.
Result<std::string> read_database_url(std::string url, bool demo) {
    if (demo || !db::is_far_without_tls(url)) return url;
    return invalid_field("database.url", "app.database_without_tls",
                         "数据库在另一台主机上，地址中却没有 tls_ca：数据会明文传输。请在地址末尾加上 "
                         "?tls_ca=签发数据库证书的机构证书（绝对路径）；用隧道的，地址写 127.0.0.1。");
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
    KAIGONG_TRY(database_url,
                read_database_url(option(arguments, "--database", file.text("database.url", "")), bureau.demo));
    bureau.database_url = std::move(database_url);
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
    bureau.quick_passwords = bureau.demo && flag(arguments, "--quick-passwords");
    settings.server.address = file.text("server.address", "127.0.0.1");
    settings.server.hosts = file.texts("server.hosts", {});
    settings.server.trusted_proxies = file.texts("server.trusted_proxies", {});
    const auto port =
        std::stoi(option(arguments, "--port", std::to_string(file.integer("server.port", 8600, {0, 65'535}))));
    settings.server.port = static_cast<std::uint16_t>(port);
    bureau.public_url = file.text("server.public_url", fmt::format("http://127.0.0.1:{}", port));
    settings.server.limits = read_limits(file, bureau.demo);
    KAIGONG_CHECK(read_tls(file, settings));
    bureau.provider = read_provider(file);
    const auto cache_mib = file.integer("server.rendered_cache_mib", rendered_cache_mib_default(), {1, 65'536});
    bureau.rendered_cache_bytes = static_cast<std::size_t>(cache_mib) << 20U;
    settings.web_folder = file.text("web.folder", "web/dist");
    bureau.built_page = settings.web_folder / "verify" / "kaigong-verify.html";
    KAIGONG_TRY(start_ms, clock_start(option(arguments, "--clock-start")));
    bureau.demo_clock_start_ms = start_ms;
    bureau.policy = read_policy(file, bureau.demo);
    bureau.privacy = read_privacy(file, bureau.demo);
    bureau.consultation_working_days_max = static_cast<int>(
        file.integer("approval.consultation_working_days", bureau.consultation_working_days_max, {1, 60}));
    bureau.policy.webauthn_rp_id = file.text("identity.webauthn_rp_id", "");
    KAIGONG_CHECK(identity::factor_site(bureau.public_url, bureau.policy.webauthn_rp_id));
    bureau.message_gateway = {file.text("messages.gateway_url", ""), file.secret("messages.gateway_secret").reveal()};
    KAIGONG_CHECK(file.finish());
    KAIGONG_CHECK(check_message_gateway(bureau.message_gateway));
    if (bureau.policy.staff_by_provider_only && !bureau.provider) {
        return invalid_field(
            "identity.officers_by_provider_only", "app.provider_missing",
            "只许从统一身份平台登录（identity.officers_by_provider_only）时，须配置 provider.issuer。");
    }
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
    std::unique_ptr<http::TlsKeys> tls;
    if (!settings.tls.empty()) {
        KAIGONG_TRY(keys, http::TlsKeys::open(settings.tls));
        tls = std::move(keys);
    }
    KAIGONG_TRY(bureau, Bureau::open(settings.bureau));
    if (settings.bureau.demo) {
        const auto departments = catalog::department_names(bureau->catalog());
        KAIGONG_CHECK(make_demo_accounts(bureau->identity(), departments, bureau->clock().now_ms()));
    } else {
        KAIGONG_CHECK(refuse_demo_accounts(bureau->identity()));
    }
    KAIGONG_CHECK(bureau->identity().check_ways_in());
    http::Router router;
    router.add(bureau->endpoints());
    std::optional<http::StaticFiles> web;
    if (fs::exists(settings.web_folder / "index.html")) {
        KAIGONG_TRY(files, http::StaticFiles::load({"/app/", settings.web_folder, true}));
        web.emplace(std::move(files));
    }
    http::ServerParts parts{&router, &bureau->authenticator(), &bureau->rendered_cache(), &bureau->metrics(), {}};
    if (web) parts.static_files.push_back(&*web);
    parts.tls = tls.get();
    parts.origin_allowed = [&](std::string_view origin) { return bureau->oauth().origin_allowed(origin); };
    KAIGONG_CHECK(bureau->start());
    KAIGONG_TRY(server, http::Server::start(settings.server, parts));
    fmt::print("kaigong: ready on {}://{}:{}\n", tls ? "https" : "http", settings.server.address, server->port());
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

}  // namespace kaigong::app
