#include "modules/identity/printed_code.hpp"

#include <cctype>

#include "crypto/random.hpp"

namespace kaigong::identity {
namespace {

constexpr std::size_t kCharacters = 10;
/// Without I, O, 0 and 1, which people confuse; 32 of them, so that a random byte gives each as often.
constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

}  // namespace

std::string new_printed_code() {
    std::string code;
    for (const auto byte : crypto::random_bytes(kCharacters)) code.push_back(kAlphabet[byte % kAlphabet.size()]);
    return code;
}

std::string as_printed(const std::string& code) {
    return code.substr(0, kCharacters / 2) + "-" + code.substr(kCharacters / 2);
}

std::string as_stored(std::string_view typed) {
    std::string code;
    for (const char c : typed) {
        if (c != ' ' && c != '-') code.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    }
    return code.size() == kCharacters ? code : std::string();
}

}  // namespace kaigong::identity
