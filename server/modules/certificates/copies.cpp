#include "modules/certificates/copies.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "db/idempotency.hpp"
#include "modules/certificates/content.hpp"
#include "modules/certificates/issuing.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::object;

constexpr std::size_t kCopySaltBytes = 16;

std::string name_of(const authz::Actor& actor) {
    return actor.kind == authz::AccountKind::owner_agent ? "申请人" : "工作人员";
}

std::string row_id(const store::CopyRow& row) {
    return fmt::format("{}/{}", row.certificate_identifier, row.copy_number);
}

db::IdempotentRequest once_of(const authz::Actor& actor, const CopyRequest& request, std::int64_t now_ms) {
    return {actor.account_id.text, "POST /permits/" + request.permit_number + "/copies", request.idempotency_key,
            request.body_hash, now_ms};
}

Error not_in_force() {
    return error(Errc::conflict, "certificates.not_in_force", "许可证现在不是有效状态，不能再制作复制件。");
}

Error exhausted() {
    return error(Errc::conflict, "certificates.copies_exhausted", "这份证照的复制件已达 99 份，请使用已有的复制件。");
}

Error changed() {
    return error(Errc::conflict, "certificates.edition_changed", "证照刚刚换了新版，请刷新后再制作。");
}

/// A job goes on by itself, a copy only when somebody asks again.
Error for_who_asked(Error fault) {
    if (fault.code != Errc::unavailable && fault.code != Errc::precondition_failed) return fault;
    fault.code = Errc::unavailable;
    fault.message = "复制件没有做完。" + fault.message + "之后用同样的用途和使用人再做一次，不会多占编号。";
    return fault;
}

}  // namespace

Result<object> Copies::object_of(const store::CopyRow& row) const {
    const auto id = row_id(row);
    KAIGONG_TRY(purpose, crypto::open_field(parts_.key_ring, {"certificate_copies", "purpose", id}, row.purpose));
    KAIGONG_TRY(made_for, crypto::open_field(parts_.key_ring, {"certificate_copies", "made_for", id}, row.made_for));
    return object{{"number", row.copy_number}, {"purpose", purpose}, {"made_for", made_for}, {"made_on", row.made_on}};
}

Result<void> Copies::may_make(const permits::Permit& permit, const store::EditionRow& edition) const {
    // The certificate object says `in_force`; a copy of it would go on saying so of a permit that is not.
    if (permit.state != "in_force") return not_in_force();
    if (edition.content.empty()) return made_before_the_log();
    KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
        return store::copies_of(session, edition.certificate_identifier, kCopiesMax + 1, kCopiesMax);
    }));
    // One that was only begun can still be finished.
    const bool full = std::ssize(rows) >= kCopiesMax &&
                      std::ranges::all_of(rows, [](const store::CopyRow& row) { return row.state == "valid"; });
    return full ? Result<void>(exhausted()) : Result<void>();
}

/// What this account began with the same wish: a death or a key that was away takes no second number.
Result<std::optional<store::CopyRow>> Copies::find_begun(db::Session& session, const authz::Actor& actor,
                                                         const CopyWish& wish, const store::EditionRow& edition) const {
    for (auto& row : store::begun_copies(session, edition.certificate_identifier, actor.account_id.text)) {
        KAIGONG_TRY(said, object_of(row));
        if (text_of(said, "purpose") == wish.purpose && text_of(said, "made_for") == wish.made_for) {
            return std::optional(std::move(row));
        }
    }
    return std::optional<store::CopyRow>();
}

/// Takes the next number; the edition's row is locked.
Result<store::CopyRow> Copies::add(db::Session& session, const authz::Actor& actor, const CopyWish& wish,
                                   const store::EditionRow& edition) {
    const auto now_ms = parts_.clock.now_ms();
    store::CopyRow row;
    row.certificate_identifier = edition.certificate_identifier;
    row.copy_number = store::next_copy_number(session, edition.certificate_identifier);
    row.state = "begun";
    row.salt = crypto::to_hex(crypto::random_bytes(kCopySaltBytes));
    row.made_on = to_string(office_date(now_ms));
    row.made_by = actor.account_id.text;
    row.made_at_ms = now_ms;
    if (row.copy_number > kCopiesMax) return exhausted();
    const auto id = row_id(row);
    KAIGONG_TRY(purpose, crypto::seal_field(parts_.key_ring, {"certificate_copies", "purpose", id}, wish.purpose));
    KAIGONG_TRY(made_for, crypto::seal_field(parts_.key_ring, {"certificate_copies", "made_for", id}, wish.made_for));
    row.purpose = purpose;
    row.made_for = made_for;
    if (!store::insert(session, row)) throw std::logic_error("certificates: a number of a copy was taken twice");
    parts_.audit.write(session,
                       {"permit", edition.permit_number, edition.version, "certificates.copy", actor.account_id.text,
                        name_of(actor), fmt::format("制作第 {} 号复制件", row.copy_number), now_ms});
    return row;
}

/// The number is taken under the lock of the edition, in the transaction that remembers the request; what is remembered
/// names the edition too, so that a retry after a new edition brings the same copy back.
Result<store::CopyRow> Copies::begin(const authz::Actor& actor, const db::IdempotentRequest& once, const CopyWish& wish,
                                     const store::EditionRow& edition) {
    KAIGONG_TRY(id, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            if (!store::lock_valid(session, edition.certificate_identifier)) return changed();
            KAIGONG_TRY(begun, find_begun(session, actor, wish, edition));
            if (begun) return row_id(*begun);
            KAIGONG_TRY(row, add(session, actor, wish, edition));
            return row_id(row);
        });
    }));
    const auto slash = id.rfind('/');
    // Before the identifier was remembered there was the number alone, of this edition.
    const auto identifier = slash == std::string::npos ? edition.certificate_identifier : id.substr(0, slash);
    const auto copy_number = std::stoll(id.substr(slash == std::string::npos ? 0 : slash + 1));
    KAIGONG_TRY(row, parts_.database.read(
                         [&](db::Session& session) { return store::find_copy(session, identifier, copy_number); }));
    if (!row) return changed();
    return *row;
}

/// The same copy may be finished twice at once, by a retry: the slower one takes what the faster one made.
Result<store::CopyRow> Copies::save_made(const store::CopyRow& row, const std::string& entry) {
    auto made = row;
    made.state = "valid";
    const auto saved = parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(store::save(session, made));
        parts_.evidence.queue(session, {evidence::kPermitsLog, "copy/" + row_id(row), entry, parts_.clock.now_ms()});
        return {};
    });
    if (saved) return made;
    KAIGONG_TRY(now, parts_.database.read([&](db::Session& session) {
        return store::find_copy(session, row.certificate_identifier, row.copy_number);
    }));
    if (now && now->state == "valid") return *now;
    return saved.error();
}

Result<store::CopyRow> Copies::finish(const permits::Permit& permit, const store::CopyRow& row) {
    if (permit.state != "in_force") return not_in_force();
    KAIGONG_TRY(edition, parts_.database.read(
                             [&](db::Session& session) { return store::find(session, row.certificate_identifier); }));
    if (!edition) return changed();
    KAIGONG_TRY(copy, object_of(row));
    KAIGONG_TRY(certificate, content_of(parts_, *edition));
    auto in_files = copy;
    // With it whoever has the file can open what the log says of its purpose.
    in_files["salt"] = row.salt;
    KAIGONG_TRY(digests, make_files(parts_, permit, *edition, row.copy_number, &in_files));
    const auto entry = copy_entry(certificate, copy, row.salt, digests, parts_.clock.now_ms());
    KAIGONG_TRY(made, save_made(row, entry));
    if (parts_.after_step) parts_.after_step("certificates.copy_made");
    return made;
}

Result<void> Copies::may_begin(const permits::Permit& permit, const store::EditionRow& edition,
                               const CopyWish& wish) const {
    KAIGONG_CHECK(may_make(permit, edition));
    KAIGONG_TRY(certificate, content_of(parts_, edition));
    // What somebody typed must fit the page, and names no person by number.
    const object typed{{"number", kCopiesMax},
                       {"purpose", wish.purpose},
                       {"made_for", wish.made_for},
                       {"made_on", to_string(office_date(parts_.clock.now_ms()))}};
    KAIGONG_CHECK(check_pages(parts_, permit, edition, certificate, &typed));
    return may_sign(parts_, certificate);
}

Result<store::CopyRow> Copies::make(const authz::Actor& actor, const CopyRequest& request) {
    KAIGONG_TRY(permit, parts_.permits.load_for(actor, request.permit_number));
    KAIGONG_CHECK(parts_.permissions.require(actor, "permits.copy"));
    KAIGONG_TRY(valid, parts_.database.read(
                           [&](db::Session& session) { return store::find_valid(session, permit.permit_number); }));
    if (!valid) return error(Errc::not_found, "certificates.not_ready", "证照还在制作，请稍后再打开。");
    const auto once = once_of(actor, request, parts_.clock.now_ms());
    KAIGONG_TRY(known, parts_.database.read([&](db::Session& session) { return db::is_known(session, once); }));
    if (!known) KAIGONG_CHECK(authz::Permissions::require_recent(actor));
    // Before a number is taken; a retry has its number, and is not refused for what it has changed itself.
    const auto possible = known ? Result<void>() : may_begin(permit, *valid, request.wish);
    if (!possible) return for_who_asked(possible.error());
    KAIGONG_TRY(row, begin(actor, once, request.wish, *valid));
    if (row.state == "valid") return row;
    if (parts_.after_step) parts_.after_step("certificates.copy_begun");
    const auto made = finish(permit, row);
    return made ? *made : Result<store::CopyRow>(for_who_asked(made.error()));
}

}  // namespace kaigong::certificates
