#include "modules/catalog/input_labels.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "base/json_members.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::object;

/// More rows than any list of a form has.
constexpr int kRowsMax = 10'000;

/// Takes `[3]` off the path.
std::optional<int> take_row(std::string_view& path) {
    const auto end = path.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    int row = 0;
    const auto* last = path.data() + end;
    const auto [rest, fault] = std::from_chars(path.data() + 1, last, row);
    if (fault != std::errc{} || rest != last || row < 0 || row >= kRowsMax) return std::nullopt;
    path.remove_prefix(end + 1);
    return row;
}

}  // namespace

const object* object_in(const object& of, std::string_view name) {
    const auto* found = of.if_contains(name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

std::string field_label(const object& schema, std::string_view path) {
    std::vector<std::string> titles;
    const auto* at = &schema;
    while (!path.empty()) {
        if (path.starts_with('[')) {
            const auto row = take_row(path);
            at = object_in(*at, "items");
            if (!row || titles.empty()) return "";
            titles.back() += fmt::format("第 {} 行", *row + 1);
        } else {
            const auto end = std::min(path.find_first_of(".["), path.size());
            const auto* properties = object_in(*at, "properties");
            at = properties == nullptr ? nullptr : object_in(*properties, path.substr(0, end));
            if (at != nullptr) titles.push_back(text_of(*at, "title"));
            path.remove_prefix(end);
        }
        if (at == nullptr) return "";
        if (path.starts_with('.')) path.remove_prefix(1);
    }
    return fmt::format("{}", fmt::join(titles, " · "));
}

std::string material_label(const boost::json::array& materials, std::string_view code) {
    for (const auto& one : materials) {
        if (text_of(one.as_object(), "material_code") == code) return text_of(one.as_object(), "name");
    }
    return std::string(code);
}

}  // namespace kaigong::catalog
