#include "modules/identity/shared.hpp"

#include <algorithm>

namespace kaigong::identity {

Result<void> check_filter(std::string_view name, std::string_view value, std::span<const std::string_view> allowed) {
    if (value.empty() || std::ranges::find(allowed, value) != allowed.end()) return {};
    return invalid_field(std::string(name), "identity.filter_unknown", "没有这个筛选条件，请从列表中选择。");
}

Result<void> check_id_cursor(const http::Page& page) {
    if (page.cursor.empty() || is_uuid(page.cursor)) return {};
    return invalid_field("cursor", "http.page_invalid", "分页参数不对：cursor 请原样使用上一页给出的值。");
}

}  // namespace kaigong::identity
