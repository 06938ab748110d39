#include "modules/catalog/item_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "base/json_members.hpp"
#include "modules/catalog/input_labels.hpp"
#include "modules/catalog/matter_checks.hpp"

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;

constexpr const char* kFile = "matter.json";

using Paths = std::vector<std::string>;

/// Nothing where the member is there and no list of texts.
std::optional<Paths> listed_texts(const object& of, std::string_view name) {
    Paths list;
    const auto* found = of.if_contains(name);
    if (found == nullptr) return list;
    if (!found->is_array()) return std::nullopt;
    for (const auto& one : found->get_array()) {
        if (!one.is_string()) return std::nullopt;
        list.emplace_back(one.as_string());
    }
    return list;
}

bool is_in(const Paths& list, const std::string& one) {
    return std::ranges::find(list, one) != list.end();
}

/// `participants` holds `participants[].lead`, and itself.
bool holds(std::string_view outer, std::string_view inner) {
    if (!inner.starts_with(outer)) return false;
    return inner.size() == outer.size() || inner[outer.size()] == '.' || inner[outer.size()] == '[';
}

/// A row that came or went changes all that is in it, and a field all that holds it.
bool touches(std::string_view one, std::string_view other) {
    return holds(one, other) || holds(other, one);
}

bool touches_one_of(const Paths& paths, std::string_view path) {
    return std::ranges::any_of(paths, [&](const auto& one) { return touches(one, path); });
}

/// `participants[1].lead.name` → `participants[].lead.name`.
std::string without_rows(std::string_view path) {
    std::string plain;
    for (std::size_t at = 0; at < path.size(); ++at) {
        plain += path[at];
        if (path[at] == '[') at = path.find(']', at) - 1;
    }
    return plain;
}

void collect_paths(const object& schema, const std::string& path, Paths& all, Paths& leaves) {
    if (!path.empty()) all.push_back(path);
    const auto* items = object_in(schema, "items");
    const auto* properties = object_in(schema, "properties");
    if (items == nullptr && properties == nullptr) leaves.push_back(path);
    if (items != nullptr) collect_paths(*items, path + "[]", all, leaves);
    if (properties == nullptr) return;
    for (const auto& [name, inner] : *properties) {
        collect_paths(inner.as_object(),
                      path.empty() ? std::string(name) : fmt::format("{}.{}", path, std::string(name)), all, leaves);
    }
}

/// Names and paths outside of texts, as FEEL writes them.
Paths paths_in(const std::string& expression) {
    Paths found;
    bool in_text = false;
    std::string word;
    for (const char c : expression + " ") {
        if (c == '"') in_text = !in_text;
        const bool is_part = !in_text && (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.');
        if (is_part) word += c;
        if (!is_part && !word.empty()) found.push_back(std::exchange(word, {}));
    }
    return found;
}

/// The form and the papers that a matter's items may name.
class Known {
  public:
    Known(const object& schema, const array& materials) : materials_(materials) {
        collect_paths(schema, "", all_, leaves_);
    }

    const Paths& leaves() const { return leaves_; }
    const array& materials() const { return materials_; }

    Result<void> check(std::string_view whose, const Paths& fields, const Paths& materials) const {
        for (const auto& field : fields) {
            if (!is_in(all_, field)) return malformed(kFile, fmt::format("{}中的字段 {} 不在表单里", whose, field));
        }
        for (const auto& code : materials) {
            const bool known = std::ranges::any_of(
                materials_, [&](const auto& one) { return text_of(one.as_object(), "material_code") == code; });
            if (!known) return malformed(kFile, fmt::format("{}中的材料 {} 不在材料清单里", whose, code));
        }
        return {};
    }

    /// Fields that a condition reads; inputs that are none (registers, cases …) are not the applicant's.
    Paths read_by(const std::string& condition) const {
        Paths found;
        for (auto& path : paths_in(condition)) {
            if (is_in(all_, path)) found.push_back(std::move(path));
        }
        return found;
    }

    /// Papers that prove one of the fields.
    Paths proving(const Paths& fields) const {
        Paths codes;
        for (const auto& one : materials_) {
            const auto proves = listed_texts(one.as_object(), "proves").value_or(Paths());
            if (std::ranges::any_of(proves, [&](const auto& path) { return touches_one_of(fields, path); })) {
                codes.push_back(text_of(one.as_object(), "material_code"));
            }
        }
        return codes;
    }

  private:
    const array& materials_;
    Paths all_;
    Paths leaves_;
};

struct Named {
    Paths fields;
    Paths reads;
    Paths materials;
};

Result<Named> read_named(const object& of, const std::string& whose, const Known& known) {
    const auto fields = listed_texts(of, "fields");
    const auto reads = listed_texts(of, "reads");
    const auto materials = listed_texts(of, "materials");
    if (!fields || !reads || !materials) {
        return malformed(kFile, fmt::format("{}的 fields、reads、materials 应各是一列文字", whose));
    }
    KAIGONG_CHECK(known.check(whose, *fields, *materials));
    KAIGONG_CHECK(known.check(whose, *reads, {}));
    return Named{*fields, *reads, *materials};
}

Result<ItemInputs> read_item(const object& item, const Known& known) {
    ItemInputs inputs{text_of(item, "item"), false, {}, {}};
    const auto* given = item.if_contains("inputs");
    inputs.everything = given == nullptr;
    if (inputs.everything) return inputs;
    const auto whose = fmt::format("事项 {} 的 inputs ", inputs.item);
    if (!given->is_object()) return malformed(kFile, whose + "不是对象");
    KAIGONG_TRY(named, read_named(given->get_object(), whose, known));
    inputs.materials = known.proving(named.fields);
    inputs.fields = std::move(named.fields);
    std::ranges::move(named.reads, std::back_inserter(inputs.fields));
    std::ranges::move(known.read_by(text_of(item, "required_when")), std::back_inserter(inputs.fields));
    std::ranges::move(named.materials, std::back_inserter(inputs.materials));
    return inputs;
}

bool judges_field(const ItemInputs& item, const std::string& path) {
    return item.everything || touches_one_of(item.fields, path);
}

bool judges_material(const ItemInputs& item, const std::string& code) {
    return item.everything || is_in(item.materials, code);
}

/// What nobody looks at may be changed without anybody noticing: that has to be said, never to happen.
Result<void> must_be_covered(const std::vector<ItemInputs>& items, const Named& nobodys, const Known& known) {
    for (const auto& leaf : known.leaves()) {
        const bool is_nobodys =
            std::ranges::any_of(nobodys.fields, [&](const auto& outer) { return holds(outer, leaf); });
        const bool is_judged = std::ranges::any_of(items, [&](const auto& item) { return judges_field(item, leaf); });
        if (is_nobodys || is_judged) continue;
        return malformed(kFile,
                         fmt::format("字段 {} 没有事项审查；请写进某个事项的 inputs，或写进 judged_by_nobody", leaf));
    }
    for (const auto& one : known.materials()) {
        const auto code = text_of(one.as_object(), "material_code");
        const bool is_judged =
            std::ranges::any_of(items, [&](const auto& item) { return judges_material(item, code); });
        if (is_judged || is_in(nobodys.materials, code)) continue;
        return malformed(kFile,
                         fmt::format("材料 {} 没有事项审查；请写进某个事项的 inputs，或写进 judged_by_nobody", code));
    }
    return {};
}

}  // namespace

bool InputChanges::touch_field(std::string_view path) const {
    const auto plain = without_rows(path);
    return std::ranges::any_of(fields, [&](const auto& field) { return touches(without_rows(field), plain); });
}

bool InputChanges::touch_material(std::string_view code) const {
    return std::ranges::find(materials, code) != materials.end();
}

Result<std::vector<ItemInputs>> read_item_inputs(const object& settings, const object& schema, const array& materials) {
    const Known known(schema, materials);
    std::vector<ItemInputs> items;
    for (const auto& one : settings.at("items").as_array()) {
        KAIGONG_TRY(inputs, read_item(one.as_object(), known));
        items.push_back(std::move(inputs));
    }
    Named nobodys;
    if (const auto* given = settings.if_contains("judged_by_nobody")) {
        if (!given->is_object()) return malformed(kFile, "judged_by_nobody 不是对象");
        KAIGONG_TRY(named, read_named(given->get_object(), "judged_by_nobody ", known));
        nobodys = std::move(named);
    }
    if (!items.empty()) KAIGONG_CHECK(must_be_covered(items, nobodys, known));
    return items;
}

std::vector<ItemChange> changes_of_items(const std::vector<ItemInputs>& items, const InputNames& names,
                                         const InputChanges& changes) {
    std::vector<ItemChange> found;
    for (const auto& item : items) {
        ItemChange change{item.item, {}};
        for (const auto& field : changes.fields) {
            const auto path = without_rows(field);
            if (!judges_field(item, path)) continue;
            change.inputs.push_back(
                {false, field, field_label(names.schema, field), is_in(names.personal_paths, path)});
        }
        for (const auto& code : changes.materials) {
            if (!judges_material(item, code)) continue;
            change.inputs.push_back({true, code, material_label(names.materials, code), false});
        }
        found.push_back(std::move(change));
    }
    return found;
}

}  // namespace kaigong::catalog
