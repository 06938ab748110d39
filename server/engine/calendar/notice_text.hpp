// The text of a notice in pieces that can be read: sentences, clauses, dates. Internal to engine/calendar.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::calendar {

/// Digits, brackets and commas in one form, without spaces; a line that begins an item begins a sentence.
std::string plain_notice(std::string_view text);

/// At full stops, semicolons and before items.
std::vector<std::string> sentences_of(std::string_view plain);

/// At commas outside brackets.
std::vector<std::string_view> clauses_of(std::string_view sentence);

/// 「一、元旦:」 at the beginning: the name; `sentence` is left with what follows.
std::optional<std::string> take_item_name(std::string_view& sentence);

/// A date as it is written; parts that are left out are 0.
struct WrittenDate {
    int year = 0;
    int month = 0;
    int day = 0;
    /// In brackets behind it: 0 = Sunday; -1: none.
    int weekday = -1;
    /// 至 stands before it.
    bool ends_range = false;
    std::string text;
};

std::vector<WrittenDate> dates_of(std::string_view clause);

/// The number before 天: 「共3天」, 「放假1天」.
std::optional<int> days_said(std::string_view clause);

}  // namespace kaigong::calendar
