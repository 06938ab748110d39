#include <doctest/doctest.h>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a sub-process is left when nothing is left inside") {
    const std::string failures = run_scenarios(R"(
case two branches inside, one way out
deploy
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="e"/>
  s -> fork
  fork -> a -> e
  fork -> b -> e
  }
  start -> sub -> after
start
expect tasks a b
complete b
expect tasks a
complete a
expect tasks after
expect passed start s fork b e a sub

case inside one another
deploy
  <startEvent id="start"/> <endEvent id="done"/>
  outer {
  <startEvent id="os"/> <userTask id="last"/>
  inner {
  <startEvent id="is"/> <userTask id="a"/>
  is -> a
  }
  os -> inner -> last
  }
  start -> outer -> done
start
complete a
complete last
expect completed

case two instances of one sub-process keep their joins apart
deploy
  <startEvent id="start"/> <parallelGateway id="twice"/> <userTask id="first"/> <userTask id="second"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/>
  s -> fork
  fork -> a -> join
  fork -> b -> join
  }
  join -> e
  <endEvent id="e"/>
  start -> twice
  twice -> first -> sub
  twice -> second -> sub
error flow_crosses_scope join_e

case a join of one instance does not take the other's token
deploy
  <startEvent id="start"/> <parallelGateway id="twice"/> <userTask id="first"/> <userTask id="second"/>
  sub {
  <startEvent id="s"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <userTask id="c"/>
  s -> fork
  fork -> a -> join
  fork -> b -> join
  join -> c
  }
  start -> twice
  twice -> first -> sub
  twice -> second -> sub
start
complete first
complete second
expect tasks a b a b
complete a
complete a
expect tasks b b
complete b
expect tasks b c
complete b
expect tasks c c
complete c
complete c
expect completed

case leaving it can fail, and be repaired
deploy
  <startEvent id="start"/> <userTask id="after"/>
  sub {
  <startEvent id="s"/> <userTask id="a"/>
  s -> a
  }
  start -> sub
  sub -> after when ok
start
complete a
expect incidents sub:bpmn.condition_not_boolean
resolve sub {"ok": true}
expect tasks after

case without a start of its own
deploy
  <startEvent id="start"/>
  sub {
  <userTask id="a"/> <userTask id="b"/>
  a -> b
  b -> a
  }
  start -> sub
error start_missing sub

case begun by what only begins a process
deploy
  <startEvent id="start"/>
  sub {
  <startEvent id="s"><messageEventDefinition/></startEvent> <userTask id="a"/>
  s -> a
  }
  start -> sub
error start_trigger_misplaced s
)");
    CHECK(failures == "");
}
