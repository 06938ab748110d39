// Runs a process from its start to its end over and over, every task completed at once, for some processor time;
// `./kaigong bench bpmn` runs it beside its peer.
//   run_instances MODEL.bpmn COMPARED BEFORE_MIDDLE SECONDS
// Prints {"instances","tasks","cpu_seconds","results","state_bytes","waiting_state_bytes"}: `results` are the elements
// that each of the first COMPARED instances completed; a waiting state is looked at after BEFORE_MIDDLE tasks.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <deque>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bpmn/measuring.hpp"
#include "engine/bpmn/bpmn.hpp"

namespace {

using namespace kaigong;
using bench::must;
using bench::process_cpu_seconds;
using bench::text_of;

constexpr std::int64_t kBeginMs = 1'795'000'000'000;
/// One of so many is refused, as bench/bpmn/model.mjs has it.
constexpr std::int64_t kRefusedEvery = 10;
/// The processor's clock is asked once for so many instances.
constexpr std::int64_t kBetweenLooks = 64;

/// One instance as a program around the engine holds it: facts are applied one by one, open tasks known from them.
class Instance {
  public:
    Instance(const bpmn::Definition& definition, std::int64_t number) : definition_(definition) {
        carry_out(bpmn::Start{{{"approved", number % kRefusedEvery != 0}}});
    }

    bool complete_one() {
        if (open_.empty()) return false;
        const auto token = open_.front();
        open_.pop_front();
        carry_out(bpmn::CompleteTask{token, {{"ok", true}}});
        ++tasks_;
        return true;
    }
    const bpmn::State& run_to_end() {
        while (complete_one()) {
        }
        if (state_.status != bpmn::Status::completed) throw std::runtime_error("an instance did not come to its end");
        return state_;
    }

    std::int64_t tasks() const { return tasks_; }
    std::size_t state_bytes() const { return boost::json::serialize(bpmn::state_to_json(state_)).size(); }

  private:
    void carry_out(const bpmn::Command& command) {
        for (const auto& event : must(bpmn::decide(definition_, state_, command, ++now_ms_))) {
            bpmn::apply(state_, event);
            if (const auto* opened = std::get_if<bpmn::TaskOpened>(&event.fact)) open_.push_back(opened->token);
        }
    }

    const bpmn::Definition& definition_;
    bpmn::State state_;
    std::deque<std::int64_t> open_;
    std::int64_t tasks_ = 0;
    std::int64_t now_ms_ = kBeginMs;
};

boost::json::array results_of(const bpmn::Definition& definition, std::int64_t count) {
    boost::json::array results;
    for (std::int64_t number = 0; number < count; ++number) {
        auto completed = Instance(definition, number).run_to_end().completed;
        std::ranges::sort(completed);
        results.push_back(boost::json::array(completed.begin(), completed.end()));
    }
    return results;
}

std::size_t waiting_bytes(const bpmn::Definition& definition, std::int64_t tasks_before) {
    Instance instance(definition, 1);
    while (instance.tasks() < tasks_before) instance.complete_one();
    return instance.state_bytes();
}

void run(const std::vector<std::string>& arguments) {
    const auto definition = must(bpmn::parse(text_of(arguments[0])));
    const auto results = results_of(definition, std::stoll(arguments[1]));
    const double seconds = std::stod(arguments[3]);
    std::int64_t instances = 0;
    std::int64_t tasks = 0;
    const double begun = process_cpu_seconds();
    double spent = 0;
    while (spent < seconds) {
        for (std::int64_t i = 0; i < kBetweenLooks; ++i) {
            Instance instance(definition, instances++);
            instance.run_to_end();
            tasks += instance.tasks();
        }
        spent = process_cpu_seconds() - begun;
    }
    Instance finished(definition, 1);
    finished.run_to_end();
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"instances", instances},
                           {"tasks", tasks},
                           {"cpu_seconds", spent},
                           {"results", results},
                           {"state_bytes", finished.state_bytes()},
                           {"waiting_state_bytes", waiting_bytes(definition, std::stoll(arguments[2]))}}));
}

}  // namespace

int main(int count, char** values) {
    try {
        if (count != 5) throw std::runtime_error("run_instances MODEL.bpmn COMPARED BEFORE_MIDDLE SECONDS");
        run({values + 1, values + count});
        return 0;
    } catch (const std::exception& fault) {
        std::cerr << "run_instances: " << fault.what() << '\n';
        return 1;
    }
}
