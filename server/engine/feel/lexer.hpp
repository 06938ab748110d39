// Cuts FEEL text into tokens. Names are single words here; which words form one name is the parser's question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::feel {

struct Token {
    enum class Kind : std::uint8_t { name, number, string, at_string, symbol, end };
    Kind kind = Kind::end;
    std::string text;  // a string's content with its escapes resolved; else as written
    std::size_t offset = 0;
    bool after_space = false;

    bool is(std::string_view symbol_or_word) const {
        return (kind == Kind::symbol || kind == Kind::name) && text == symbol_or_word;
    }
};

/// Ends with one token of kind `end`. Fails with `feel.syntax` for an open string or comment and broken UTF-8.
Result<std::vector<Token>> tokens_of(std::string_view text);

/// `feel.…` with line, column (both from 1, columns by code point) and what is wrong there.
Error syntax_error(std::string_view text, std::size_t offset, std::string reason, std::string_view what);

}  // namespace kaigong::feel
