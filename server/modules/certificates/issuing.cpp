#include "modules/certificates/issuing.hpp"

#include <array>
#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "base/id.hpp"
#include "base/json_members.hpp"
#include "crypto/encoding.hpp"
#include "crypto/long_field.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "crypto/signing.hpp"
#include "engine/tlog/watch.hpp"
#include "formats/certificate/lint.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/layout/template.hpp"
#include "modules/certificates/content.hpp"
#include "modules/certificates/files.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::object;

constexpr std::size_t kSaltBytes = 16;
/// So long a signature that did not come back is asked for with the same instant in it, and so for the same message: a
/// key that is away leaves a row an hour, not one a try, and what the file says of its signing is an hour old at most.
constexpr std::int64_t kInstantKeptMs = 3'600'000;

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
    // A copy is of what was logged in time, however old that is.
    if (copy == nullptr) facts.issued_days_max = tlog::kIssuedDaysBeforeMax;
    return certificate::lint_certificate(profile, certificate, document, facts);
}

/// Written in a transaction of its own before the key is asked.
Result<std::string> announce(const Parts& parts, store::SigningRow row, crypto::BytesView message,
                             const crypto::Certificate& signer) {
    row.digest = crypto::to_hex(crypto::sha256(message));
    row.signer_serial = signer.serial_hex;
    return parts.database.transact([&](db::Session& session) -> Result<std::string> {
        if (const auto again = store::ask_again(session, row)) return *again;
        row.signing_id = new_uuid(parts.clock.now_ms());
        store::insert(session, row);
        return row.signing_id;
    });
}

/// What the file says of when it was signed.
Result<std::int64_t> signing_instant(const Parts& parts, const store::EditionRow& row, std::int64_t copy_number,
                                     const std::string& file_name) {
    const auto now_ms = parts.clock.now_ms();
    KAIGONG_TRY(before, parts.database.read([&](db::Session& session) {
        return store::asked_in_vain_at_ms(session, row.certificate_identifier, copy_number, file_name);
    }));
    return before && *before <= now_ms && now_ms - *before < kInstantKeptMs ? *before : now_ms;
}

/// The file of another process that was faster stands; what was signed here stays written down as never come back.
Result<store::FileRow> save_file(const Parts& parts, const store::FileRow& file, const std::string& signing_id) {
    return parts.database.transact([&](db::Session& session) -> Result<store::FileRow> {
        if (store::insert(session, file)) {
            store::finish_signing(session, signing_id, file.sha256);
            return file;
        }
        const auto there = store::find_file(session, file.certificate_identifier, file.copy_number, file.file_name);
        if (there) return *there;
        // What the insert has met can be missed only by a snapshot that is older.
        return error(Errc::unavailable, "certificates.already_prepared", "证照正由另一个进程制作，稍后自动继续。");
    });
}

Result<store::FileRow> make_one(const Parts& parts, const store::EditionRow& row, std::int64_t copy_number,
                                const std::string& file_name, const FileSource& source) {
    std::string signing_id;
    const auto before = [&](crypto::BytesView message, const crypto::Certificate& signer) -> Result<void> {
        store::SigningRow asked;
        asked.certificate_identifier = row.certificate_identifier;
        asked.copy_number = copy_number;
        asked.file_name = file_name;
        asked.asked_at_ms = source.signed_at_ms;
        KAIGONG_TRY(id, announce(parts, std::move(asked), message, signer));
        signing_id = id;
        step_done(parts, "certificates.asked_to_sign");
        return {};
    };
    KAIGONG_TRY(bytes, make_file(file_name, source, *parts.signing, before));
    step_done(parts, "certificates.file_signed");
    KAIGONG_TRY(stored, parts.blobs.put(bytes, kCertificateBytesMax));
    step_done(parts, "certificates.file_stored");
    const store::FileRow file{row.certificate_identifier, copy_number,        file_name, stored.sha256,
                              stored.size_bytes,          source.signed_at_ms};
    KAIGONG_TRY(saved, save_file(parts, file, signing_id));
    step_done(parts, "certificates.file_saved");
    return saved;
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

std::string issuer_of(const object& certificate) {
    return text_of(certificate.at("issuer").as_object(), "code");
}

/// No witness and no verifier takes an entry whose day of issue is too far from the day on which it was logged.
Result<void> check_in_time(const object& certificate, std::int64_t now_ms) {
    const auto issued_on = parse_date(text_of(certificate, "issued_on"));
    const auto days = days_of(office_date(now_ms)) - days_of(issued_on.value());
    if (days < 0) {
        return error(Errc::conflict, "certificates.issued_in_future",
                     "发证日期在今天之后，没有登记存证。请管理员核对服务器的时钟，再由科室负责人重试。");
    }
    if (days <= tlog::kIssuedDaysBeforeMax) return {};
    return error(Errc::conflict, "certificates.issued_too_long_ago",
                 certificate::issued_too_long_ago(tlog::kIssuedDaysBeforeMax));
}

/// Of the seal in the signing folder. While there is none nothing is signed, and any legend fits as well.
Result<std::string> legend_of(const Parts& parts, const object& certificate) {
    const auto found = parts.signing->seals.find(issuer_of(certificate));
    if (found == parts.signing->seals.end()) return seal_legend("");
    KAIGONG_TRY(seal, crypto::read_seal(found->second));
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

std::string printed_code(const Parts& parts, const store::EditionRow& row) {
    const auto named = crypto::keys_named(row.content);
    const auto of_content = named.empty() ? std::string() : named.begin()->first;
    return crypto::anti_forgery_code(parts.key_ring, row.certificate_identifier,
                                     row.marks_key_id.empty() ? of_content : row.marks_key_id);
}

Result<void> may_sign(const Parts& parts, const object& certificate) {
    const std::array issuers{issuer_of(certificate)};
    KAIGONG_CHECK(check_signing(*parts.signing, issuers, parts.clock.now_ms()));
    KAIGONG_CHECK(parts.signing->document->ready());
    return parts.signing->seal->ready();
}

Error made_before_the_log() {
    return error(Errc::not_found, "certificates.made_before_the_log",
                 "这份证照在启用存证之前制作，没有可供核验的数据，不能制作复制件。请使用它的 PDF。");
}

Result<object> content_of(const Parts& parts, const store::EditionRow& row) {
    KAIGONG_TRY(text, crypto::open_long_field(parts.key_ring, content_place(row), row.content));
    if (text.empty()) return made_before_the_log();
    return boost::json::parse(text).as_object();
}

Result<layout::Document> pages_of(const Parts& parts, const permits::Permit& permit, const store::EditionRow& row,
                                  const object& certificate, const object* copy) {
    KAIGONG_TRY(matter, parts.catalog.load_matter(permit.matter_code, permit.catalog_version));
    KAIGONG_TRY(form, template_of(*matter));
    KAIGONG_TRY(parsed, layout::Template::parse(boost::json::serialize(*form)));
    KAIGONG_TRY(legend, legend_of(parts, certificate));
    const PageMarks marks{printed_code(parts, row), legend};
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
    KAIGONG_CHECK(may_sign(parts, certificate));
    KAIGONG_TRY(document, pages_of(parts, permit, row, certificate, copy));
    const auto& seal = parts.signing->seals.find(issuer_of(certificate))->second;
    for (const std::string file_name : kFileNames) {
        if (digests.contains(file_name)) continue;
        KAIGONG_TRY(signed_at_ms, signing_instant(parts, row, copy_number, file_name));
        const FileSource source{content, document, permit.issuing_authority, seal, signed_at_ms};
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
    KAIGONG_CHECK(may_sign(parts_, certificate));
    KAIGONG_CHECK(check_pages(parts_, permit_, row_, certificate, nullptr));
    auto row = row_;
    row.salt = crypto::to_hex(crypto::random_bytes(kSaltBytes));
    KAIGONG_TRY(sealed, crypto::seal_long_field(parts_.key_ring, content_place(row), canonical_json(certificate)));
    row.content = sealed;
    row.marks_key_id = crypto::keys_named(sealed).begin()->first;
    row.state = "checked";
    KAIGONG_CHECK(save(row));
    step_done(parts_, "certificates.checked");
    return {};
}

/// V4: the entry is of public data, never of a file, so that its proof can go into the files. A row may have stayed
/// `checked` for days: what time changes is looked at once more.
Result<void> Issuing::log() {
    KAIGONG_TRY(certificate, content_of(parts_, row_));
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(check_in_time(certificate, now_ms));
    KAIGONG_CHECK(may_sign(parts_, certificate));
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        // As it is in this moment: what is logged stays known.
        KAIGONG_TRY(permit, parts_.permits.load(session, permit_.permit_number));
        const auto entry = permit_entry(certificate, row_.salt, {permit_.numbered_at_ms, now_ms}, permit.is_restricted);
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
    step_done(parts_, "certificates.placed");
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
