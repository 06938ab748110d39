// ledger: the log from outside (witness, mirror, serve) and from inside (fsck, adopt); docs/how-to/watch-the-log.md.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <charconv>
#include <fstream>
#include <thread>

#include "app/keys.hpp"
#include "app/ledger/fsck.hpp"
#include "app/ledger/log_folder_routes.hpp"
#include "app/ledger/watcher.hpp"
#include "app/serve_settings.hpp"
#include "app/signing_folder.hpp"
#include "app/verbs.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/signing.hpp"
#include "http/server.hpp"
#include "modules/evidence/adopt.hpp"

namespace kaigong::app {
namespace {

namespace json = boost::json;

constexpr const char* kLedgerUse =
    "ledger make-key NAME FILE\n"
    "ledger witness --log-url URL --vkey KEY --state DIR --key FILE [--once|--every SECONDS] [--listen PORT] "
    "[--host NAME] [--sandbox]\n"
    "ledger mirror --log-url URL --vkey KEY --folder DIR [--json]\n"
    "ledger serve --folder DIR --port N [--host NAME]\n"
    "ledger fsck --folder DIR --vkey KEY [--json]\n"
    "ledger fsck [--demo] [--data DIR] [--database URL] [--config FILE] [--json]\n"
    "ledger adopt [--demo] [--data DIR] [--database URL] [--config FILE] [--json]\n";
constexpr int kEverySecondsDefault = 60;
constexpr std::uint64_t kShownEvery = 50'000;

Error option_wanted(const char* name, const char* what) {
    return invalid_field(name, "app.option_missing", fmt::format("请用 {} 写明{}。", name, what));
}

Result<tlog::LogKeys> log_keys(const Arguments& arguments) {
    const auto text = option(arguments, "--vkey");
    if (text.empty()) return option_wanted("--vkey", "日志的公钥（trust.json 里 log.key 那一行）");
    KAIGONG_TRY(key, tlog::VerifierKey::parse(text));
    return tlog::LogKeys{key.name, {key}};
}

Result<std::string> needed(const Arguments& arguments, const char* name, const char* what) {
    auto value = option(arguments, name);
    if (value.empty()) return option_wanted(name, what);
    return value;
}

Result<int> number(const Arguments& arguments, const char* name, int fallback, int max) {
    const auto text = option(arguments, name, std::to_string(fallback));
    int value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault == std::errc() && end == text.data() + text.size() && value >= 0 && value <= max) return value;
    return option_wanted(name, fmt::format("不大于 {} 的数", max).c_str());
}

/// To people who wait, on the other channel than the answer.
FsckProgress shown_progress() {
    return [next = kShownEvery, last = std::string()](const std::string& what, std::uint64_t done,
                                                      std::uint64_t of) mutable {
        if (what != last) next = kShownEvery;
        last = what;
        if (done < next) return;
        next = done + kShownEvery;
        fmt::print(stderr, "{}: {}{}\n", what, done, of == 0 ? "" : fmt::format(" / {}", of));
    };
}

// make-key

Result<std::string> make_witness_key(const std::string& name, const std::string& file) {
    const auto seed = crypto::SigningKey::new_seed();
    KAIGONG_TRY(key, tlog::SignerKey::from_seed(name, tlog::SignatureType::cosignature, seed.bytes()));
    crypto::Bytes typed{static_cast<std::uint8_t>(tlog::SignatureType::cosignature)};
    typed.insert(typed.end(), seed.bytes().begin(), seed.bytes().end());
    const auto text =
        fmt::format("PRIVATE+KEY+{}+{:08x}+{}\n", name, key.verifier().key_id(), crypto::to_base64(typed));
    crypto::wipe(typed);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return error(Errc::conflict, "ledger.key_not_written",
                     "密钥文件 " + file + " 已经有了，或写不进去，没有动它。请换一个文件名，或检查权限。");
    }
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (written) return key.verifier().to_text();
    return error(Errc::unavailable, "ledger.key_not_written", "密钥文件没有写完整，请检查磁盘空间，删除后重做。");
}

Result<tlog::SignerKey> witness_key(const std::string& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) == 0 && (about.st_mode & 077U) != 0) {
        return error(Errc::forbidden, "ledger.key_too_open",
                     "密钥文件可以被其他用户读取，请改成只有本用户可读（0600）。");
    }
    KAIGONG_TRY(text, text_or_file("@" + file));
    KAIGONG_TRY(key, tlog::SignerKey::parse(std::string_view(text).substr(0, text.find('\n'))));
    if (key.verifier().type == tlog::SignatureType::cosignature) return std::move(key);
    return error(Errc::invalid_input, "ledger.key_of_a_log", "这不是见证密钥，请用 ledger make-key 生成一份。");
}

int make_key(const Arguments& words) {
    const auto made = make_witness_key(words[1], words[2]);
    if (!made) return refuse(made.error());
    fmt::print("{}\n", *made);
    return kDone;
}

// witness, mirror

json::array findings_of(const std::vector<tlog::Finding>& findings) {
    json::array all;
    for (const auto& one : findings) {
        all.push_back({{"name", one.name}, {"index", one.index}, {"zh", one.zh}, {"en", one.en}});
    }
    return all;
}

void print_findings(const std::vector<tlog::Finding>& findings) {
    for (const auto& one : findings) fmt::print("{}\n  {}\n  {}\n", one.name, one.zh, one.en);
}

void print_look(const std::string& origin, const Look& look, bool as_json) {
    if (as_json) {
        const json::object whole{
            {"log", origin},         {"size", look.shown.size},   {"root", tlog::hash_text(look.shown.root)},
            {"judged", look.judged}, {"cosigned", look.cosigned}, {"findings", findings_of(look.findings)}};
        fmt::print("{}\n", json::serialize(whole));
    } else {
        print_findings(look.findings);
        fmt::print("{}：{} 条，新看 {} 条，{}。\n", origin, look.shown.size, look.judged,
                   !look.findings.empty() ? "有警报，没有签名"
                   : look.cosigned        ? "已签名"
                   : look.is_older        ? "比已见过的旧，等待新的检查点"
                                          : "等待日志公布已签名的检查点");
    }
    std::fflush(stdout);
}

http::Endpoint add_checkpoint_endpoint(Watcher& watcher) {
    return {.method = http::Method::post,
            .path = "/add-checkpoint",
            .access = http::Access::anonymous,
            .body_bytes_max = tlog::kNoteBytesMax,
            .handler = [&watcher](const http::Request& request) -> Result<http::Reply> {
                auto answer = watcher.add_checkpoint(request.body);
                http::Reply reply;
                reply.status = answer.status;
                reply.content_type = std::move(answer.content_type);
                reply.body = std::move(answer.body);
                return reply;
            }};
}

/// The monitoring address of C2SP tlog-witness: logs are told apart by the hash of their origin.
http::Endpoint cosigned_endpoint(const Watcher& watcher, const std::string& origin) {
    return {.method = http::Method::get,
            .path = "/{origin_hash}/checkpoint",
            .access = http::Access::anonymous,
            .handler = [&watcher, hash = crypto::to_hex(crypto::sha256(crypto::view(origin)))](
                           const http::Request& request) -> Result<http::Reply> {
                auto note = request.path_parameter("origin_hash") == hash ? watcher.cosigned() : std::string();
                if (note.empty()) {
                    return error(Errc::not_found, "ledger.not_cosigned",
                                 "这里没有为这个日志签过检查点，请核对日志名称的摘要。");
                }
                http::Reply reply;
                reply.content_type = "text/plain; charset=utf-8";
                reply.body = std::move(note);
                return std::move(reply).with_header("Cache-Control", "no-cache");
            }};
}

/// A server of this machine until the program ends; the first line says where. `host`: the name under which a proxy
/// hands requests on, may be empty.
Result<std::unique_ptr<http::Server>> listen(const http::Router& router, int port, const std::string& host) {
    http::ServerOptions options;
    if (!host.empty()) options.hosts.push_back(host);
    options.port = static_cast<std::uint16_t>(port);
    http::ServerParts parts;
    parts.router = &router;
    KAIGONG_TRY(server, http::Server::start(options, parts));
    fmt::print(stderr, "kaigong: ready on http://127.0.0.1:{}\n", server->port());
    return std::move(server);
}

struct WitnessWish {
    std::string url;
    bool once = false;
    bool as_json = false;
    int every_seconds = kEverySecondsDefault;
    int port = -1;
    std::string host;
};

int watch(Watcher& watcher, const std::string& origin, const WitnessWish& wish) {
    LogOnNetwork source(wish.url);
    const auto show = shown_progress();
    for (;;) {
        const auto look = watcher.look(source, [&](auto done, auto of) { show(origin, done, of); });
        if (look) {
            print_look(origin, *look, wish.as_json);
            if (!look->findings.empty()) return kNegative;
        } else {
            refuse(look.error());
            // A request raised it meanwhile.
            if (look.error().reason == "ledger.alarm_stands") return kNegative;
        }
        if (wish.once) return look ? kDone : kRefused;
        std::this_thread::sleep_for(std::chrono::seconds(wish.every_seconds));
    }
}

Result<int> witness(const Arguments& arguments) {
    WitnessWish wish;
    KAIGONG_TRY(log, log_keys(arguments));
    KAIGONG_TRY(url, needed(arguments, "--log-url", "日志的网址（例如 https://…/ledger/permits）"));
    KAIGONG_TRY(folder, needed(arguments, "--state", "见证方保存状态的文件夹"));
    KAIGONG_TRY(key_file, needed(arguments, "--key", "见证密钥文件（ledger make-key 生成）"));
    KAIGONG_TRY(key, witness_key(key_file));
    KAIGONG_TRY(every, number(arguments, "--every", kEverySecondsDefault, 86'400));
    KAIGONG_TRY(port, number(arguments, "--listen", 0, 65'535));
    wish = {url,
            flag(arguments, "--once"),
            flag(arguments, "--json"),
            std::max(every, 1),
            flag(arguments, "--listen") ? port : -1,
            option(arguments, "--host")};
    const SystemClock clock;
    const auto origin = log.origin;
    auto watcher = Watcher::open({folder, std::move(log), std::move(key), clock, flag(arguments, "--sandbox")});
    if (!watcher && watcher.error().reason == "ledger.alarm_stands") {
        refuse(watcher.error());
        return kNegative;
    }
    if (!watcher) return watcher.error();
    http::Router router;
    router.add({add_checkpoint_endpoint(**watcher), cosigned_endpoint(**watcher, origin)});
    std::unique_ptr<http::Server> server;
    if (wish.port >= 0) {
        KAIGONG_TRY(started, listen(router, wish.port, wish.host));
        server = std::move(started);
    }
    const int code = watch(**watcher, origin, wish);
    if (server) server->stop();
    return code;
}

Result<int> mirror(const Arguments& arguments) {
    KAIGONG_TRY(log, log_keys(arguments));
    KAIGONG_TRY(url, needed(arguments, "--log-url", "日志的网址（例如 https://…/ledger/permits）"));
    KAIGONG_TRY(folder, needed(arguments, "--folder", "镜像文件夹"));
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    const auto lock = db::FileLock::acquire((std::filesystem::path(folder) / "checkpoint").string());
    if (!lock) return lock.error();
    const auto origin = log.origin;
    LogCopy copy(folder, std::move(log));
    KAIGONG_CHECK(copy.open());
    LogOnNetwork source(url);
    const auto before = copy.head().size;
    const auto show = shown_progress();
    KAIGONG_TRY(step, copy.follow(source, [&](auto done, auto of) { show(origin, done, of); }));
    if (step.withheld) return *step.withheld;
    if (flag(arguments, "--json")) {
        fmt::print("{}\n", json::serialize(json::object{{"log", origin},
                                                        {"size", copy.head().size},
                                                        {"added", copy.head().size - before},
                                                        {"findings", findings_of(step.findings)}}));
    } else {
        print_findings(step.findings);
        fmt::print("{}：镜像共 {} 条，新增 {} 条。\n", origin, copy.head().size, copy.head().size - before);
    }
    return step.findings.empty() ? kDone : kNegative;
}

// serve

Result<int> serve_mirror(const Arguments& arguments) {
    KAIGONG_TRY(folder, needed(arguments, "--folder", "镜像文件夹"));
    KAIGONG_TRY(port, number(arguments, "--port", 8'690, 65'535));
    if (!std::filesystem::exists(std::filesystem::path(folder) / "checkpoint")) {
        return error(Errc::not_found, "ledger.folder_empty",
                     "文件夹 " + folder + " 里没有日志，请先用 ledger mirror 复制一份。");
    }
    http::Router router;
    router.add(log_folder_routes(folder));
    const auto server = listen(router, port, option(arguments, "--host"));
    if (!server) return server.error();
    for (;;) ::pause();
}

// fsck

int print_report(const FsckReport& report, bool as_json) {
    if (as_json) {
        json::object checked;
        for (const auto& [what, count] : report.checked) checked[what] = count;
        json::array findings;
        for (const auto& one : report.findings) {
            findings.push_back({{"name", one.name}, {"where", one.where}, {"zh", one.zh}, {"en", one.en}});
        }
        fmt::print("{}\n", json::serialize(json::object{
                               {"found", report.found}, {"checked", checked}, {"findings", std::move(findings)}}));
    } else {
        for (const auto& one : report.findings) fmt::print("{} {}\n  {}\n  {}\n", one.name, one.where, one.zh, one.en);
        std::string counts;
        for (const auto& [what, count] : report.checked) counts += fmt::format(" {} {}", what, count);
        fmt::print("已核对：{}。{}\n", counts,
                   report.found == 0 ? "没有发现不符。" : fmt::format("发现 {} 处不符，见上。", report.found));
    }
    return report.found == 0 ? kDone : kNegative;
}

Result<int> fsck_folder(const Arguments& arguments) {
    KAIGONG_TRY(log, log_keys(arguments));
    const std::filesystem::path folder = option(arguments, "--folder");
    if (!std::filesystem::exists(folder / "checkpoint")) {
        return error(Errc::not_found, "ledger.folder_empty", "文件夹 " + folder.string() + " 里没有日志，请核对路径。");
    }
    FsckReport report;
    static_cast<void>(check_folder(folder, log, report, shown_progress()));
    return print_report(report, flag(arguments, "--json"));
}

Error server_runs(const std::string& which) {
    return error(Errc::conflict, "ledger.server_runs", "服务正在运行，请先停止它再核对。" + which);
}

/// A running server has its SQLite file for itself.
Result<std::unique_ptr<db::Database>> open_stopped(const BureauSettings& bureau) {
    db::Settings settings;
    const auto file = bureau.data_folder / "kaigong.db";
    settings.url = bureau.database_url.empty() ? "sqlite:" + file.string() : bureau.database_url;
    if (bureau.database_url.empty() && !std::filesystem::exists(file)) {
        return error(Errc::not_found, "ledger.no_database",
                     "没有数据库 " + file.string() + "，请用 --data 或 --database 写明。");
    }
    auto opened = db::Database::open(settings);
    if (!opened && opened.error().reason == "db.already_open") {
        return server_runs(opened.error().message);
    }
    return opened;
}

/// The authority's own logs, while its server is stopped.
struct StoppedBureau {
    db::FileLock instance;
    std::unique_ptr<db::Database> database;
    crypto::KeyRing ring;
    std::filesystem::path ledger;
    std::map<std::string, tlog::LogKeys> logs;
};

Result<StoppedBureau> stopped_bureau(const Arguments& arguments) {
    KAIGONG_TRY(settings, read_settings(arguments));
    const auto& bureau = settings.bureau;
    // On MariaDB a server holds the name in its data folder; those of other folders have to be stopped by hand.
    auto instance = db::FileLock::acquire((bureau.data_folder / "instance").string());
    if (!instance && instance.error().reason == "db.already_open") return server_runs(instance.error().message);
    if (!instance) return instance.error();
    KAIGONG_TRY(database, open_stopped(bureau));
    KAIGONG_TRY(ring, load_keys(bureau.key_file, false));
    const auto signing = bureau.signing_folder.empty() ? bureau.data_folder / "signing" : bureau.signing_folder;
    KAIGONG_TRY(keys, open_ledger_keys(signing, ring));
    const auto keys_of = [](const tlog::SignerKey& key) {
        return tlog::LogKeys{key.verifier().name, {key.verifier()}};
    };
    return StoppedBureau{std::move(*instance),
                         std::move(database),
                         std::move(ring),
                         bureau.data_folder / "ledger",
                         {{evidence::kPermitsLog, keys_of(keys.permits)}, {evidence::kAuditLog, keys_of(keys.audit)}}};
}

Result<int> fsck_bureau(const Arguments& arguments) {
    KAIGONG_TRY(bureau, stopped_bureau(arguments));
    FsckReport report;
    const auto progress = shown_progress();
    const FsckParts parts{*bureau.database, bureau.ring, progress};
    for (const auto& [name, log] : bureau.logs) {
        const auto files = check_folder(bureau.ledger / name, log, report, progress);
        KAIGONG_CHECK(check_log(parts, name, log, files, report));
    }
    KAIGONG_CHECK(check_certificates(parts, report));
    KAIGONG_CHECK(check_audit(parts, report));
    return print_report(report, flag(arguments, "--json"));
}

// adopt

void print_adopted(const std::string& name, const evidence::Adopted& done) {
    fmt::print("{}：数据库原有 {} 条，现有 {} 条；补回 {} 条，其中 {} 条在等待登记。\n", name, done.size_before,
               done.size, done.size - done.size_before, done.placed);
    if (name != evidence::kPermitsLog) return;
    for (const auto& entry : done.lost) fmt::print("  数据库里没有，请逐一查明：{}\n", entry);
}

Result<int> adopt(const Arguments& arguments) {
    KAIGONG_TRY(bureau, stopped_bureau(arguments));
    const SystemClock clock;
    json::array all;
    for (const auto& [name, log] : bureau.logs) {
        KAIGONG_TRY(done, evidence::adopt(*bureau.database, name, log, bureau.ledger / name, clock.now_ms()));
        json::array lost(done.lost.begin(), done.lost.end());
        all.push_back({{"log", name},
                       {"size_before", done.size_before},
                       {"size", done.size},
                       {"placed", done.placed},
                       {"lost", std::move(lost)}});
        if (!flag(arguments, "--json")) print_adopted(name, done);
    }
    if (flag(arguments, "--json")) fmt::print("{}\n", json::serialize(json::object{{"logs", std::move(all)}}));
    return kDone;
}

int ended(const Result<int>& code) {
    return code ? *code : refuse(code.error());
}

}  // namespace

int ledger(const Arguments& arguments) {
    const auto words = positional(arguments, {"--once", "--json", "--sandbox", "--demo"});
    const auto verb = words.empty() ? std::string() : words.front();
    if (verb == "make-key" && words.size() == 3) return make_key(words);
    if (words.size() == 1) {
        if (verb == "witness") return ended(witness(arguments));
        if (verb == "mirror") return ended(mirror(arguments));
        if (verb == "serve") return ended(serve_mirror(arguments));
        if (verb == "adopt") return ended(adopt(arguments));
        if (verb == "fsck") return ended(flag(arguments, "--folder") ? fsck_folder(arguments) : fsck_bureau(arguments));
    }
    fmt::print(stderr, "{}", kLedgerUse);
    return kWrongUse;
}

}  // namespace kaigong::app
