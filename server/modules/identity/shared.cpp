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

bool Shared::tell(db::Session& session, const store::AccountRow& account, std::string_view purpose,
                  const std::string& words) const {
    const auto person = accounts.of_row(account);
    const bool by_phone = !person.phone.empty();
    const auto& contact = by_phone ? person.phone : person.email;
    if (contact.empty()) return false;
    messages.post(session, {by_phone ? "sms" : "email", std::string(purpose), contact, words}, now_ms());
    return true;
}

}  // namespace kaigong::identity
