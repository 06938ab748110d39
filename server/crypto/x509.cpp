// Reading of x509.hpp.
#include "crypto/x509.hpp"

#include "crypto/der.hpp"
#include "crypto/encoding.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr std::size_t kCertificateBytesMax = 64U << 10U;
constexpr std::size_t kCertificatesMax = 64;

Error malformed() {
    return error(Errc::invalid_input, "crypto.certificate_malformed",
                 "数字证书无法读取，可能已损坏或格式不对，请重新导出证书（DER 或 PEM）。");
}

Bytes copy(BytesView bytes) {
    return {bytes.begin(), bytes.end()};
}

/// The parts of a name: SEQUENCE OF SET OF SEQUENCE { type, value }.
Result<std::string> name_part(BytesView name, std::string_view wanted) {
    std::string found;
    der::Reader outer(name);
    KAIGONG_TRY(sets, outer.sequence());
    while (!sets.empty()) {
        KAIGONG_TRY(members, sets.enter(der::kSet));
        while (!members.empty()) {
            KAIGONG_TRY(member, members.sequence());
            KAIGONG_TRY(type, member.oid());
            // Names of strangers hold kinds of texts that nobody shows; only those wanted must be readable.
            if (type != wanted) continue;
            KAIGONG_TRY(text, member.text());
            found = text;
        }
    }
    return found;
}

Result<void> read_key_usage(BytesView content, Certificate& out) {
    der::Reader reader(content);
    KAIGONG_TRY(bits, reader.next(der::kBitString));
    KAIGONG_CHECK(reader.finish());
    if (bits.content.size() < 2 || bits.content.size() > 3 || bits.content[0] > 7) return malformed();
    unsigned usage = 0;
    for (unsigned i = 0; i < 8; ++i) {
        if ((bits.content[1] & (0x80U >> i)) != 0) usage |= 1U << i;
    }
    out.key_usage = usage;
    return {};
}

Result<void> read_basic_constraints(BytesView content, Certificate& out) {
    der::Reader reader(content);
    KAIGONG_TRY(inside, reader.sequence());
    KAIGONG_CHECK(reader.finish());
    if (inside.at(der::kBoolean)) {
        KAIGONG_TRY(is_ca, inside.boolean());
        out.is_ca = is_ca;
    }
    if (inside.at(der::kInteger)) {
        KAIGONG_TRY(length, inside.integer());
        out.path_length_max = length;
    }
    return inside.finish();
}

Result<void> read_extended_key_usage(BytesView content, Certificate& out) {
    der::Reader reader(content);
    KAIGONG_TRY(inside, reader.sequence());
    KAIGONG_CHECK(reader.finish());
    while (!inside.empty()) {
        KAIGONG_TRY(purpose, inside.oid());
        out.extended_key_usage.push_back(purpose);
    }
    return {};
}

Result<void> read_extension(der::Reader& list, Certificate& out) {
    KAIGONG_TRY(extension, list.sequence());
    KAIGONG_TRY(name, extension.oid());
    bool critical = false;
    if (extension.at(der::kBoolean)) {
        KAIGONG_TRY(flag, extension.boolean());
        critical = flag;
    }
    KAIGONG_TRY(content, extension.octet_string());
    KAIGONG_CHECK(extension.finish());
    if (name == "2.5.29.15") return read_key_usage(content, out);
    if (name == "2.5.29.19") return read_basic_constraints(content, out);
    if (name == "2.5.29.37") return read_extended_key_usage(content, out);
    if (critical) out.unknown_critical.push_back(name);
    return {};
}

Result<void> read_extensions(der::Reader& fields, Certificate& out) {
    while (!fields.empty()) {
        if (!fields.at(der::constructed(3))) {
            KAIGONG_TRY(unique_identifier, fields.next());
            if (unique_identifier.tag != der::primitive(1) && unique_identifier.tag != der::primitive(2)) {
                return malformed();
            }
            continue;
        }
        KAIGONG_TRY(wrapper, fields.enter(der::constructed(3)));
        KAIGONG_TRY(list, wrapper.sequence());
        while (!list.empty()) KAIGONG_CHECK(read_extension(list, out));
        KAIGONG_CHECK(wrapper.finish());
        return fields.finish();
    }
    return {};
}

Result<void> read_validity(der::Reader& fields, Certificate& out) {
    KAIGONG_TRY(validity, fields.sequence());
    KAIGONG_TRY(not_before_ms, validity.time());
    KAIGONG_TRY(not_after_ms, validity.time());
    out.not_before_ms = not_before_ms;
    // The last second is valid to its end.
    out.not_after_ms = not_after_ms + 999;
    return validity.finish();
}

Result<void> read_names(der::Reader& fields, Certificate& out) {
    KAIGONG_TRY(issuer, fields.next(der::kSequence));
    out.issuer = copy(issuer.whole);
    KAIGONG_CHECK(read_validity(fields, out));
    KAIGONG_TRY(subject, fields.next(der::kSequence));
    out.subject = copy(subject.whole);
    KAIGONG_TRY(common_name, name_part(out.subject, "2.5.4.3"));
    KAIGONG_TRY(organisation, name_part(out.subject, "2.5.4.10"));
    KAIGONG_TRY(issuer_common_name, name_part(out.issuer, "2.5.4.3"));
    out.subject_common_name = common_name;
    out.subject_organisation = organisation;
    out.issuer_common_name = issuer_common_name;
    return {};
}

Result<void> read_to_be_signed(BytesView content, BytesView outer_algorithm, Certificate& out) {
    der::Reader outer(content);
    KAIGONG_TRY(fields, outer.sequence());
    if (fields.at(der::constructed(0))) {
        KAIGONG_TRY(wrapper, fields.enter(der::constructed(0)));
        KAIGONG_TRY(version, wrapper.integer());
        if (version < 1 || version > 2) return malformed();
        KAIGONG_CHECK(wrapper.finish());
    }
    KAIGONG_TRY(serial, fields.big_integer());
    out.serial = copy(serial);
    out.serial_hex = to_hex(serial);
    KAIGONG_TRY(algorithm, fields.next(der::kSequence));
    // RFC 5280 4.1.1.2: the algorithm inside, which is signed, and outside are the same.
    if (!std::ranges::equal(algorithm.whole, outer_algorithm)) return malformed();
    KAIGONG_CHECK(read_names(fields, out));
    KAIGONG_TRY(key, fields.next(der::kSequence));
    out.public_key_info = copy(key.whole);
    return read_extensions(fields, out);
}

Result<Certificate> read_parts(BytesView bytes) {
    Certificate out;
    KAIGONG_TRY(whole, der::single(bytes));
    der::Reader outer(whole.whole);
    KAIGONG_TRY(parts, outer.sequence());
    KAIGONG_TRY(to_be_signed, parts.next(der::kSequence));
    KAIGONG_TRY(algorithm, parts.next(der::kSequence));
    der::Reader algorithm_fields(algorithm.content);
    KAIGONG_TRY(identifier, algorithm_fields.oid());
    KAIGONG_TRY(signature, parts.bit_string());
    KAIGONG_CHECK(parts.finish());
    out.der = copy(bytes);
    out.to_be_signed = copy(to_be_signed.whole);
    out.signature_identifier = identifier;
    out.signature = copy(signature);
    KAIGONG_CHECK(read_to_be_signed(to_be_signed.whole, algorithm.whole, out));
    return out;
}

}  // namespace

Result<Certificate> read_certificate(BytesView bytes) {
    if (bytes.size() > kCertificateBytesMax) return malformed();
    auto certificate = read_parts(bytes);
    if (!certificate) return malformed();
    return certificate;
}

Result<std::vector<Certificate>> read_certificates_pem(std::string_view pem) {
    std::vector<Certificate> certificates;
    for (std::size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
        at += kBegin.size();
        const std::size_t end = pem.find(kEnd, at);
        if (end == std::string_view::npos || certificates.size() == kCertificatesMax) return malformed();
        std::string text(pem.substr(at, end - at));
        std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
        const auto bytes = from_base64(text);
        if (!bytes) return malformed();
        KAIGONG_TRY(certificate, read_certificate(*bytes));
        certificates.push_back(std::move(certificate));
        at = end;
    }
    if (certificates.empty()) return malformed();
    return certificates;
}

std::string to_pem(const Certificate& certificate) {
    const std::string text = to_base64(certificate.der);
    std::string lines;
    for (std::size_t at = 0; at < text.size(); at += 64) lines += text.substr(at, 64) + "\n";
    return fmt::format("{}\n{}{}\n", kBegin, lines, kEnd);
}

}  // namespace kaigong::crypto
