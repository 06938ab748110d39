#include "modules/certificates/issuing.hpp"

#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "base/id.hpp"
#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/long_field.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "crypto/signing.hpp"
#include "formats/certificate/lint.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/layout/template.hpp"
#include "modules/certificates/content.hpp"
#include "modules/certificates/files.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::object;

constexpr std::size_t kSaltBytes = 16;

void step_done(const Parts& parts, const char* step) {
    if (parts.after_step) parts.after_step(step);
}

crypto::FieldPlace content_place(const store::EditionRow& row) {
    return {"certificate_editions", "content", row.certificate_identifier};
}

std::string permit_subject(const store::EditionRow& row) {
    return "permit/" + row.certificate_identifier;
}

Result<const boost::json::object*> template_of(const catalog::Matter& matter) {
    const auto* text = matter.find_template("certificate");
    if (text != nullptr) return text;
    return error(Errc::conflict, "certificates.template_missing", "本事项没有证照模板，请管理员补充后重试。");
}

/// The certificate object of an edition that is begun: everything else about it follows.
Result<object> new_content(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                           const catalog::Matter& matter) {
    KAIGONG_TRY(identifier, identifier::parse_certificate_identifier(row.certificate_identifier));
    KAIGONG_TRY(form, template_of(matter));
    EditionFacts facts{row.certificate_identifier,
                       identifier.type_code,
                       "",
                       identifier.issuer_code,
                       row.certificate_version,
                       "",
                       verification_link(parts, row.certificate_identifier),
                       parts.sandbox};
    if (const auto* profile = form->if_contains("profile")) {
        facts.certificate_name = text_of(profile->as_object(), "certificate_name");
    }
    if (row.certificate_version > 1) {
        auto before = identifier;
        before.version -= 1;
        KAIGONG_TRY(related, identifier::compose(before));
        facts.related_identifier = related;
    }
    return certificate_object(permit, facts);
}

Result<void> lint(const Parts& parts, const permits::Permit& permit, const catalog::Matter& matter,
                  const object& certificate, const layout::Document& document, const object* copy) {
    KAIGONG_TRY(form, template_of(matter));
    const auto* source = form->if_contains("profile");
    if (source == nullptr || !source->is_object()) {
        return error(Errc::conflict, "certificates.profile_missing", "证照模板没有核对要求，请管理员补充后重试。");
    }
    KAIGONG_TRY(profile, certificate::read_profile(source->get_object()));
    certificate::IssuingFacts facts;
    facts.today = office_date(parts.clock.now_ms());
    if (permit.filed_at_ms > 0) facts.filed_on = office_date(permit.filed_at_ms);
    facts.decided_on = office_date(permit.numbered_at_ms);
    facts.copy = copy;
    return certificate::lint_certificate(profile, certificate, document, facts);
}

/// Written in a transaction of its own before the key is asked.
Result<std::string> announce(const Parts& parts, store::SigningRow row, crypto::BytesView message,
                             const crypto::Certificate& signer) {
    row.signing_id = new_uuid(parts.clock.now_ms());
    row.digest = crypto::to_hex(crypto::sha256(message));
    row.signer_serial = signer.serial_hex;
    row.asked_at_ms = parts.clock.now_ms();
    KAIGONG_CHECK(parts.database.transact([&](db::Session& session) { store::insert(session, row); }));
    return row.signing_id;
}

Result<store::FileRow> make_one(const Parts& parts, const store::EditionRow& row, std::int64_t copy_number,
                                const std::string& file_name, const FileSource& source) {
    std::string signing_id;
    KAIGONG_TRY(bytes, make_file(file_name, source, *parts.signing,
                                 [&](crypto::BytesView message, const crypto::Certificate& signer) -> Result<void> {
                                     KAIGONG_TRY(id, announce(parts,
                                                              {"", row.certificate_identifier, copy_number, file_name,
                                                               "", "", 0, ""},
                                                              message, signer));
                                     signing_id = id;
                                     step_done(parts, "certificates.asked_to_sign");
                                     return {};
                                 }));
    step_done(parts, "certificates.file_signed");
    KAIGONG_TRY(stored, parts.blobs.put(bytes, kCertificateBytesMax));
    store::FileRow file{row.certificate_identifier, copy_number,        file_name, stored.sha256,
                        stored.size_bytes,          source.signed_at_ms};
    step_done(parts, "certificates.file_stored");
    KAIGONG_CHECK(parts.database.transact([&](db::Session& session) -> Result<void> {
        if (!store::insert(session, file)) {
            return error(Errc::conflict, "certificates.already_prepared", "证照正在制作，请稍后刷新。");
        }
        store::finish_signing(session, signing_id, file.sha256);
        return {};
    }));
    step_done(parts, "certificates.file_saved");
    return file;
}

/// `sha256:…` of the files that are there.
Result<object> stored_digests(const Parts& parts, const store::EditionRow& row, std::int64_t copy_number) {
    return parts.database.read([&](db::Session& session) {
        object digests;
        for (const std::string file_name : kFileNames) {
            const auto file = store::find_file(session, row.certificate_identifier, copy_number, file_name);
            if (file) digests[file_name] = "sha256:" + file->sha256;
        }
        return digests;
    });
}

Result<crypto::BytesView> seal_of(const Parts& parts, const object& certificate) {
    const auto code = text_of(certificate.at("issuer").as_object(), "code");
    const auto found = parts.signing->seals.find(code);
    if (found != parts.signing->seals.end()) return crypto::BytesView(found->second);
    return error(Errc::precondition_failed, "certificates.seal_missing",
                 "没有发证机关（" + code + "）的电子印章，请管理员把印章文件放进签章文件夹，本件随后自动继续。");
}

/// Of the seal in the signing folder. While there is none nothing is signed, and any legend fits as well.
Result<std::string> legend_of(const Parts& parts, const object& certificate) {
    const auto der = seal_of(parts, certificate);
    if (!der) return seal_legend("");
    KAIGONG_TRY(seal, crypto::read_seal(*der));
    return seal_legend(seal.name);
}

}  // namespace

object public_json(const permits::Permit& permit, const store::EditionRow& row) {
    object whole = permit.record;
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

Result<object> content_of(const Parts& parts, const store::EditionRow& row) {
    KAIGONG_TRY(text, crypto::open_long_field(parts.key_ring, content_place(row), row.content));
    if (text.empty()) {
        return error(Errc::not_found, "certificates.made_before_the_log",
                     "这份证照由早先的版本制作，没有可供核验的数据。");
    }
    return boost::json::parse(text).as_object();
}

Result<layout::Document> pages_of(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                                  const object& certificate, const object* copy) {
    KAIGONG_TRY(matter, parts.catalog.load_matter(permit.matter_code, permit.catalog_version));
    KAIGONG_TRY(form, template_of(*matter));
    KAIGONG_TRY(parsed, layout::Template::parse(boost::json::serialize(*form)));
    KAIGONG_TRY(legend, legend_of(parts, certificate));
    const PageMarks marks{crypto::anti_forgery_code(parts.key_ring, row.certificate_identifier), legend};
    return parsed.fill(page_values(permit, certificate, marks, copy), row.prepared_at_ms);
}

Result<void> check_pages(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                         const object& certificate, const object* copy) {
    KAIGONG_TRY(matter, parts.catalog.load_matter(permit.matter_code, permit.catalog_version));
    KAIGONG_TRY(document, pages_of(parts, permit, row, certificate, copy));
    return lint(parts, permit, *matter, certificate, document, copy);
}

Result<object> make_files(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                          std::int64_t copy_number, const object* copy) {
    KAIGONG_TRY(digests, stored_digests(parts, row, copy_number));
    if (digests.size() == kFileNames.size()) return digests;
    KAIGONG_TRY(certificate, content_of(parts, row));
    KAIGONG_TRY(logged, parts.evidence.entry(evidence::kPermitsLog, permit_subject(row)));
    object content{
        {"certificate", certificate},
        {"evidence", object{{"entry", boost::json::parse(logged.entry)}, {"salt", row.salt}, {"proof", row.proof}}}};
    if (copy != nullptr) content["copy"] = *copy;
    KAIGONG_TRY(document, pages_of(parts, permit, row, certificate, copy));
    KAIGONG_TRY(seal, seal_of(parts, certificate));
    for (const std::string file_name : kFileNames) {
        if (digests.contains(file_name)) continue;
        const FileSource source{content, document, permit.issuing_authority, seal, parts.clock.now_ms()};
        KAIGONG_TRY(made, make_one(parts, row, copy_number, file_name, source));
        digests[file_name] = "sha256:" + made.sha256;
    }
    return digests;
}

Result<void> Issuing::run() {
    if (row_.state == "drafted") KAIGONG_CHECK(check());
    if (row_.state == "checked") KAIGONG_CHECK(log());
    if (row_.state == "logged") KAIGONG_CHECK(prove());
    if (row_.state == "proven") KAIGONG_CHECK(sign());
    if (row_.state == "signed") KAIGONG_CHECK(publish());
    return {};
}

Result<void> Issuing::save(store::EditionRow row) {
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto saved = row;
        KAIGONG_CHECK(store::save(session, saved));
        row_ = saved;
        return {};
    }));
    return {};
}

/// V2: what the certificate says, and every value on its form, before anything is logged: what does not fit or does not
/// agree is found while nothing is irrevocable.
Result<void> Issuing::check() {
    KAIGONG_TRY(matter, parts_.catalog.load_matter(permit_.matter_code, permit_.catalog_version));
    KAIGONG_TRY(certificate, new_content(parts_, permit_, row_, *matter));
    KAIGONG_CHECK(check_pages(parts_, permit_, row_, certificate, nullptr));
    auto row = row_;
    row.salt = crypto::to_hex(crypto::random_bytes(kSaltBytes));
    KAIGONG_TRY(sealed, crypto::seal_long_field(parts_.key_ring, content_place(row), canonical_json(certificate)));
    row.content = sealed;
    row.state = "checked";
    KAIGONG_CHECK(save(row));
    step_done(parts_, "certificates.checked");
    return {};
}

/// V4: the entry is of public data, never of a file, so that its proof can go into the files.
Result<void> Issuing::log() {
    KAIGONG_TRY(certificate, content_of(parts_, row_));
    const auto now_ms = parts_.clock.now_ms();
    const auto entry = permit_entry(certificate, row_.salt, {permit_.numbered_at_ms, now_ms});
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        row.state = "logged";
        KAIGONG_CHECK(store::save(session, row));
        parts_.evidence.queue(session, {evidence::kPermitsLog, permit_subject(row), entry, now_ms});
        row_ = row;
        return {};
    }));
    step_done(parts_, "certificates.logged");
    return {};
}

/// V5: the place in the log under a signed checkpoint. The proof is kept, so that copies carry the same one.
Result<void> Issuing::prove() {
    KAIGONG_TRY(proof, parts_.evidence.prove(evidence::kPermitsLog, permit_subject(row_)));
    auto row = row_;
    row.proof = proof.text;
    row.state = "proven";
    KAIGONG_CHECK(save(row));
    step_done(parts_, "certificates.proven");
    return {};
}

Result<void> Issuing::sign() {
    KAIGONG_CHECK(make_files(parts_, permit_, row_, 0, nullptr));
    auto row = row_;
    row.state = "signed";
    KAIGONG_CHECK(save(row));
    step_done(parts_, "certificates.signed");
    return {};
}

/// V6: from here on the public sees permit and certificate, both in one transaction; the digests of the files go to the
/// log with it.
Result<void> Issuing::publish() {
    KAIGONG_TRY(certificate, content_of(parts_, row_));
    KAIGONG_TRY(digests, make_files(parts_, permit_, row_, 0, nullptr));
    const auto now_ms = parts_.clock.now_ms();
    const auto entry = files_entry(certificate, digests, now_ms);
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        auto row = row_;
        row.state = "valid";
        row.valid_from_ms = now_ms;
        KAIGONG_CHECK(store::save(session, row));
        KAIGONG_CHECK(parts_.permits.publish(session, row.permit_number, now_ms));
        parts_.evidence.queue(session, {evidence::kPermitsLog, "files/" + row.certificate_identifier, entry, now_ms});
        parts_.audit.write(session, {"permit", row.permit_number, row.version, "certificates.publish", "system", "系统",
                                     "证照生效", now_ms});
        if (parts_.public_record_changed) {
            session.after_commit(
                [changed = parts_.public_record_changed, number = row.permit_number] { changed(number); });
        }
        row_ = row;
        return {};
    }));
    step_done(parts_, "certificates.published");
    return {};
}

}  // namespace kaigong::certificates
