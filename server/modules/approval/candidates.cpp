#include "modules/approval/candidates.hpp"

namespace kaigong::approval {

boost::json::object candidates_json(const std::vector<identity::Account>& people, std::size_t limit,
                                    const std::function<Result<void>(const operations::Officer&)>& may) {
    boost::json::array list;
    for (const auto& account : people) {
        const auto done = may({identity::actor_of(account), account.display_name});
        list.push_back(
            {{"account_id", account.account_id.text},
             {"name", account.display_name},
             {"department_name", account.department_name},
             {"excluded_because", done ? boost::json::value(nullptr) : boost::json::value(done.error().message)}});
    }
    return {{"candidates", std::move(list)}, {"complete", people.size() < limit}};
}

}  // namespace kaigong::approval
