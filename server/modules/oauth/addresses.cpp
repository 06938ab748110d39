#include "modules/oauth/addresses.hpp"

#include "http/html.hpp"

namespace kaigong::oauth {

std::string answer_address(std::string_view redirect_uri,
                           std::initializer_list<std::pair<std::string_view, std::string>> parameters) {
    std::string address(redirect_uri);
    char before = address.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        address += before;
        address += std::string(name) + "=" + http::encode_component(value);
        before = '&';
    }
    return address;
}

}  // namespace kaigong::oauth
