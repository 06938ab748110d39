// A bureau at random: processes that were drawn, everything that officers, applicants and the program do, wrong
// persons, stale pages, repeated requests, time that goes on, programs that die. After every step the invariants of
// approval-operations hold (case_rules.hpp), and a request that fails leaves no trace.
#include <chrono>
#include <cstdlib>
#include <numeric>

#include "db/errors.hpp"
#include "modules/approval/testing/case_rules.hpp"
#include "modules/approval/testing/random_acts.hpp"
#include "modules/approval/testing/random_bureau.hpp"

namespace kaigong::approval {
namespace {

using testing::CaseRows;
using testing::CaseRules;
using testing::ProcessDrawing;
using testing::RandomActs;
using testing::RandomBureau;
using testing::Request;

constexpr int kStepsOfOne = 300;
constexpr int kShrinkTries = 60;
constexpr std::chrono::seconds kShrinkFor{20};
constexpr int kFailuresShown = 3;
constexpr unsigned kSeedOfBoth = 11;

/// What came of many steps.
struct Count {
    std::int64_t steps = 0;
    std::int64_t done = 0;
    std::int64_t refused = 0;
    std::int64_t faults = 0;
    std::int64_t restarts = 0;
    int ended = 0;
    std::map<std::string, std::int64_t> by_name;
    std::map<std::string, std::int64_t> reasons;
};

std::string first_word(const std::string& name) {
    return name.substr(0, name.find_first_of(" :"));
}

/// One bureau, one process, some hundred steps. Each step draws from a generator of its own, so that leaving one out
/// changes no other.
class Run {
  public:
    Run(unsigned seed, const db::Settings& settings, Count& count)
        : seed_(seed),
          random_(seed),
          bureau_(settings, ProcessDrawing(random_).draw()),
          rules_(bureau_.drawn(), bureau_.groups, bureau_.groups_of_person),
          count_(count) {}

    /// Gives what does not hold after a step; empty where all does.
    std::vector<std::string> step(int number) {
        random_ = bpmn::Random(seed_ * 7919U + static_cast<unsigned>(number));
        problems_.clear();
        ++count_.steps;
        RandomActs acts(bureau_, random_);
        const auto request = random_.chance(18) ? std::optional(acts.later()) : acts.draw();
        if (!request) return {};
        name_ = fmt::format("{} at {}", request->name, bureau_.now_ms());
        begin(*request);
        if (random_.chance(6)) fail_in_the_middle(*request);
        const auto done = send(request->run);
        ++(done.empty() ? count_.done : count_.refused);
        ++count_.by_name[first_word(request->name)];
        if (!done.empty()) ++count_.reasons[done];
        name_ += done.empty() ? "" : " → " + done;
        end(*request, done);
        if (done.empty() && problems_.empty()) send_again(*request);
        if (random_.chance(8)) restart();
        if (problems_.empty() && random_.chance(10)) read_pages();
        return std::move(problems_);
    }

    /// The step that was taken last, as people read it.
    const std::string& name() const { return name_; }

    int ended() {
        int ended = 0;
        for (const auto& id : bureau_.cases) ended += bureau_.look(id).state.status != bpmn::Status::running ? 1 : 0;
        return ended;
    }

  private:
    void wrong(const std::string& what) { problems_.push_back(what); }

    std::vector<std::string> concerned(const Request& request) const {
        return request.application_id.empty() ? bureau_.cases : std::vector<std::string>{request.application_id};
    }

    void begin(const Request& request) {
        before_.clear();
        for (const auto& id : concerned(request)) before_.emplace(id, bureau_.look(id));
    }

    /// Empty where it was done; else the reason, `fault` for a failing statement.
    std::string send(const std::function<Result<void>()>& run) {
        try {
            const auto done = run();
            return done ? "" : done.error().reason;
        } catch (const db::DatabaseFault& fault) {
            if (breaking_) return "fault";
            wrong(std::string("a fault of the database: ") + fault.what());
        } catch (const std::exception& bug) {
            wrong(std::string("a bug: ") + bug.what());
        }
        return "bug";
    }

    void must_be_unchanged(const Request& request, const char* rule) {
        for (const auto& id : concerned(request)) {
            const auto was = before_.find(id);
            if (was != before_.end() && bureau_.look(id).digest != was->second.digest) wrong(rule);
        }
    }

    void fail_in_the_middle(const Request& request) {
        if (request.application_id.empty()) return;
        bureau_.break_table(testing::kFaultTables[static_cast<std::size_t>(
            random_.below(static_cast<int>(testing::kFaultTables.size())))]);
        breaking_ = true;
        const auto done = send(request.run);
        breaking_ = false;
        bureau_.mend_tables();
        if (done.empty()) {
            // Nothing was written into that table: it is done, and what follows is the request once more.
            check_rules(request);
            before_ = after_;
            return;
        }
        if (done == "fault") ++count_.faults;
        must_be_unchanged(request, "a statement failed in the middle: nothing is left of the request");
    }

    std::int64_t happened_at_ms(const Request& request) const {
        return request.happened_at_ms == 0 ? bureau_.now_ms() : request.happened_at_ms;
    }

    /// Against what was before; keeps what is now.
    void check_rules(const Request& request) {
        after_.clear();
        for (const auto& id : concerned(request)) {
            const auto& now = after_.emplace(id, bureau_.look(id)).first->second;
            const auto was = before_.find(id);
            const auto* before = was == before_.end() ? nullptr : &was->second;
            for (auto& one : rules_.broken(before, now, happened_at_ms(request))) wrong(one);
        }
    }

    void end(const Request& request, const std::string& done) {
        if (!done.empty()) return must_be_unchanged(request, "what is refused changes nothing");
        check_rules(request);
        if (!request.actor_id.empty()) must_be_recorded(request);
    }

    /// 1: who, when, and the version that he saw.
    void must_be_recorded(const Request& request) {
        const auto& before = before_.at(request.application_id);
        const auto& now = after_.at(request.application_id);
        if (now.digest == before.digest) return;
        const auto by_him = fmt::format(" {} {} ", request.actor_id, bureau_.now_ms());
        const auto new_of = [&](const std::string& row) {
            return !std::ranges::binary_search(before.record, row) && row.find(by_him) != std::string::npos;
        };
        if (std::ranges::none_of(now.record, new_of)) wrong("who did it stands in the audit");
        for (std::size_t i = before.acts.size(); i < now.acts.size(); ++i) {
            const auto& act = now.acts[i];
            const auto* seen = before.task(act.task_id);
            const bool entered_it = act.actor_id == request.actor_id && act.at_ms == bureau_.now_ms();
            const bool decided_it = act.actor_id == request.done_by && act.at_ms == request.happened_at_ms;
            if (!entered_it && !decided_it) wrong("an act says who and when");
            if (seen != nullptr && act.task_version != seen->version) wrong("an act says which version he saw");
        }
    }

    /// 2.
    void send_again(const Request& request) {
        if (random_.chance(25)) {
            const auto again = send(request.run);
            if (request.news) {
                if (!again.empty()) wrong("news that come twice are taken: " + again);
                return check_rules_after_news(request);
            }
            if (request.keyed && !again.empty()) wrong("a repeated request gives the first answer: " + again);
            if (!request.keyed && again.empty()) wrong("a stale page acts");
            must_be_as_after(request, "a repeated request changes nothing");
        } else if (request.stale && random_.chance(25)) {
            if (send(request.stale).empty()) wrong("a stale version acts");
            must_be_as_after(request, "a stale request changes nothing");
        }
    }

    void check_rules_after_news(const Request& request) {
        before_ = std::move(after_);
        check_rules(request);
    }

    void must_be_as_after(const Request& request, const char* rule) {
        for (const auto& id : concerned(request)) {
            if (bureau_.look(id).digest != after_.at(id).digest) wrong(rule);
        }
    }

    /// 7.
    void restart() {
        std::vector<std::string> was;
        was.reserve(bureau_.cases.size());
        for (const auto& id : bureau_.cases) was.push_back(bureau_.look(id).digest);
        if (random_.chance(4)) {
            bureau_.restart_with_database();
        } else {
            bureau_.restart();
        }
        bureau_.services().approval.follow_calendar();
        ++count_.restarts;
        for (std::size_t i = 0; i < was.size(); ++i) {
            if (bureau_.look(bureau_.cases[i]).digest != was[i]) wrong("a restart changes nothing");
        }
        if (!bureau_.services().approval.stuck_cases().empty()) wrong("no case waits for nothing");
    }

    /// Whatever a case has been through, its pages can be read.
    void read_pages() {
        if (bureau_.cases.empty()) return;
        auto& services = bureau_.services();
        const auto& id = bureau_.cases[static_cast<std::size_t>(random_.below(static_cast<int>(bureau_.cases.size())))];
        const auto& head =
            *std::ranges::find_if(bureau_.actors, [](const auto& one) { return one.has(authz::Role::section_head); });
        const auto read = [&](const char* page, const auto& call) {
            const auto done = send([&]() -> Result<void> {
                KAIGONG_CHECK(call());
                return {};
            });
            if (!done.empty()) wrong(fmt::format("the page {} can't be read: {}", page, done));
        };
        read("progress", [&] { return services.approval.progress(head, id); });
        read("tasks", [&] { return services.approval.tasks_of(head, id); });
        read("standstill", [&] { return services.approval.standstill(head, id); });
        read("episodes", [&] { return services.approval.episodes(head, id); });
        read("holding", [&] { return services.oversight.holding(head, id); });
        read("inbox", [&] { return services.approval.inbox(head, {}); });
        read("departments", [&] { return services.oversight.departments(head); });
    }

    unsigned seed_;
    bpmn::Random random_;
    RandomBureau bureau_;
    CaseRules rules_;
    Count& count_;
    std::string name_;
    std::vector<std::string> problems_;
    std::map<std::string, CaseRows> before_;
    std::map<std::string, CaseRows> after_;
    bool breaking_ = false;
};

/// An empty database for each run.
using EmptyDatabase = std::function<void(const std::function<void(const db::Settings&)>&)>;

void on_empty_sqlite(const std::function<void(const db::Settings&)>& body) {
    const char* memory = "/dev/shm";
    const db::testing::TemporaryFolder folder(std::filesystem::exists(memory) ? memory : "");
    db::Settings settings;
    settings.url = "sqlite:" + folder.file("test.db");
    body(settings);
}

struct Failure {
    std::vector<int> steps;
    std::vector<std::string> names;
    std::vector<std::string> problems;
};

/// Takes these steps of a seed; gives where it fails, if it does.
std::optional<Failure> take(unsigned seed, const std::vector<int>& steps, const EmptyDatabase& on_empty, Count& count) {
    std::optional<Failure> failure;
    on_empty([&](const db::Settings& settings) {
        Run run(seed, settings, count);
        Failure trace;
        for (const int number : steps) {
            trace.problems = run.step(number);
            trace.steps.push_back(number);
            trace.names.push_back(run.name());
            if (trace.problems.empty()) continue;
            failure = std::move(trace);
            return;
        }
        count.ended += run.ended();
    });
    return failure;
}

/// Leaves out what it fails without, halves first; gives up where that takes long.
Failure shrink(unsigned seed, Failure failure, const EmptyDatabase& on_empty) {
    Count unused;
    int tries = 0;
    const auto until = std::chrono::steady_clock::now() + kShrinkFor;
    for (std::size_t length = failure.steps.size() / 2; length > 0 && tries < kShrinkTries;) {
        bool shorter = false;
        for (std::size_t from = 0; from + length < failure.steps.size() && tries < kShrinkTries; ++tries) {
            if (std::chrono::steady_clock::now() > until) return failure;
            auto fewer = failure.steps;
            const auto begin = fewer.begin() + static_cast<std::ptrdiff_t>(from);
            fewer.erase(begin, begin + static_cast<std::ptrdiff_t>(length));
            auto found = take(seed, fewer, on_empty, unused);
            if (found && found->problems.front() == failure.problems.front()) {
                failure = std::move(*found);
                shorter = true;
            } else {
                from += length;
            }
        }
        if (!shorter || length > failure.steps.size() / 2) length /= 2;
    }
    return failure;
}

void tell(unsigned seed, const Failure& failure) {
    std::string text;
    for (const auto& one : failure.problems) text += "does not hold: " + one + "\n";
    text += fmt::format("KAIGONG_RANDOM_SEED={}\n", seed);
    for (std::size_t i = 0; i < failure.steps.size(); ++i) {
        text += fmt::format("  {:4} {}\n", failure.steps[i], failure.names[i]);
    }
    FAIL_CHECK(text);
}

std::int64_t number_from(const char* variable, std::int64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::atoll(text);
}

void run_office(std::int64_t steps, unsigned first_seed, const EmptyDatabase& on_empty) {
    const auto wanted = static_cast<unsigned>(number_from("KAIGONG_RANDOM_SEED", 0));
    Count count;
    unsigned seed = wanted == 0 ? first_seed : wanted;
    int failures = 0;
    std::vector<int> all(kStepsOfOne);
    std::iota(all.begin(), all.end(), 0);
    for (; count.steps < steps && failures < kFailuresShown; ++seed) {
        if (const auto failure = take(seed, all, on_empty, count)) {
            ++failures;
            tell(seed, shrink(seed, *failure, on_empty));
        }
        if (wanted != 0) break;
    }
    std::string kinds;
    for (const auto& [name, times] : count.by_name) kinds += fmt::format(" {} {}", name, times);
    std::string reasons;
    for (const auto& [name, times] : count.reasons) reasons += fmt::format("\n  {} {}", name, times);
    MESSAGE("seeds " << first_seed << "–" << seed - 1 << ": " << count.steps << " steps, " << count.done << " done, "
                     << count.refused << " refused, " << count.faults << " failed in the middle, " << count.restarts
                     << " restarts, " << count.ended << " cases ended;" << kinds);
    if (std::getenv("KAIGONG_RANDOM_REASONS") != nullptr) MESSAGE(reasons);
}

}  // namespace

// A million of them in `test --long`: KAIGONG_RANDOM_STEPS.
TEST_CASE("whatever people do in an office at random, with programs that die in between, the invariants hold") {
    run_office(number_from("KAIGONG_RANDOM_STEPS", 600),
               static_cast<unsigned>(number_from("KAIGONG_RANDOM_FIRST_SEED", 1)), on_empty_sqlite);
}

TEST_CASE("an office at random is the same on both databases") {
    constexpr int kSteps = 60;
    Count count;
    std::vector<int> steps(kSteps);
    std::iota(steps.begin(), steps.end(), 0);
    db::testing::on_each_empty_database([&](const db::Settings& settings) {
        const EmptyDatabase on_empty = [&](const auto& body) { body(settings); };
        if (const auto failure = take(kSeedOfBoth, steps, on_empty, count)) tell(kSeedOfBoth, *failure);
    });
    CHECK(count.done > kSteps / 2);
}

}  // namespace kaigong::approval
