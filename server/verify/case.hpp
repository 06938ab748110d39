// One file being judged: what the four kinds share, and one function a kind. For the sources of this folder.
#pragma once

#include "crypto/x509.hpp"
#include "verify/fields.hpp"
#include "verify/judging.hpp"
#include "verify/verify.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::verify {

/// One certificate whose way to a root is asked, and whether it is the authority's.
struct Asked {
    const crypto::Certificate& leaf;
    /// Those of the authority: under the same root others may have theirs.
    std::span<const crypto::Digest> listed;
    std::span<const crypto::Certificate> others;
    std::int64_t at_ms = 0;
};

struct Case {
    const Trust& trust;
    std::int64_t now_ms = 0;
    Kind kind = Kind::unknown;
    Findings findings;
    Judged judged;
    /// The member `copy` of a purpose copy.
    std::optional<boost::json::object> copy;

    /// Finds what stands in the file; no contents: what should hold them could not be read.
    void judge_data(const std::optional<Contents>& contents);
    /// Finds `signature`: the digest is judged after the signature.
    void judge_signature(bool signature_holds, bool bytes_fit);
    /// Finds `signature` failed and `signer` not reached: there is nobody to judge.
    void no_signer(std::string_view code);
    /// Finds `signer`: the worst of all that are asked.
    void judge_signers(std::span<const Asked> asked, std::span<const crypto::Certificate> roots);
    /// Certificates of a file beside the way to the root: nothing else protects their bytes, so there may be none.
    bool carries_others(const crypto::Certificate& signer, std::span<const crypto::Certificate> others,
                        std::int64_t at_ms) const;
    /// Finds `timestamp`, where there is a token: when it was stamped, by somebody whom one trusts.
    std::optional<std::int64_t> judge_timestamp(crypto::BytesView token, crypto::BytesView signature_value);
    /// Finds `page`; no `printed`: the pages could not be read.
    void judge_page(const std::optional<std::string>& printed);
    /// A file without a time of its own was signed when it was logged, a copy at noon of the day that it names.
    std::int64_t signed_at_ms() const;
};

/// The code of what is wrong with the file as a whole; empty where it could be judged.
std::string_view judge_pdf(std::string_view bytes, Case& of);
std::string_view judge_ofd(std::string_view bytes, Case& of);
std::string_view judge_xml(std::string_view bytes, Case& of);
std::string_view judge_json(std::string_view bytes, Case& of);

inline constexpr std::string_view kUnreadable = "verify.file_unreadable";
inline constexpr std::string_view kUnknownKind = "verify.kind_unknown";
inline constexpr std::string_view kTooLarge = "verify.file_too_large";

/// At most five different names, and how many there are.
std::string some_names(const std::vector<std::string>& names, std::string_view between);
/// The same in both languages.
Words some_names(const std::vector<Words>& names);

}  // namespace kaigong::verify
