#include "modules/applications/stored_lists.hpp"

#include <boost/json.hpp>

namespace kaigong::applications {

std::string text_of_list(const std::vector<std::string>& list) {
    boost::json::array texts;
    for (const auto& one : list) texts.emplace_back(one);
    return boost::json::serialize(texts);
}

std::vector<std::string> list_of_text(const std::string& json) {
    std::vector<std::string> list;
    const auto parsed = boost::json::parse(json);
    for (const auto& one : parsed.as_array()) list.emplace_back(one.as_string());
    return list;
}

std::string draft_row(const std::string& application_id) {
    return application_id + "/draft";
}

std::string round_row(const std::string& application_id, std::int64_t round) {
    return application_id + "/" + std::to_string(round);
}

}  // namespace kaigong::applications
