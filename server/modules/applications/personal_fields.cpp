#include "modules/applications/personal_fields.hpp"

#include <fmt/format.h>

#include <functional>

#include "crypto/field_codec.hpp"

namespace kaigong::applications {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::string_view kTable = "application_form";

using Change = std::function<Result<std::string>(const std::string& text)>;

/// Walks one path; `[]` visits every element. What is missing or not a text is left alone.
Result<void> change_at(value& at, std::string_view rest, const Change& change) {
    if (rest.starts_with("[]")) {
        if (!at.is_array()) return {};
        for (auto& element : at.get_array()) KAIGONG_CHECK(change_at(element, rest.substr(2), change));
        return {};
    }
    if (rest.empty()) {
        if (!at.is_string() || at.get_string().empty()) return {};
        KAIGONG_TRY(changed, change(std::string(at.get_string())));
        at = changed;
        return {};
    }
    if (rest.front() == '.') rest.remove_prefix(1);
    const auto end = rest.find_first_of(".[");
    const auto name = rest.substr(0, end);
    if (!at.is_object()) return {};
    auto* inner = at.get_object().if_contains(name);
    if (inner == nullptr) return {};
    return change_at(*inner, end == std::string_view::npos ? std::string_view() : rest.substr(end), change);
}

Result<void> change_paths(
    const std::vector<std::string>& paths, object& form,
    const std::function<Result<std::string>(const std::string& path, const std::string& text)>& change) {
    value whole(std::move(form));
    for (const auto& path : paths) {
        auto done = change_at(whole, path, [&](const std::string& text) { return change(path, text); });
        if (!done) {
            form = std::move(whole.get_object());
            return done.error();
        }
    }
    form = std::move(whole.get_object());
    return {};
}

std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U) ++length;
        characters.push_back(text.substr(i, length));
        i += length;
    }
    return characters;
}

struct Kept {
    std::size_t first = 1;
    std::size_t last = 0;
};

/// The ends by which people recognise a number: `330***********1234`, `138****1234`, `****1234`, `张**`. What is
/// shorter than such a number keeps less, so that most of it is always hidden.
Kept kept_of(const std::string& kind, std::size_t length) {
    if (kind == "account") return {0, length >= 12 ? 4U : 0U};
    if (kind == "id_number" || kind == "phone") {
        if (length >= 11) return {3, 4};
        if (length >= 8) return {1, 2};
    }
    return {1, 0};
}

std::string masked(const std::string& kind, const std::string& text) {
    const auto characters = characters_of(text);
    const auto kept = kept_of(kind, characters.size());
    std::string result;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        result += i < kept.first || i + kept.last >= characters.size() ? characters[i] : "*";
    }
    return result;
}

void compare(const value& before, const value& after, const std::string& path, std::vector<std::string>& changed,
             std::size_t limit) {
    if (changed.size() >= limit || before == after) return;
    if (before.is_object() && after.is_object()) {
        for (const auto& [name, inner] : after.get_object()) {
            const auto* old = before.get_object().if_contains(name);
            compare(old == nullptr ? value(nullptr) : *old, inner,
                    path.empty() ? std::string(name) : path + "." + std::string(name), changed, limit);
        }
        for (const auto& [name, inner] : before.get_object()) {
            if (!after.get_object().contains(name) && !inner.is_null()) {
                changed.push_back(path.empty() ? std::string(name) : path + "." + std::string(name));
            }
        }
        return;
    }
    if (before.is_array() && after.is_array()) {
        const auto& old = before.get_array();
        const auto& now = after.get_array();
        for (std::size_t i = 0; i < std::max(old.size(), now.size()); ++i) {
            compare(i < old.size() ? old[i] : value(nullptr), i < now.size() ? now[i] : value(nullptr),
                    fmt::format("{}[{}]", path, i), changed, limit);
        }
        return;
    }
    changed.push_back(path);
}

}  // namespace

Result<void> seal_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                           const std::string& row_id, object& form) {
    return change_paths(paths, form, [&](const std::string& path, const std::string& text) {
        return crypto::seal_field(ring, {kTable, path, row_id}, text);
    });
}

Result<void> open_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                           const std::string& row_id, object& form) {
    return change_paths(paths, form, [&](const std::string& path, const std::string& text) {
        return crypto::open_field(ring, {kTable, path, row_id}, text);
    });
}

Result<void> reseal_personal(const crypto::KeyRing& ring, const std::vector<std::string>& paths,
                             const std::string& row_id, object& form) {
    return change_paths(paths, form, [&](const std::string& path, const std::string& text) {
        return crypto::reseal_field(ring, {kTable, path, row_id}, text);
    });
}

std::map<std::string, std::int64_t> personal_keys(const std::vector<std::string>& paths, object& form) {
    std::map<std::string, std::int64_t> keys;
    const auto done =
        change_paths(paths, form, [&](const std::string&, const std::string& text) -> Result<std::string> {
            ++keys[crypto::key_of_field(text)];
            return text;
        });
    if (!done) throw std::logic_error("applications: looking at the keys cannot fail");
    return keys;
}

std::vector<PersonalValue> personal_values(const std::map<std::string, std::string>& kinds, object& form) {
    std::vector<PersonalValue> values;
    for (const auto& [path, kind] : kinds) {
        const auto done =
            change_paths({path}, form, [&](const std::string&, const std::string& text) -> Result<std::string> {
                values.push_back({kind, text});
                return text;
            });
        if (!done) throw std::logic_error("applications: looking at values cannot fail");
    }
    return values;
}

void mask_personal(const std::map<std::string, std::string>& kinds, const std::set<std::string>& clear, object& form) {
    for (const auto& [path, kind] : kinds) {
        if (clear.contains(kind)) continue;
        const auto done = change_paths(
            {path}, form,
            [&](const std::string&, const std::string& text) -> Result<std::string> { return masked(kind, text); });
        if (!done) throw std::logic_error("applications: masking cannot fail");
    }
}

std::vector<std::string> changed_paths(const object& before, const object& after, std::size_t limit) {
    std::vector<std::string> changed;
    compare(before, after, "", changed, limit);
    return changed;
}

}  // namespace kaigong::applications
