#include "verify/verify.hpp"

#include "verify/sentences.hpp"
#include "verify/testing/samples.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace kaigong;
using namespace kaigong::verify;
using namespace kaigong::verify::testing;

namespace {

/// Keys, seals and files take seconds to make: once for the program.
struct World {
    Desk ours{"示例市"};
    Desk stranger{"别处"};
    Trust trust = read_trust(ours.trust_text()).value();
    std::vector<Sample> samples = make_samples(ours, stranger);

    const Sample& sample(std::string_view file) const { return *std::ranges::find(samples, file, &Sample::file); }
    Answer judge(std::string_view bytes, std::string name = "a file") const {
        return verify_file({std::move(name), bytes}, trust, kNowMs);
    }
};

const World& world() {
    static const World one;
    return one;
}

std::vector<std::string> failures_of(const Answer& answer) {
    std::vector<std::string> failures;
    for (const Check& one : answer.checks) {
        if (one.outcome == Outcome::fail) failures.push_back(fmt::format("{} {}", to_string(one.check), one.code));
    }
    return failures;
}

std::string text_of_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(text).str();
}

void write_to(const std::filesystem::path& path, std::string_view bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

bool is_good(Verdict verdict) {
    return verdict == Verdict::genuine || verdict == Verdict::training;
}

}  // namespace

TEST_CASE("each good and each forged file is told apart, and why") {
    CHECK(world().samples.size() >= 60);
    for (const Sample& sample : world().samples) {
        CAPTURE(sample.file);
        const Answer answer = world().judge(sample.bytes, sample.file);
        CHECK(to_string(answer.verdict) == to_string(sample.verdict));
        CHECK(failures_of(answer) == sample.failures);
        CHECK(answer.file == sample.file);
    }
}

TEST_CASE("the samples are written for other verifiers where a folder is named") {
    const char* const folder = std::getenv("KAIGONG_VERIFY_TO");
    if (folder == nullptr) return;
    boost::json::array expected;
    for (const Sample& sample : world().samples) {
        write_to(std::filesystem::path(folder) / sample.file, sample.bytes);
        expected.push_back(
            boost::json::object{{"file", sample.file},
                                {"verdict", to_string(sample.verdict)},
                                {"failures", boost::json::array(sample.failures.begin(), sample.failures.end())}});
    }
    write_to(std::filesystem::path(folder) / "trust.json", world().ours.trust_text());
    write_to(std::filesystem::path(folder) / "expected.json", boost::json::serialize(expected));
}

TEST_CASE("a flipped byte of a JSON, XML or PDF makes it none of the authority's, wherever it is") {
    for (const auto& [file, step] :
         std::map<std::string, std::size_t>{{"genuine.json", 7}, {"genuine.xml", 7}, {"genuine.pdf", 601}}) {
        const std::string& bytes = world().sample(file).bytes;
        std::uint8_t bit = 0;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            std::string flipped = bytes;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << (bit++ % 8)));
            CAPTURE(file);
            CAPTURE(at);
            CHECK_FALSE(is_good(world().judge(flipped).verdict));
        }
    }
}

TEST_CASE("every byte of the signature of a PDF counts") {
    const std::string& bytes = world().sample("genuine.pdf").bytes;
    const std::size_t begin = bytes.rfind("/Contents <") + 11;
    const std::size_t end = bytes.find('>', begin);
    REQUIRE(end - begin > 2'000);
    for (std::size_t at = begin; at < end; at += 13) {
        std::string flipped = bytes;
        flipped[at] = flipped[at] == '0' ? '1' : '0';
        if (flipped == bytes) continue;
        CAPTURE(at - begin);
        CHECK_FALSE(is_good(world().judge(flipped).verdict));
    }
    std::string small = bytes;
    for (std::size_t at = begin; at < end; ++at) {
        if (small[at] < 'A' || small[at] > 'F') continue;
        small[at] = static_cast<char>(small[at] | 0x20);
        break;
    }
    CHECK(failures_of(world().judge(small)) == std::vector<std::string>{"signature verify.signature_wrong"});
}

TEST_CASE("a flipped byte of an OFD is told, or changed nothing that the package holds") {
    const std::string& bytes = world().sample("genuine.ofd").bytes;
    const auto whole = ofd::Package::read(bytes).value();
    std::uint8_t bit = 0;
    for (std::size_t at = 0; at < bytes.size(); at += at + 4'000 < bytes.size() ? 499 : 11) {
        std::string flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << (bit++ % 8)));
        CAPTURE(at);
        if (!is_good(world().judge(flipped).verdict)) continue;
        const auto package = ofd::Package::read(flipped).value();
        CHECK(std::ranges::equal(package.files(), whole.files(), [](const auto& left, const auto& right) {
            return left.path == right.path && left.bytes == right.bytes;
        }));
    }
}

TEST_CASE("a file that was cut off is never genuine") {
    for (const char* file : {"genuine.json", "genuine.xml", "genuine.pdf", "genuine.ofd"}) {
        const std::string& bytes = world().sample(file).bytes;
        for (const std::size_t size : {bytes.size() - 1, bytes.size() / 2, std::size_t{100}, std::size_t{4}}) {
            CHECK_FALSE(is_good(world().judge(bytes.substr(0, size)).verdict));
        }
    }
}

TEST_CASE("an answer is JSON as the page of the formats has it") {
    const auto json = to_json(world().judge(world().sample("genuine.ofd").bytes, "a.ofd"));
    CHECK(json.at("file") == "a.ofd");
    CHECK(json.at("kind") == "ofd");
    CHECK(json.at("verdict") == "genuine");
    CHECK(json.at("certificate").at("permit_number") == "330106202612020101");
    CHECK(json.at("as_of") == "2026-12-02T07:32:05.000Z");
    std::vector<std::string> names;
    for (const auto& one : json.at("checks").as_array()) names.emplace_back(one.at("check").as_string());
    CHECK(names == std::vector<std::string>{"file", "signature", "signer", "seal", "data", "content", "page", "proof",
                                            "checkpoint", "times", "status"});
    CHECK(json.at("checks").as_array().back().at("code") == "verify.offline");
    CHECK(json.at("copy").is_null());
    CHECK(to_json(world().judge("", "b")).at("certificate").is_null());
    for (const char* file : {"copy.json", "copy.xml", "copy.pdf", "copy.ofd"}) {
        CHECK(to_json(world().judge(world().sample(file).bytes)).at("copy").at("purpose") == "投标");
    }
}

TEST_CASE("how many witnesses are needed is in the list of whom to trust") {
    const std::string& bytes = world().sample("no-witness.json").bytes;
    const Trust without = read_trust(world().ours.trust_text(0)).value();
    const Answer answer = verify_file({"a", bytes}, without, kNowMs);
    CHECK(to_string(answer.verdict) == to_string(Verdict::genuine));
    CHECK(answer.as_of_ms == kLoggedAtMs);
    const Trust two = read_trust(world().ours.trust_text(2)).value();
    CHECK(failures_of(verify_file({"a", world().sample("genuine.json").bytes}, two, kNowMs)) ==
          std::vector<std::string>{"checkpoint verify.witnesses_missing"});
}

TEST_CASE("a training authority issues nothing that has force") {
    auto text = boost::json::parse(world().ours.trust_text()).as_object();
    text["sandbox"] = true;
    const Trust training = read_trust(boost::json::serialize(text)).value();
    CHECK(verify_file({"a", world().sample("genuine.pdf").bytes}, training, kNowMs).verdict == Verdict::training);
}

TEST_CASE("a list of whom to trust that is understood by half is refused") {
    const auto whole = boost::json::parse(world().ours.trust_text()).as_object();
    CHECK(read_trust(boost::json::serialize(whole)).has_value());
    const auto refused = [&whole](std::string_view member, boost::json::value value) {
        auto changed = whole;
        changed[member] = std::move(value);
        const auto trust = read_trust(boost::json::serialize(changed));
        return !trust && trust.error().reason == "verify.trust_malformed";
    };
    CHECK(refused("v", 2));
    CHECK(refused("name", 5));
    CHECK(refused("log", nullptr));
    CHECK(refused("log", boost::json::object{{"origin", "a"}, {"key", world().ours.witness().verifier().to_text()}}));
    CHECK(refused("witnesses", boost::json::array{1}));
    const auto twice = world().ours.witness().verifier();
    const auto renamed = tlog::VerifierKey{"another.example/name", twice.type, twice.key};
    CHECK(refused("witnesses", boost::json::array{{{"key", twice.to_text()}}, {{"key", renamed.to_text()}}}));
    CHECK(refused("witnesses_needed", -1));
    CHECK(refused("witnesses_needed", "1"));
    CHECK(refused("signing_roots", boost::json::array{"AAAA"}));
    CHECK(refused("seal_roots", "AAAA"));
    const std::string digest = "sha256:" + std::string(64, '0');
    CHECK_FALSE(refused("signers", boost::json::array{digest}));
    for (const char* list : {"signers", "seal_makers"}) {
        CHECK(refused(list, nullptr));
        CHECK(refused(list, boost::json::array{digest.substr(7)}));
        CHECK(refused(list, boost::json::array{digest + "00"}));
        CHECK(refused(list, boost::json::array{1}));
    }
    CHECK(refused("issuers", boost::json::array{boost::json::object{{"code", "1"}}}));
    CHECK_FALSE(read_trust("[]").has_value());
    CHECK_FALSE(read_trust("{").has_value());
}

TEST_CASE("a citizen is told the same by the page that verifies") {
    const std::string page =
        text_of_file(std::filesystem::path(KAIGONG_SOURCE_DIR) / "web/verify/src/core/sentences.ts");
    REQUIRE_FALSE(page.empty());
    constexpr std::string_view kAdvice = "请到发证机关网站用编号查询，或要求对方出示原件。";
    for (const std::string_view code : all_codes()) {
        CAPTURE(code);
        CHECK(page.find(fmt::format("'{}':", code)) != std::string::npos);
        std::string zh = sentence(code, {"{names}", "{names}"}).zh;
        if (zh.ends_with(kAdvice)) zh.resize(zh.size() - kAdvice.size());
        CHECK(page.find(zh + "'") != std::string::npos);
    }
}
