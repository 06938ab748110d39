#include "modules/identity/passwords.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <vector>

#include "crypto/random.hpp"

namespace kaigong::identity {
namespace {

constexpr std::size_t kLengthMin = 12;
/// From here on length alone is enough.
constexpr std::size_t kLengthOfAnyKind = 16;
constexpr std::size_t kDistinctMin = 5;
constexpr int kKindsMin = 3;

/// What guessers try first, beside names and years.
constexpr std::array<std::string_view, 24> kTriedFirst{
    "password", "passw0rd", "123456",  "qwerty",  "1qaz2wsx", "abc123",  "111111",  "woaini",
    "iloveyou", "admin",    "letmein", "welcome", "monkey",   "dragon",  "888888",  "666666",
    "5201314",  "a123456",  "zxcvbnm", "asdfgh",  "changeme", "shigong", "zhujian", "xukezheng"};

Error weak(std::string message) {
    return invalid_field("password", "identity.password_weak", std::move(message));
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// A Chinese character is one, whatever it takes in bytes.
std::vector<std::string_view> characters_of(std::string_view text) {
    const auto begins = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U; };
    std::vector<std::string_view> all;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t to = from + 1;
        while (to < text.size() && !begins(to)) ++to;
        all.push_back(text.substr(from, to - from));
        from = to;
    }
    return all;
}

int kinds_of(const std::string& password) {
    bool small = false;
    bool large = false;
    bool digit = false;
    bool other = false;
    for (const char raw : password) {
        const auto c = static_cast<unsigned char>(raw);
        if (std::islower(c) != 0)
            small = true;
        else if (std::isupper(c) != 0)
            large = true;
        else if (std::isdigit(c) != 0)
            digit = true;
        else
            other = true;
    }
    return int{small} + int{large} + int{digit} + int{other};
}

}  // namespace

Result<void> Passwords::check_strength(const std::string& password, const std::string& account_name) {
    const auto characters = characters_of(password);
    if (characters.size() < kLengthMin) return weak("密码至少 12 个字符，请换一个更长的。");
    if (characters.size() > kPasswordMax) return weak("密码最多 128 个字符，请换一个短一些的。");
    if (characters.size() < kLengthOfAnyKind && kinds_of(password) < kKindsMin) {
        return weak("请在大写字母、小写字母、数字、符号中至少用三种，或者把密码加长到 16 个字符以上。");
    }
    if (std::set(characters.begin(), characters.end()).size() < kDistinctMin) {
        return weak("密码里重复的字符太多，请换一个。");
    }
    const auto small = lower(password);
    if (!account_name.empty() && small.find(lower(account_name)) != std::string::npos) {
        return weak("密码里不能有账号名，请换一个。");
    }
    const bool common = std::ranges::any_of(kTriedFirst, [&](std::string_view tried) {
        // A tried one with little around it is tried next.
        return small.find(tried) != std::string::npos && small.size() < tried.size() + kLengthMin;
    });
    if (common) return weak("密码里有最常被猜到的字串，请换一个。");
    return {};
}

Result<std::string> Passwords::hash(const std::string& password) const {
    if (!published_.empty() && password == published_) {
        return invalid_field("password", "identity.password_published", "这是演示机构公开的密码，请换一个。");
    }
    return crypto::hash_password(password, cost_);
}

bool Passwords::is_right(const std::string& password, const std::optional<std::string>& stored) {
    std::call_once(decoy_made_, [&] { decoy_hash_ = hash("no such account").value_or(""); });
    const bool has_one = stored && !stored->empty();
    const auto right = crypto::verify_password(password, has_one ? *stored : decoy_hash_);
    return has_one && right && *right;
}

Result<void> Passwords::check_not_used(const std::string& password, const std::vector<std::string>& former) {
    for (const auto& hash : former) {
        const auto same = crypto::verify_password(password, hash);
        if (same && *same) {
            return invalid_field("password", "identity.password_used_before", "这个密码最近用过，请换一个没有用过的。");
        }
    }
    return {};
}

std::string initial_password() {
    // 32 characters, so that each takes five whole bits; no 0 O 1 l I.
    constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
    const auto bytes = crypto::random_bytes(16);
    std::string password;
    for (const auto byte : bytes) password += kLetters[byte & 31U];
    return password;
}

}  // namespace kaigong::identity
