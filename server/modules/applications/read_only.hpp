// Members of a form that the system fills (`x-read-only`): whoever could send them could say what only the system
// knows, so they are taken out of everything that comes in and never stored in a draft.
#pragma once

#include <boost/json.hpp>

namespace kaigong::applications {

/// At any depth. A form that does not fit its schema keeps what does not fit: that is refused later, by its name.
void drop_read_only(const boost::json::object& form_schema, boost::json::object& form);

}  // namespace kaigong::applications
