// A process as it was deployed: elements, flows and what the engine read from their extensions. Immutable, cheap to
// copy, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::bpmn {

inline constexpr std::string_view kModelNamespace = "http://www.omg.org/spec/BPMN/20100524/MODEL";
inline constexpr std::string_view kKaigongNamespace = "https://kaigong.example/bpmn/1";

enum class Kind {
    /// The process itself, and each process that it calls: a scope like a sub-process.
    process,
    start_event,
    end_event,
    intermediate_catch_event,
    intermediate_throw_event,
    boundary_event,
    task,
    manual_task,
    user_task,
    service_task,
    script_task,
    business_rule_task,
    send_task,
    receive_task,
    exclusive_gateway,
    inclusive_gateway,
    parallel_gateway,
    event_based_gateway,
    sub_process,
    /// A sub-process with triggeredByEvent.
    event_sub_process,
    transaction,
    ad_hoc_sub_process,
    call_activity,
};

/// The XML name; `eventSubProcess` for the one that BPMN spells with an attribute.
std::string_view to_string(Kind kind);

/// What an event waits for or does.
enum class Trigger {
    none,
    timer,
    message,
    signal,
    error,
    escalation,
    conditional,
    compensation,
    cancel,
    link,
    terminate,
};

std::string_view to_string(Trigger trigger);

/// What is wrong with a model, or (severity warning) kept but not executed.
struct Problem {
    enum class Severity { error, warning };
    Severity severity = Severity::error;
    /// Id of the element, or its XML name where it has none.
    std::string element;
    int line = 0;
    /// Stable: `unsupported_element`, `flow_target_unknown` …
    std::string code;
    std::string zh;
    std::string en;

    bool operator==(const Problem&) const = default;
};

/// An attribute that is not BPMN's own. `name_space` is the URI, never the prefix.
struct ForeignAttribute {
    std::string name_space;
    std::string name;
    std::string value;
};

/// One extension element with everything in it, as it stands in the file.
struct Extension {
    std::string name_space;
    std::string name;
    std::vector<ForeignAttribute> attributes;
    std::string text;
    std::vector<Extension> children;

    /// The value, or an empty view. Attributes without a prefix are found by their name.
    std::string_view attribute(std::string_view attribute_name) const;
};

/// A FEEL expression that compiled at deployment; see expression.hpp.
class Expression;

using Feel = std::shared_ptr<const Expression>;

struct TimerRule {
    enum class Kind { date, duration, cycle };
    Kind kind = Kind::date;
    /// ISO 8601 text when there is no expression.
    std::string literal;
    Feel expression;
};

/// A name or a code: as written, or computed.
struct Named {
    std::string literal;
    Feel expression;

    bool empty() const { return literal.empty() && expression == nullptr; }
};

/// A value that is computed and put into a variable, or (`a.b`) into a member of one.
struct Mapping {
    Feel source;
    std::string target;
};

/// How often an activity is done.
struct Repetition {
    enum class Kind { parallel, sequential, loop };
    Kind kind = Kind::parallel;
    /// Multi-instance: the number of instances, or the list with one item an instance.
    Feel cardinality;
    Feel collection;
    std::string input_element;
    std::string output_collection;
    Feel output_element;
    /// The name, where the output element is nothing but a variable: each instance has one of its own.
    std::string output_variable;
    /// Multi-instance: true ends it, what is open is cancelled. Looked at after each instance.
    Feel completion;
    /// Loop: goes on while it is true.
    Feel condition;
    bool test_before = false;
    std::int64_t maximum = 0;
};

struct Flow {
    std::string id;
    std::string name;
    int line = 0;
    /// Indices in Definition::elements().
    int source = -1;
    int target = -1;
    bool has_condition_text = false;
    /// Null where the flow has no condition, or one that did not compile (then the model is not deployable).
    std::shared_ptr<const Expression> condition;
};

struct Element {
    std::string id;
    std::string name;
    Kind kind = Kind::task;
    int line = 0;
    std::string documentation;
    /// The process or sub-process around it, as index in Definition::elements(); -1 for a process.
    int scope = -1;
    /// Indices in Definition::flows(), in document order.
    std::vector<int> incoming;
    std::vector<int> outgoing;
    int default_flow = -1;

    /// Events: what they wait for or do.
    Trigger trigger = Trigger::none;
    /// Name of the message or signal, code of the error or escalation (empty: any), name of the link.
    Named name_of_event;
    Feel correlation_key;
    Feel condition;
    std::optional<TimerRule> timer;
    /// Compensation thrown: the activity to compensate, or empty for all of its scope.
    std::string activity_ref;
    /// Compensation thrown: whether the token goes on only after the last of it.
    bool waits_for_completion = true;
    /// Link thrown: the event that catches it.
    int link_target = -1;
    /// Boundary event: the activity it sits on. Boundary event and start of an event sub-process: whether it ends the
    /// activity or scope.
    int attached_to = -1;
    bool interrupting = true;
    /// Activity: the events on its edge.
    std::vector<int> boundary_events;
    /// Activity: who undoes it, or -1.
    int compensation_handler = -1;
    bool is_for_compensation = false;

    /// Process and sub-process: where a token begins, and the event sub-processes inside.
    std::vector<int> starts;
    std::vector<int> event_sub_processes;

    std::optional<Repetition> repetition;
    std::vector<Mapping> inputs;
    std::vector<Mapping> outputs;

    /// Id of the innermost lane that lists the element, or empty.
    std::string lane;
    /// Candidate group of a user task, `department:role`; empty when nothing names one.
    std::string group;
    std::string assignee;
    std::string form_key;
    std::string job_type;
    std::string decision_id;
    std::string result_variable;
    /// Script task.
    Feel script;
    /// Call activity: the process to call, the element that it is here (-1: not known), and what of the variables goes
    /// in and comes back.
    Named called;
    bool passes_variables_in = true;
    bool passes_variables_out = true;
    /// Ad-hoc sub-process: ends when true; one activity at a time; what is open then is cancelled.
    Feel completion;
    /// The ids of those that begin; null: all.
    Feel active_elements;
    bool one_at_a_time = false;
    bool cancels_remaining = true;

    std::vector<ForeignAttribute> attributes;
    std::vector<Extension> extensions;

    /// The first extension element of that name in Kaigong's namespace, or null.
    const Extension* kaigong(std::string_view extension_name) const;
    /// All of them, in document order.
    std::vector<const Extension*> kaigong_all(std::string_view extension_name) const;
};

struct Process;

class Definition {
  public:
    const std::string& process_id() const;
    const std::string& name() const;
    /// The process first, then in document order; a sub-process stands before what is in it. Called processes follow.
    const std::vector<Element>& elements() const;
    const std::vector<Flow>& flows() const;
    const Element& element(int index) const { return elements().at(static_cast<std::size_t>(index)); }
    const Flow& flow(int index) const { return flows().at(static_cast<std::size_t>(index)); }
    const Element& root() const { return elements().front(); }
    /// The called process of that id, or null.
    const Element* called(std::string_view process_id) const;
    /// Null when there is no such element.
    const Element* find(std::string_view element_id) const;
    /// -1 when there is no such element.
    int index_of(std::string_view element_id) const;
    /// -1 when there is no such flow.
    int flow_index_of(std::string_view flow_id) const;
    /// What the model holds and the engine does not execute.
    const std::vector<Problem>& warnings() const;

    explicit Definition(std::shared_ptr<const Process> process) : process_(std::move(process)) {}

  private:
    std::shared_ptr<const Process> process_;
};

/// Size of a file and of what it may hold.
inline constexpr std::size_t kXmlBytesMax = 4UL * 1024 * 1024;
inline constexpr int kXmlDepthMax = 64;
inline constexpr int kXmlNodesMax = 200'000;
inline constexpr int kElementsMax = 2'000;

/// What a file is judged to be. `process_id` is empty when no process could be read.
struct Judgement {
    std::string process_id;
    std::vector<Problem> problems;

    /// True when nothing but warnings was found: `parse` gives a Definition.
    bool deployable() const;
};

/// Gives the XML of a file with the process of that id, or nothing: what call activities are bound to at deployment.
using Library = std::function<std::optional<std::string>(std::string_view process_id)>;

/// Judges deployment: everything that is wrong, at once. Never fails: what is not XML is one problem.
/// `process_id` chooses among several executable processes; empty judges all that no other one calls. Its own
/// `process_id` is the first's.
Judgement check(std::string_view xml, std::string_view process_id = "", const Library& library = {});

/// The executable process of a file; an empty `process_id` takes the only one, or the one that no other calls. Fails
/// with `bpmn.not_deployable`; each problem is one field, named by element and line.
Result<Definition> parse(std::string_view xml, std::string_view process_id = "", const Library& library = {});

/// Every executable process of a file that no other one calls, in the order of the file. Fails like `parse` when one of
/// them can't be deployed.
Result<std::vector<Definition>> parse_all(std::string_view xml, const Library& library = {});

}  // namespace kaigong::bpmn
