#include "crypto/jws.hpp"

#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"

#include <boost/json/serialize.hpp>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kTextMax = 64U << 10U;
constexpr std::size_t kCertificatesMax = 8;

Error malformed() {
    return error(Errc::invalid_input, "crypto.jws_malformed",
                 "JSON 的电子签名格式不正确，文件可能已损坏，请重新下载原始文件。");
}

Error wrong() {
    return error(Errc::invalid_input, "crypto.jws_signature_wrong",
                 "文件内容与电子签名不符，已被改动或不是原件，请重新下载原始文件。");
}

std::string header_text(std::span<const Certificate> chain) {
    boost::json::array certificates;
    for (const Certificate& certificate : chain) certificates.emplace_back(to_base64(certificate.der));
    boost::json::object header;
    header["alg"] = "ES256";
    header["b64"] = false;
    header["crit"] = boost::json::array{"b64"};
    header["x5c"] = std::move(certificates);
    return boost::json::serialize(header);
}

/// RFC 7797 5.2: the encoded header, a point, the payload as it is.
Bytes signing_input(std::string_view encoded_header, BytesView payload) {
    Bytes input(encoded_header.begin(), encoded_header.end());
    input.push_back('.');
    input.insert(input.end(), payload.begin(), payload.end());
    return input;
}

Result<std::vector<Certificate>> read_chain(const boost::json::value& x5c) {
    const auto* const list = x5c.if_array();
    if (list == nullptr || list->empty() || list->size() > kCertificatesMax) return malformed();
    std::vector<Certificate> chain;
    for (const boost::json::value& member : *list) {
        const auto* const text = member.if_string();
        const auto bytes = text == nullptr ? std::nullopt : from_base64(*text);
        if (!bytes) return malformed();
        KAIGONG_TRY(certificate, read_certificate(*bytes));
        chain.push_back(std::move(certificate));
    }
    return chain;
}

/// Exactly the four members; what else a header could ask for is not understood here (RFC 7515 4.1.11).
bool in_our_form(const boost::json::object& header) {
    const auto is = [&](std::string_view name, const boost::json::value& expected) {
        const auto* const value = header.if_contains(name);
        return value != nullptr && *value == expected;
    };
    return header.size() == 4 && is("alg", "ES256") && is("b64", false) && is("crit", boost::json::array{"b64"});
}

Result<JudgedJws> read_header(std::string_view encoded) {
    const auto bytes = from_base64url(encoded);
    if (!bytes) return malformed();
    KAIGONG_TRY(json, parse_json(to_text(*bytes), {.bytes_max = kTextMax, .depth_max = 3, .values_max = 32}));
    const auto* const header = json.if_object();
    if (header == nullptr || !header->contains("x5c")) return malformed();
    KAIGONG_TRY(chain, read_chain(header->at("x5c")));
    return JudgedJws{.chain = std::move(chain), .in_our_form = in_our_form(*header)};
}

}  // namespace

Result<std::string> sign_jws(BytesView payload, const Signer& signer, std::span<const Certificate> chain) {
    if (signer.algorithm() != SignatureAlgorithm::ecdsa_p256_sha256 || chain.empty() ||
        chain[0].public_key_info != signer.public_key_info()) {
        return error(Errc::invalid_input, "crypto.signer_unfit",
                     "JSON 签名须用 P-256 密钥及其证书，请核对密钥与证书。");
    }
    const std::string header = to_base64url(view(header_text(chain)));
    KAIGONG_TRY(signature, signer.sign(signing_input(header, payload)));
    KAIGONG_TRY(raw, raw_of_der_signature(signature));
    return header + ".." + to_base64url(raw);
}

Result<JudgedJws> judge_jws(std::string_view jws, BytesView payload) {
    const std::size_t gap = jws.find("..");
    if (jws.size() > kTextMax || gap == std::string_view::npos) return malformed();
    const std::string_view header = jws.substr(0, gap);
    auto judged = read_header(header);
    const auto raw = from_base64url(jws.substr(gap + 2));
    if (!judged || !raw) return malformed();
    const auto signature = der_of_raw_signature(*raw);
    const Bytes& key = judged->chain.front().public_key_info;
    const auto algorithm = algorithm_of(key);
    judged->in_our_form =
        judged->in_our_form && signature && algorithm && *algorithm == SignatureAlgorithm::ecdsa_p256_sha256;
    judged->holds = judged->in_our_form && verify_signature(key, SignatureAlgorithm::ecdsa_p256_sha256,
                                                            signing_input(header, payload), *signature);
    return judged;
}

Result<std::vector<Certificate>> verify_jws(std::string_view jws, BytesView payload) {
    KAIGONG_TRY(judged, judge_jws(jws, payload));
    if (!judged.in_our_form) return malformed();
    if (!judged.holds) return wrong();
    return std::move(judged.chain);
}

}  // namespace kaigong::crypto
