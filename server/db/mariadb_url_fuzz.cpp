// Any text either is refused or gives a connection text that quotes every part.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "db/mariadb_url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto url = kaigong::db::parse_mariadb_url({reinterpret_cast<const char*>(bytes), size});
    if (!url) return 0;
    const auto text = kaigong::db::soci_connection_text(*url);
    int unescaped = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '\'') {
            ++unescaped;
        }
    }
    // db, user, password, and host or socket: four quoted parts.
    if (unescaped != 8) std::abort();
    // Nothing that goes into the library's own list of options can end its quotes.
    for (const auto* part : {&url->host, &url->tls_ca, &url->tls_certificate, &url->tls_key}) {
        if (part->find_first_of("{}") != std::string::npos) std::abort();
    }
    return 0;
}
