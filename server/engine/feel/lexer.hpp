// Cuts FEEL text into tokens. Names are single words here; which words form one name is the parser's question.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace kaigong::feel {

/// Where and why a text cannot be read, in parts; the Error says the same as a sentence.
struct ParseFailure {
    std::size_t line = 1;    // from 1
    std::size_t column = 1;  // from 1, by code point
    std::string expected;    // `“)”`, `一个值、名称或函数`; empty when nothing could help there
    std::string found;       // as written; empty at the end of the text
    std::string nearest;     // the known name that may be meant
};

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
Result<std::vector<Token>> tokens_of(std::string_view text, ParseFailure* failure = nullptr);

/// Line and column of a byte.
ParseFailure place_of(std::string_view text, std::size_t offset);
/// `feel.…` with line, column and what is wrong there.
Error syntax_error(const ParseFailure& place, std::string reason, std::string_view what);

}  // namespace kaigong::feel
