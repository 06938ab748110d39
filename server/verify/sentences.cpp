#include "verify/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/text.hpp"

namespace kaigong::verify {
namespace {

constexpr std::string_view kAdviceZh = "请到发证机关网站用编号查询，或要求对方出示原件。";
constexpr std::string_view kAdviceEn =
    " Look the number up on the authority's website, or ask to be shown the original.";
constexpr bool kWithAdvice = true;

struct Sentence {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
    bool with_advice = false;
};

/// `{names}` is the place of names.
constexpr std::array kSentences{
    Sentence{"verify.file_unreadable", "文件打不开，可能没有下载完整或已经损坏。请向持证单位重新要一份原文件。",
             "The file cannot be read; it may be damaged or incomplete. Ask for the original file again."},
    Sentence{"verify.kind_unknown",
             "这不是电子证照文件。请选择原来收到的 PDF、OFD、XML 或 JSON 文件，照片和截图不能核验。",
             "This is not a certificate file. Choose the PDF, OFD, XML or JSON as it was received; photos and "
             "screenshots cannot be verified."},
    Sentence{"verify.file_too_large", "文件太大，不会是电子证照。请核对是否选错了文件。",
             "The file is too large to be a certificate. Check whether the right file was chosen."},
    Sentence{"verify.signature_missing", "文件没有发证机关的电子签章，谁都可以做一份这样的文件。",
             "The file bears no electronic signature or seal; anybody could have made it.", kWithAdvice},
    Sentence{"verify.bytes_changed", "文件在签章之后被改动过，内容不可信。",
             "The file was changed after it was signed; its content cannot be trusted.", kWithAdvice},
    Sentence{"verify.added_after_signing", "签章之后有人往文件里添加了内容，添加的部分不是发证机关写的。",
             "Something was added after the file was signed; the authority did not write it.", kWithAdvice},
    Sentence{"verify.signature_wrong", "电子签章不成立，文件可能是伪造的。",
             "The electronic signature does not hold; the file may be forged.", kWithAdvice},
    Sentence{"verify.signer_unknown", "文件有签章，但签章的不是发证机关。",
             "The file is signed, but not by the authority.", kWithAdvice},
    Sentence{"verify.signer_expired", "签章时所用的数字证书不在有效期内。",
             "The signer's certificate was not valid when the file was signed.", kWithAdvice},
    Sentence{"verify.package_file_changed", "文件包里的{names}在盖章之后被改动过。",
             "Parts of the package were changed after sealing: {names}.", kWithAdvice},
    Sentence{"verify.package_file_not_covered", "文件包里的{names}不在印章的保护范围内，可能是后来塞进去的。",
             "Parts of the package are not covered by the seal and may have been added later: {names}.", kWithAdvice},
    Sentence{"verify.seal_broken", "电子印章本身被改动过，或不是合法制作的印章。",
             "The seal itself was tampered with or was not properly made.", kWithAdvice},
    Sentence{"verify.seal_signer_not_listed", "盖章的人不在这枚印章允许的名单里。",
             "Whoever pressed the seal is not among those who may use it.", kWithAdvice},
    Sentence{"verify.seal_expired", "盖章时这枚印章不在有效期内。", "The seal was not valid when it was pressed.",
             kWithAdvice},
    Sentence{"verify.timestamp_wrong", "文件里的时间戳不成立，签章的时间不可信。",
             "The timestamp does not hold; the time of signing cannot be trusted.", kWithAdvice},
    Sentence{"verify.data_missing", "文件里缺少证照数据或存证信息，不是发证机关发出的完整文件。",
             "The certificate's data or its proof is missing; this is not the complete file that the authority issued.",
             kWithAdvice},
    Sentence{"verify.data_malformed", "文件里的证照数据不合规格，不是发证机关的系统写的。",
             "The certificate's data are not of the required form; the authority's system did not write them.",
             kWithAdvice},
    Sentence{"verify.identifier_wrong", "电子证照标识不对（校验位、版本或类型不符），可能是编造的。",
             "The certificate identifier is wrong (check character, version or type); it may be made up.", kWithAdvice},
    Sentence{"verify.entry_differs", "证照上的{names}与公开存证的登记不同。",
             "These differ from what was publicly logged: {names}.", kWithAdvice},
    Sentence{"verify.issuer_unknown", "证照写的发证机关“{names}”不在可信名单里。",
             "The authority named on the certificate is not on the trusted list: {names}.", kWithAdvice},
    Sentence{"verify.content_differs", "证照内容与发证时存证的指纹不同，内容被换过。",
             "The content is not what was committed to when the certificate was issued.", kWithAdvice},
    Sentence{"verify.page_differs", "页面上印的字与签章保护的数据不同：{names}。",
             "What is printed differs from the signed data: {names}.", kWithAdvice},
    Sentence{"verify.proof_missing", "文件里没有存证证明，不能说明这张证真的发过。",
             "The proof that the certificate was logged is missing.", kWithAdvice},
    Sentence{"verify.proof_malformed", "文件里的存证证明不合规格，读不出来。",
             "The proof that the certificate was logged cannot be read.", kWithAdvice},
    Sentence{"verify.proof_wrong", "存证证明对不上：公开存证里没有这张证。",
             "The proof does not fit: this certificate is not in the public log.", kWithAdvice},
    Sentence{"verify.log_unknown", "存证不是发证机关的存证，来源不明。",
             "The proof is of a log that is not the authority's.", kWithAdvice},
    Sentence{"verify.checkpoint_signature_wrong", "公开存证的签名不成立，存证证明可能是伪造的。",
             "The public log's signature does not hold; the proof may be forged.", kWithAdvice},
    Sentence{"verify.witnesses_missing", "公开存证没有足够的见证人确认。",
             "Too few witnesses have confirmed the public log.", kWithAdvice},
    Sentence{"verify.time_impossible", "发证日期与存证时间对不上，可能是倒签的。",
             "The day of issue does not fit the time of logging; the certificate may be backdated.", kWithAdvice},
    Sentence{"verify.not_in_force", "发证机关答复：这张证现在的状态是“{names}”，不能凭它施工。",
             "The authority says the permit is now \"{names}\"; work may not go on under it."},
    Sentence{"verify.replaced", "发证机关答复：这张证已经换发新证，请要求对方出示新证。",
             "The authority says this certificate was replaced; ask to be shown the new one."},
    Sentence{
        "verify.number_unknown",
        "发证机关查不到这个编号。如果是刚发的证，请过一天再查；否则请不要采信，并向发证机关反映。",
        "The authority knows no such number. If it was issued just now, ask again tomorrow; otherwise do not rely on "
        "it and tell the authority."},
    Sentence{"verify.version_differs", "发证机关登记的证照版本或标识与这份文件不同，请要求对方出示最新的证。",
             "The authority's version or identifier differs from this file; ask for the newest certificate."},
    Sentence{"verify.offline", "还没有联网查询；这里只检查文件本身，现在是否仍然有效请联网查询。",
             "The authority was not asked; only the file itself was checked. Ask online whether it still holds."},
    Sentence{"verify.authority_unreachable",
             "问过发证机关，没有问到；这里只检查了文件本身，现在是否仍然有效请稍后再查。",
             "The authority was asked and did not answer; only the file itself was checked. Ask again later whether it "
             "still holds."},
    Sentence{"verify.not_reached", "前面的检查没有通过，这一项无从查起。",
             "What this check needs is missing, because an earlier check failed."},
    Sentence{"verify.timestamp_authority_unknown", "时间戳完好，但时间戳机构不在可信名单里，不作依据。",
             "The timestamp is whole, but its authority is not on the trusted list; it was not relied upon."},
};

struct Passed {
    CheckName check;
    std::string_view zh;
    std::string_view en;
};

constexpr std::array kPassed{
    Passed{CheckName::file, "文件完整，可以读取", "The file can be read"},
    Passed{CheckName::signature, "电子签章成立，签章之后没有改动过", "The signature holds; nothing was changed since"},
    Passed{CheckName::signer, "签章的是发证机关，当时数字证书有效",
           "The signer is the authority, with a certificate valid then"},
    Passed{CheckName::seal, "电子印章完好，盖住了包里的每个文件",
           "The seal is whole and covers every file of the package"},
    Passed{CheckName::timestamp, "时间戳成立", "The timestamp holds"},
    Passed{CheckName::data, "证照标识、编号、单位与存证登记一致",
           "Identifier, number and names agree with the log's entry"},
    Passed{CheckName::content, "证照内容与发证时存证的指纹一致",
           "The content is what was committed to when it was issued"},
    Passed{CheckName::page, "页面上印的字与签章保护的数据一致", "What is printed agrees with the signed data"},
    Passed{CheckName::proof, "在公开存证里查得到这张证", "The certificate is in the public log"},
    Passed{CheckName::checkpoint, "公开存证由发证机关签名确认", "The public log is signed by the authority"},
    Passed{CheckName::times, "发证日期与存证时间相符", "The day of issue fits the time of logging"},
    Passed{CheckName::status, "发证机关答复：现在有效", "The authority says it is in force"},
};

/// Whoever makes a file chooses its names: long ones must not push the advice at the end out of sight.
constexpr std::size_t kNamesMax = 300;

std::string filled(std::string_view text, std::string_view names) {
    constexpr std::string_view kPlace = "{names}";
    std::string result(text);
    const std::size_t at = result.find(kPlace);
    return at == std::string::npos ? result : result.replace(at, kPlace.size(), beginning_of(names, kNamesMax));
}

}  // namespace

Words sentence(std::string_view code, const Words& names) {
    const auto found = std::ranges::find(kSentences, code, &Sentence::code);
    if (found == kSentences.end()) throw std::logic_error(fmt::format("no sentence for {}", code));
    Words words{filled(found->zh, names.zh), filled(found->en, names.en)};
    if (found->with_advice) {
        words.zh += kAdviceZh;
        words.en += kAdviceEn;
    }
    return words;
}

Words passed_text(CheckName check) {
    const auto found = std::ranges::find(kPassed, check, &Passed::check);
    if (found == kPassed.end()) throw std::logic_error("this check never passes here");
    return {std::string(found->zh), std::string(found->en)};
}

std::vector<std::string_view> all_codes() {
    std::vector<std::string_view> codes;
    codes.reserve(kSentences.size());
    for (const Sentence& one : kSentences) codes.push_back(one.code);
    return codes;
}

}  // namespace kaigong::verify
