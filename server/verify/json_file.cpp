// certificate.json: a detached JWS over the canonical JSON of the object without its signature.
#include <array>
#include <boost/json.hpp>

#include "base/json_reader.hpp"
#include "crypto/jws.hpp"
#include "verify/case.hpp"

namespace kaigong::verify {
namespace {

constexpr JsonLimits kLimits{.bytes_max = kFileBytesMax, .depth_max = 64, .values_max = 1'000'000};

void judge_jws_of(const boost::json::value* signature, const boost::json::object& rest, Case& of) {
    if (signature == nullptr) return of.no_signer("verify.signature_missing");
    const auto payload = canonical_of(rest);
    if (!signature->is_string() || !payload) return of.no_signer("verify.signature_wrong");
    const auto judged = crypto::judge_jws(signature->get_string(), crypto::view(*payload));
    if (!judged) return of.no_signer("verify.signature_wrong");
    // Header, payload and value are under one signature: which of them was changed cannot be told apart.
    of.judge_signature(judged->in_our_form, judged->holds);
    const std::span others = std::span(judged->chain).subspan(1);
    of.judge_signers(std::array{Asked{judged->chain.front(), of.trust.signers, others, of.signed_at_ms()}},
                     of.trust.signing_roots);
}

}  // namespace

std::string_view judge_json(std::string_view bytes, Case& of) {
    of.kind = Kind::json;
    auto value = parse_json(bytes, kLimits);
    if (!value || !value->is_object()) return kUnreadable;
    const boost::json::object& root = value->get_object();
    if (!root.contains("certificate") && !root.contains("evidence")) return kUnknownKind;
    boost::json::object rest = root;
    rest.erase("signature");
    of.judge_data(contents_of(rest));
    judge_jws_of(root.if_contains("signature"), rest, of);
    return {};
}

}  // namespace kaigong::verify
