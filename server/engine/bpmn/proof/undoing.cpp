#include "engine/bpmn/proof/undoing.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kaigong::bpmn::proof {
namespace {

class Handlers {
  public:
    Handlers(const Definition& definition, const std::string& only) : definition_(definition), only_(only) {}

    std::vector<int> in(int scope) {
        add(scope, only_.empty());
        return std::move(handlers_);
    }

  private:
    /// `meant`: it was asked for all of what is inside here.
    void add(int scope, bool meant) {
        if (!seen_.emplace(scope, meant).second) return;
        for (const Element& element : definition_.elements()) {
            if (element.scope == scope && !element.is_for_compensation) add_of(element, meant || element.id == only_);
        }
    }

    void add_of(const Element& element, bool meant) {
        const int handler = element.compensation_handler >= 0 ? element.compensation_handler : own_way(element);
        if (handler >= 0) {
            if (meant && std::find(handlers_.begin(), handlers_.end(), handler) == handlers_.end()) {
                handlers_.push_back(handler);
            }
            return;
        }
        add(definition_.index_of(element.id), meant);
        if (element.called.literal.empty()) return;
        const Element* called = definition_.called(element.called.literal);
        if (called != nullptr) add(static_cast<int>(called - definition_.elements().data()), meant);
    }

    /// The event sub-process by which a completed sub-process undoes itself; -1 without one.
    int own_way(const Element& sub_process) const {
        for (const int index : sub_process.event_sub_processes) {
            const Element& start = definition_.element(definition_.element(index).starts.front());
            if (start.trigger == Trigger::compensation) return index;
        }
        return -1;
    }

    const Definition& definition_;
    const std::string& only_;
    std::set<std::pair<int, bool>> seen_;
    std::vector<int> handlers_;
};

}  // namespace

std::vector<int> handlers_called_by(const Definition& definition, const Element& event) {
    int scope = event.scope;
    // An event sub-process undoes what was done in the scope around it.
    if (definition.element(scope).kind == Kind::event_sub_process) scope = definition.element(scope).scope;
    return Handlers(definition, event.activity_ref).in(scope);
}

}  // namespace kaigong::bpmn::proof
