// What each department item judges of an application: matter.json names it under `inputs`, the rest follows from the
// item's own condition and from what papers prove. After a correction only items whose inputs changed are judged once
// more (states.md I6). Not for what happens to an item then: modules/approval.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

struct ItemInputs {
    std::string item;
    /// matter.json names no inputs for it: whatever changes is looked at, for leaving something out is the worse
    /// mistake.
    bool everything = false;
    /// Paths of the form without row numbers (`participants[].lead`); each stands for all that is below it.
    std::vector<std::string> fields;
    std::vector<std::string> materials;
};

/// `inputs` of an item: `fields` are judged together with the papers that prove them, `reads` by their values alone,
/// `materials` are papers that prove no field of it. `judged_by_nobody` {fields, materials} names the rest. Fails with
/// catalog.matter_malformed: a field or paper that the matter lacks, or one that is nobody's and not named so.
Result<std::vector<ItemInputs>> read_item_inputs(const boost::json::object& settings, const boost::json::object& schema,
                                                 const boost::json::array& materials);

/// What people need to read of the changes.
struct InputNames {
    const boost::json::object& schema;
    const boost::json::array& materials;
    const std::vector<std::string>& personal_paths;
};

/// In the order of the items, and for each in that of the changes.
std::vector<ItemChange> changes_of_items(const std::vector<ItemInputs>& items, const InputNames& names,
                                         const InputChanges& changes);

}  // namespace kaigong::catalog
