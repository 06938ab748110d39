// The return matrix of approval-operations: where the task stands × where it goes back to × how the case goes on after
// that. Its applicant and the words of the record are approval's.
#include "engine/bpmn/returning.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "engine/bpmn/random_test.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

/// A place to be sent back from: what stands between `check` and `done`, and how to come there.
struct Source {
    const char* name;
    const char* model;
    /// Commands that open `here`.
    const char* coming;
    /// Tasks beside it that stay when `inner` is where it goes back to, and the task that `inner` is.
    const char* inner;
    const char* beside;
    /// What completes everything once `here` is open again.
    const char* ending;
};

constexpr const char* kSigners =
    R"(<multiInstanceLoopCharacteristics{}><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>)";

std::vector<Source> sources() {
    static const std::string parallel_signers = fmt::format(
        R"(<userTask id="near"/> <userTask id="here">{}</userTask>
  prepare -> near -> here -> done)",
        fmt::format(fmt::runtime(kSigners), ""));
    static const std::string sequential_signers = fmt::format(
        R"(<userTask id="near"/> <userTask id="here">{}</userTask>
  prepare -> near -> here -> done)",
        fmt::format(fmt::runtime(kSigners), R"( isSequential="true")"));
    return {
        {"a plain task", R"(<userTask id="near"/> <userTask id="here"/>
  prepare -> near -> here -> done)",
         "complete near", "near", "", "complete here"},
        {"one of several signers", parallel_signers.c_str(), "complete near\ncomplete here", "near", "",
         "complete here\ncomplete here"},
        {"a signer in a row", sequential_signers.c_str(), "complete near\ncomplete here", "near", "",
         "complete here\ncomplete here"},
        {"inside one parallel branch", R"(<parallelGateway id="fork"/> <parallelGateway id="join"/>
  <userTask id="near"/> <userTask id="here"/> <userTask id="other"/>
  prepare -> fork
  fork -> near -> here -> join
  fork -> other -> join
  join -> done)",
         "complete near", "near", " other", "complete here\ncomplete other"},
        {"behind a join", R"(<parallelGateway id="fork"/> <parallelGateway id="join"/>
  <userTask id="near"/> <userTask id="other"/> <userTask id="here"/>
  prepare -> fork
  fork -> near -> join
  fork -> other -> join
  join -> here -> done)",
         "complete near\ncomplete other", "near", "", "complete here"},
        {"inside a sub-process", R"(sub {
  <startEvent id="sub_start"/> <userTask id="near"/> <userTask id="here"/> <endEvent id="sub_end"/>
  sub_start -> near -> here -> sub_end
  }
  prepare -> sub -> done)",
         "complete near", "near", "", "complete here"},
        {"inside a called process", R"(<callActivity id="call" calledElement="child"/>
  root <process id="child" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="near"/><userTask id="near"/><sequenceFlow id="f2" sourceRef="near" targetRef="here"/><userTask id="here"/></process>
  prepare -> call -> done)",
         "complete near", "near", "", "complete here"},
    };
}

/// `signs` is repeated, `correct` is the applicant's: its way leads back to where the office begins.
std::string begun(const Source& source) {
    return fmt::format(R"(
case {}
deploy
  <startEvent id="start"/> <exclusiveGateway id="again"/> <exclusiveGateway id="whole" default="whole_signs"/>
  <userTask id="correct"/> <userTask id="prepare"/> <endEvent id="done"/>
  <userTask id="signs">{}</userTask>
  start -> again -> whole
  whole -> correct when incomplete = true
  whole -> signs
  correct -> again
  signs -> prepare
  {}
start
complete signs
complete signs
complete prepare
{}
)",
                       source.name, fmt::format(fmt::runtime(kSigners), ""), source.model, source.coming);
}

std::string here_open(const Source& source) {
    const bool both = std::string(source.name) == "one of several signers";
    return fmt::format("expect tasks here{}{}\n", both ? " here" : "", source.beside);
}

}  // namespace

TEST_CASE("sent back to a plain task, everything behind it is done again, other branches stay") {
    for (const Source& source : sources()) {
        const std::string failures =
            run_scenarios(fmt::format(R"({}
return {} to {} why
expect tasks {}{}
complete {}
{}{}
expect completed
)",
                                      begun(source), "here", source.inner, source.inner, source.beside, source.inner,
                                      here_open(source), source.ending));
        CHECK(failures == "");
    }
}

TEST_CASE("sent back out of the block, its branches end; they begin anew") {
    for (const Source& source : sources()) {
        const std::string coming = source.coming;
        const bool signer = coming.find("complete here") != std::string::npos;
        const std::string failures = run_scenarios(fmt::format(R"({}
return {} to prepare why
expect tasks prepare
complete prepare
{}
{}{}
expect completed
)",
                                                               begun(source), "here", signer ? "complete near" : coming,
                                                               here_open(source), source.ending));
        CHECK(failures == "");
    }
}

TEST_CASE("sent back to several signers, all of them sign again") {
    for (const Source& source : sources()) {
        const std::string failures = run_scenarios(fmt::format(R"({}
return {} to signs why
expect tasks signs signs
complete signs
complete signs
expect tasks prepare
)",
                                                               begun(source), "here"));
        CHECK(failures == "");
    }
}

TEST_CASE("sent back to the applicant, the office begins again when he has answered") {
    for (const Source& source : sources()) {
        const std::string failures = run_scenarios(fmt::format(R"({}
return {} to correct why
expect tasks correct
complete correct
expect tasks signs signs
)",
                                                               begun(source), "here"));
        CHECK(failures == "");
    }
}

TEST_CASE("straight back: when the earlier task is done, everything stands where it stood") {
    for (const Source& source : sources()) {
        for (const std::string& target :
             {std::string(source.inner), std::string("prepare"), std::string("signs"), std::string("correct")}) {
            const bool twice = target == "signs";
            const bool stays = target == source.inner;
            const bool both = std::string(source.name) == "one of several signers";
            const std::string failures = run_scenarios(fmt::format(
                R"({}
return {} straight to {} why
expect tasks {}{}{}
complete {}
{}
expect tasks {}{}{}
{}{}
expect completed
)",
                begun(source), "here", target, target, twice ? " signs" : "", stays ? source.beside : "", target,
                twice ? "complete signs" : "", "here", both ? " here" : "", source.beside, source.ending, ""));
            CHECK_MESSAGE(failures == "", fmt::format("{} to {}", source.name, target));
        }
    }
}

TEST_CASE("it goes back to what lies before it, and nowhere else") {
    const std::string failures = run_scenarios(R"(
case neither to itself, nor to a sibling, nor to what comes later
deploy
  <startEvent id="start"/> <userTask id="a"/> <parallelGateway id="fork"/> <userTask id="b1"/> <userTask id="b2"/> <userTask id="c1"/>
  <parallelGateway id="join"/> <userTask id="d"/> <endEvent id="done"/>
  start -> a -> fork
  fork -> b1 -> b2 -> join
  fork -> c1 -> join
  join -> d -> done
start
complete a
complete b1
expect returns b2 a b1
expect returns c1 a
return b2 to b2
error bpmn.return_impossible
return b2 to c1
error bpmn.return_impossible
return b2 to d
error bpmn.return_impossible
return b2 to fork
error bpmn.return_impossible
return b2 to nothing
error bpmn.return_impossible
return gone to a
error bpmn.return_impossible

case a loop of the diagram is not gone round to find what is earlier
deploy
  <startEvent id="start"/> <exclusiveGateway id="again"/> <userTask id="a"/> <userTask id="b"/> <exclusiveGateway id="good" default="good_again"/> <endEvent id="done"/>
  start -> again -> a -> b -> good
  good -> again
  good -> done when good = true
start
complete a
complete b
complete a
expect returns b a
return b to a
complete a
complete b {"good": true}
expect completed

case an answered timer of the task that was left is gone, that of the task that is done again is fresh
deploy
  <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="late"/>
  timer a_late on a after PT2H
  timer b_late on b after PT2H
  a_late -> late
  b_late -> late
  start -> a -> b
start
advance PT1H
complete a
expect timers b_late
return b to a
expect timers a_late
advance PT1H
expect tasks a
advance PT1H
expect completed
)");
    CHECK(failures == "");
}

TEST_CASE("what lies between is told, with what is in it") {
    TwinInstance instance(parse(model_xml(R"(
<startEvent id="start"/> <userTask id="a"/> <serviceTask id="record"><extensionElements><kaigong:job type="x"/></extensionElements></serviceTask>
sub {
<startEvent id="s"/> <userTask id="b"/>
s -> b
}
<userTask id="c"/> <userTask id="d"/>
start -> a -> record -> sub -> c -> d
)"))
                              .value());
    REQUIRE(instance.carry_out(Start{}, 1));
    const auto complete = [&] {
        const Waiting waiting = waiting_for(instance.state());
        if (!waiting.jobs.empty()) {
            REQUIRE(instance.carry_out(CompleteJob{waiting.jobs.front().token, {}}, 2));
        } else {
            REQUIRE(instance.carry_out(CompleteTask{waiting.tasks.front().token, {}}, 2));
        }
    };
    for (int i = 0; i < 3; ++i) complete();
    const std::int64_t token = waiting_for(instance.state()).tasks.front().token;
    CHECK(elements_between(instance.definition(), instance.state(), token, "a") ==
          std::vector<std::string>{"record", "sub", "s", "b"});
    CHECK(elements_between(instance.definition(), instance.state(), token, "d").empty());
    CHECK(elements_between(instance.definition(), instance.state(), token, "gone").empty());
}

TEST_CASE("what other branches handed in at a join stays there, also across several joins") {
    const std::string failures = run_scenarios(R"(
case two joins one after the other
deploy
  <startEvent id="start"/> <parallelGateway id="f1"/> <userTask id="a"/> <userTask id="b"/> <parallelGateway id="j1"/> <userTask id="m"/>
  <parallelGateway id="f2"/> <userTask id="c"/> <userTask id="d"/> <parallelGateway id="j2"/> <userTask id="z"/> <endEvent id="done"/>
  start -> f1
  f1 -> a -> j1
  f1 -> b -> j1
  j1 -> m -> f2
  f2 -> c -> j2
  f2 -> d -> j2
  j2 -> z -> done
start
complete a
complete b
complete m
complete c
complete d
return z to a
expect tasks a
complete a
expect tasks m
complete m
expect tasks c d
complete c
complete d
complete z
expect completed

case one branch of the second, its sibling done
deploy
  <startEvent id="start"/> <parallelGateway id="f1"/> <userTask id="a"/> <parallelGateway id="f2"/> <userTask id="c"/> <userTask id="d"/> <parallelGateway id="j2"/>
  <userTask id="e"/> <parallelGateway id="j1"/> <userTask id="z"/>
  start -> f1
  f1 -> a -> j1
  f1 -> f2
  f2 -> c -> j2
  f2 -> d -> j2
  j2 -> e -> j1
  j1 -> z
start
complete a
complete c
complete d
complete e
return z to c
expect tasks c
complete c
expect tasks e
complete e
expect tasks z
complete z
expect completed

case straight back over a half-full join
deploy
  <startEvent id="start"/> <userTask id="a"/> <parallelGateway id="f1"/> <userTask id="b"/> <userTask id="c"/> <userTask id="d"/> <parallelGateway id="j1"/> <userTask id="z"/>
  start -> a -> f1
  f1 -> b -> j1
  f1 -> c -> j1
  f1 -> d -> j1
  j1 -> z
start
complete a
complete b
return c straight to a
expect tasks a
complete a
expect tasks c d
complete c
complete d
expect tasks z
)");
    CHECK(failures == "");
}

namespace {

/// A sound process of nested blocks, in the notation of `deploy`.
class Blocks {
  public:
    explicit Blocks(unsigned seed) : random_(seed) {}

    std::string process() {
        lines_ = "<startEvent id=\"start\"/> <endEvent id=\"done\"/>\n";
        const auto [first, last] = block(3);
        link("start", first);
        link(last, "done");
        return lines_;
    }

  private:
    struct Ends {
        std::string first;
        std::string last;
    };

    std::string fresh(const char* kind) { return fmt::format("{}{}", kind, ++count_); }
    void link(const std::string& from, const std::string& to) { lines_ += fmt::format("{} -> {}\n", from, to); }

    Ends block(int depth) {
        switch (depth == 0 ? 5 * random_.below(2) : 1 + random_.below(5)) {
            case 1: return row(depth);
            case 2: return parallel(depth);
            case 3: return choice(depth);
            case 4: return sub_process(depth);
            case 5: return signers();
            default: return task();
        }
    }

    Ends task() {
        const std::string id = fresh("t");
        lines_ += fmt::format("<userTask id=\"{}\"/>\n", id);
        return {id, id};
    }

    Ends signers() {
        const std::string id = fresh("s");
        lines_ += fmt::format("<userTask id=\"{}\">{}</userTask>\n", id,
                              fmt::format(fmt::runtime(kSigners), random_.chance(50) ? R"( isSequential="true")" : ""));
        return {id, id};
    }

    Ends row(int depth) {
        const Ends first = block(depth - 1);
        const Ends last = block(depth - 1);
        link(first.last, last.first);
        return {first.first, last.last};
    }

    Ends parallel(int depth) {
        const std::string fork = fresh("f");
        const std::string join = fresh("j");
        lines_ += fmt::format("<parallelGateway id=\"{}\"/> <parallelGateway id=\"{}\"/>\n", fork, join);
        for (int i = 0; i < 2 + random_.below(2); ++i) between(fork, block(depth - 1), join);
        return {fork, join};
    }

    Ends choice(int depth) {
        const std::string split = fresh("x");
        const std::string merge = fresh("m");
        const Ends usual = block(depth - 1);
        const Ends other = block(depth - 1);
        lines_ += fmt::format("<exclusiveGateway id=\"{0}\" default=\"{0}_{1}\"/> <exclusiveGateway id=\"{2}\"/>\n",
                              split, usual.first, merge);
        between(split, usual, merge);
        lines_ += fmt::format("{} -> {} when {}\n", split, other.first, random_.chance(50) ? "true" : "false");
        link(other.last, merge);
        return {split, merge};
    }

    void between(const std::string& split, const Ends& branch, const std::string& join) {
        link(split, branch.first);
        link(branch.last, join);
    }

    Ends sub_process(int depth) {
        const std::string id = fresh("sub");
        std::string outside = std::move(lines_);
        lines_.clear();
        const Ends inside = block(depth - 1);
        lines_ = fmt::format("{}{} {{\n<startEvent id=\"{}_start\"/> <endEvent id=\"{}_end\"/>\n{}", outside, id, id,
                             id, lines_);
        link(id + "_start", inside.first);
        link(inside.last, id + "_end");
        lines_ += "}\n";
        return {id, id};
    }

    Random random_;
    std::string lines_;
    int count_ = 0;
};

std::set<std::string> open_tasks(const State& state) {
    std::set<std::string> open;
    for (const OpenTask& task : waiting_for(state).tasks) open.insert(task.element);
    return open;
}

/// Completes one open task of that element after the other, until none was open before.
void redo(TwinInstance& instance, const std::string& element, std::int64_t& now_ms) {
    while (open_tasks(instance.state()).contains(element)) {
        for (const OpenTask& task : waiting_for(instance.state()).tasks) {
            if (task.element != element) continue;
            REQUIRE(instance.carry_out(CompleteTask{task.token, {}}, ++now_ms));
            break;
        }
    }
}

struct Counts {
    int again = 0;
    int straight = 0;
    int completed = 0;
};

void send_back_at_random(TwinInstance& instance, Random& random, std::int64_t& now_ms, Counts& counts) {
    const auto tasks = waiting_for(instance.state()).tasks;
    const OpenTask& task = tasks.at(static_cast<std::size_t>(random.below(static_cast<int>(tasks.size()))));
    const auto targets = return_targets(instance.definition(), instance.state(), task.token);
    if (targets.empty() || random.chance(40)) {
        REQUIRE(instance.carry_out(CompleteTask{task.token, {}}, ++now_ms));
        return;
    }
    const std::string& target = targets.at(static_cast<std::size_t>(random.below(static_cast<int>(targets.size()))));
    const bool straight = random.chance(50);
    const auto before = open_tasks(instance.state());
    const auto move = plan_return(instance.definition(), instance.state(), task.token, target,
                                  straight ? Onward::straight : Onward::again, "returned");
    REQUIRE(move);
    REQUIRE(instance.carry_out(*move, ++now_ms));
    CHECK(open_tasks(instance.state()).contains(target));
    ++(straight ? counts.straight : counts.again);
    if (!straight) return;
    redo(instance, target, now_ms);
    CHECK(open_tasks(instance.state()) == before);
}

void play(unsigned seed, Counts& counts) {
    const std::string model = Blocks(seed).process();
    INFO("seed ", seed, "\n", model);
    TwinInstance instance(parse(model_xml(model)).value());
    Random random(seed);
    std::int64_t now_ms = 1;
    REQUIRE(instance.carry_out(Start{}, now_ms));
    for (int step = 0; step < 25 && instance.state().status == Status::running; ++step) {
        send_back_at_random(instance, random, now_ms, counts);
        CHECK(instance.state().incidents.empty());
    }
    for (int step = 0; step < 500 && instance.state().status == Status::running; ++step) {
        const auto tasks = waiting_for(instance.state()).tasks;
        REQUIRE_FALSE(tasks.empty());
        REQUIRE(instance.carry_out(CompleteTask{tasks.front().token, {}}, ++now_ms));
        REQUIRE(instance.state().incidents.empty());
    }
    CHECK(instance.state().status == Status::completed);
    ++counts.completed;
}

}  // namespace

TEST_CASE("however often a sound process is sent back, no join starves and it comes to its end") {
    Counts counts;
    constexpr unsigned kFirst = 1;
    constexpr unsigned kLast = 200;
    for (unsigned seed = kFirst; seed <= kLast; ++seed) play(seed, counts);
    MESSAGE("seeds ", kFirst, "–", kLast, ": ", counts.completed, " completed, ", counts.again, " sent back, ",
            counts.straight, " sent back and straight on");
    CHECK(counts.again > 200);
    CHECK(counts.straight > 200);
}
