#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

std::map<std::string, std::string> department_names(const Catalog& catalog) {
    std::map<std::string, std::string> names;
    for (const auto& matter : catalog.matters()) {
        const auto* departments = matter->settings().if_contains("departments");
        if (departments == nullptr) continue;
        for (const auto& one : departments->as_array()) {
            names.emplace(one.at("department").as_string(), one.at("name").as_string());
        }
    }
    return names;
}

}  // namespace kaigong::catalog
