// Certificate files of strangers: bytes of their own, and good files of the four kinds with changes. None of them is
// genuine unless it holds what the authority issued.
#include "crypto/testing/edits.hpp"
#include "verify/testing/desk.hpp"
#include "verify/verify.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdlib>

using namespace kaigong;
using namespace kaigong::verify;
using namespace kaigong::verify::testing;

namespace {

struct Authority {
    Desk desk{"示例市"};
    Trust trust = read_trust(desk.trust_text()).value();
    Held held = desk.held(certificate_object());
    std::vector<std::string> lines = printed_lines(held.certificate);
    std::array<std::string, 4> files{desk.json_file(held), desk.xml_file(held), desk.pdf_file(held, lines),
                                     desk.package(held, lines).zip()};

    void look(std::string_view bytes) const {
        const Answer answer = verify_file({"a file", bytes}, trust, kNowMs);
        if (answer.verdict == Verdict::training) std::abort();
        if (answer.verdict == Verdict::genuine && answer.certificate != held.certificate) std::abort();
        (void)boost::json::serialize(to_json(answer));
    }
};

std::string_view text_of(crypto::BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

/// What fontconfig reads of the machine it keeps until the end.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libfontconfig\n";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Authority authority;
    const crypto::BytesView input(data, size);
    if (size == 0) return 0;
    // The first byte says which file is changed; after the fourth come bytes that are a file by themselves.
    const std::size_t which = data[0] % 5;
    if (which == 4) {
        authority.look(text_of(input.subspan(1)));
        return 0;
    }
    const auto file = crypto::view(authority.files[which]);
    const auto changed = crypto::testing::edited({file.begin(), file.end()}, input.subspan(1));
    authority.look(text_of(changed));
    return 0;
}
