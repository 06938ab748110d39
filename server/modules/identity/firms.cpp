#include "modules/identity/identity.hpp"

#include <fmt/format.h>

#include "modules/identity/accounts.hpp"
#include "modules/identity/messages.hpp"
#include "modules/identity/organisation_store.hpp"

namespace kaigong::identity {
namespace {

class FirmBook final : public Firms {
  public:
    explicit FirmBook(const Parts& parts)
        : messages_(parts.database, parts.key_ring, parts.sink, parts.demo), public_url_(parts.public_url) {}

    bool is_here(db::Session& session, const std::string& credit_code) override {
        const auto row = store::find_organisation_by_code(session, credit_code);
        return row && row->state == "active";
    }

    std::optional<Authority> authority_of(db::Session& session, const authz::AccountId& account_id,
                                          const std::string& credit_code, CivilDate today) override {
        for (const auto& acting : Accounts::may_act_for(session, account_id.text, today)) {
            if (acting.credit_code != credit_code) continue;
            const auto membership = store::find_membership(session, acting.membership_id);
            return Authority{acting.organisation_name, acting.duty,
                             membership ? membership->authority_reference : std::string()};
        }
        return std::nullopt;
    }

    bool can_tell() const override { return messages_.can_send(); }

    Result<std::string> contact_of(const std::string& phone) const override {
        auto number = phone_of(phone);
        if (!number) return invalid_field("phone", "identity.phone_malformed", "请填写该单位联系人的 11 位手机号码。");
        return std::move(*number);
    }

    void tell(db::Session& session, const std::string& contact, const std::string& inviter_credit_code,
              std::int64_t now_ms) override {
        const auto inviter = store::find_organisation_by_code(session, inviter_credit_code);
        const auto words = fmt::format(
            "【开工】{} 邀请贵单位填报或确认施工许可申请中本单位的部分。请打开 {}/app/register 注册并登记本单位，"
            "核验通过后在“待我单位填报或确认”中办理。与贵单位无关的，请不必理会。",
            inviter ? inviter->organisation_name : std::string("建设单位"), public_url_);
        messages_.post(session, {"sms", "part_invitation", contact, words}, now_ms);
    }

  private:
    Messages messages_;
    std::string public_url_;
};

}  // namespace

std::unique_ptr<Firms> make_firms(const Parts& parts) {
    return std::make_unique<FirmBook>(parts);
}

}  // namespace kaigong::identity
