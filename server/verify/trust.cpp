#include "verify/trust.hpp"

#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace kaigong::verify {
namespace {

using boost::json::object;

Error malformed() {
    return error(Errc::invalid_input, "verify.trust_malformed",
                 "信任文件不合规格，请到发证机关网站重新下载 /ledger/trust.json。");
}

Result<std::string> text_member(const object& of, std::string_view name) {
    const auto* const value = of.if_contains(name);
    const auto* const text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr) return malformed();
    return std::string(*text);
}

/// Each item of a list of objects; a list that is not there is empty.
template <class Read>
Result<void> each_object(const object& of, std::string_view name, const Read& read) {
    const auto* const value = of.if_contains(name);
    if (value == nullptr) return {};
    if (!value->is_array()) return malformed();
    for (const auto& item : value->get_array()) {
        if (!item.is_object()) return malformed();
        KAIGONG_CHECK(read(item.get_object()));
    }
    return {};
}

Result<tlog::VerifierKey> read_key(const object& of, tlog::SignatureType type) {
    KAIGONG_TRY(text, text_member(of, "key"));
    auto key = tlog::VerifierKey::parse(text);
    if (!key || key->type != type) return malformed();
    return std::move(*key);
}

Result<std::vector<crypto::Certificate>> read_roots(const object& of, std::string_view name) {
    std::vector<crypto::Certificate> roots;
    const auto* const value = of.if_contains(name);
    if (value == nullptr) return roots;
    if (!value->is_array()) return malformed();
    for (const auto& item : value->get_array()) {
        const auto der = item.is_string() ? crypto::from_base64(item.get_string()) : std::nullopt;
        if (!der) return malformed();
        auto certificate = crypto::read_certificate(*der);
        if (!certificate) return malformed();
        roots.push_back(std::move(*certificate));
    }
    return roots;
}

/// Without the list nobody would be the authority: it must be there.
Result<std::vector<crypto::Digest>> read_digests(const object& of, std::string_view name) {
    constexpr std::string_view kKind = "sha256:";
    std::vector<crypto::Digest> digests;
    const auto* const value = of.if_contains(name);
    if (value == nullptr || !value->is_array()) return malformed();
    for (const auto& item : value->get_array()) {
        const std::string_view text = item.is_string() ? std::string_view(item.get_string()) : std::string_view();
        const auto bytes = text.starts_with(kKind) ? crypto::from_hex(text.substr(kKind.size())) : std::nullopt;
        if (!bytes || bytes->size() != sizeof(crypto::Digest)) return malformed();
        std::ranges::copy(*bytes, digests.emplace_back().begin());
    }
    return digests;
}

Result<void> read_witnesses(const object& root, Trust& trust) {
    KAIGONG_CHECK(each_object(root, "witnesses", [&](const object& one) -> Result<void> {
        KAIGONG_TRY(key, read_key(one, tlog::SignatureType::cosignature));
        // One key under two names is one witness: counted twice, it would be its own second opinion.
        if (std::ranges::find(trust.witnesses, key.key, &tlog::VerifierKey::key) != trust.witnesses.end())
            return malformed();
        trust.witnesses.push_back(std::move(key));
        return {};
    }));
    const auto* const needed = root.if_contains("witnesses_needed");
    if (needed == nullptr) return {};
    if (!needed->is_int64() || needed->get_int64() < 0) return malformed();
    trust.witnesses_needed = static_cast<std::size_t>(needed->get_int64());
    return {};
}

Result<void> read_log(const object& root, Trust& trust) {
    const auto* const log = root.if_contains("log");
    if (log == nullptr || !log->is_object()) return malformed();
    KAIGONG_TRY(origin, text_member(log->get_object(), "origin"));
    KAIGONG_TRY(key, read_key(log->get_object(), tlog::SignatureType::ed25519));
    trust.log_origin = std::move(origin);
    trust.log_key = std::move(key);
    return {};
}

Result<void> read_names(const object& root, Trust& trust) {
    KAIGONG_TRY(name, text_member(root, "name"));
    KAIGONG_TRY(public_url, text_member(root, "public_url"));
    trust.name = std::move(name);
    trust.public_url = std::move(public_url);
    const auto* const sandbox = root.if_contains("sandbox");
    trust.sandbox = sandbox != nullptr && *sandbox == boost::json::value(true);
    return each_object(root, "issuers", [&](const object& one) -> Result<void> {
        KAIGONG_TRY(code, text_member(one, "code"));
        KAIGONG_TRY(issuer_name, text_member(one, "name"));
        trust.issuers.push_back({std::move(code), std::move(issuer_name)});
        return {};
    });
}

}  // namespace

Result<Trust> read_trust(std::string_view json) {
    const auto value = parse_json(json, {.bytes_max = kTrustBytesMax});
    if (!value || !value->is_object()) return malformed();
    const object& root = value->get_object();
    const auto* const version = root.if_contains("v");
    if (version == nullptr || *version != boost::json::value(1)) return malformed();
    Trust trust;
    KAIGONG_CHECK(read_names(root, trust));
    KAIGONG_CHECK(read_log(root, trust));
    KAIGONG_CHECK(read_witnesses(root, trust));
    KAIGONG_TRY(signing_roots, read_roots(root, "signing_roots"));
    KAIGONG_TRY(seal_roots, read_roots(root, "seal_roots"));
    KAIGONG_TRY(signers, read_digests(root, "signers"));
    KAIGONG_TRY(seal_makers, read_digests(root, "seal_makers"));
    trust.signing_roots = std::move(signing_roots);
    trust.seal_roots = std::move(seal_roots);
    trust.signers = std::move(signers);
    trust.seal_makers = std::move(seal_makers);
    return trust;
}

}  // namespace kaigong::verify
