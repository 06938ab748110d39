// The certificate as XML (docs/proof-formats.md): values as elements, the evidence as text, an enveloped XML signature
// (XMLDSig 1.1: exclusive C14N, SHA-256, ECDSA P-256 or RSA). The file is written in canonical form already, so that
// what is digested is the file itself without its signature, and any other spelling of it is not ours.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/signer.hpp"
#include "crypto/x509.hpp"

namespace kaigong::certificate {

inline constexpr std::size_t kXmlBytesMax = 4UL * 1024 * 1024;

/// Members `certificate`, `evidence` and, of a purpose copy, `copy`: objects of texts, whole numbers, truth values,
/// lists and objects. Names are XML names, texts hold no control characters but tab and newline: else it is a bug and
/// throws. Fails with certificate.signer_unfit (an algorithm that XML signatures do not know), and as the signer does.
Result<std::string> write_xml(const boost::json::object& content, const crypto::Signer& signer,
                              std::span<const crypto::Certificate> chain);

struct XmlFile {
    boost::json::object content;
    /// The signer's certificate first.
    std::vector<crypto::Certificate> chain;
};

/// What was found of a file's signature.
enum class XmlSignature {
    holds,
    absent,
    /// Not one that this program writes, or its certificates cannot be read: there is nobody to judge.
    malformed,
    /// The digest is another, or the file is spelled otherwise than it was written.
    changed,
    wrong,
};

/// A file whose parts were judged each by itself: for a verifier that tells all that is wrong at once.
struct JudgedXml {
    /// The root is that of our files.
    bool is_ours = false;
    /// Members `certificate`, `evidence`, `copy` as far as they are there; nothing where one is of no form of ours.
    std::optional<boost::json::object> content;
    XmlSignature signature = XmlSignature::absent;
    /// The signer's certificate first; empty where there is nobody to judge.
    std::vector<crypto::Certificate> chain;
};

/// Fails with certificate.xml_malformed (no XML, or too large).
Result<JudgedXml> judge_xml(std::string_view bytes);

/// Reads and checks digest and signature; whether the signer is trusted is asked of `crypto::verify_chain`.
/// Fails with certificate.xml_malformed (no such file of ours), certificate.xml_unsigned, certificate.xml_changed (the
/// digest is another), certificate.xml_signature_wrong.
Result<XmlFile> read_xml(std::string_view bytes);

}  // namespace kaigong::certificate
