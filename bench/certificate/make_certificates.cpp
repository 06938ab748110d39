// Complete sets of certificate files in one process: filled, logged, proven, four files signed, their digests logged;
// the same calls as the program's issuing, without its rows of steps.
//
//   make_certificates run TEMPLATE.json school|worst SETS FOLDER
//       makes them, the log in the empty FOLDER, the last set's files kept there; prints {"sets","pages","bytes",
//       "first_cpu_seconds","cpu_seconds","steps"}: processor seconds of the first set, of the others together, and
//       milliseconds a set of each step (of those with `/` the same work once more, alone)
//   make_certificates text TEMPLATE.json school|worst
//       prints the words of its pages for a peer: [[{"line","size_pt"}]]
#include <fmt/format.h>
#include <boost/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>

#include "base/canonical_json.hpp"
#include "base/civil_date.hpp"
#include "bpmn/measuring.hpp"
#include "crypto/cms.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"
#include "db/migrations.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/layout/seal_picture.hpp"
#include "formats/layout/template.hpp"
#include "formats/ofd/ofd_signing.hpp"
#include "formats/ofd/ofd_writer.hpp"
#include "formats/pdf/pdf_writer.hpp"
#include "modules/certificates/content.hpp"
#include "modules/certificates/files.hpp"

namespace kaigong::bench {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::int64_t kNowMs = 1'796'200'000'000;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr const char* kIssuer = "杭州市西湖区住房和城乡建设局";
constexpr const char* kIssuerCode = "11330106MB0DEM0104";
constexpr const char* kTypeCode = "11100000000013338W009";
constexpr const char* kAntiForgeryCode = "7K3F-9Q2M-4XTB-8LWD";
constexpr int kContractors = 10;
constexpr int kBuildings = 50;
/// Permits of one day (two digits) have one kind.
constexpr int kNumbersADay = 99;

/// A key and its certificate under a root of its own, as a training folder has them.
struct Pair {
    std::shared_ptr<const crypto::Signer> key;
    std::unique_ptr<crypto::Signer> root_key;
    crypto::Certificate root;
    crypto::Certificate certificate;
};

Pair make_pair(crypto::SignatureAlgorithm algorithm) {
    const auto validity = [](const char* name, std::uint8_t serial, bool is_ca) {
        crypto::NewCertificate wanted;
        wanted.subject = {name, kIssuer, "CN"};
        wanted.serial = {0x40, serial};
        wanted.not_before_ms = kNowMs - kDayMs;
        wanted.not_after_ms = kNowMs + 1'825 * kDayMs;
        wanted.is_ca = is_ca;
        return wanted;
    };
    Pair pair{crypto::new_signer(algorithm), crypto::new_signer(algorithm), {}, {}};
    pair.root = must(crypto::make_root_certificate(validity("测量用根证书", 1, true), *pair.root_key));
    pair.certificate = must(crypto::make_certificate(validity("测量用证书", 2, false), pair.key->public_key_info(),
                                                     pair.root, *pair.root_key));
    return pair;
}

crypto::Bytes make_seal(const Pair& pair) {
    const auto png = must(layout::seal_picture(kIssuer, "测量", 40));
    const auto picture = crypto::view(png);
    crypto::NewSeal seal;
    seal.vendor = "KAIGONG";
    seal.seal_id = "33010600000001";
    seal.name = kIssuer;
    seal.signers = {pair.certificate};
    seal.created_at_ms = seal.valid_from_ms = kNowMs - kDayMs;
    seal.valid_until_ms = kNowMs + 1'825 * kDayMs;
    seal.picture = {"PNG", {picture.begin(), picture.end()}, 41, 41};
    return must(crypto::make_seal(seal, pair.root, *pair.root_key));
}

certificates::SigningKeys make_keys() {
    const auto document = make_pair(crypto::SignatureAlgorithm::ecdsa_p256_sha256);
    const auto seal = make_pair(crypto::SignatureAlgorithm::sm2_sm3);
    certificates::SigningKeys keys;
    keys.document = document.key;
    keys.document_chain = {document.certificate};
    keys.seal = seal.key;
    keys.seal_chain = {seal.certificate};
    keys.seals[kIssuerCode] = make_seal(seal);
    return keys;
}

void add_contractors(json::object& record) {
    auto& participants = record["participants"].as_array();
    json::array contractors;
    for (int i = 1; i <= kContractors; ++i) {
        const json::object contractor{{"role", "main_contractor"},
                                      {"role_name", "施工总承包单位"},
                                      {"organisation_name", fmt::format("浙江样本第{}建筑工程集团有限公司", i)},
                                      {"credit_code", "91330106MADEM00386"},
                                      {"lead_name", "赵样本"}};
        contractors.push_back(contractor);
        if (i > 1) participants.push_back(contractor);
    }
    record["contractors"] = std::move(contractors);
}

void add_buildings(json::object& record) {
    json::array buildings;
    for (int i = 1; i <= kBuildings; ++i) {
        buildings.push_back({{"building_name", fmt::format("{} 号楼（含垃圾用房、配电房与社区服务用房）", i)},
                             {"floor_area_text", fmt::format("12 3{:02}.67 平方米", i)},
                             {"storeys_text", "地上 18 层，地下 2 层"},
                             {"structure_type_name", "剪力墙"},
                             {"cost_text", fmt::format("28{:02}.9 万元", i)}});
    }
    record["buildings"] = std::move(buildings);
}

/// The example of the template; the worst case has ten contractors and fifty buildings.
json::object record_of(const layout::Template& form, const std::string& which) {
    auto record = form.example_values();
    record["owner_credit_code"] = "91330106MADEM00108";
    if (which == "worst") {
        add_contractors(record);
        add_buildings(record);
    } else if (which != "school") {
        throw std::invalid_argument("neither school nor worst: " + which);
    }
    return record;
}

permits::Permit permit_of(const json::object& record, int number) {
    const auto day = office_date(kNowMs + number / kNumbersADay * kDayMs);
    permits::Permit permit;
    permit.permit_number =
        fmt::format("330106{:04}{:02}{:02}01{:02}", day.year, day.month, day.day, number % kNumbersADay + 1);
    permit.issuing_authority = kIssuer;
    permit.issued_on = to_string(day);
    permit.works_name = record.at("works_name").as_string();
    permit.owner_name = record.at("owner_name").as_string();
    permit.record = record;
    return permit;
}

json::object certificate_of(const permits::Permit& permit) {
    certificates::EditionFacts facts;
    facts.certificate_identifier =
        must(identifier::compose(identifier::CertificateIdentifier{kTypeCode, kIssuerCode, permit.permit_number, 1}));
    facts.type_code = kTypeCode;
    facts.certificate_name = "中华人民共和国建筑工程施工许可证";
    facts.issuer_code = kIssuerCode;
    facts.verify_url = "http://127.0.0.1:8600/v?c=" + facts.certificate_identifier + "&s=0123456789abcdef";
    facts.sandbox = true;
    return certificates::certificate_object(permit, facts);
}

layout::Document pages_of(const layout::Template& form, const permits::Permit& permit,
                          const json::object& certificate) {
    return must(
        form.fill(certificates::page_values(permit, certificate, {kAntiForgeryCode, "演示印章"}, nullptr), kNowMs));
}

/// Processor time by step: what was spent since the step before.
class Steps {
  public:
    void begin() { last_ = process_cpu_seconds(); }
    void end(const char* step) {
        const double now = process_cpu_seconds();
        seconds_[step] += now - last_;
        last_ = now;
    }
    void forget() { seconds_.clear(); }
    json::object milliseconds(int sets) const {
        json::object all;
        for (const auto& [step, seconds] : seconds_) all[step] = seconds * 1000 / sets;
        return all;
    }

  private:
    std::map<std::string, double> seconds_;
    double last_ = 0;
};

std::unique_ptr<db::Database> open_database(const fs::path& folder) {
    db::Settings settings;
    settings.url = "sqlite:" + (folder / "kaigong.db").string();
    auto database = must(db::Database::open(settings));
    must(db::migrate(*database, db::embedded_migrations(), kNowMs));
    return database;
}

tlog::SignerKey log_key(const char* log) {
    return must(tlog::SignerKey::from_seed(std::string("bench.example/") + log, tlog::SignatureType::ed25519,
                                           crypto::SigningKey::new_seed().bytes()));
}

class Office {
  public:
    Office(const std::string& form, const std::string& which, const fs::path& folder)
        : form_(must(layout::Template::parse(text_of(form)))),
          record_(record_of(form_, which)),
          folder_(folder),
          database_(open_database(folder)),
          evidence_(
              evidence::make_evidence({*database_, clock_, folder / "ledger", log_key("permits"), log_key("audit")})) {}

    /// One set; its files stay until the next.
    void make(int number) {
        steps_.begin();
        permit_ = permit_of(record_, number);
        certificate_ = certificate_of(permit_);
        document_ = pages_of(form_, permit_, certificate_);
        steps_.end("fill");
        content_ = logged();
        steps_.end("log: place, checkpoint, proof");
        json::object digests;
        for (const std::string name : certificates::kFileNames) {
            files_[name] = make_file(name);
            digests[name] = "sha256:" + crypto::to_hex(crypto::sha256(crypto::view(files_[name])));
        }
        log("files", certificates::files_entry(certificate_, digests, kNowMs));
        steps_.end("log: digests of the files");
    }

    /// Parts of the last set's work once more, each alone.
    void take_apart() {
        steps_.begin();
        must(pdf::write(document_));
        steps_.end("pdf/write");
        must(crypto::sign_cades(crypto::sha256(crypto::view(files_["certificate.pdf"])), *keys_.document,
                                keys_.document_chain));
        steps_.end("pdf/CMS");
        const auto package = must(ofd::write(document_, {"0123456789abcdef0123456789abcdef", {}, {}}));
        steps_.end("ofd/write");
        must(ofd::read(package));
        steps_.end("ofd/read back");
        static_cast<void>(package.zip());
        steps_.end("ofd/zip");
        const crypto::Sealing sealing{keys_.seals.at(kIssuerCode), kNowMs,
                                      crypto::sm3(crypto::view(permit_.works_name)),
                                      std::string(ofd::kSignatureLocation)};
        must(crypto::sign_with_seal(sealing, keys_.seal_chain.front(), *keys_.seal));
        steps_.end("ofd/seal");
    }

    Steps& steps() { return steps_; }
    std::size_t pages() const { return document_.pages.size(); }
    json::object sizes() const {
        json::object bytes;
        for (const auto& [name, file] : files_) bytes[name] = file.size();
        return bytes;
    }
    void keep() const {
        for (const auto& [name, file] : files_) std::ofstream(folder_ / name, std::ios::binary) << file;
    }

  private:
    std::string subject(const std::string& kind) const {
        return kind + "/" + std::string(certificate_.at("certificate_identifier").as_string());
    }

    void log(const std::string& kind, const std::string& entry) {
        must(database_->transact([&](db::Session& session) {
            evidence_->queue(session, {evidence::kPermitsLog, subject(kind), entry, kNowMs});
        }));
        must(evidence_->settle());
    }

    json::object logged() {
        const auto salt = crypto::to_hex(crypto::random_bytes(16));
        log("permit", certificates::permit_entry(certificate_, salt, {kNowMs, kNowMs}));
        const auto proof = must(evidence_->prove(evidence::kPermitsLog, subject("permit")));
        return {{"certificate", certificate_},
                {"evidence", json::object{{"entry", json::parse(proof.entry)}, {"salt", salt}, {"proof", proof.text}}}};
    }

    /// The step ends where the key is asked, and begins again behind it.
    std::string make_file(const std::string& name) {
        const auto before_key = [&](crypto::BytesView, const crypto::Certificate&) -> Result<void> {
            steps_.end((name + ": content, digests").c_str());
            return {};
        };
        auto file = must(certificates::make_file(
            name, {content_, document_, kIssuer, keys_.seals.at(kIssuerCode), kNowMs}, keys_, before_key));
        steps_.end((name + ": signature, packing").c_str());
        return file;
    }

    layout::Template form_;
    json::object record_;
    fs::path folder_;
    VirtualClock clock_{kNowMs};
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<evidence::Evidence> evidence_;
    certificates::SigningKeys keys_ = make_keys();
    Steps steps_;
    permits::Permit permit_;
    json::object certificate_;
    json::object content_;
    layout::Document document_;
    std::map<std::string, std::string> files_;
};

void make_sets(const std::string& form, const std::string& which, int sets, const fs::path& folder) {
    Office office(form, which, folder);
    const double begun = process_cpu_seconds();
    office.make(0);
    const double first = process_cpu_seconds();
    office.steps().forget();
    for (int number = 1; number <= sets; ++number) office.make(number);
    const double end = process_cpu_seconds();
    for (int number = 0; number < sets; ++number) office.take_apart();
    office.keep();
    const json::object figures{{"sets", sets},
                               {"pages", office.pages()},
                               {"bytes", office.sizes()},
                               {"first_cpu_seconds", first - begun},
                               {"cpu_seconds", end - first},
                               {"steps", office.steps().milliseconds(sets)}};
    fmt::print("{}\n", json::serialize(figures));
}

void print_text(const std::string& path, const std::string& which) {
    const auto form = must(layout::Template::parse(text_of(path)));
    const auto permit = permit_of(record_of(form, which), 0);
    json::array pages;
    for (const auto& page : pages_of(form, permit, certificate_of(permit)).pages) {
        json::array lines;
        for (const auto& element : page.elements) {
            if (const auto* text = std::get_if<layout::TextRun>(&element)) {
                lines.push_back({{"line", text->run.text}, {"size_pt", text->run.size_pt}});
            }
        }
        pages.push_back(std::move(lines));
    }
    fmt::print("{}\n", json::serialize(pages));
}

int run(std::span<char*> arguments) {
    const std::string verb = arguments.size() > 1 ? arguments[1] : "";
    if (verb == "run" && arguments.size() == 6) {
        make_sets(arguments[2], arguments[3], std::atoi(arguments[4]), arguments[5]);
        return 0;
    }
    if (verb == "text" && arguments.size() == 4) {
        print_text(arguments[2], arguments[3]);
        return 0;
    }
    fmt::print(stderr,
               "make_certificates run TEMPLATE school|worst SETS FOLDER · make_certificates text TEMPLATE "
               "school|worst\n");
    return 2;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        return kaigong::bench::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& failure) {
        fmt::print(stderr, "make_certificates: {}\n", failure.what());
        return 1;
    }
}
