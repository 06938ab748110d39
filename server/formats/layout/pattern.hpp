// The text language of templates ({name}, {name|otherwise}, {list.field}, {{, **bold**) and the values that it is
// filled with.
#pragma once

#include "formats/layout/template.hpp"

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace kaigong::layout {

/// Nothing for an unclosed brace or asterisks, and for a name that is not snake_case.
std::optional<Pattern> parse_pattern(std::string_view text);
/// `name`, `!name`, `name>9`, `list.field<=9`; nothing for other texts.
std::optional<Condition> parse_condition(std::string_view text);

/// Where a name gets its value: first the item of the list that is being repeated, then the document's values.
class Scope {
  public:
    explicit Scope(const boost::json::object& values) : values_(values) {}

    /// Item `index` (from 1) of the list of that name.
    Scope item(std::string list, const boost::json::object& fields, std::size_t index) const;
    /// For headers and footers.
    Scope page(std::size_t number, std::size_t count) const;

    /// Empty when absent.
    std::string value(std::string_view name) const;
    /// What stands in the place of a placeholder.
    std::string text(const PatternPart& placeholder) const;
    bool holds(const Condition& condition) const;
    bool holds(const std::optional<Condition>& condition) const { return !condition || holds(*condition); }
    const boost::json::array* list(std::string_view name) const;
    /// `points[3].what` for an item's field, else the name: how errors name it.
    std::string field_path(std::string_view name) const;

  private:
    const boost::json::object& values_;
    const boost::json::object* item_ = nullptr;
    std::string list_;
    std::size_t index_ = 0;
    std::size_t page_ = 0;
    std::size_t pages_ = 0;

    std::size_t size(const Condition& condition) const;
};

/// Text with its values; the longest value names the field.
RichText fill(const Pattern& pattern, const Scope& scope);
/// The same without weight, for properties and codes.
std::string fill_plain(const Pattern& pattern, const Scope& scope);

/// Checks values against what the template declares: layout.value_missing, layout.value_malformed,
/// layout.value_too_long, layout.too_many_items, layout.character_refused.
Result<void> check_values(const std::vector<Placeholder>& declared, const boost::json::object& values);

}  // namespace kaigong::layout
