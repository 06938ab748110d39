#include "verify/contents.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/canonical_json.hpp"

namespace kaigong::verify {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::int64_t kWholeMax = (std::int64_t{1} << 53) - 1;
/// The last instant of the year 9999.
constexpr std::int64_t kLoggedAtMsMax = 253'402'300'799'999;

/// Members of one object; the first that is not as it should be makes all of them worthless.
class Members {
  public:
    explicit Members(const value* of) : object_(of == nullptr ? nullptr : of->if_object()) { hold(object_ != nullptr); }

    std::string text(std::string_view name) {
        const auto* const found = find(name);
        const auto* const text = found == nullptr ? nullptr : found->if_string();
        hold(text != nullptr && !text->empty());
        return text == nullptr ? std::string() : std::string(*text);
    }
    std::string optional_text(std::string_view name) { return find(name) == nullptr ? std::string() : text(name); }
    std::int64_t whole(std::string_view name) {
        const auto* const found = find(name);
        const bool is_whole =
            found != nullptr && found->is_int64() && found->get_int64() >= 0 && found->get_int64() <= kWholeMax;
        hold(is_whole);
        return is_whole ? found->get_int64() : 0;
    }
    CivilDate day(std::string_view name) {
        const auto date = parse_date(text(name));
        hold(date.has_value());
        return date.value_or(CivilDate{});
    }
    /// False when it is not there.
    bool truth(std::string_view name) {
        const auto* const found = find(name);
        if (found == nullptr || found->is_null()) return false;
        hold(found->is_bool());
        return found->is_bool() && found->get_bool();
    }
    void objects(std::string_view name) {
        const auto* const found = find(name);
        if (found == nullptr || found->is_null()) return;
        const auto* const list = found->if_array();
        hold(list != nullptr && std::ranges::all_of(*list, [](const value& one) { return one.is_object(); }));
    }
    Members member(std::string_view name) {
        Members inner(find(name));
        hold(inner.sound_);
        return inner;
    }
    void hold(bool condition) { sound_ = sound_ && condition; }
    bool sound() const { return sound_; }

  private:
    const value* find(std::string_view name) const { return object_ == nullptr ? nullptr : object_->if_contains(name); }

    const object* object_;
    bool sound_ = true;
};

bool is_record(const value& one) {
    switch (one.kind()) {
        case boost::json::kind::double_:
        case boost::json::kind::uint64: return false;
        case boost::json::kind::int64: return one.get_int64() >= -kWholeMax && one.get_int64() <= kWholeMax;
        case boost::json::kind::array: return std::ranges::all_of(one.get_array(), is_record);
        case boost::json::kind::object:
            return std::ranges::all_of(one.get_object(), [](const auto& member) { return is_record(member.value()); });
        default: return true;
    }
}

}  // namespace

std::vector<object> CertificateObject::items(std::string_view list) const {
    std::vector<object> result;
    const auto* const found = whole.if_contains(list);
    if (found == nullptr || !found->is_array()) return result;
    for (const value& one : found->get_array()) result.push_back(one.get_object());
    return result;
}

std::optional<CertificateObject> certificate_of(const value& from) {
    Members members(&from);
    CertificateObject result;
    result.certificate_identifier = members.text("certificate_identifier");
    result.certificate_name = members.text("certificate_name");
    result.certificate_type_code = members.text("certificate_type_code");
    result.certificate_version = members.whole("certificate_version");
    result.permit_number = members.text("permit_number");
    result.state = members.text("state");
    result.issued_on = members.day("issued_on");
    auto issuer = members.member("issuer");
    result.issuer_name = issuer.text("name");
    result.issuer_code = issuer.text("code");
    auto holder = members.member("holder");
    result.holder_name = holder.text("name");
    holder.optional_text("code");
    auto project = members.member("project");
    result.works_name = project.text("works_name");
    members.objects("units");
    members.objects("buildings");
    result.remark = members.optional_text("remark");
    result.sandbox = members.truth("sandbox");
    members.optional_text("verify_url");
    if (!members.sound() || !issuer.sound() || !holder.sound() || !project.sound()) return std::nullopt;
    if (!is_record(from)) return std::nullopt;
    result.whole = from.get_object();
    return result;
}

std::optional<Entry> entry_of(const value& from) {
    Members members(&from);
    Entry result;
    members.hold(members.whole("v") == 1);
    result.kind = members.text("entry");
    result.certificate_identifier = members.text("certificate_identifier");
    result.certificate_version = members.whole("certificate_version");
    result.permit_number = members.text("permit_number");
    result.state = members.text("state");
    result.issuer_code = members.text("issuer_code");
    result.issued_on = members.day("issued_on");
    result.logged_at_ms = members.whole("logged_at_ms");
    members.hold(result.logged_at_ms <= kLoggedAtMsMax);
    result.works_name = members.optional_text("works_name");
    result.owner_name = members.optional_text("owner_name");
    result.sandbox = members.truth("sandbox");
    result.content = members.text("content");
    auto canonical = canonical_of(from);
    if (!members.sound() || !canonical) return std::nullopt;
    result.canonical = std::move(*canonical);
    return result;
}

std::optional<std::string> canonical_of(const value& from) {
    return is_record(from) ? std::optional(canonical_json(from)) : std::nullopt;
}

Contents contents_of(const object& root) {
    Contents contents;
    const std::array<std::pair<const char*, std::optional<value>*>, 3> members{
        {{"certificate", &contents.certificate}, {"evidence", &contents.evidence}, {"copy", &contents.copy}}};
    for (const auto& [name, place] : members) {
        if (const auto* const found = root.if_contains(name)) *place = *found;
    }
    return contents;
}

}  // namespace kaigong::verify
