#include "modules/certificates/copies.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/random.hpp"
#include "db/idempotency.hpp"
#include "modules/certificates/content.hpp"
#include "modules/certificates/issuing.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::object;

constexpr std::int64_t kCopiesMax = 99;
constexpr std::size_t kCopySaltBytes = 16;

std::string name_of(const authz::Actor& actor) {
    return actor.kind == authz::AccountKind::owner_agent ? "申请人" : "工作人员";
}

std::string row_id(const store::CopyRow& row) {
    return fmt::format("{}/{}", row.certificate_identifier, row.copy_number);
}

}  // namespace

Result<store::EditionRow> Copies::edition(const std::string& permit_number) const {
    KAIGONG_TRY(found,
                parts_.database.read([&](db::Session& session) { return store::find_valid(session, permit_number); }));
    if (found && !found->content.empty()) return *found;
    return error(Errc::not_found, "certificates.not_ready", "证照还在制作，请稍后再打开。");
}

Result<object> Copies::object_of(const store::CopyRow& row) const {
    const auto id = row_id(row);
    KAIGONG_TRY(purpose, crypto::open_field(parts_.key_ring, {"certificate_copies", "purpose", id}, row.purpose));
    KAIGONG_TRY(made_for, crypto::open_field(parts_.key_ring, {"certificate_copies", "made_for", id}, row.made_for));
    return object{{"number", row.copy_number}, {"purpose", purpose}, {"made_for", made_for}, {"made_on", row.made_on}};
}

/// The number is taken under the lock of the edition, in the transaction that remembers the request.
Result<store::CopyRow> Copies::begin(const authz::Actor& actor, const CopyRequest& request,
                                     const store::EditionRow& edition) {
    const auto now_ms = parts_.clock.now_ms();
    const db::IdempotentRequest once{actor.account_id.text, "POST /permits/" + request.permit_number + "/copies",
                                     request.idempotency_key, request.body_hash, now_ms};
    const auto salt = crypto::to_hex(crypto::random_bytes(kCopySaltBytes));
    KAIGONG_TRY(number, parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, once, [&]() -> Result<std::string> {
            auto locked = edition;
            KAIGONG_CHECK(store::save(session, locked));
            store::CopyRow row{edition.certificate_identifier,
                               store::next_copy_number(session, edition.certificate_identifier),
                               1,
                               "begun",
                               "",
                               "",
                               salt,
                               to_string(office_date(now_ms)),
                               actor.account_id.text,
                               now_ms};
            if (row.copy_number > kCopiesMax) {
                return error(Errc::conflict, "certificates.copies_exhausted",
                             "这份证照的复制件已达 99 份，请使用已有的复制件。");
            }
            const auto id = row_id(row);
            KAIGONG_TRY(purpose, crypto::seal_field(parts_.key_ring, {"certificate_copies", "purpose", id},
                                                    request.wish.purpose));
            KAIGONG_TRY(made_for, crypto::seal_field(parts_.key_ring, {"certificate_copies", "made_for", id},
                                                     request.wish.made_for));
            row.purpose = purpose;
            row.made_for = made_for;
            if (!store::insert(session, row)) {
                return error(Errc::conflict, "certificates.already_prepared", "复制件正在制作，请稍后刷新。");
            }
            parts_.audit.write(
                session, {"permit", edition.permit_number, edition.version, "certificates.copy", actor.account_id.text,
                          name_of(actor), fmt::format("制作第 {} 号复制件", row.copy_number), now_ms});
            return std::to_string(row.copy_number);
        });
    }));
    const auto copy_number = std::stoll(number);
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) {
        return store::find_copy(session, edition.certificate_identifier, copy_number);
    }));
    if (!row) return error(Errc::conflict, "certificates.already_prepared", "证照刚刚换了新版，请刷新后再制作。");
    return *row;
}

Result<void> Copies::finish(const authz::Actor& actor, const store::EditionRow& edition, store::CopyRow& row) {
    KAIGONG_TRY(copy, object_of(row));
    KAIGONG_TRY(permit, parts_.permits.load_for(actor, edition.permit_number));
    KAIGONG_TRY(certificate, content_of(parts_, edition));
    KAIGONG_TRY(digests, make_files(parts_, permit, edition, row.copy_number, &copy));
    const auto now_ms = parts_.clock.now_ms();
    const auto entry = copy_entry(certificate, copy, row.salt, digests, now_ms);
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto made = row;
        made.state = "valid";
        KAIGONG_CHECK(store::save(session, made));
        parts_.evidence.queue(session, {evidence::kPermitsLog, "copy/" + row_id(row), entry, now_ms});
        row = made;
        return {};
    });
}

Result<store::CopyRow> Copies::make(const authz::Actor& actor, const CopyRequest& request) {
    KAIGONG_TRY(permit, parts_.permits.load_for(actor, request.permit_number));
    KAIGONG_CHECK(parts_.permissions.require(actor, "permits.copy"));
    KAIGONG_TRY(valid, edition(permit.permit_number));
    KAIGONG_TRY(certificate, content_of(parts_, valid));
    // Before a number is taken: what somebody typed must fit the page, and names no person by number.
    const object typed{{"number", kCopiesMax},
                       {"purpose", request.wish.purpose},
                       {"made_for", request.wish.made_for},
                       {"made_on", to_string(office_date(parts_.clock.now_ms()))}};
    KAIGONG_CHECK(check_pages(parts_, permit, valid, certificate, &typed));
    KAIGONG_TRY(row, begin(actor, request, valid));
    if (row.state != "valid") KAIGONG_CHECK(finish(actor, valid, row));
    return row;
}

}  // namespace kaigong::certificates
