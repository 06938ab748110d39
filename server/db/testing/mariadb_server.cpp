#include "db/testing/mariadb_server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

namespace kaigong::db::testing {
namespace {

std::string find_program(std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        for (const auto* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/sbin/", "/usr/local/bin/"}) {
            const auto path = std::string(folder) + std::string(name);
            if (::access(path.c_str(), X_OK) == 0) return path;
        }
    }
    return {};
}

/// mariadbd refuses to be root: then it is `mysql`.
const passwd* other_user() {
    return ::geteuid() == 0 ? ::getpwnam("mysql") : nullptr;
}

/// In the child: becomes the user, dies with the parent, and runs the program with its output in `log`.
[[noreturn]] void become(const std::vector<std::string>& arguments, const std::string& log, pid_t parent,
                         const passwd* user) {
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (output >= 0) {
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
    }
    if (user != nullptr &&
        (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) {
        ::_exit(126);
    }
    // After the change of user, which would clear it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(argv[0], argv.data());
    ::_exit(127);
}

pid_t spawn(const std::vector<std::string>& arguments, const std::string& log) {
    const auto* user = other_user();
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("mariadb for tests: fork failed");
    if (child == 0) become(arguments, log, parent, user);
    return child;
}

/// Memory when there is plenty of it: installing writes and syncs some hundred files.
std::string roomy_parent() {
    constexpr std::uintmax_t kWantedBytes = 1ULL << 30;
    std::error_code failure;
    const auto space = std::filesystem::space("/dev/shm", failure);
    const bool usable = !failure && space.available > kWantedBytes && ::access("/dev/shm", W_OK) == 0;
    return usable ? "/dev/shm" : "";
}

std::string log_text(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

MariadbServer::MariadbServer() : folder_(roomy_parent()) {}

std::unique_ptr<MariadbServer> MariadbServer::start(const std::vector<std::string>& more) {
    const auto install = find_program({"mariadb-install-db", "mysql_install_db"});
    const auto serve = find_program({"mariadbd", "mysqld"});
    if (install.empty() || serve.empty()) return nullptr;

    std::unique_ptr<MariadbServer> server(new MariadbServer());
    const auto& folder = server->folder_;
    if (const auto* user = other_user()) {
        if (::chown(folder.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
            throw std::runtime_error("mariadb for tests: chown failed");
        }
    }
    const auto data = "--datadir=" + folder.file("tables");
    const auto log = folder.file("server.log");
    const pid_t installer = spawn({install, "--no-defaults", data, "--auth-root-authentication-method=normal",
                                   "--skip-test-db", "--innodb-log-file-size=16M"},
                                  log);
    int status = 0;
    if (::waitpid(installer, &status, 0) != installer || status != 0) {
        throw std::runtime_error("mariadb for tests: installing failed\n" + log_text(log));
    }
    // Durability is not what these tests are about (group commit and kill tests are SQLite's); speed is.
    std::vector<std::string> arguments{serve,
                                       "--no-defaults",
                                       data,
                                       "--socket=" + folder.file("socket"),
                                       "--pid-file=" + folder.file("pid"),
                                       "--tmpdir=" + folder.path(),
                                       "--innodb-flush-log-at-trx-commit=0",
                                       "--innodb-doublewrite=0",
                                       "--innodb-buffer-pool-size=64M",
                                       "--innodb-log-file-size=16M",
                                       "--performance-schema=OFF",
                                       "--skip-log-bin",
                                       "--skip-name-resolve",
                                       "--max-connections=200"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    server->pid_ = spawn(arguments, log);
    server->wait_until_ready();
    return server;
}

void MariadbServer::wait_until_ready() {
    Settings settings;
    settings.url = url_of("mysql");
    for (int attempt = 0; attempt < 600; ++attempt) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            break;
        }
        // There is no event to wait for: the server tells nobody that its socket is open.
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (::access(folder_.file("socket").c_str(), F_OK) != 0) continue;
        if (auto opened = Database::open(settings)) {
            administration_ = std::move(*opened);
            return;
        }
    }
    throw std::runtime_error("mariadb for tests: did not come up\n" + log_text(folder_.file("server.log")));
}

MariadbServer::~MariadbServer() {
    administration_.reset();
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
}

std::string MariadbServer::url_of(const std::string& schema) const {
    std::string socket;
    for (const char c : folder_.file("socket")) socket += c == '%' ? std::string("%25") : std::string(1, c);
    return fmt::format("mariadb://root@localhost/{}?socket={}", schema, socket);
}

std::string MariadbServer::create_schema() {
    const auto schema = fmt::format("kaigong_test_{}", ++schemas_made_);
    const auto made = administration_->transact([&](Session& session) -> Result<void> {
        session.execute_once(fmt::format("CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", schema));
        return {};
    });
    if (!made) throw std::runtime_error("mariadb for tests: no schema");
    return url_of(schema);
}

void MariadbServer::drop_schema(const std::string& url) {
    const auto begin = url.find("localhost/") + std::string_view("localhost/").size();
    const auto schema = url.substr(begin, url.find('?') - begin);
    const auto dropped = administration_->transact([&](Session& session) -> Result<void> {
        session.execute_once("DROP DATABASE " + schema);
        return {};
    });
    if (!dropped) throw std::runtime_error("mariadb for tests: schema not dropped");
}

}  // namespace kaigong::db::testing
