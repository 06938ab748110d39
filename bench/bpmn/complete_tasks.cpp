// Open tasks of a bureau, completed by many clients at once through the program's own endpoint, without sockets and
// sessions; `./kaigong bench bpmn` runs it beside a bare loop (bench/submit/) that writes the same rows.
//   complete_tasks list DATABASE ELEMENT
//       prints application id, its number and task id of each open task of that element
//   complete_tasks run DATA CATALOG ACCOUNT CLOCK_START_MS OUTCOME CLIENTS TASKS
//       completes the listed tasks; prints {"tasks","commits","seconds","cpu_seconds"}
#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <span>

#include "app/bureau.hpp"
#include "base/id.hpp"
#include "bpmn/measuring.hpp"
#include "submit/recording.hpp"

namespace kaigong::bench {
namespace {

namespace json = boost::json;

constexpr const char* kPath = "/api/v1/tasks/{task_id}/completion";
/// A task that nobody took has its first version.
constexpr std::int64_t kFirstVersion = 1;

void list(const std::string& database, const std::string& element) {
    const SqliteFile file(database);
    Statement tasks(file.handle(),
                    "SELECT application_id, application_number, task_id FROM tasks WHERE element_id = ? AND state = "
                    "'open' AND assignee_id IS NULL AND region_code = '330106'");
    tasks.bind(1, element);
    while (tasks.step()) fmt::print("{}\t{}\t{}\n", tasks.text(0), tasks.text(1), tasks.text(2));
}

authz::Actor officer(const std::string& database, const std::string& account) {
    const SqliteFile file(database);
    Statement row(file.handle(),
                  "SELECT account_id, department, region_code, roles FROM accounts WHERE account_name = ?");
    row.bind(1, account);
    if (!row.step()) throw std::runtime_error("there is no account " + account);
    authz::Actor actor{.account_id = {row.text(0)},
                       .kind = authz::AccountKind::officer,
                       .department = row.text(1),
                       .region_code = row.text(2)};
    const auto roles = json::parse(row.text(3));
    for (const auto& role : roles.as_array()) {
        actor.roles.push_back(authz::parse_role(std::string_view(role.as_string())).value());
    }
    return actor;
}

struct Settings {
    app::BureauSettings bureau;
    std::string account;
    std::string outcome;
    int clients = 1;
    std::vector<Subject> tasks;
};

/// Completes every task of a bureau once.
class Completions {
  public:
    Completions(app::Bureau& bureau, authz::Actor actor, const Settings& settings)
        : actor_(std::move(actor)), settings_(settings) {
        for (auto& endpoint : bureau.endpoints()) {
            if (endpoint.method == http::Method::post && endpoint.path == kPath) handler_ = std::move(endpoint.handler);
        }
        if (!handler_) throw std::runtime_error(std::string("there is no endpoint ") + kPath);
    }

    void run() const {
        in_clients(settings_.clients, settings_.tasks.size(),
                   [this](std::size_t at) { must(handler_(request(settings_.tasks[at].back()))); });
    }

  private:
    http::Request request(const std::string& task_id) const {
        http::Request request;
        request.method = http::Method::post;
        request.route = kPath;
        request.path_parameters = {{"task_id", task_id}};
        request.headers = {{"content-type", "application/json"}};
        request.body = json::serialize(json::object{
            {"outcome", settings_.outcome}, {"opinion", ""}, {"checklist", json::array{}}, {"points", json::array{}}});
        request.session = http::Session{.actor = actor_};
        request.idempotency_key = new_uuid(settings_.bureau.demo_clock_start_ms);
        request.if_match = kFirstVersion;
        return request;
    }

    http::Handler handler_;
    authz::Actor actor_;
    const Settings& settings_;
};

void complete(const Settings& settings) {
    auto actor = officer((settings.bureau.data_folder / "kaigong.db").string(), settings.account);
    const auto bureau = must(app::Bureau::open(settings.bureau));
    const Completions completions(*bureau, std::move(actor), settings);
    const Meter meter(bureau->database());
    completions.run();
    fmt::print("{}\n", json::serialize(meter.figures(static_cast<std::int64_t>(settings.tasks.size()))));
}

int run(std::span<char*> arguments) {
    const std::string verb = arguments.size() > 1 ? arguments[1] : "";
    if (verb == "list" && arguments.size() == 4) {
        list(arguments[2], arguments[3]);
        return 0;
    }
    if (verb != "run" || arguments.size() != 9) {
        fmt::print(stderr,
                   "complete_tasks list DATABASE ELEMENT · complete_tasks run DATA CATALOG ACCOUNT CLOCK_START_MS "
                   "OUTCOME CLIENTS TASKS\n");
        return 2;
    }
    Settings settings;
    settings.bureau.data_folder = arguments[2];
    settings.bureau.catalog_folder = arguments[3];
    settings.bureau.key_file = settings.bureau.data_folder / "keys.json";
    settings.bureau.demo = true;
    settings.account = arguments[4];
    settings.bureau.demo_clock_start_ms = std::atoll(arguments[5]);
    settings.outcome = arguments[6];
    settings.clients = std::atoi(arguments[7]);
    settings.tasks = read_subjects(arguments[8]);
    complete(settings);
    return 0;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        return kaigong::bench::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& failure) {
        fmt::print(stderr, "complete_tasks: {}\n", failure.what());
        return 1;
    }
}
