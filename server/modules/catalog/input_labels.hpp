// What the applicant's inputs are called where people read of them: in letters, timelines, reasons.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace kaigong::catalog {

/// The member where it is there and an object.
const boost::json::object* object_in(const boost::json::object& of, std::string_view name);

/// `participants[1].lead.name` → `参建单位第 2 行 · 项目负责人 · 姓名`, from the titles of the form. Empty for what is
/// no field of it: people may have written the path.
std::string field_label(const boost::json::object& schema, std::string_view path);

/// Its name in materials.json; the code itself for one that the matter lacks.
std::string material_label(const boost::json::array& materials, std::string_view code);

}  // namespace kaigong::catalog
