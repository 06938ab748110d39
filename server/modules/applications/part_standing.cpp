#include "modules/applications/part_standing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_members.hpp"
#include "crypto/field_codec.hpp"
#include "modules/applications/part_values.hpp"

namespace kaigong::applications {
namespace {

using boost::json::object;

constexpr std::string_view kPartsTable = "application_parts";
constexpr std::string_view kFiledTable = "submission_parts";
constexpr std::string_view kDigest = "values_digest";

bool is_same_firm(const store::PartRow& one, const store::PartRow& other) {
    return one.part == other.part && one.credit_code == other.credit_code && one.role == other.role;
}

std::optional<object> values_of(const catalog::InvitedParts& kinds, const store::PartRow& row, const object& form) {
    const auto* kind = kinds.find(row.part);
    if (kind == nullptr) return std::nullopt;
    return part_of_form(kinds, *kind, {row.credit_code, row.role}, form);
}

bool is_confirmed(const std::vector<StandingPart>& parts, const std::string& part, const PartFirm& firm) {
    return std::ranges::any_of(parts, [&](const StandingPart& one) {
        return one.standing == "confirmed" && one.row.part == part && one.row.credit_code == firm.credit_code &&
               one.row.role == firm.role;
    });
}

/// Of the newest invitation to the firm's own row, or the one that still stands confirmed; nothing: never invited.
const StandingPart* own_row_of(const std::vector<StandingPart>& parts, const std::string& part, const PartFirm& firm) {
    const auto found = std::ranges::find_if(parts, [&](const StandingPart& one) {
        return one.is_latest && one.row.part == part && one.row.credit_code == firm.credit_code &&
               one.row.role == firm.role;
    });
    return found == parts.end() ? nullptr : &*found;
}

const catalog::InvitedPart* own_row_kind(const catalog::InvitedParts& kinds, const std::string& role) {
    const auto found =
        std::ranges::find_if(kinds.parts, [&](const auto& kind) { return kind.is_own_row() && kind.is_for(role); });
    return found == kinds.parts.end() ? nullptr : &*found;
}

}  // namespace

std::string_view standing_of(const store::PartRow& row, std::int64_t now_ms) {
    if (row.state == "withdrawn") return "withdrawn";
    if (row.state == "unlisted") return "unlisted";
    if (row.confirmed_version > 0) return row.confirmed_version == row.version ? "confirmed" : "stale";
    if (row.state == "ended") return "ended";
    if (row.expires_at_ms <= now_ms) return "expired";
    return row.filled_at_ms > 0 ? "filled" : "invited";
}

Result<std::vector<StandingPart>> standing_parts(const crypto::KeyRing& key_ring, const catalog::InvitedParts& kinds,
                                                 const LoadedDraft& draft, std::vector<store::PartRow> rows,
                                                 std::int64_t now_ms) {
    std::vector<StandingPart> parts;
    for (auto& row : rows) {
        for (auto& earlier : parts) earlier.is_latest = earlier.is_latest && !is_same_firm(earlier.row, row);
        StandingPart part{row, std::string(standing_of(row, now_ms)), {}, true};
        if (!row.values_digest.empty()) {
            KAIGONG_TRY(digest, crypto::open_field(key_ring, {kPartsTable, kDigest, row.part_id}, row.values_digest));
            part.digest = std::move(digest);
        }
        if (part.standing == "confirmed") {
            const auto values = values_of(kinds, row, draft.form);
            const bool holds = values && part_digest(*values, draft.matter->form_schema()) == part.digest;
            if (!holds) part.standing = "stale";
        }
        parts.push_back(std::move(part));
    }
    // A confirmation that still holds stands, also where the firm was asked again.
    for (const auto& confirmed : parts) {
        if (confirmed.standing != "confirmed" || confirmed.is_latest) continue;
        for (auto& other : parts) {
            if (is_same_firm(other.row, confirmed.row)) other.is_latest = other.row.part_id == confirmed.row.part_id;
        }
    }
    return parts;
}

bool is_own_firm(const LoadedDraft& draft, const authz::Actor& applicant, const std::string& credit_code) {
    if (credit_code.empty()) return false;
    return credit_code == draft.row.credit_code || applicant.acts_for(credit_code);
}

Result<void> check_confirmations(const catalog::InvitedParts& kinds, const LoadedDraft& draft,
                                 const authz::Actor& applicant, const std::vector<StandingPart>& parts) {
    Error missing = error(Errc::conflict, "applications.part_not_confirmed",
                          "有参建单位还没有确认其填报的部分，现在不能提交。请邀请这些单位确认；填写的内容都已保存。");
    const auto* rows = draft.form.if_contains(kinds.rows);
    if (rows == nullptr || !rows->is_array()) return {};
    for (std::size_t i = 0; i < rows->get_array().size(); ++i) {
        if (!rows->get_array()[i].is_object()) continue;
        const auto& row = rows->get_array()[i].get_object();
        const PartFirm firm{text_of(row, kinds.credit_code), text_of(row, kinds.role)};
        for (const auto& kind : kinds.parts) {
            const bool is_asked = kind.confirmation_required && kind.is_for(firm.role) &&
                                  !is_own_firm(draft, applicant, firm.credit_code);
            if (!is_asked || is_confirmed(parts, kind.part, firm)) continue;
            missing.fields.push_back(
                {fmt::format("{}[{}]", kinds.rows, i), "applications.part_not_confirmed",
                 fmt::format("“{}”还没有由{}确认。", kind.title, text_of(row, kinds.organisation_name))});
        }
    }
    if (missing.fields.empty()) return {};
    return missing;
}

void put_confirmations(const catalog::InvitedParts& kinds, const LoadedDraft& draft, const authz::Actor& applicant,
                       const std::vector<StandingPart>& parts, std::int64_t now_ms, object& form) {
    auto* rows = form.if_contains(kinds.rows);
    if (rows == nullptr || !rows->is_array()) return;
    const auto put = [](object& row, const std::string& name, boost::json::value what) {
        if (!name.empty()) row[name] = std::move(what);
    };
    for (auto& one : rows->get_array()) {
        if (!one.is_object()) continue;
        auto& row = one.get_object();
        const PartFirm firm{text_of(row, kinds.credit_code), text_of(row, kinds.role)};
        const auto* kind = own_row_kind(kinds, firm.role);
        if (kind == nullptr) continue;
        if (is_own_firm(draft, applicant, firm.credit_code)) {
            put(row, kinds.confirmed_at, now_ms);
            put(row, kinds.standing, "own");
        } else if (const auto* part = own_row_of(parts, kind->part, firm)) {
            if (part->standing == "confirmed") put(row, kinds.confirmed_at, part->row.confirmed_at_ms);
            put(row, kinds.standing, boost::json::string(part->standing));
        }
    }
}

Result<FiledParts> filed_parts_of(const crypto::KeyRing& key_ring, const std::vector<StandingPart>& parts,
                                  std::int64_t round, std::int64_t now_ms) {
    FiledParts filed;
    for (const auto& part : parts) {
        filed.seen.push_back(part.row);
        constexpr std::array<std::string_view, 3> kNoPart{"withdrawn", "unlisted", "ended"};
        if (!part.is_latest || std::ranges::find(kNoPart, part.standing) != kNoPart.end()) continue;
        const auto& row = part.row;
        const auto entry_id = new_uuid(now_ms);
        std::string digest;
        if (!part.digest.empty()) {
            KAIGONG_TRY(sealed, crypto::seal_field(key_ring, {kFiledTable, kDigest, entry_id}, part.digest));
            digest = std::move(sealed);
        }
        filed.rows.push_back({entry_id, row.application_id, round, row.part_id, row.part, row.credit_code, row.role,
                              row.kind, part.standing, row.organisation_name, row.confirmed_at_ms, row.confirmed_by,
                              row.authority_duty, row.authority_reference, std::move(digest)});
    }
    return filed;
}

bool same_parts(const std::vector<store::PartRow>& seen, const std::vector<store::PartRow>& now) {
    return std::ranges::equal(seen, now, [](const store::PartRow& one, const store::PartRow& other) {
        return one.part_id == other.part_id && one.version == other.version;
    });
}

std::vector<store::PartRow> count_changed_parts(db::Session& session, const catalog::InvitedParts& kinds,
                                                const LoadedDraft& after, const object& before,
                                                const std::string& but) {
    std::vector<store::PartRow> moved;
    if (kinds.parts.empty()) return moved;
    const auto text_in = [&](const store::PartRow& row, const object& form) -> std::optional<std::string> {
        const auto values = values_of(kinds, row, form);
        return values ? std::optional(part_text(*values, after.matter->form_schema())) : std::nullopt;
    };
    for (auto& row : store::parts_of(session, after.row.application_id, kPartsMax)) {
        if (row.part_id == but || row.state == "withdrawn") continue;
        const auto now = text_in(row, after.form);
        const bool leaves = row.state == "open" && !now;
        const bool returns = row.state == "unlisted" && now;
        if (leaves || returns) {
            row.state = leaves ? "unlisted" : "open";
            store::set_part_state(session, row.part_id, row.state);
            moved.push_back(std::move(row));
        } else if (text_in(row, before) != now) {
            store::count_part_up(session, row.part_id);
        }
    }
    return moved;
}

const char* move_act(const store::PartRow& moved) {
    return moved.state == "unlisted" ? "applications.unlist_part" : "applications.relist_part";
}

std::string move_summary(const store::PartRow& moved) {
    return moved.state == "unlisted"
               ? fmt::format("{} 不在参建单位中，“{}”部分的邀请停用", moved.credit_code, moved.part)
               : fmt::format("{} 又在参建单位中，“{}”部分的邀请恢复", moved.credit_code, moved.part);
}

Result<std::string> sealed_digest(const crypto::KeyRing& key_ring, const std::string& part_id,
                                  const std::string& digest) {
    return crypto::seal_field(key_ring, {kPartsTable, kDigest, part_id}, digest);
}

}  // namespace kaigong::applications
