#include "modules/certificates/service.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>
#include <set>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/seal.hpp"
#include "crypto/signing.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/qr/qr.hpp"
#include "modules/certificates/files.hpp"
#include "modules/certificates/issuing.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::array;
using boost::json::object;

/// 住建部 defines the type; W009 is inferred from published samples (domain facts §4.2), so it is only the default of a
/// template's profile.
constexpr const char* kTypeCode = "11100000000013338W009";

Error not_ready() {
    return error(Errc::not_found, "certificates.not_ready", "证照还在制作，请稍后再打开。");
}

/// Its files may be there, but not in the log: somebody who had one would have what nobody can check.
Error copy_not_made() {
    return error(Errc::not_found, "certificates.copy_not_made",
                 "这份复制件还在制作，或制作时中断了，不能使用。请几分钟后再看，或用同样的用途和使用人再做一次。");
}

std::string type_code_of(const catalog::Matter& matter) {
    const auto* form = matter.find_template("certificate");
    const auto* profile = form == nullptr ? nullptr : form->if_contains("profile");
    const auto code = profile == nullptr ? std::string() : text_of(profile->as_object(), "certificate_type_code");
    return code.empty() ? kTypeCode : code;
}

array file_list(const std::vector<store::FileRow>& files) {
    array list;
    for (const auto& file : files) {
        list.push_back({{"file_name", file.file_name},
                        {"sha256", file.sha256},
                        {"size_bytes", file.size_bytes},
                        {"signed_at_ms", file.signed_at_ms}});
    }
    return list;
}

/// The QR as it is drawn on the page, row by row; 1 is dark.
Result<array> qr_rows(const std::string& text) {
    KAIGONG_TRY(code, qr::encode(text));
    array rows;
    const auto size = static_cast<std::size_t>(code.size);
    for (std::size_t row = 0; row < size; ++row) {
        boost::json::string dots;
        for (std::size_t at = 0; at < size; ++at) dots.push_back(code.dark[row * size + at] ? '1' : '0');
        rows.push_back(std::move(dots));
    }
    return rows;
}

array certificate_texts(const std::vector<crypto::Certificate>& certificates) {
    array list;
    for (const auto& one : certificates) list.push_back(boost::json::string(crypto::to_base64(one.der)));
    return list;
}

boost::json::string fingerprint(const crypto::Certificate& certificate) {
    return boost::json::string("sha256:" + crypto::to_hex(crypto::sha256(certificate.der)));
}

/// Whoever has a certificate under the same root is not yet the authority: its own are named one by one.
array signers_of(const SigningKeys& keys) {
    array list{fingerprint(keys.document_chain.front()), fingerprint(keys.seal_chain.front())};
    for (const auto& one : keys.former_signers) list.push_back(fingerprint(one));
    return list;
}

array seal_makers_of(const SigningKeys& keys) {
    std::set<std::string> makers;
    const auto add = [&makers](const crypto::Bytes& der) {
        if (const auto seal = crypto::read_seal(der)) makers.emplace(fingerprint(seal->maker));
    };
    for (const auto& [code, der] : keys.seals) add(der);
    for (const auto& der : keys.former_seals) add(der);
    array list;
    for (const auto& maker : makers) list.push_back(boost::json::string(maker));
    return list;
}

}  // namespace

Result<void> CertificateService::make(const std::string& application_id) {
    KAIGONG_TRY(permit, parts_.permits.load_by_application(application_id));
    KAIGONG_TRY(row, prepare(permit));
    return Issuing(parts_, permit, row).run();
}

bool CertificateService::is_referenced(const std::string& sha256) {
    const auto found =
        parts_.database.read([&](db::Session& session) { return store::is_referenced(session, sha256); });
    return !found || *found;  // not sure: keep it
}

Result<store::EditionRow> CertificateService::prepare(const permits::Permit& permit) {
    KAIGONG_TRY(matter, parts_.catalog.load_matter(permit.matter_code, permit.catalog_version));
    const auto* authority = parts_.catalog.find_authority(permit.region_code);
    if (authority == nullptr) {
        return error(Errc::conflict, "certificates.authority_unknown", "没有找到发证机关的设置，请管理员补充后重试。");
    }
    KAIGONG_TRY(identifier, identifier::compose(identifier::CertificateIdentifier{
                                type_code_of(*matter), authority->credit_code, permit.permit_number, 1}));
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_TRY(prepared, parts_.database.transact([&](db::Session& session) -> Result<store::EditionRow> {
        if (auto known = store::find_latest(session, permit.permit_number)) return *known;
        store::EditionRow row{identifier, permit.permit_number, 1, 1, "drafted", "", "", "", now_ms, std::nullopt, ""};
        if (!store::insert(session, row)) {
            return error(Errc::unavailable, "certificates.already_prepared", "证照正由另一个进程制作，稍后自动继续。");
        }
        return row;
    }));
    if (prepared.state == "drafted" && parts_.after_step) parts_.after_step("certificates.drafted");
    return prepared;
}

Result<std::optional<store::FileRow>> CertificateService::find_file(const FileWish& wish) {
    return parts_.database.read([&](db::Session& session) -> Result<std::optional<store::FileRow>> {
        const auto editions = store::editions_of(session, wish.permit_number);
        const auto wanted = std::ranges::find_if(editions, [&](const store::EditionRow& row) {
            return wish.certificate_version == 0 ? row.state == "valid"
                                                 : row.certificate_version == wish.certificate_version;
        });
        if (wanted == editions.end()) return std::optional<store::FileRow>();
        const auto& id = wanted->certificate_identifier;
        if (wish.copy_number != 0) {
            const auto copy = store::find_copy(session, id, wish.copy_number);
            if (copy && copy->state != "valid") return copy_not_made();
        }
        return store::find_file(session, id, wish.copy_number, wish.file_name);
    });
}

Result<CertificateService::File> CertificateService::file(const authz::Actor& actor, const FileWish& wish) {
    KAIGONG_TRY(permit, parts_.permits.load_for(actor, wish.permit_number));
    KAIGONG_TRY(found, find_file(wish));
    if (!found && std::ranges::find(kFileNames, wish.file_name) == kFileNames.end()) {
        return error(Errc::not_found, "certificates.file_unknown",
                     "证照没有这种文件，可取 PDF、OFD、XML 和 JSON。请从证照页面下载。");
    }
    if (!found) return not_ready();
    KAIGONG_TRY(bytes, parts_.blobs.get(found->sha256, kCertificateBytesMax));
    const auto suffix = wish.file_name.substr(wish.file_name.rfind('.'));
    const auto copy = wish.copy_number == 0 ? std::string() : fmt::format(" 复制件 {}", wish.copy_number);
    return File{std::move(bytes), media_type_of(wish.file_name), "施工许可证 " + permit.permit_number + copy + suffix};
}

Result<object> CertificateService::edition_json(const store::EditionRow& row) {
    KAIGONG_TRY(files, parts_.database.read([&](db::Session& session) {
        return store::files_of(session, row.certificate_identifier, 0);
    }));
    const auto verify_url = verification_link(parts_, row.certificate_identifier);
    KAIGONG_TRY(qr, qr_rows(verify_url));
    object whole{{"certificate_identifier", row.certificate_identifier},
                 {"certificate_version", row.certificate_version},
                 {"state", row.state},
                 {"valid_from_ms", row.valid_from_ms.value_or(0)},
                 {"files", file_list(files)},
                 {"leaf_index", nullptr},
                 {"verify_url", verify_url},
                 {"verify_qr", std::move(qr)},
                 {"anti_forgery_code", printed_code(parts_, row)}};
    if (!row.proof.empty()) {
        KAIGONG_TRY(logged, parts_.evidence.entry(evidence::kPermitsLog, "permit/" + row.certificate_identifier));
        if (logged.leaf_index) whole["leaf_index"] = *logged.leaf_index;
    }
    return whole;
}

Result<object> CertificateService::copy_json(const store::CopyRow& row) {
    KAIGONG_TRY(files, parts_.database.read([&](db::Session& session) {
        return row.state == "valid" ? store::files_of(session, row.certificate_identifier, row.copy_number)
                                    : std::vector<store::FileRow>();
    }));
    KAIGONG_TRY(copy, copies_.object_of(row));
    return object{{"copy_number", row.copy_number},  {"state", row.state},     {"purpose", copy.at("purpose")},
                  {"made_for", copy.at("made_for")}, {"made_on", row.made_on}, {"made_at_ms", row.made_at_ms},
                  {"files", file_list(files)}};
}

boost::json::value CertificateService::copy_refusal(const authz::Actor& actor, const permits::Permit& permit,
                                                    const store::EditionRow& newest) const {
    if (!parts_.permissions.may(actor, "permits.copy")) return "not_yours";
    const auto possible = copies_.may_make(permit, newest);
    if (possible) return nullptr;
    const auto& reason = possible.error().reason;
    return boost::json::string(reason.substr(reason.find('.') + 1));
}

Result<object> CertificateService::overview(const authz::Actor& actor, const std::string& permit_number) {
    KAIGONG_TRY(permit, parts_.permits.load_for(actor, permit_number));
    KAIGONG_TRY(rows, parts_.database.read(
                          [&](db::Session& session) { return store::editions_of(session, permit.permit_number); }));
    if (rows.empty()) return not_ready();
    array editions;
    for (const auto& row : rows) {
        KAIGONG_TRY(edition, edition_json(row));
        editions.push_back(std::move(edition));
    }
    KAIGONG_TRY(copy_rows, parts_.database.read([&](db::Session& session) {
        return store::copies_of(session, rows.front().certificate_identifier, kCopiesMax + 1, kCopiesMax);
    }));
    array copies;
    for (const auto& row : copy_rows) {
        KAIGONG_TRY(copy, copy_json(row));
        copies.push_back(std::move(copy));
    }
    const auto refusal = copy_refusal(actor, permit, rows.front());
    return object{{"permit_number", permit.permit_number},
                  {"sandbox", parts_.sandbox},
                  {"may_copy", refusal.is_null()},
                  {"copy_refusal", refusal},
                  {"log_origin", parts_.evidence.origin(evidence::kPermitsLog)},
                  {"editions", std::move(editions)},
                  {"copies", std::move(copies)}};
}

Result<object> CertificateService::make_copy(const authz::Actor& actor, const CopyRequest& request) {
    KAIGONG_TRY(row, copies_.make(actor, request));
    return copy_json(row);
}

Result<std::vector<std::string>> CertificateService::missing_signers() {
    const auto& keys = *parts_.signing;
    const auto is_kept = [&keys](const std::string& serial) {
        const auto bears_it = [&serial](const crypto::Certificate& one) { return one.serial_hex == serial; };
        return bears_it(keys.document_chain.front()) || bears_it(keys.seal_chain.front()) ||
               std::ranges::any_of(keys.former_signers, bears_it);
    };
    return parts_.database.read([&](db::Session& session) {
        std::vector<std::string> missing;
        for (auto serial = store::next_signer(session, ""); !serial.empty();
             serial = store::next_signer(session, serial)) {
            if (!is_kept(serial)) missing.push_back(serial);
        }
        return missing;
    });
}

object CertificateService::trust() const {
    array issuers;
    std::string name;
    for (const auto& authority : parts_.catalog.authorities()) {
        issuers.push_back({{"code", authority.credit_code}, {"name", authority.name}});
        if (name.empty()) name = authority.name;
    }
    array witnesses;
    for (const auto& key : parts_.evidence.witnesses()) {
        witnesses.push_back({{"name", key.name}, {"key", key.to_text()}});
    }
    const auto log = [&](const char* log_name) {
        return object{{"origin", parts_.evidence.origin(log_name)}, {"key", parts_.evidence.verifier_key(log_name)}};
    };
    return {{"v", 1},
            {"name", name},
            {"sandbox", parts_.sandbox},
            {"public_url", parts_.public_url},
            {"log", log(evidence::kPermitsLog)},
            {"audit_log", log(evidence::kAuditLog)},
            {"witnesses", std::move(witnesses)},
            {"witnesses_needed", parts_.evidence.witnesses_needed()},
            {"signing_roots", certificate_texts(parts_.signing->document_roots)},
            {"seal_roots", certificate_texts(parts_.signing->seal_roots)},
            {"signers", signers_of(*parts_.signing)},
            {"seal_makers", seal_makers_of(*parts_.signing)},
            {"issuers", std::move(issuers)}};
}

std::unique_ptr<Certificates> make_certificates(Parts parts) {
    return std::make_unique<CertificateService>(std::move(parts));
}

}  // namespace kaigong::certificates
