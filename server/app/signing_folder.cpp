#include "app/signing_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "app/sealed_places.hpp"
#include "base/json_reader.hpp"
#include "blob/disk_file.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/pkcs11.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "formats/layout/seal_picture.hpp"

namespace kaigong::app {
namespace {

namespace fs = std::filesystem;
using crypto::Certificate;
using crypto::SignatureAlgorithm;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kRootDays = 7'300;
constexpr std::int64_t kSignerDays = 1'825;
constexpr std::int64_t kSealMm = 41;
constexpr double kSealDiameterMm = 40;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kForAll = 0644;

Error not_written(const fs::path& file) {
    return error(Errc::unavailable, "app.signing_folder_not_written",
                 "签章文件 " + file.filename().string() + " 写不进去，请检查数据目录的空间和权限。");
}

Error half_folder(const fs::path& folder) {
    return error(Errc::conflict, "app.signing_folder_half",
                 "签章文件夹 " + folder.string() +
                     " 里有文件，却没有 ledger.json，没有动它。原来用过的，请从备份恢复 ledger.json；"
                     "没有用过的，请移走整个文件夹后再来。");
}

bool is_half(const fs::path& folder) {
    std::error_code fault;
    return fs::is_directory(folder, fault) && !fs::is_empty(folder, fault) && !fs::exists(folder / "ledger.json");
}

/// New files only: keys are never overwritten. On the disk when this returns, and never readable by more than wanted.
Result<void> write_new(const fs::path& file, std::string_view bytes, mode_t mode) {
    std::error_code fault;
    fs::create_directories(file.parent_path(), fault);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return not_written(file);
    const bool done = ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                      ::fchmod(descriptor, mode) == 0 && ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done ? Result<void>() : not_written(file);
}

/// The whole folder gets its name at once: after a power cut there is all of it or nothing.
Result<void> put_in_place(const fs::path& made, const fs::path& folder) {
    std::error_code fault;
    if (!blob::sync_folder(made / "seals") || !blob::sync_folder(made)) return not_written(made);
    fs::rename(made, folder, fault);
    return !fault && blob::sync_folder(folder.parent_path()) ? Result<void>() : not_written(folder);
}

Result<std::string> read_file(const fs::path& file) {
    const std::ifstream in(file, std::ios::binary);
    if (!in) {
        return error(Errc::precondition_failed, "app.signing_file_missing",
                     "签章文件夹里缺少 " + file.filename().string() + "，请从备份恢复，或按运维手册重新放入。");
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

std::string pem_of(const std::vector<Certificate>& certificates) {
    std::string text;
    for (const auto& one : certificates) text += crypto::to_pem(one);
    return text;
}

crypto::Bytes serial() {
    auto bytes = crypto::random_bytes(16);
    bytes.front() = static_cast<std::uint8_t>((bytes.front() & 0x3FU) | 0x40U);  // positive, never short
    return bytes;
}

/// A key with its certificate under a root of its own; the root's key is thrown away.
struct Pair {
    std::string key_pem;
    std::unique_ptr<crypto::Signer> key;
    Certificate certificate;
    Certificate root;
    std::unique_ptr<crypto::Signer> root_key;
};

/// The root makes the seals too, and says so: a verifier asks what the key of a seal's maker is for.
constexpr unsigned kRootUsage =
    crypto::key_usage::kCertificateSign | crypto::key_usage::kRevocationSign | crypto::key_usage::kDigitalSignature;

Result<Pair> make_pair(SignatureAlgorithm algorithm, const std::string& purpose, const NewSigningFolder& wanted) {
    const auto& office = wanted.organisation;
    Pair pair;
    pair.root_key = crypto::new_signer(algorithm);
    KAIGONG_TRY(key_pem, crypto::new_key_file(algorithm, wanted.passphrase, wanted.passphrase_rounds));
    KAIGONG_TRY(key, crypto::open_key_file(key_pem, wanted.passphrase));
    KAIGONG_TRY(root, crypto::make_root_certificate({.subject = {wanted.legend + purpose + "根证书", office, "CN"},
                                                     .serial = serial(),
                                                     .not_before_ms = wanted.now_ms - kDayMs,
                                                     .not_after_ms = wanted.now_ms + kRootDays * kDayMs,
                                                     .is_ca = true,
                                                     .path_length_max = 0,
                                                     .key_usage = kRootUsage},
                                                    *pair.root_key));
    KAIGONG_TRY(leaf, crypto::make_certificate({.subject = {office + purpose, office, "CN"},
                                                .serial = serial(),
                                                .not_before_ms = wanted.now_ms - kDayMs,
                                                .not_after_ms = wanted.now_ms + kSignerDays * kDayMs,
                                                .path_length_max = std::nullopt},
                                               key->public_key_info(), root, *pair.root_key));
    pair.key_pem = std::move(key_pem);
    pair.key = std::move(key);
    pair.root = std::move(root);
    pair.certificate = std::move(leaf);
    return pair;
}

Result<void> write_pair(const fs::path& folder, const std::string& name, const Pair& pair) {
    KAIGONG_CHECK(write_new(folder / (name + ".key.pem"), pair.key_pem, kOwnerOnly));
    KAIGONG_CHECK(write_new(folder / (name + ".chain.pem"), pem_of({pair.certificate}), kForAll));
    return write_new(folder / (name + ".roots.pem"), pem_of({pair.root}), kForAll);
}

/// The seals' maker (制章人) is not their signer: a key of its own under the same root, thrown away when they are made.
Result<void> write_seals(const fs::path& folder, const Pair& pair, const NewSigningFolder& wanted) {
    const auto maker_key = crypto::new_signer(SignatureAlgorithm::sm2_sm3);
    KAIGONG_TRY(maker, crypto::make_certificate({.subject = {wanted.legend + "制章", wanted.organisation, "CN"},
                                                 .serial = serial(),
                                                 .not_before_ms = wanted.now_ms - kDayMs,
                                                 .not_after_ms = wanted.now_ms + kSignerDays * kDayMs,
                                                 .path_length_max = std::nullopt},
                                                maker_key->public_key_info(), pair.root, *pair.root_key));
    for (const auto& authority : wanted.authorities) {
        KAIGONG_TRY(png, layout::seal_picture(authority.name, wanted.legend, kSealDiameterMm));
        crypto::NewSeal seal;
        seal.vendor = "KAIGONG";
        seal.seal_id = authority.credit_code.substr(2, 6) + crypto::to_hex(crypto::random_bytes(4));
        seal.name = authority.name + "（" + wanted.legend + "）";
        seal.signers = {pair.certificate};
        seal.created_at_ms = wanted.now_ms - kDayMs;
        seal.valid_from_ms = wanted.now_ms - kDayMs;
        seal.valid_until_ms = wanted.now_ms + kSignerDays * kDayMs;
        const auto bytes = crypto::view(png);
        seal.picture = {"PNG", {bytes.begin(), bytes.end()}, kSealMm, kSealMm};
        KAIGONG_TRY(der, crypto::make_seal(seal, maker, *maker_key));
        KAIGONG_CHECK(write_new(folder / "seals" / (authority.credit_code + ".esl"), crypto::to_text(der), kOwnerOnly));
    }
    return {};
}

std::string log_name(const std::string& origin, const char* log) {
    return origin + "/" + log;
}

Result<std::string> ledger_text(const NewSigningFolder& wanted, const crypto::KeyRing& key_ring) {
    boost::json::object keys{{"origin", wanted.origin}};
    for (const char* log : {evidence::kPermitsLog, evidence::kAuditLog}) {
        const auto seed = crypto::SigningKey::new_seed();
        KAIGONG_TRY(sealed,
                    crypto::seal_field(key_ring, {"signing", log, wanted.origin}, crypto::to_hex(seed.bytes())));
        keys[log] = sealed;
    }
    return boost::json::serialize(keys) + "\n";
}

Error malformed_file(const char* name) {
    return error(Errc::invalid_input, "app.signing_file_malformed",
                 fmt::format("签章文件 {} 的内容不对，请从备份恢复。", name));
}

Result<tlog::SignerKey> ledger_key(const boost::json::object& file, const std::string& origin, const char* log,
                                   const crypto::KeyRing& key_ring) {
    const auto* sealed = file.if_contains(log);
    if (sealed == nullptr || !sealed->is_string()) return malformed_file("ledger.json");
    KAIGONG_TRY(hex, crypto::open_field(key_ring, {"signing", log, origin}, std::string(sealed->get_string())));
    const auto seed = crypto::from_hex(hex);
    if (!seed) return malformed_file("ledger.json");
    return tlog::SignerKey::from_seed(log_name(origin, log), tlog::SignatureType::ed25519, *seed);
}

Result<std::vector<Certificate>> read_certificates(const fs::path& file) {
    KAIGONG_TRY(pem, read_file(file));
    return crypto::read_certificates_pem(pem);
}

Result<std::shared_ptr<const crypto::Signer>> device_key(const fs::path& file) {
    KAIGONG_TRY(text, read_file(file));
    KAIGONG_TRY(value, parse_json(text));
    if (!value.is_object()) return malformed_file("document.pkcs11.json");
    JsonReader reader(value.get_object());
    crypto::Pkcs11Key key{reader.text("module_path", {.length_max = 1000}), reader.text("token_label"), "",
                          reader.text("key_label")};
    const auto pin_file = reader.text("pin_file", {.length_max = 1000});
    KAIGONG_CHECK(reader.finish());
    KAIGONG_TRY(pin, read_file(pin_file));
    key.pin = pin.substr(0, pin.find_first_of("\r\n"));
    KAIGONG_TRY(signer, crypto::open_pkcs11_signer(key));
    return std::shared_ptr<const crypto::Signer>(std::move(signer));
}

Result<std::shared_ptr<const crypto::Signer>> signer_of(const fs::path& folder, const std::string& name,
                                                        const std::string& passphrase) {
    const auto device = folder / (name + ".pkcs11.json");
    if (fs::exists(device)) return device_key(device);
    KAIGONG_TRY(pem, read_file(folder / (name + ".key.pem")));
    KAIGONG_TRY(signer, crypto::open_key_file(pem, passphrase));
    return std::shared_ptr<const crypto::Signer>(std::move(signer));
}

Result<std::shared_ptr<const crypto::Signer>> reach(const fs::path& folder, const std::string& name,
                                                    const Certificate& certificate, const KeyAccess& access) {
    if (access.socket.empty()) return signer_of(folder, name, access.passphrase);
    KAIGONG_TRY(signer, remote_signer(access.socket, name, certificate));
    return std::shared_ptr<const crypto::Signer>(std::move(signer));
}

/// In the order of their names; a folder that is not there has none.
std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
    std::error_code fault;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, fault)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

Result<crypto::Bytes> read_one_seal(const fs::path& file) {
    KAIGONG_TRY(bytes, read_file(file));
    const auto view = crypto::view(bytes);
    KAIGONG_CHECK(crypto::read_seal(view));
    return crypto::Bytes(view.begin(), view.end());
}

Result<void> read_seals(const fs::path& folder, certificates::SigningKeys& keys) {
    for (const auto& file : files_in(folder / "seals", ".esl")) {
        KAIGONG_TRY(seal, read_one_seal(file));
        keys.seals.emplace(file.stem().string(), std::move(seal));
    }
    return {};
}

/// A chain may be kept as it was: its first certificate signed.
Result<void> read_former(const fs::path& folder, certificates::SigningKeys& keys) {
    for (const auto& file : files_in(folder / "signers", ".pem")) {
        KAIGONG_TRY(chain, read_certificates(file));
        keys.former_signers.push_back(std::move(chain.front()));
    }
    for (const auto& file : files_in(folder / "seals" / "former", ".esl")) {
        KAIGONG_TRY(seal, read_one_seal(file));
        keys.former_seals.push_back(std::move(seal));
    }
    return {};
}

}  // namespace

Result<void> make_signing_folder(const fs::path& wanted_folder, const NewSigningFolder& wanted,
                                 const crypto::KeyRing& key_ring) {
    auto folder = fs::absolute(wanted_folder).lexically_normal();
    if (!folder.has_filename()) folder = folder.parent_path();
    if (fs::exists(folder / "ledger.json")) {
        return error(Errc::conflict, "app.signing_folder_exists",
                     "签章文件夹 " + folder.string() + " 已经有了，没有动它。覆盖它会让已有的存证日志断开。");
    }
    if (is_half(folder)) return half_folder(folder);
    // What a power cut left of an earlier try: nothing was ever signed with it.
    const auto made = folder.parent_path() / (folder.filename().string() + ".new");
    std::error_code fault;
    fs::remove_all(made, fault);
    fs::create_directories(made / "seals", fault);
    KAIGONG_TRY(document, make_pair(SignatureAlgorithm::ecdsa_p256_sha256, "证照签名", wanted));
    KAIGONG_TRY(seal, make_pair(SignatureAlgorithm::sm2_sm3, "电子印章", wanted));
    KAIGONG_TRY(ledger, ledger_text(wanted, key_ring));
    KAIGONG_CHECK(write_pair(made, "document", document));
    KAIGONG_CHECK(write_pair(made, "seal", seal));
    KAIGONG_CHECK(write_seals(made, seal, wanted));
    KAIGONG_CHECK(write_new(made / "ledger.json", ledger, kOwnerOnly));
    return put_in_place(made, folder);
}

Result<NamedKeys> open_signing_keys(const fs::path& folder, const std::string& passphrase) {
    NamedKeys keys;
    for (const std::string name : {"document", "seal"}) {
        KAIGONG_TRY(signer, signer_of(folder, name, passphrase));
        keys.emplace(name, std::move(signer));
    }
    return keys;
}

Result<LedgerKeys> open_ledger_keys(const fs::path& folder, const crypto::KeyRing& key_ring) {
    if (is_half(folder)) return half_folder(folder);
    if (!fs::exists(folder / "ledger.json")) {
        return error(Errc::precondition_failed, "app.signing_folder_missing",
                     "没有签章文件夹 " + folder.string() + "：请先运行 kaigong admin make-signing-keys 生成，再启动。");
    }
    KAIGONG_TRY(text, read_file(folder / "ledger.json"));
    KAIGONG_TRY(ledger, parse_json(text));
    if (!ledger.is_object() || !ledger.get_object().contains("origin")) return malformed_file("ledger.json");
    const std::string origin(ledger.at("origin").as_string());
    KAIGONG_TRY(permits_key, ledger_key(ledger.get_object(), origin, evidence::kPermitsLog, key_ring));
    KAIGONG_TRY(audit_key, ledger_key(ledger.get_object(), origin, evidence::kAuditLog, key_ring));
    return LedgerKeys{std::move(permits_key), std::move(audit_key)};
}

Result<SigningFolder> open_signing_folder(const fs::path& folder, const KeyAccess& access,
                                          const crypto::KeyRing& key_ring) {
    KAIGONG_TRY(ledger, open_ledger_keys(folder, key_ring));
    certificates::SigningKeys keys;
    KAIGONG_TRY(document_chain, read_certificates(folder / "document.chain.pem"));
    KAIGONG_TRY(document_roots, read_certificates(folder / "document.roots.pem"));
    KAIGONG_TRY(seal_chain, read_certificates(folder / "seal.chain.pem"));
    KAIGONG_TRY(seal_roots, read_certificates(folder / "seal.roots.pem"));
    KAIGONG_TRY(document, reach(folder, "document", document_chain.front(), access));
    KAIGONG_TRY(seal, reach(folder, "seal", seal_chain.front(), access));
    keys.document = std::move(document);
    keys.seal = std::move(seal);
    keys.document_chain = std::move(document_chain);
    keys.document_roots = std::move(document_roots);
    keys.seal_chain = std::move(seal_chain);
    keys.seal_roots = std::move(seal_roots);
    KAIGONG_CHECK(read_seals(folder, keys));
    KAIGONG_CHECK(read_former(folder, keys));
    return SigningFolder{std::move(keys), std::move(ledger.permits), std::move(ledger.audit)};
}

Result<std::map<std::string, std::int64_t>> keys_of_ledger_file(const fs::path& folder) {
    std::map<std::string, std::int64_t> keys;
    if (!fs::exists(folder / "ledger.json")) return keys;
    KAIGONG_TRY(text, read_file(folder / "ledger.json"));
    KAIGONG_TRY(ledger, parse_json(text));
    if (!ledger.is_object()) return malformed_file("ledger.json");
    for (const char* log : {evidence::kPermitsLog, evidence::kAuditLog}) {
        const auto* sealed = ledger.get_object().if_contains(log);
        if (sealed == nullptr || !sealed->is_string()) return malformed_file("ledger.json");
        ++keys[crypto::key_of_field(std::string(sealed->get_string()))];
    }
    return keys;
}

Result<void> reseal_ledger_file(const fs::path& folder, const crypto::KeyRing& key_ring) {
    KAIGONG_TRY(keys, keys_of_ledger_file(folder));
    const auto current = key_ring.current()->key_id;
    if (keys.empty() || (keys.size() == 1 && keys.contains(current))) return {};
    KAIGONG_TRY(text, read_file(folder / "ledger.json"));
    KAIGONG_TRY(ledger, parse_json(text));
    auto& members = ledger.get_object();
    if (!members.contains("origin") || !members.at("origin").is_string()) return malformed_file("ledger.json");
    const std::string origin(members.at("origin").get_string());
    for (const char* log : {evidence::kPermitsLog, evidence::kAuditLog}) {
        KAIGONG_TRY(sealed,
                    crypto::reseal_field(key_ring, {"signing", log, origin}, std::string(members.at(log).as_string())));
        members[log] = sealed;
    }
    const auto beside = folder / "ledger.json.new";
    std::error_code fault;
    fs::remove(beside, fault);
    KAIGONG_CHECK(write_new(beside, boost::json::serialize(ledger) + "\n", kOwnerOnly));
    fs::rename(beside, folder / "ledger.json", fault);
    if (!fault && blob::sync_folder(folder)) return {};
    return error(Errc::unavailable, "app.signing_folder_not_written",
                 "签章文件夹里的 ledger.json 没有换成，请检查目录权限和磁盘空间。");
}

}  // namespace kaigong::app
