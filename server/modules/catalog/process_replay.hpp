// A case of the past, walked again on another version of its process with the outcomes that officers gave. What would
// have come differently is found by walking it on both versions, so that what no replay can know (returns, repairs,
// messages) is the same on both sides.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/office_days.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/catalog/package_store.hpp"

namespace kaigong::catalog {

/// How far a walk came, and what it opened on the way.
struct Walk {
    struct Task {
        std::string name;
        std::string group;  ///< `department:role`
    };
    std::map<std::string, Task> tasks;  ///< by element
    /// `ended`, `waiting`, `stuck` (an incident, or an outcome that is not there any more).
    std::string_view state;
    /// Where: names of the ends that were reached, of the open tasks, or what holds it up.
    std::string where;
};

class ProcessReplay {
  public:
    /// Any thread. Every case is walked by this calendar, also when another is published meanwhile.
    ProcessReplay(bpmn::Definition in_force, bpmn::Definition drafted, std::shared_ptr<const OfficeCalendar> calendar)
        : in_force_(std::move(in_force)), drafted_(std::move(drafted)), calendar_(std::move(calendar)) {}

    /// One row for each thing that would be another.
    std::vector<store::PreviewChangeRow> run(const PastProcedure& past) const;

  private:
    /// Tasks that `other` lacks did not exist when the case was worked on: their first outcome is taken.
    Walk walk(const bpmn::Definition& process, const bpmn::Definition& other, const PastProcedure& past) const;

    bpmn::Definition in_force_;
    bpmn::Definition drafted_;
    std::shared_ptr<const OfficeCalendar> calendar_;
};

}  // namespace kaigong::catalog
