#include "verify/testing/samples.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "base/canonical_json.hpp"
#include "crypto/encoding.hpp"
#include "crypto/testing/timestamp_authority.hpp"
#include "formats/ofd/testing/zip_edits.hpp"

namespace kaigong::verify::testing {
namespace {

using boost::json::object;
using crypto::testing::Identity;

constexpr const char* kBytesChanged = "signature verify.bytes_changed";
constexpr const char* kContentDiffers = "content verify.content_differs";

boost::json::value json_text(std::string_view text) {
    return boost::json::value(text);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::logic_error(fmt::format("{} is not there", from));
    return text.replace(at, from.size(), to);
}

object with(object certificate, std::string_view member, boost::json::value value) {
    certificate[member] = std::move(value);
    return certificate;
}

object larger() {
    object certificate = certificate_object();
    certificate.at("project").as_object()["scale_text"] = "22345.67平方米";
    return certificate;
}

object copy_object() {
    return {{"number", 3}, {"purpose", "投标"}, {"made_for", "示例公司"}, {"made_on", "2026-12-04"}};
}

/// Another object appended, with tables as programs write them.
std::string with_update(const std::string& pdf) {
    const auto number_after = [&pdf](std::string_view word) {
        return std::stoul(pdf.substr(pdf.rfind(word) + word.size()));
    };
    const auto size = number_after("/Size ");
    const auto before = number_after("startxref\n");
    const std::size_t root_at = pdf.rfind("/Root ");
    const std::string root = pdf.substr(root_at, pdf.find('R', root_at + 6) + 1 - root_at);
    const std::string added = fmt::format("{} 0 obj\n<< /Added true >>\nendobj\n", size);
    return pdf + added +
           fmt::format("xref\n{} 1\n{:010} 00000 n \ntrailer\n<< /Size {} {} /Prev {} >>\nstartxref\n{}\n%%EOF\n", size,
                       pdf.size(), size + 1, root, before, pdf.size() + added.size());
}

/// The package with one file changed; the first whose path ends so.
std::string with_changed_file(const ofd::Package& package, std::string_view ending, std::string bytes = {}) {
    ofd::Package changed = package;
    for (const auto& file : package.files()) {
        if (!file.path.ends_with(ending)) continue;
        if (bytes.empty()) {
            bytes = file.bytes;
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        }
        changed.replace(file.path, std::move(bytes));
        return changed.zip();
    }
    throw std::logic_error(fmt::format("no file ends in {}", ending));
}

std::string bytes_of(const ofd::Package& package, std::string_view ending) {
    for (const auto& file : package.files()) {
        if (file.path.ends_with(ending)) return file.bytes;
    }
    throw std::logic_error(fmt::format("no file ends in {}", ending));
}

std::string with_added_file(ofd::Package package) {
    package.add("Doc_0/Res/more.png", "\x89PNG").value();
    return package.zip();
}

class Samples {
  public:
    Samples(const Desk& ours, const Desk& stranger) : ours_(ours), stranger_(stranger) {}

    std::vector<Sample> take() && {
        add_good();
        add_changed();
        add_strangers();
        add_data();
        add_log();
        add_pages();
        add_packages();
        add_not_ours();
        return std::move(list_);
    }

  private:
    const Desk& ours_;
    const Desk& stranger_;
    std::vector<Sample> list_;
    const object certificate_ = certificate_object();
    const std::vector<std::string> lines_ = printed_lines(certificate_);
    const Held good_ = ours_.held(certificate_);
    const ofd::Package package_ = ours_.package(good_, lines_);
    const std::string pdf_ = ours_.pdf_file(good_, lines_);
    const std::string json_ = ours_.json_file(good_);
    const std::string xml_ = ours_.xml_file(good_);

    void good(std::string file, std::string bytes, Verdict verdict = Verdict::genuine) {
        list_.push_back({std::move(file), std::move(bytes), verdict, {}});
    }
    void forged(std::string file, std::string bytes, std::vector<std::string> failures) {
        list_.push_back({std::move(file), std::move(bytes), Verdict::not_genuine, std::move(failures)});
    }
    void none(std::string file, std::string bytes, std::vector<std::string> failures) {
        list_.push_back({std::move(file), std::move(bytes), Verdict::cannot_judge, std::move(failures)});
    }
    std::string json_of(object certificate, const LogChanges& changes = {}) const {
        return ours_.json_file(ours_.held(std::move(certificate), changes));
    }
    std::string with_evidence(std::string_view member, boost::json::value value) const {
        Held held = good_;
        held.evidence[member] = std::move(value);
        return ours_.json_file(held);
    }
    std::string with_proof(std::string_view from, std::string_view to) const {
        return with_evidence("proof",
                             json_text(replaced(std::string(good_.evidence.at("proof").as_string()), from, to)));
    }

    void add_good() {
        good("genuine.json", json_);
        good("genuine.xml", xml_);
        good("genuine.pdf", pdf_);
        good("genuine.ofd", package_.zip());
        good("blanks-before.json", std::string(1'100, ' ') + json_);
        Held copy = good_;
        copy.copy = copy_object();
        good("copy.json", ours_.json_file(copy));
        good("copy.xml", ours_.xml_file(copy));
        good("copy.pdf", ours_.pdf_file(copy, lines_));
        good("copy.ofd", ours_.package(copy, lines_).zip());
        good("restricted.json", json_of(certificate_, {.entry = {{"works_name", nullptr}, {"owner_name", nullptr}}}));
        const Held training = ours_.held(with(certificate_, "sandbox", true));
        good("training.json", ours_.json_file(training), Verdict::training);
        good("training.xml", ours_.xml_file(training), Verdict::training);
        good("training.pdf", ours_.pdf_file(training, lines_), Verdict::training);
        good("training.ofd", ours_.package(training, lines_).zip(), Verdict::training);
        const crypto::testing::TimestampAuthority clock;
        good("stamped-by-a-stranger.pdf", ours_.pdf_file(good_, lines_, clock.source(kLoggedAtMs + 3'000)));
        const object second =
            with(with(certificate_, "certificate_version", 2), "certificate_identifier", json_text(identifier_of(2)));
        good("second-version.json", json_of(with(second, "related_identifier", json_text(identifier_of(1)))));
    }

    void add_changed() {
        forged("changed-value.json", replaced(json_, "12345.67", "22345.67"), {kBytesChanged, kContentDiffers});
        forged("changed-value.xml", replaced(xml_, "12345.67", "22345.67"), {kBytesChanged, kContentDiffers});
        forged("later-day.json", replaced(json_, "\"issued_on\":\"2026-12-02\"", "\"issued_on\":\"2026-12-03\""),
               {kBytesChanged, "data verify.entry_differs", kContentDiffers});
        const auto training = ours_.held(with(certificate_, "sandbox", true));
        forged("training-made-real.xml",
               replaced(ours_.xml_file(training), "<sandbox kind=\"truth\">true", "<sandbox kind=\"truth\">false"),
               {kBytesChanged, "data verify.entry_differs", kContentDiffers});
        const std::size_t evidence_at = xml_.find("<evidence>") + 10;
        const std::size_t evidence_end = xml_.find("</evidence>");
        forged("evidence-is-a-number.xml", xml_.substr(0, evidence_at) + "5" + xml_.substr(evidence_end),
               {kBytesChanged, "data verify.data_malformed"});
        forged("comment-added.xml", replaced(xml_, "<Signature", "<!-- x --><Signature"), {kBytesChanged});
        forged("digest-changed.xml", replaced(xml_, "<DigestValue>", "<DigestValue> "),
               {"signature verify.signature_wrong"});
        const std::string more = crypto::to_base64(stranger_.documents().root().der);
        forged("more-certificates.xml",
               replaced(xml_, "</X509Data>", "<X509Certificate>" + more + "</X509Certificate></X509Data>"),
               {"signature verify.signature_wrong"});
        forged("signature-of-another.json",
               [&] {
                   const std::string other = json_of(larger());
                   const std::size_t from = json_.find("\"signature\"");
                   return json_.substr(0, from) + other.substr(other.find("\"signature\""));
               }(),
               {kBytesChanged});
        Held without_signature = good_;
        forged("unsigned.json", canonical_json(without_signature.content()), {"signature verify.signature_missing"});
        forged("unsigned.xml", xml_.substr(0, xml_.find("<Signature")) + "</certificate_file>",
               {"signature verify.signature_missing"});
        forged("unsigned.pdf", ours_.unsigned_pdf(good_, lines_), {"signature verify.signature_missing"});
        forged("added-update.pdf", with_update(pdf_), {"signature verify.added_after_signing"});
        forged("changed-title.pdf", replaced(pdf_, "/Lang (zh", "/Lang (xh"), {kBytesChanged});
    }

    void add_strangers() {
        const Held ours_larger{larger(), good_.evidence, std::nullopt};
        const std::vector<std::string> codes{"signer verify.signer_unknown", kContentDiffers};
        forged("stranger.json", stranger_.json_file(ours_larger), codes);
        forged("stranger.xml", stranger_.xml_file(ours_larger), codes);
        forged("stranger.pdf", stranger_.pdf_file(ours_larger, printed_lines(larger())), codes);
        forged("stranger.ofd", stranger_.package(ours_larger, printed_lines(larger())).zip(), codes);
        forged("seal-made-by-a-stranger.ofd", ours_.package(good_, lines_, &stranger_.maker()).zip(),
               {"signer verify.signer_unknown"});
        const Identity& expired = ours_.former_signer();
        forged("signer-expired.json", ours_.json_file(good_, &expired), {"signer verify.signer_expired"});
        forged("signer-expired.xml", ours_.xml_file(good_, &expired), {"signer verify.signer_expired"});
        add_others_under_the_same_root();
        const Held theirs = stranger_.held(certificate_);
        forged("all-by-a-stranger.json", stranger_.json_file(theirs),
               {"signer verify.signer_unknown", "checkpoint verify.checkpoint_signature_wrong"});
    }

    /// An authority of certificates gives them to anybody who pays.
    void add_others_under_the_same_root() {
        const std::vector<std::string> unknown{"signer verify.signer_unknown"};
        const Identity other = ours_.documents().identity("别的单位", 11);
        const Identity sealer = ours_.seals().identity("别的单位", 12);
        const Identity maker = ours_.seals().identity("别的单位制章", 13);
        forged("other-under-the-root.json", ours_.json_file(good_, &other), unknown);
        forged("other-under-the-root.xml", ours_.xml_file(good_, &other), unknown);
        forged("other-under-the-root.pdf", ours_.pdf_file(good_, lines_, {}, &other), unknown);
        forged("other-under-the-root.ofd", ours_.package(good_, lines_, &maker, &sealer).zip(), unknown);
        forged("other-presses.ofd", ours_.package(good_, lines_, nullptr, &sealer).zip(), unknown);
        forged("other-makes-the-seal.ofd", ours_.package(good_, lines_, &maker).zip(), unknown);
        forged("signer-for-time-stamps.json", ours_.json_file(good_, &ours_.clock()), unknown);
        forged("signer-for-time-stamps.xml", ours_.xml_file(good_, &ours_.clock()), unknown);
    }

    void add_data() {
        const Held other = ours_.held(with(certificate_, "permit_number", "330106202612020102"));
        forged("entry-of-another.json", ours_.json_file({certificate_, other.evidence, std::nullopt}),
               {"data verify.entry_differs", kContentDiffers});
        forged("entry-of-another.ofd", ours_.package({certificate_, other.evidence, std::nullopt}, lines_).zip(),
               {"data verify.entry_differs", kContentDiffers});
        std::string wrong = identifier_of(1);
        wrong.back() = wrong.back() == '0' ? '1' : '0';
        forged("check-character.json", json_of(with(certificate_, "certificate_identifier", json_text(wrong))),
               {"data verify.identifier_wrong"});
        forged("version.json", json_of(with(certificate_, "certificate_version", 2)), {"data verify.identifier_wrong"});
        const object issuer{{"name", "某某局"}, {"code", "11330105002500287C"}};
        forged("issuer-unknown.json", json_of(with(certificate_, "issuer", issuer)), {"data verify.issuer_unknown"});
        object nameless = certificate_;
        nameless.erase("permit_number");
        forged("malformed.json", ours_.json_file({nameless, good_.evidence, std::nullopt}),
               {"data verify.data_malformed"});
        forged("content-differs.json", ours_.json_file({larger(), good_.evidence, std::nullopt}), {kContentDiffers});
        forged("salt-changed.json", with_evidence("salt", json_text(std::string(32, '0'))), {kContentDiffers});
        forged("state-entry.json", json_of(certificate_, {.entry = {{"entry", "state"}}}),
               {"data verify.entry_differs"});
    }

    void add_log() {
        forged("proof-missing.json", with_evidence("proof", ""), {"proof verify.proof_missing"});
        forged("proof-malformed.json", with_proof("@v1", "@v9"), {"proof verify.proof_malformed"});
        forged("proof-of-another-place.json", with_proof("index 4", "index 5"), {"proof verify.proof_wrong"});
        forged("stale-checkpoint.json", json_of(certificate_, {.stale_size = 3}), {"proof verify.proof_wrong"});
        forged("other-log.json", json_of(certificate_, {.origin = "elsewhere.example/permits"}),
               {"checkpoint verify.log_unknown"});
        forged("checkpoint-resigned.json", json_of(certificate_, {.log = &stranger_.log()}),
               {"checkpoint verify.checkpoint_signature_wrong"});
        forged("no-witness.json", json_of(certificate_, {.without_witness = true}),
               {"checkpoint verify.witnesses_missing"});
        forged("unknown-witness.json", json_of(certificate_, {.witness = &stranger_.witness()}),
               {"checkpoint verify.witnesses_missing"});
        forged("issued-long-before.json", json_of(with(certificate_, "issued_on", "2026-11-16")),
               {"times verify.time_impossible"});
        forged("issued-after.json", json_of(with(certificate_, "issued_on", "2026-12-03")),
               {"times verify.time_impossible"});
        forged("logged-after-cosigning.json", json_of(certificate_, {.cosigned_at_ms = kLoggedAtMs - 61'000}),
               {"times verify.time_impossible"});
    }

    void add_pages() {
        const auto other_lines = printed_lines(larger());
        forged("page-differs.pdf", ours_.pdf_file(good_, other_lines), {"page verify.page_differs"});
        forged("page-differs.ofd", ours_.package(good_, other_lines).zip(), {"page verify.page_differs"});
        forged("page-empty.pdf", ours_.pdf_file(good_, {"施工许可证"}), {"page verify.page_differs"});
    }

    void add_packages() {
        const std::string other = canonical_json(Held{larger(), good_.evidence, std::nullopt}.content());
        forged("replaced-attachment.ofd", with_changed_file(package_, "/certificate.json", other),
               {"seal verify.package_file_changed", kContentDiffers, "page verify.page_differs"});
        forged("replaced-font.ofd", with_changed_file(package_, ".ttf"), {"seal verify.package_file_changed"});
        forged("added-file.ofd", with_added_file(package_), {"seal verify.package_file_not_covered"});
        forged("description-changed.ofd",
               with_changed_file(package_, "/Signature.xml",
                                 replaced(bytes_of(package_, "/Signature.xml"), "ProviderName=\"", "ProviderName=\"x")),
               {kBytesChanged});
        const ofd::Package theirs = stranger_.package(good_, lines_);
        forged("seal-of-another.ofd",
               with_changed_file(package_, "/SignedValue.dat", bytes_of(theirs, "/SignedValue.dat")),
               {kBytesChanged, "signer verify.signer_unknown"});
        add_archives_read_differently();
        const std::string list = bytes_of(package_, "/Signatures.xml");
        const std::vector<std::string> unreadable{"file verify.file_unreadable"};
        const auto with_list = [&](std::string_view more) {
            return with_changed_file(package_, "/Signatures.xml", replaced(list, "</ofd:Signatures>", more));
        };
        none("signatures-with-comment.ofd", with_list("<!-- more --></ofd:Signatures>"), unreadable);
        none("signatures-twice.ofd",
             with_list("<ofd:Signature ID=\"2\" BaseLoc=\"Sign_0/Signature.xml\"/></ofd:Signatures>"), unreadable);
        const std::string description = bytes_of(package_, "/Signature.xml");
        const std::size_t begin = description.find("<ofd:Reference ");
        const std::string again = description.substr(begin, description.find("<ofd:Reference ", begin + 1) - begin);
        none("covered-twice.ofd",
             with_changed_file(package_, "/Signature.xml",
                               replaced(description, "</ofd:References>", again + "</ofd:References>")),
             unreadable);
        forged("unsealed.ofd", ours_.unsealed_package(good_, lines_).zip(), {"signature verify.signature_missing"});
        forged("seal-is-rubbish.ofd", with_changed_file(package_, "/SignedValue.dat", "no seal"),
               {"signature verify.signature_wrong"});
    }

    /// Archives whose other files some reader shows.
    void add_archives_read_differently() {
        using namespace ofd::testing;
        const std::string zip = package_.zip();
        const std::string other = ours_.unsealed_package(good_, printed_lines(larger())).zip();
        const std::string hidden = zip_entries(other);
        const std::vector<std::string> unreadable{"file verify.file_unreadable"};
        none("double-directory.ofd", with_second_directory(zip, other), unreadable);
        none("hidden-local-before.ofd", with_hidden_bytes(zip, 0, hidden), unreadable);
        none("hidden-local-between.ofd", with_hidden_bytes(zip, second_entry(zip), hidden), unreadable);
        none("hidden-local-behind.ofd", with_hidden_bytes(zip, zip_directory(zip), hidden), unreadable);
        none("bytes-behind.ofd", zip + "\n", unreadable);
    }

    void add_not_ours() {
        const std::vector<std::string> unreadable{"file verify.file_unreadable"};
        const std::vector<std::string> unknown{"file verify.kind_unknown"};
        none("photo.png", "\x89PNG\r\n", unknown);
        none("empty", "", unknown);
        none("form-feed-before.json", "\f" + json_, unknown);
        none("other.json", "{\"a\":1}", unknown);
        none("other.xml", "<?xml version=\"1.0\"?><a/>", unknown);
        none("damaged.json", json_.substr(0, json_.size() / 2), unreadable);
        none("damaged.xml", xml_.substr(0, xml_.size() / 2), unreadable);
        none("damaged.ofd", package_.zip().substr(0, 5'000), unreadable);
        none("certificate-alone.json", canonical_json(object{{"certificate", certificate_}}),
             {"signature verify.signature_missing", "data verify.data_missing"});
    }
};

}  // namespace

std::vector<Sample> make_samples(const Desk& ours, const Desk& stranger) {
    return Samples(ours, stranger).take();
}

}  // namespace kaigong::verify::testing
