// A process as it was deployed: elements, flows and what the engine read from their extensions. Immutable, cheap to
// copy, any thread.
#pragma once

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
    start_event,
    end_event,
    terminate_end_event,
    task,
    manual_task,
    user_task,
    service_task,
    business_rule_task,
    exclusive_gateway,
    inclusive_gateway,
    parallel_gateway,
    sub_process,
    boundary_timer,
};

/// The XML name, `terminateEndEvent` and `boundaryTimer` for the two that BPMN spells with a child element.
std::string_view to_string(Kind kind);

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

struct TimerRule {
    enum class Kind { date, duration };
    Kind kind = Kind::date;
    /// ISO 8601 text when there is no expression.
    std::string literal;
    std::shared_ptr<const Expression> expression;
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
    /// The subProcess around it, as index in Definition::elements(); -1 at the top of the process.
    int scope = -1;
    /// Indices in Definition::flows(), in document order.
    std::vector<int> incoming;
    std::vector<int> outgoing;
    int default_flow = -1;

    /// Boundary timer: the activity it sits on, and whether it ends that activity.
    int attached_to = -1;
    bool interrupting = true;
    std::optional<TimerRule> timer;
    /// Activity: its boundary timers. Sub-process: its start event.
    std::vector<int> boundary_timers;
    int start = -1;

    /// Id of the innermost lane that lists the element, or empty.
    std::string lane;
    /// Candidate group of a user task, `department:role`; empty when nothing names one.
    std::string group;
    std::string assignee;
    std::string form_key;
    std::string job_type;
    std::string decision_id;
    std::string result_variable;

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
    /// In document order; a sub-process stands before what is in it.
    const std::vector<Element>& elements() const;
    const std::vector<Flow>& flows() const;
    const Element& element(int index) const { return elements().at(static_cast<std::size_t>(index)); }
    const Flow& flow(int index) const { return flows().at(static_cast<std::size_t>(index)); }
    /// Index of the start event at the top.
    int start() const;
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

/// Judges deployment: everything that is wrong, at once. Never fails: what is not XML is one problem.
/// `process_id` chooses among several executable processes; empty takes the only one.
Judgement check(std::string_view xml, std::string_view process_id = "");

/// The executable process of a file. Fails with `bpmn.not_deployable`; each problem is one field, named by element and
/// line.
Result<Definition> parse(std::string_view xml, std::string_view process_id = "");

}  // namespace kaigong::bpmn
