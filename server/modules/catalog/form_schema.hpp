// The closed subset of JSON Schema 2020-12 that forms are written in, checked with the path of each fault and a Chinese
// sentence. Required-ness is no keyword here: a missing answer is a finding of the pre-check, never a refusal to save.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::catalog {

/// Does this code table have this code?
using KnownCode = std::function<bool(std::string_view table, std::string_view code)>;

/// Keywords: type (object, array, string, integer, boolean, or one of them with "null"), properties,
/// additionalProperties: false, items, maxItems, uniqueItems, minLength, maxLength, pattern, format: date, enum,
/// minimum, maximum, $ref to $defs, annotations (title, description, default, examples, x-…). Fails with
/// catalog.schema_keyword_unknown for any other: a keyword that nobody checks would be a false promise.
Result<void> check_schema(const boost::json::object& schema);

/// A draft keeps whatever a person typed so far, as long as it has the right types and sizes, and codes of their tables
/// (nobody types half a code: it is chosen). What is filed has to have the right formats and ranges too (states.md A3).
enum class Strictness { draft, filing };

/// Fails with catalog.form_invalid and one FieldProblem a fault, at most 100.
Result<void> check_form(const boost::json::object& schema, const boost::json::object& form, Strictness strictness,
                        const KnownCode& known_code);

/// Names of the code tables that fields are marked with (`x-code-table`), each once.
std::set<std::string> code_tables_of(const boost::json::object& schema);

/// JSON paths (`participants[].lead.id_number`) of members marked `x-personal`, and of what kind each is: `name`,
/// `id_number`, `phone`, `account`; empty where the mark does not say.
std::map<std::string, std::string> personal_kinds(const boost::json::object& schema);

}  // namespace kaigong::catalog
