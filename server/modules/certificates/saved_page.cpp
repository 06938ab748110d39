#include "modules/certificates/saved_page.hpp"

#include <boost/json.hpp>

#include "modules/certificates/service.hpp"

namespace kaigong::certificates {

Result<std::string> page_with_trust(std::string_view built, const boost::json::object& trust) {
    constexpr std::string_view kPlace = R"(id="trust">)";
    const auto place = built.find(kPlace);
    const auto ends = place == std::string_view::npos ? place : built.find("</script>", place);
    if (ends == std::string_view::npos) {
        return error(Errc::unavailable, "certificates.page_not_built",
                     "这里没有可以保存的核验页，请打开文件核验页，或到“证照验真”用编号查询。");
    }
    std::string page(built.substr(0, place + kPlace.size()));
    // Within the element that holds it, no text may look like its end.
    for (const char c : boost::json::serialize(trust)) {
        if (c == '<') {
            page += "\\u003c";
        } else {
            page += c;
        }
    }
    return page.append(built.substr(ends));
}

Result<std::string> CertificateService::saved_page() const {
    return page_with_trust(parts_.built_page, trust());
}

}  // namespace kaigong::certificates
