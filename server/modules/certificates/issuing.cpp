#include "modules/certificates/issuing.hpp"

#include <boost/json.hpp>

#include "base/chinese_format.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/signing.hpp"
#include "formats/layout/template.hpp"
#include "formats/pdf/pdf_writer.hpp"

namespace kaigong::certificates {
namespace {

constexpr const char* kLog = "permits";

std::string sha256_hex(std::string_view bytes) {
    return crypto::to_hex(crypto::sha256(crypto::view(bytes)));
}

}  // namespace

boost::json::object public_json(const permits::Permit& permit, const store::VersionRow& row) {
    boost::json::object whole = permit.record;
    whole["permit_number"] = permit.permit_number;
    whole["certificate_identifier"] = row.certificate_identifier;
    whole["certificate_version"] = row.certificate_version;
    whole["issuing_authority"] = permit.issuing_authority;
    whole["issued_on"] = permit.issued_on;
    whole["start_due_on"] = permit.start_due_on;
    whole["works_name"] = permit.works_name;
    whole["owner_name"] = permit.owner_name;
    whole["region_code"] = permit.region_code;
    return whole;
}

std::string verification_link(const Parts& parts, const std::string& certificate_identifier) {
    return parts.public_url + "/v?c=" + certificate_identifier +
           "&s=" + crypto::sign_link(parts.key_ring, certificate_identifier);
}

Result<void> Issuing::run() {
    if (row_.state == "drafted") KAIGONG_CHECK(check());
    if (row_.state == "checked") KAIGONG_CHECK(append_log());
    if (row_.state == "logged") KAIGONG_CHECK(render());
    if (row_.state == "rendered") KAIGONG_CHECK(seal());
    if (row_.state == "sealed") KAIGONG_CHECK(publish());
    return {};
}

Result<void> Issuing::save(const std::string& state) {
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        row.state = state;
        KAIGONG_CHECK(store::save(session, row));
        row_ = row;
        return {};
    });
}

/// V2: sets every value on the form before anything is logged, so that what does not fit is found while nothing is
/// irrevocable.
Result<void> Issuing::check() {
    KAIGONG_TRY(bytes, pdf());
    rendered_ = std::move(bytes);
    return save("checked");
}

/// V4: the leaf is the hash of the public record, never of a file, so that its proof can go into the files.
Result<void> Issuing::append_log() {
    const auto hash = sha256_hex(evidence::canonical_json(public_json(permit_, row_)));
    const auto now_ms = parts_.clock.now_ms();
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        KAIGONG_TRY(leaf, parts_.evidence.append(session, kLog, row.certificate_identifier, hash, now_ms));
        row.public_sha256 = hash;
        row.leaf_index = leaf.leaf_index;
        row.state = "logged";
        KAIGONG_CHECK(store::save(session, row));
        row_ = row;
        return {};
    });
}

Result<void> Issuing::render() {
    if (rendered_.empty()) {
        KAIGONG_TRY(bytes, pdf());
        rendered_ = std::move(bytes);
    }
    KAIGONG_TRY(stored, parts_.blobs.put(rendered_, kCertificateBytesMax));
    row_.file_sha256 = stored.sha256;
    return save("rendered");
}

/// V5a: the file's digest goes into a second leaf. The seal on the page is drawn and says that it is a demonstration;
/// signatures come with the certificates issue.
Result<void> Issuing::seal() {
    const auto now_ms = parts_.clock.now_ms();
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        KAIGONG_TRY(leaf, parts_.evidence.append(session, kLog, row.certificate_identifier + "/certificate.pdf",
                                                 row.file_sha256, now_ms));
        row.file_leaf_index = leaf.leaf_index;
        row.state = "sealed";
        KAIGONG_CHECK(store::save(session, row));
        row_ = row;
        return {};
    });
}

/// V6: from here on the public sees permit and certificate, both in one transaction.
Result<void> Issuing::publish() {
    const auto now_ms = parts_.clock.now_ms();
    return parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        row.state = "valid";
        row.valid_from_ms = now_ms;
        KAIGONG_CHECK(store::save(session, row));
        KAIGONG_CHECK(parts_.permits.publish(session, row.permit_number, now_ms));
        parts_.audit.write(session, {"permit", row.permit_number, row.version, "certificates.publish", "system", "系统",
                                     "证照生效", now_ms});
        if (parts_.public_record_changed) {
            session.after_commit(
                [changed = parts_.public_record_changed, number = row.permit_number] { changed(number); });
        }
        row_ = row;
        return {};
    });
}

Result<std::string> Issuing::pdf() const {
    KAIGONG_TRY(matter, parts_.catalog.load_matter(permit_.matter_code, permit_.catalog_version));
    const auto* text = matter->find_template("certificate");
    if (text == nullptr) {
        return error(Errc::conflict, "certificates.template_missing", "本事项没有证照模板，请管理员补充后重试。");
    }
    KAIGONG_TRY(parsed, layout::Template::parse(boost::json::serialize(*text)));
    boost::json::object values = permit_.record;
    values["permit_number"] = permit_.permit_number;
    values["works_name"] = permit_.works_name;
    values["owner_name"] = permit_.owner_name;
    values["issuing_authority"] = permit_.issuing_authority;
    values["issued_on_text"] = date_text(parse_date(permit_.issued_on).value());
    values["certificate_identifier"] = row_.certificate_identifier;
    values["verify_url"] = verification_link(parts_, row_.certificate_identifier);
    KAIGONG_TRY(document, parsed.fill(values, row_.prepared_at_ms));
    return pdf::write(document);
}

}  // namespace kaigong::certificates
