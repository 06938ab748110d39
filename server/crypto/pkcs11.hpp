// Keys that stay in their device (PKCS#11 2.40): a password card, a token, SoftHSM. The module is a shared library of
// the device's maker, loaded when it is named; nothing of it is linked.
#pragma once

#include "base/result.hpp"
#include "crypto/signer.hpp"

#include <memory>
#include <string>

namespace kaigong::crypto {

/// Where a key is, as the settings name it.
struct Pkcs11Key {
    /// Path of the module: `/usr/lib/softhsm/libsofthsm2.so`.
    std::string module_path;
    std::string token_label;
    std::string pin;
    /// CKA_LABEL of the private key and of its public key, one of each.
    std::string key_label;
};

/// Opens a session, logs in and finds the key; the signer keeps all three and opens them again when the device was
/// away. Keys: P-256 (CKM_ECDSA over our SHA-256) and RSA (CKM_SHA256_RSA_PKCS). Any thread; calls of one signer wait
/// for each other. The module stays loaded until the process ends. A device knows one login a process: while one signer
/// is logged in, the PIN of a further one is not looked at by the device. Fails with crypto.pkcs11_module_missing,
/// crypto.pkcs11_token_missing, crypto.pkcs11_pin_wrong, crypto.pkcs11_pin_locked, crypto.pkcs11_key_missing,
/// crypto.pkcs11_key_ambiguous, crypto.key_unsupported and crypto.pkcs11_failed (anything else; the message names the
/// device's code). `sign` fails with the same; a PIN that the device refused once is never shown to it again, since a
/// few more tries would lock it: `ready` and `sign` go on failing until the program starts anew with another.
Result<std::unique_ptr<Signer>> open_pkcs11_signer(const Pkcs11Key& key);

}  // namespace kaigong::crypto
