#include "engine/tlog/entry.hpp"

#include "base/json_reader.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <span>

namespace kaigong::tlog {
namespace {

namespace json = boost::json;

constexpr JsonLimits kEntryLimits{.bytes_max = 65'535, .depth_max = 4, .values_max = 2'000};

using IsOfKind = bool (*)(const json::value&);

struct Member {
    std::string_view name;
    IsOfKind is_right;
};

bool is_text(const json::value& value) {
    return value.is_string() && !value.get_string().empty();
}

bool is_boolean(const json::value& value) {
    return value.is_bool();
}

/// UTC milliseconds up to the end of 9999, the last year that a day can name.
bool is_time(const json::value& value) {
    constexpr std::int64_t kTimeMsMax = 253'402'300'799'999;
    return value.is_int64() && value.get_int64() >= 0 && value.get_int64() <= kTimeMsMax;
}

bool is_count(const json::value& value) {
    return value.is_int64() && value.get_int64() >= 1;
}

bool is_day(const json::value& value) {
    return value.is_string() && parse_date(value.get_string()).has_value();
}

/// `sha256:` and 64 lower-case hexadecimal digits.
bool is_commitment(const json::value& value) {
    constexpr std::string_view kMark = "sha256:";
    if (!value.is_string()) return false;
    std::string_view text = value.get_string();
    if (!text.starts_with(kMark) || text.size() != kMark.size() + 64) return false;
    text.remove_prefix(kMark.size());
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_files(const json::value& value) {
    if (!value.is_object() || value.get_object().empty()) return false;
    return std::ranges::all_of(value.get_object(), [](const auto& file) { return is_commitment(file.value()); });
}

constexpr Member kPermit[]{{"certificate_identifier", is_text},
                           {"certificate_version", is_count},
                           {"permit_number", is_text},
                           {"state", is_text},
                           {"issuer_code", is_text},
                           {"issued_on", is_day},
                           {"decided_at_ms", is_time},
                           {"logged_at_ms", is_time},
                           {"works_name", is_text},
                           {"owner_name", is_text},
                           {"sandbox", is_boolean},
                           {"content", is_commitment}};
constexpr Member kFiles[]{{"certificate_identifier", is_text},
                          {"certificate_version", is_count},
                          {"permit_number", is_text},
                          {"logged_at_ms", is_time},
                          {"files", is_files}};
constexpr Member kCopy[]{{"certificate_identifier", is_text},
                         {"certificate_version", is_count},
                         {"permit_number", is_text},
                         {"copy_number", is_count},
                         {"logged_at_ms", is_time},
                         {"purpose", is_commitment},
                         {"files", is_files}};
constexpr Member kState[]{{"permit_number", is_text},
                          {"certificate_identifier", is_text},
                          {"certificate_version", is_count},
                          {"state", is_text},
                          {"logged_at_ms", is_time}};
constexpr Member kAudit[]{{"hash", is_commitment}, {"logged_at_ms", is_time}};

std::span<const Member> members_of(std::string_view entry) {
    if (entry == "permit") return kPermit;
    if (entry == "files") return kFiles;
    if (entry == "copy") return kCopy;
    if (entry == "state") return kState;
    if (entry == "audit") return kAudit;
    return {};
}

/// Members in order, at any depth. The reader keeps the order of the text. Bytes order names as UTF-16 does as long as
/// none is beyond the basic plane; names of entries and files are ASCII.
bool is_sorted(const json::value& value) {
    if (!value.is_object()) return true;
    const auto& object = value.get_object();
    const auto before = [](const auto& left, const auto& right) { return left.key() < right.key(); };
    return std::ranges::is_sorted(object, before) &&
           std::ranges::all_of(object, [](const auto& member) { return is_sorted(member.value()); });
}

bool has_members(const json::object& object, std::span<const Member> members) {
    // `entry` and `v` come on top of those of the kind.
    if (members.empty() || object.size() != members.size() + 2) return false;
    return std::ranges::all_of(members, [&](const Member& member) {
        const json::value* const value = object.if_contains(member.name);
        return value != nullptr && member.is_right(*value);
    });
}

}  // namespace

std::optional<EntryTimes> read_entry(std::string_view text) {
    const auto parsed = parse_json(text, kEntryLimits);
    if (!parsed || !parsed->is_object() || !is_sorted(*parsed) || json::serialize(*parsed) != text) return std::nullopt;
    const json::object& object = parsed->get_object();
    const json::value* const entry = object.if_contains("entry");
    const json::value* const version = object.if_contains("v");
    if (entry == nullptr || !entry->is_string() || version == nullptr || *version != 1) return std::nullopt;
    if (!has_members(object, members_of(entry->get_string()))) return std::nullopt;
    EntryTimes times{object.at("logged_at_ms").get_int64(), std::nullopt};
    if (const json::value* const day = object.if_contains("issued_on")) times.issued_on = parse_date(day->get_string());
    return times;
}

}  // namespace kaigong::tlog
