// Any text as any description of a package: refused or read, and its references can be compared.
// The input is parted by 0x1E: OFD.xml, Document.xml, Content.xml, Signatures.xml, Signature.xml.
#include "formats/ofd/ofd_signing.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace kaigong;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(bytes), size);
    ofd::Package package;
    constexpr std::string_view kEntry =
        "<OFD><DocBody><DocRoot>D/Document.xml</DocRoot><Signatures>D/Signatures.xml</Signatures></DocBody></OFD>";
    constexpr std::string_view kDocument = "<Document><Pages><Page ID='1' BaseLoc='Content.xml'/></Pages></Document>";
    constexpr std::string_view kPage = "<Page/>";
    constexpr std::string_view kList = "<Signatures><Signature ID='1' BaseLoc='Signature.xml'/></Signatures>";
    constexpr std::string_view kSignature = "<Signature><SignedValue>v.dat</SignedValue></Signature>";
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kFiles{{{"OFD.xml", kEntry},
                                                                                   {"D/Document.xml", kDocument},
                                                                                   {"D/Content.xml", kPage},
                                                                                   {"D/Signatures.xml", kList},
                                                                                   {"D/Signature.xml", kSignature}}};
    for (const auto& [path, usual] : kFiles) {
        const std::size_t end = std::min(rest.find('\x1E'), rest.size());
        const std::string_view part = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        // An empty part lets the fuzzer reach the file behind it.
        if (!package.add(std::string(path), std::string(part.empty() ? usual : part))) std::abort();
    }
    if (!package.add("D/v.dat", "value")) std::abort();
    const auto reading = ofd::read(package);
    if (!reading) return 0;
    for (const auto& signature : reading->signatures) {
        const auto checked = ofd::check_references(package, *reading, signature);
        if (checked && checked->whole() && signature.references.empty() && package.files().size() > 6) std::abort();
    }
    return 0;
}
