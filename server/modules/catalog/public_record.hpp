// `public_record` of matter.json: which values of a form the authority makes public, and how each is written. Data, so
// that a second kind of permit has another certificate without C++.
//
//   "contract_price_text": {"feel": "contract.contract_price_fen", "format": "money"}
//   "works_use_name":      {"feel": "works.works_use", "code_table": "works_use"}
//   "buildings":           {"list": "buildings", "fields": {"building_name": {"feel": "building_name"}, …}}
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/feel/feel.hpp"

namespace kaigong::catalog {

/// text: as it stands · money: fen → 「8260 万元」 · area · length · date: 2026年12月2日.
enum class RecordFormat { text, money, area, length, date };

struct RecordEntry {
    std::string name;
    feel::Expression value;
    RecordFormat format = RecordFormat::text;
    std::string code_table;
    bool is_list = false;
    std::vector<RecordEntry> fields;  ///< of a list's elements, each over the element
};

/// Fails with catalog.record_malformed naming the entry.
Result<std::vector<RecordEntry>> read_record_entries(const boost::json::object& entries);

using CodeName = std::function<std::string(const std::string& table, const std::string& code)>;

/// Values that are null are left out.
boost::json::object record_of(const std::vector<RecordEntry>& entries, const boost::json::object& form,
                              const CodeName& code_name);

}  // namespace kaigong::catalog
