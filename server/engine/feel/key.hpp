// A name with its hash: contexts and variables are found by it without comparing letters.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace kaigong::feel {

/// Cheap to copy: the letters are shared. Reads as a std::string wherever one is wanted.
class Key {
  public:
    Key() : Key(nameless()) {}
    Key(std::string text)  // NOLINT(*-explicit-*)
        : text_(std::make_shared<const std::string>(std::move(text))), hash_(hash_of(*text_)) {}
    template <std::convertible_to<std::string_view> Text>
    Key(const Text& text) : Key(std::string(std::string_view(text))) {}  // NOLINT(*-explicit-*)

    static std::size_t hash_of(std::string_view text) { return std::hash<std::string_view>()(text); }

    const std::string& text() const { return *text_; }
    operator const std::string&() const { return *text_; }  // NOLINT(*-explicit-*)
    std::size_t hash() const { return hash_; }
    bool is(std::size_t hash, std::string_view text) const { return hash_ == hash && *text_ == text; }
    friend bool operator==(const Key& left, const Key& right) {
        return left.hash_ == right.hash_ && (left.text_ == right.text_ || *left.text_ == *right.text_);
    }

  private:
    static const Key& nameless() {
        static const Key kNameless{std::string()};
        return kNameless;
    }

    std::shared_ptr<const std::string> text_;
    std::size_t hash_;
};

}  // namespace kaigong::feel
