#include "modules/approval/oversight_view.hpp"

#include <algorithm>

#include "base/json_members.hpp"

namespace kaigong::approval {

boost::json::array holds_json(const std::vector<Hold>& holds) {
    boost::json::array list;
    for (const auto& hold : holds) {
        list.push_back({{"task_id", hold.task_id},
                        {"task_name", hold.task_name},
                        {"department", hold.department},
                        {"holder_name", or_null(hold.holder_name)},
                        {"from_at_ms", hold.from_ms},
                        {"through_at_ms", or_null(hold.through_ms)},
                        {"worked_ms", hold.worked_ms},
                        {"provisional", hold.provisional}});
    }
    return list;
}

boost::json::object order_json(const store::OrderRow& order, std::int64_t now_ms) {
    const bool is_overdue = order.state == "open" && now_ms >= order.answer_due_at_ms;
    const bool was_late = order.state == "answered" && order.ended_at_ms.value_or(0) >= order.answer_due_at_ms;
    return {{"order_id", order.order_id},
            {"order_number", order.order_number},
            {"application_id", order.application_id},
            {"application_number", order.application_number},
            {"works_name", order.works_name},
            {"task_id", order.task_id},
            {"task_name", order.task_name},
            {"department", order.department},
            {"issued_by", order.issued_by},
            {"issued_at_ms", order.issued_at_ms},
            {"holder_name", or_null(order.holder_name)},
            {"held_ms", order.held_ms},
            {"case_due_on", or_null(order.case_due_on)},
            {"demand", order.demand},
            {"consequence", order.consequence},
            {"answer_by_on", order.answer_by_on},
            {"state", is_overdue ? "overdue" : order.state},
            {"answered_late", was_late},
            {"answer", or_null(order.answer)},
            {"answered_by", or_null(order.answered_by)},
            {"cancel_cause", or_null(order.cancel_cause)},
            {"ended_at_ms", or_null(order.ended_at_ms)}};
}

boost::json::object warning_json(const store::WarningRow& warning) {
    return {{"task_id", warning.task_id},
            {"step_no", warning.step_no},
            {"application_id", warning.application_id},
            {"application_number", warning.application_number},
            {"works_name", warning.works_name},
            {"task_name", warning.task_name},
            {"department", warning.department},
            {"warning", warning.warning},
            {"holder_name", or_null(warning.holder_name)},
            {"case_due_on", warning.case_due_on},
            {"warned_at_ms", warning.warned_at_ms}};
}

boost::json::object check_json(const store::CheckRow& check) {
    return {{"check_id", check.check_id},
            {"nightly", check.night.has_value()},
            {"started_by", check.started_by},
            {"started_at_ms", check.started_at_ms},
            {"ended_at_ms", or_null(check.ended_at_ms)},
            {"state", check.state},
            {"case_count", std::max(check.case_count, check.looked_at)},
            {"looked_at", check.looked_at},
            {"found", check.found}};
}

boost::json::object finding_json(const store::FindingRow& finding) {
    return {{"finding_id", finding.finding_id},           {"kind", finding.kind},
            {"application_id", finding.application_id},   {"application_number", finding.application_number},
            {"works_name", finding.works_name},           {"region_code", finding.region_code},
            {"task_id", or_null(finding.task_id)},        {"task_name", or_null(finding.task_name)},
            {"department", or_null(finding.department)},  {"role", or_null(finding.role)},
            {"holder_name", or_null(finding.holder_name)}};
}

boost::json::value cursor_json(const std::optional<std::string>& cursor) {
    return or_null(cursor);
}

Load& Load::operator+=(const Load& other) {
    open += other.open;
    yellow += other.yellow;
    red += other.red;
    orders_open += other.orders_open;
    orders_overdue += other.orders_overdue;
    if (!oldest_at_ms || (other.oldest_at_ms && *other.oldest_at_ms < *oldest_at_ms)) oldest_at_ms = other.oldest_at_ms;
    return *this;
}

boost::json::object load_json(const Load& load) {
    const auto capped = [](std::int64_t count) { return std::min(count, store::kOverseenMax); };
    return {{"open", capped(load.open)},
            {"yellow", capped(load.yellow)},
            {"red", capped(load.red)},
            {"orders_open", capped(load.orders_open)},
            {"orders_overdue", capped(load.orders_overdue)},
            {"oldest_at_ms", or_null(load.oldest_at_ms)}};
}

}  // namespace kaigong::approval
