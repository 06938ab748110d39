#include "formats/certificate/xml_file.hpp"

#include <boost/json.hpp>
#include <charconv>
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
    write_element("evidence", boost::json::string(canonical_json(content.at("evidence"))), out);
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
std::string signed_info(std::string_view method, std::string_view body) {
    return fmt::format(
        "<CanonicalizationMethod Algorithm=\"{0}\"></CanonicalizationMethod>"
        "<SignatureMethod Algorithm=\"{1}\"></SignatureMethod><Reference URI=\"\"><Transforms>"
        "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></Transform>"
        "<Transform Algorithm=\"{0}\"></Transform></Transforms>"
        "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>"
        "<DigestValue>{2}</DigestValue></Reference>",
        kC14n, method, crypto::to_base64(crypto::sha256(crypto::view(body))));
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

/// What was written by `write_element`; nothing for anything else.
std::optional<boost::json::value> value_of(const pugi::xml_node& node, int depth) {
    if (depth > kDepthMax) return std::nullopt;
    const std::string_view kind = node.attribute("kind").value();
    const std::string_view text = node.text().get();
    if (kind.empty()) return boost::json::value(text);
    if (kind == "truth") return boost::json::value(text == "true");
    if (kind == "integer") {
        std::int64_t number = 0;
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return boost::json::value(number);
    }
    object members;
    boost::json::array items;
    for (const auto& child : node.children()) {
        auto value = value_of(child, depth + 1);
        if (!value) return std::nullopt;
        if (kind == "list")
            items.push_back(std::move(*value));
        else
            members[child.name()] = std::move(*value);
    }
    if (kind == "list") return boost::json::value(std::move(items));
    return boost::json::value(std::move(members));
}

std::optional<object> content_of(const pugi::xml_node& root) {
    object content;
    for (const char* part : {"certificate", "copy"}) {
        const auto node = root.child(part);
        if (!node) continue;
        auto value = value_of(node, 0);
        if (!value || !value->is_object()) return std::nullopt;
        content[part] = std::move(*value);
    }
    auto evidence = parse_json(root.child("evidence").text().get());
    if (!evidence || !evidence->is_object() || !content.contains("certificate")) return std::nullopt;
    content["evidence"] = std::move(*evidence);
    return content;
}

/// The bytes are those that this program writes for what it read there, apart from the signature.
bool is_our_spelling(const object& content, std::string_view body) {
    try {
        return body_of(content) == body;
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
    const auto algorithm = crypto::algorithm_of(parts.chain.front().public_key_info);
    if (!algorithm || method_of(*algorithm) != parts.method) return false;
    auto value = parts.value;
    if (*algorithm == SignatureAlgorithm::ecdsa_p256_sha256) {
        auto der = crypto::der_of_raw_signature(value);
        if (!der) return false;
        value = std::move(*der);
    }
    return crypto::verify_signature(parts.chain.front().public_key_info, *algorithm, crypto::view(to_be_signed(info)),
                                    value);
}

}  // namespace

Result<std::string> write_xml(const object& content, const crypto::Signer& signer,
                              std::span<const crypto::Certificate> chain) {
    const auto method = method_of(signer.algorithm());
    if (!method || chain.empty()) {
        return error(Errc::conflict, "certificate.signer_unfit",
                     "XML 文件的签名密钥应为 ECDSA P-256 或 RSA，请检查设置。");
    }
    const auto body = body_of(content);
    const auto info = signed_info(*method, body);
    KAIGONG_TRY(value, signer.sign(crypto::view(to_be_signed(info))));
    if (signer.algorithm() == SignatureAlgorithm::ecdsa_p256_sha256) {
        KAIGONG_TRY(raw, crypto::raw_of_der_signature(value));
        value = std::move(raw);
    }
    return whole_file(body, signature_element(info, value, chain));
}

Result<XmlFile> read_xml(std::string_view bytes) {
    if (bytes.size() > kXmlBytesMax || !bytes.starts_with(kDeclaration)) return malformed();
    pugi::xml_document document;
    if (!document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata_single)) {
        return malformed();
    }
    const auto root = document.child("certificate_file");
    auto content = content_of(root);
    if (!content) return malformed();
    const auto begin = bytes.rfind(kSignatureOpen);
    if (begin == std::string_view::npos) {
        return error(Errc::invalid_input, "certificate.xml_unsigned", "文件没有电子签名，不能作为证照使用。");
    }
    const auto body = std::string(bytes.substr(kDeclaration.size(), begin - kDeclaration.size())) + std::string(kClose);
    const auto parts = signature_parts(root.child("Signature"));
    if (!parts) return malformed();
    const auto info = signed_info(parts->method, body);
    if (parts->digest != crypto::to_base64(crypto::sha256(crypto::view(body))) || !is_our_spelling(*content, body) ||
        bytes != whole_file(body, signature_element(info, parts->value, parts->chain))) {
        return error(Errc::conflict, "certificate.xml_changed", "文件在签名之后被改动过。");
    }
    if (!signature_holds(*parts, info)) {
        return error(Errc::conflict, "certificate.xml_signature_wrong", "文件的电子签名不对。");
    }
    return XmlFile{std::move(*content), parts->chain};
}

}  // namespace kaigong::certificate
