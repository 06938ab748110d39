#include "formats/certificate/xml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>
#include <pugixml.hpp>
#include <stdexcept>

#include "base/canonical_json.hpp"
#include "base/json_reader.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::certificate {
namespace {

using boost::json::object;
using crypto::SignatureAlgorithm;

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kNamespace = "urn:kaigong:certificate:1";
constexpr std::string_view kOpen = "<certificate_file xmlns=\"urn:kaigong:certificate:1\">";
constexpr std::string_view kClose = "</certificate_file>";
constexpr std::string_view kSignatureOpen = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">";
constexpr std::string_view kSignatureClose = "</Signature>";
constexpr std::string_view kC14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
constexpr int kDepthMax = 8;

Error malformed() {
    return error(Errc::invalid_input, "certificate.xml_malformed", "这不是本系统的证照 XML 文件，或文件已被改写。");
}

/// Canonical XML 1.0, §1.1: what a text node looks like.
void write_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
                    throw std::invalid_argument("certificate XML: a control character");
                }
                out += c;
        }
    }
}

bool is_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const auto more = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= 64 && letter(name.front()) && std::ranges::all_of(name, more);
}

void write_element(std::string_view name, const boost::json::value& value, std::string& out);

void write_members(const object& members, std::string& out) {
    // In the order of canonical JSON, so that the same object gives the same file.
    std::map<std::string_view, const boost::json::value*> sorted;
    for (const auto& [name, value] : members) sorted.emplace(std::string_view(name), &value);
    for (const auto& [name, value] : sorted) write_element(name, *value, out);
}

void write_element(std::string_view name, const boost::json::value& value, std::string& out) {
    if (!is_name(name)) throw std::invalid_argument("certificate XML: no name of an element: " + std::string(name));
    const auto element = [&](std::string_view kind, const auto& write_content) {
        out += fmt::format("<{}{}>", name, kind.empty() ? "" : fmt::format(" kind=\"{}\"", kind));
        write_content();
        out += fmt::format("</{}>", name);
    };
    switch (value.kind()) {
        case boost::json::kind::string: element("", [&] { write_escaped(value.get_string(), out); }); break;
        case boost::json::kind::bool_: element("truth", [&] { out += value.get_bool() ? "true" : "false"; }); break;
        case boost::json::kind::int64: element("integer", [&] { out += std::to_string(value.get_int64()); }); break;
        case boost::json::kind::object: element("object", [&] { write_members(value.get_object(), out); }); break;
        case boost::json::kind::array:
            element("list", [&] {
                for (const auto& item : value.get_array()) write_element("item", item, out);
            });
            break;
        default: throw std::invalid_argument("certificate XML: a value of no kind that records have");
    }
}

/// The file without declaration and signature: what exclusive C14N makes of it.
std::string body_of(const object& content) {
    std::string out(kOpen);
    for (const char* part : {"certificate", "copy"}) {
        if (const auto* value = content.if_contains(part)) write_element(part, *value, out);
    }
    // As one text: it is to be read by programs that know the log, and stays byte by byte what it was.
    if (const auto* evidence = content.if_contains("evidence")) {
        write_element("evidence", boost::json::string(canonical_json(*evidence)), out);
    }
    return out + std::string(kClose);
}

std::optional<std::string_view> method_of(SignatureAlgorithm algorithm) {
    if (algorithm == SignatureAlgorithm::ecdsa_p256_sha256)
        return "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    if (algorithm == SignatureAlgorithm::rsa_sha256) return "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    return std::nullopt;
}

/// Children of SignedInfo, without their parent: it stands with its namespace where it is signed, and without below
/// Signature, which has it.
std::string signed_info(std::string_view method, std::string_view digest) {
    return fmt::format(
        "<CanonicalizationMethod Algorithm=\"{0}\"></CanonicalizationMethod>"
        "<SignatureMethod Algorithm=\"{1}\"></SignatureMethod><Reference URI=\"\"><Transforms>"
        "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>"
        "<Transform Algorithm=\"{0}\"></Transform></Transforms>"
        "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>"
        "<DigestValue>{2}</DigestValue></Reference>",
        kC14n, method, digest);
}

std::string digest_of(std::string_view body) {
    return crypto::to_base64(crypto::sha256(crypto::view(body)));
}

std::string to_be_signed(std::string_view info) {
    return fmt::format("<SignedInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">{}</SignedInfo>", info);
}

std::string signature_element(std::string_view info, crypto::BytesView value,
                              std::span<const crypto::Certificate> chain) {
    std::string certificates;
    for (const auto& one : chain) {
        certificates += fmt::format("<X509Certificate>{}</X509Certificate>", crypto::to_base64(one.der));
    }
    return fmt::format(
        "{}<SignedInfo>{}</SignedInfo><SignatureValue>{}</SignatureValue><KeyInfo><X509Data>{}</X509Data></KeyInfo>{}",
        kSignatureOpen, info, crypto::to_base64(value), certificates, kSignatureClose);
}

std::string whole_file(std::string_view body, std::string_view signature) {
    return std::string(kDeclaration) + std::string(body.substr(0, body.size() - kClose.size())) +
           std::string(signature) + std::string(kClose);
}

using Value = std::optional<boost::json::value>;

Value value_of(const pugi::xml_node& node, int depth);

Value integer_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    constexpr std::int64_t kSafeMax = (std::int64_t{1} << 53) - 1;
    return number < -kSafeMax || number > kSafeMax ? Value() : Value(number);
}

Value truth_of(std::string_view text) {
    return text == "true" || text == "false" ? Value(text == "true") : Value();
}

Value items_of(const pugi::xml_node& node, int depth) {
    boost::json::array items;
    for (const auto& child : node.children()) {
        auto item = std::string_view(child.name()) == "item" ? value_of(child, depth + 1) : Value();
        if (!item) return std::nullopt;
        items.push_back(std::move(*item));
    }
    return Value(std::move(items));
}

Value members_of(const pugi::xml_node& node, int depth) {
    object members;
    for (const auto& child : node.children()) {
        auto value = value_of(child, depth + 1);
        if (!value || !is_name(child.name()) || !members.emplace(child.name(), std::move(*value)).second) {
            return std::nullopt;
        }
    }
    return Value(std::move(members));
}

/// What was written by `write_element`; nothing for anything else.
Value value_of(const pugi::xml_node& node, int depth) {
    if (depth > kDepthMax) return std::nullopt;
    const std::string_view kind = node.attribute("kind").value();
    const std::string_view text = node.text().get();
    if (kind == "truth") return truth_of(text);
    if (kind == "integer") return integer_of(text);
    if (kind == "list") return items_of(node, depth);
    if (kind == "object") return members_of(node, depth);
    const bool is_text = kind.empty() && !node.find_child([](const auto& child) { return *child.name() != 0; });
    return is_text ? Value(boost::json::value(text)) : Value();
}

/// Nothing where a part is there and is none of ours.
std::optional<object> content_of(const pugi::xml_node& root) {
    object content;
    for (const char* part : {"certificate", "copy"}) {
        const auto node = root.child(part);
        if (!node) continue;
        auto value = value_of(node, 0);
        if (!value || !value->is_object()) return std::nullopt;
        content[part] = std::move(*value);
    }
    if (const auto node = root.child("evidence")) {
        auto evidence = parse_json(node.text().get());
        if (!evidence) return std::nullopt;
        content["evidence"] = std::move(*evidence);
    }
    return content;
}

bool is_whole(const std::optional<object>& content) {
    if (!content || !content->contains("certificate")) return false;
    const auto* const evidence = content->if_contains("evidence");
    return evidence != nullptr && evidence->is_object();
}

/// The bytes are those that this program writes for what it read there, apart from the signature.
bool is_our_spelling(const std::optional<object>& content, std::string_view body) {
    try {
        return content && body_of(*content) == body;
    } catch (const std::invalid_argument&) {
        return false;
    }
}

/// The signature's own elements, read from its bytes.
struct SignatureParts {
    std::string method;
    std::string digest;
    crypto::Bytes value;
    std::vector<crypto::Certificate> chain;
};

std::optional<SignatureParts> signature_parts(const pugi::xml_node& signature) {
    SignatureParts parts;
    const auto info = signature.child("SignedInfo");
    parts.method = info.child("SignatureMethod").attribute("Algorithm").value();
    parts.digest = info.child("Reference").child("DigestValue").text().get();
    auto value = crypto::from_base64(signature.child("SignatureValue").text().get());
    if (!value) return std::nullopt;
    parts.value = std::move(*value);
    for (const auto& one : signature.child("KeyInfo").child("X509Data").children("X509Certificate")) {
        const auto der = crypto::from_base64(one.text().get());
        if (!der || parts.chain.size() >= 8) return std::nullopt;
        auto certificate = crypto::read_certificate(*der);
        if (!certificate) return std::nullopt;
        parts.chain.push_back(std::move(*certificate));
    }
    return parts.chain.empty() ? std::nullopt : std::optional(std::move(parts));
}

bool signature_holds(const SignatureParts& parts, std::string_view info) {
    const auto& key = parts.chain.front().public_key_info;
    const auto algorithm = crypto::algorithm_of(key);
    if (!algorithm || method_of(*algorithm) != parts.method) return false;
    if (*algorithm != SignatureAlgorithm::ecdsa_p256_sha256) {
        return crypto::verify_signature(key, *algorithm, crypto::view(to_be_signed(info)), parts.value);
    }
    const auto der = crypto::der_of_raw_signature(parts.value);
    return der && crypto::verify_signature(key, *algorithm, crypto::view(to_be_signed(info)), *der);
}

/// `begin` is where the signature's element begins.
XmlSignature judge_signature(std::string_view bytes, std::size_t begin, const SignatureParts& parts,
                             const std::optional<object>& content) {
    const auto info = signed_info(parts.method, parts.digest);
    if (!signature_holds(parts, info)) return XmlSignature::wrong;
    if (!bytes.starts_with(kDeclaration) || begin < kDeclaration.size()) return XmlSignature::changed;
    const auto body = std::string(bytes.substr(kDeclaration.size(), begin - kDeclaration.size())) + std::string(kClose);
    const bool as_written = parts.digest == digest_of(body) && is_our_spelling(content, body) &&
                            bytes == whole_file(body, signature_element(info, parts.value, parts.chain));
    return as_written ? XmlSignature::holds : XmlSignature::changed;
}

}  // namespace

Result<std::string> write_xml(const object& content, const crypto::Signer& signer,
                              std::span<const crypto::Certificate> chain) {
    const auto method = method_of(signer.algorithm());
    if (!method || chain.empty()) {
        return error(Errc::conflict, "certificate.signer_unfit",
                     "XML 文件的签名密钥应为 ECDSA P-256 或 RSA，请检查设置。");
    }
    if (!is_whole(content)) throw std::invalid_argument("certificate XML: certificate or evidence is missing");
    const auto body = body_of(content);
    const auto info = signed_info(*method, digest_of(body));
    KAIGONG_TRY(value, signer.sign(crypto::view(to_be_signed(info))));
    if (signer.algorithm() == SignatureAlgorithm::ecdsa_p256_sha256) {
        KAIGONG_TRY(raw, crypto::raw_of_der_signature(value));
        value = std::move(raw);
    }
    return whole_file(body, signature_element(info, value, chain));
}

Result<JudgedXml> judge_xml(std::string_view bytes) {
    pugi::xml_document document;
    constexpr unsigned kAsWritten = pugi::parse_default | pugi::parse_ws_pcdata_single;
    if (bytes.size() > kXmlBytesMax || !document.load_buffer(bytes.data(), bytes.size(), kAsWritten))
        return malformed();
    JudgedXml judged;
    const auto root = document.child("certificate_file");
    judged.is_ours = std::string_view(root.attribute("xmlns").value()) == kNamespace;
    if (!judged.is_ours) return judged;
    judged.content = content_of(root);
    const auto signature = root.child("Signature");
    if (!signature) return judged;
    auto parts = signature_parts(signature);
    const auto begin = bytes.rfind(kSignatureOpen);
    if (!parts || begin == std::string_view::npos) {
        judged.signature = XmlSignature::malformed;
        return judged;
    }
    judged.signature = judge_signature(bytes, begin, *parts, judged.content);
    judged.chain = std::move(parts->chain);
    return judged;
}

Result<XmlFile> read_xml(std::string_view bytes) {
    KAIGONG_TRY(judged, judge_xml(bytes));
    if (!judged.is_ours || !is_whole(judged.content)) return malformed();
    switch (judged.signature) {
        case XmlSignature::absent:
            return error(Errc::invalid_input, "certificate.xml_unsigned", "文件没有电子签名，不能作为证照使用。");
        case XmlSignature::changed: return error(Errc::conflict, "certificate.xml_changed", "文件在签名之后被改动过。");
        case XmlSignature::wrong:
            return error(Errc::conflict, "certificate.xml_signature_wrong", "文件的电子签名不对。");
        case XmlSignature::malformed: return malformed();
        case XmlSignature::holds: break;
    }
    return XmlFile{std::move(*judged.content), std::move(judged.chain)};
}

}  // namespace kaigong::certificate
