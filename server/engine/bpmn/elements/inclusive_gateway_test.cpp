#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("an inclusive gateway takes every way that is true and joins those that were taken") {
    const std::string failures = run_scenarios(R"(
case two of three
deploy
  <startEvent id="start"/> <inclusiveGateway id="fork"/> <inclusiveGateway id="join"/> <userTask id="after"/>
  <userTask id="a"/> <userTask id="b"/> <userTask id="c"/>
  start -> fork
  fork -> a when list contains(items, "a")
  fork -> b when list contains(items, "b")
  fork -> c when list contains(items, "c")
  a -> join
  b -> join
  c -> join
  join -> after
start {"items": ["a", "c"]}
expect tasks a c
complete c
expect tasks a
complete a
expect tasks after
complete after
expect completed

case one of three does not wait
deploy
  <startEvent id="start"/> <inclusiveGateway id="fork" default="fork_b"/> <inclusiveGateway id="join"/>
  <userTask id="after"/>
  <userTask id="a"/> <userTask id="b"/>
  start -> fork
  fork -> a when x
  fork -> b
  a -> join
  b -> join
  join -> after
start {"x": false}
expect tasks b
complete b
expect tasks after

case a way that turned away from the join is not waited for
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <exclusiveGateway id="g" default="g_elsewhere"/> <endEvent id="elsewhere"/> <inclusiveGateway id="join"/>
  <userTask id="after"/>
  start -> fork
  fork -> a -> join
  fork -> b -> g
  g -> join when ok
  g -> elsewhere
  join -> after
start {"ok": false}
complete a
expect tasks b
complete b
expect tasks after

case a boundary timer that leads to the join is waited for while its task is open
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <endEvent id="done"/>
  timer late on b after PT1H
  <inclusiveGateway id="join"/> <userTask id="after"/>
  start -> fork
  fork -> a -> join
  fork -> b -> done
  late -> join
  join -> after
start
complete a
expect tasks b
advance PT1H
expect tasks after

case in a loop it fires again each time
deploy
  <startEvent id="start"/> <exclusiveGateway id="begin"/> <inclusiveGateway id="fork"/>
  <inclusiveGateway id="join"/> <exclusiveGateway id="g" default="g_done"/>
  <userTask id="a"/> <userTask id="b"/> <userTask id="check"/> <endEvent id="done"/>
  start -> begin -> fork
  fork -> a when true
  fork -> b when true
  a -> join
  b -> join
  join -> check -> g
  g -> begin when again
  g -> done
start {"again": true}
complete a
complete b
expect tasks check
complete check
expect tasks a b
complete b
complete a
complete check {"again": false}
expect completed

case nothing true and no default
deploy
  <startEvent id="start"/> <inclusiveGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  start -> fork
  fork -> a when x = 1
  fork -> b when x = 2
start
expect incidents fork:bpmn.no_way_out
resolve fork {"x": 1}
expect tasks a

case two joins that wait for each other are an incident, not silence
deploy
  <startEvent id="start"/> <parallelGateway id="fork"/> <inclusiveGateway id="one"/>
  <inclusiveGateway id="two"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="split1"/> <parallelGateway id="split2"/> <endEvent id="done"/>
  start -> fork
  fork -> a -> one
  fork -> b -> two
  one -> split1
  split1 -> two
  split1 -> done
  two -> split2
  split2 -> one
  split2 -> done
start
complete a
complete b
expect running
expect incidents one:bpmn.join_starved two:bpmn.join_starved
)");
    CHECK(failures == "");
}
