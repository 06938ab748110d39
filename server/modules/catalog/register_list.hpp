// `registers.json` of catalog/shared: which registers rules may ask, how old an answer may be, and what becomes of a
// rule whose register does not answer. Data, because a register's hours are its owner's.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

struct Register {
    std::string register_code;  ///< `organisation`: its name among the inputs of rules
    std::string name;
    std::int64_t fresh_hours = 0;
};

/// Fails with catalog.matter_malformed. `when_unavailable` is `unchecked` for each: nothing else may follow from a
/// register's silence (design §5), so nothing else can be written.
Result<std::vector<Register>> read_registers(const boost::json::value& file);

/// What rules see of them. An answer that is older than `fresh_hours` counts as none; rules see `unavailable`, with
/// `stale: true` beside it.
boost::json::object register_inputs(const std::vector<Register>& registers, const RegisterSource& source,
                                    const PrecheckInput& input, std::int64_t now_ms);

}  // namespace kaigong::catalog
