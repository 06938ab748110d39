// What the verbs feel and dmn share: variables from JSON, the world that expressions may see, values and faults as
// JSON.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

#include "app/verbs.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::app {

/// The clock of this machine and its zones.
feel::Environment rule_environment();

/// `--vars`, or its synonyms `--context` and `--input`. Fails with feel.json_invalid, app.file_missing.
Result<feel::Context> variables_of(const Arguments& arguments);
feel::JsonReading variable_reading();
/// The names of the variables and, for what stands behind dots, of all their members.
feel::Scope scope_of(const feel::Context& variables);

/// The value as JSON on one line; why it is null on stderr, with `json` as an object.
void print_value(const feel::Value& value, bool json);
/// `{"reason","message"}`, with line and column when the message names a place.
boost::json::object fault_as_json(std::string_view reason, std::string_view message);
/// As `refuse`, with `json` as an object on stderr.
int refuse_as(const Error& error, bool json);

}  // namespace kaigong::app
