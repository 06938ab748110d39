// What a process file says about one user task: who does it, for which item, with which outcomes and checkpoints.
// Read from the extensions of namespace https://kaigong.example/bpmn/1; see docs/how-to and catalog/README.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::approval {

/// What an outcome says of the matter: those who sign after the holder (后加签) are asked only where he approves.
enum class Said { approve, reject, none };

struct Outcome {
    std::string code;
    std::string label;
    std::string tone;   ///< primary, normal, danger
    std::string event;  ///< of states.md: what it does to the item or the application; may be empty
    std::string consequence;
    Said said = Said::none;
    bool reason_required = false;
    bool points_required = false;
    bool points_allowed = false;
    /// 容缺受理: names papers that may come later.
    bool omissions_required = false;
    /// The task whose officer is chosen with this outcome; may be empty.
    std::string chooses;
    /// FEEL over the process variables and `items` [{item, state}], `points_open`; absent: always possible.
    std::optional<feel::Expression> when;
    std::string blocked_text;  ///< shown when `when` is not true
};

/// How several people decide one task: countersign.hpp.
struct Countersign {
    /// share: `value` per cent of all voters approve · count: `value` of them · all: every one of them · first: who
    /// decides first (或签).
    enum class Rule { share, count, all, first };
    Rule rule = Rule::all;
    int value = 0;
    /// A rejection by one of these roles decides alone.
    std::vector<std::string> veto_roles;
};

/// As in the process file and in JSON.
std::string_view to_string(Countersign::Rule rule);

struct Checkpoint {
    std::string code;
    std::string text;
};

struct TaskModel {
    std::string element_id;
    std::string name;
    std::string kind;  ///< check, review, recheck, decide, accept, correct, certificate
    std::string item;
    std::string department;
    std::string role;  ///< empty where the process computes it
    /// FEEL over what the task sees: the role of this instance. Where it gives none that exists, `fallback_role` does
    /// it: a task never stands open for nobody.
    std::optional<feel::Expression> role_expression;
    std::string fallback_role;
    /// Whom the process gives the task to when it opens; none of the three: whoever of the role takes it.
    std::string assignee;  ///< an account name
    std::optional<feel::Expression> assignee_expression;
    bool least_loaded = false;
    std::optional<Countersign> countersign;
    std::string legal_basis;
    std::vector<Outcome> outcomes;
    std::vector<Checkpoint> checklist;

    const Outcome* find_outcome(const std::string& code) const;
    /// The first that approves; null where none does.
    const Outcome* approving_outcome() const;
    /// The one by which it ends when somebody who signs after the holder disagrees; null where there is not exactly
    /// one.
    const Outcome* rejecting_outcome() const;
    bool is_for_applicant() const { return kind == "correct"; }
};

/// Fails with approval.task_malformed naming the element: a kind that does not exist, an outcome without code or with
/// an event that no state table has, a `when` that is not FEEL.
Result<TaskModel> read_task_model(const bpmn::Element& element);

/// What the names of a task's variables (`…_outcome`, `…_by`) begin with: its id in its own file, also where another
/// process calls that.
std::string variable_stem(const std::string& element_id);

/// Who was chosen for a task by an outcome before it.
std::string chosen_variable(const std::string& element_id);

/// Every user task of a process; the check a catalogue has to pass before it is published.
Result<std::vector<TaskModel>> read_task_models(const bpmn::Definition& definition);

}  // namespace kaigong::approval
