#include "modules/applications/read_only.hpp"

namespace kaigong::applications {
namespace {

using boost::json::object;
using boost::json::value;

void drop_in(const object& schema, value& of) {
    if (of.is_object()) return drop_read_only(schema, of.get_object());
    const auto* items = schema.if_contains("items");
    if (items == nullptr || !of.is_array()) return;
    for (auto& one : of.get_array()) drop_in(items->as_object(), one);
}

}  // namespace

void drop_read_only(const object& form_schema, object& form) {
    const auto* members = form_schema.if_contains("properties");
    if (members == nullptr) return;
    for (const auto& [name, schema] : members->as_object()) {
        auto* found = form.if_contains(name);
        if (found == nullptr) continue;
        if (schema.as_object().contains("x-read-only")) {
            form.stable_erase(form.find(name));
        } else {
            drop_in(schema.as_object(), *found);
        }
    }
}

}  // namespace kaigong::applications
