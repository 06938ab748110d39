#include "modules/applications/person_index.hpp"

#include <algorithm>
#include <set>

#include "crypto/field_codec.hpp"
#include "modules/applications/personal_fields.hpp"

namespace kaigong::applications {
namespace {

constexpr std::string_view kPersonsTable = "application_persons";
constexpr std::size_t kMobileDigits = 11;

bool is_searched(const std::string& kind) {
    return kind == "id_number" || kind == "phone";
}

}  // namespace

std::string normalised_number(const std::string& kind, const std::string& text) {
    std::string number;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z') number += static_cast<char>(c - 'a' + 'A');
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) number += c;
    }
    if (kind != "phone") return number;
    for (const std::string_view country : {"0086", "86"}) {
        if (number.starts_with(country) && number.size() == country.size() + kMobileDigits) {
            return number.substr(country.size());
        }
    }
    return number;
}

PersonIndexes person_indexes(const crypto::KeyRing& ring, const std::map<std::string, std::string>& kinds,
                             boost::json::object form) {
    std::set<std::pair<std::string, std::string>> numbers;
    for (const auto& value : personal_values(kinds, form)) {
        auto number = is_searched(value.kind) ? normalised_number(value.kind, value.text) : std::string();
        if (!number.empty()) numbers.emplace(value.kind, std::move(number));
    }
    PersonIndexes result;
    for (const auto& [kind, number] : numbers) {
        result.indexes.push_back(crypto::blind_index(ring, kPersonsTable, kind, number));
    }
    // The keys may be exchanged in between; the indexes say themselves which one made them.
    result.key_id = ring.current()->key_id;
    for (const auto& index : result.indexes) {
        if (const auto made_by = index.substr(0, index.find(':')); made_by != result.key_id) result.key_id.clear();
    }
    return result;
}

std::vector<std::string> person_indexes_of(const crypto::KeyRing& ring, const std::string& kind,
                                           const std::string& number) {
    return crypto::blind_indexes(ring, kPersonsTable, kind, normalised_number(kind, number));
}

}  // namespace kaigong::applications
