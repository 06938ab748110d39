// The folder with what signs: keys of the logs, of documents and of the seals, with their certificates and the seals
// themselves. `admin make-signing-keys` and the demo's first start make one that is good for trying things out; a
// production bureau puts certified keys, certificates and seals in its place (docs/operations/signing.md).
//
//     ledger.json            origin and seeds of the logs, sealed by the key file
//     document.key.pem       PKCS#8 under the passphrase, or document.pkcs11.json: module_path, token_label, pin_file,
//                            key_label
//     document.chain.pem     the signer's certificate, then its issuers
//     document.roots.pem     whom verifiers trust
//     seal.key.pem, seal.chain.pem, seal.roots.pem      the same for SM2
//     seals/<credit code>.esl                           one SESeal an authority
//     signers/*.pem, seals/former/*.esl                 what signed before, for the list of whom to trust
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/remote_signer.hpp"
#include "base/result.hpp"
#include "engine/tlog/note.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/certificates/certificates.hpp"

namespace kaigong::app {

struct LedgerKeys {
    tlog::SignerKey permits;
    tlog::SignerKey audit;
};

struct SigningFolder {
    certificates::SigningKeys keys;
    tlog::SignerKey permits_key;
    tlog::SignerKey audit_key;
};

struct NewSigningFolder {
    std::string origin;  ///< of the logs, a schema-less address: `permits.example.gov.cn/ledger`
    std::string passphrase;
    std::string organisation;                     ///< who signs documents, as its certificate says
    std::vector<catalog::Authority> authorities;  ///< who gets a seal, by credit code
    std::string legend;                           ///< under the star of the seals
    std::int64_t now_ms = 0;
    int passphrase_rounds = 600'000;  ///< a demo's passphrase is public: it needs none
};

/// Made beside the folder as `<folder>.new` and named when it is whole and on the disk. An empty folder may be there.
/// Fails with app.signing_folder_exists, app.signing_folder_half (other files lie there),
/// app.signing_folder_not_written.
Result<void> make_signing_folder(const std::filesystem::path& folder, const NewSigningFolder& wanted,
                                 const crypto::KeyRing& key_ring);

/// The keys of the logs alone: no passphrase is asked for. Fails with app.signing_folder_missing,
/// app.signing_folder_half, app.signing_file_malformed, and as the key ring does.
Result<LedgerKeys> open_ledger_keys(const std::filesystem::path& folder, const crypto::KeyRing& key_ring);

/// How the keys of documents and seals are reached: opened here by the passphrase, or, with a socket, by asking the
/// process that holds them (remote_signer.hpp); their key files need not be in this folder then.
struct KeyAccess {
    std::string passphrase;
    std::filesystem::path socket;
};

/// Fails with app.signing_folder_missing, app.signing_file_missing (named), app.signing_file_malformed, and as the keys
/// do.
Result<SigningFolder> open_signing_folder(const std::filesystem::path& folder, const KeyAccess& access,
                                          const crypto::KeyRing& key_ring);

/// For the process that signs: `document` and `seal`. Fails as `open_signing_folder`.
Result<NamedKeys> open_signing_keys(const std::filesystem::path& folder, const std::string& passphrase);

}  // namespace kaigong::app
