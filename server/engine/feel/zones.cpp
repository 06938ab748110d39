#include "engine/feel/zones.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

#include "engine/feel/temporal.hpp"

namespace kaigong::feel {

namespace {

constexpr std::size_t kZoneBytesMax = 256UL * 1024UL;

/// Big-endian numbers out of a TZif file; past the end everything is zero and `failed` says so.
class Bytes {
  public:
    explicit Bytes(std::string_view bytes) : rest_(bytes) {}
    std::int64_t number(std::size_t size) {
        if (rest_.size() < size) {
            failed = true;
            return 0;
        }
        std::uint64_t value = (static_cast<unsigned char>(rest_[0]) & 0x80U) != 0 && size == 4 ? ~0ULL : 0ULL;
        for (std::size_t at = 0; at < size; ++at) value = value << 8U | static_cast<unsigned char>(rest_[at]);
        rest_.remove_prefix(size);
        return static_cast<std::int64_t>(value);
    }
    void skip(std::size_t size) {
        failed = failed || rest_.size() < size;
        rest_.remove_prefix(std::min(size, rest_.size()));
    }
    std::string_view rest() const { return rest_; }
    bool failed = false;

  private:
    std::string_view rest_;
};

struct Header {
    std::size_t ut_marks, standard_marks, leap_seconds, transitions, types, letters;
    std::size_t bytes(std::size_t time_size) const {
        return transitions * (time_size + 1) + types * 6 + letters + leap_seconds * (time_size + 4) + standard_marks +
               ut_marks;
    }
};

std::optional<Header> read_header(Bytes& bytes) {
    if (!bytes.rest().starts_with("TZif")) return std::nullopt;
    bytes.skip(20);
    Header header{};
    for (std::size_t* count : {&header.ut_marks, &header.standard_marks, &header.leap_seconds, &header.transitions,
                               &header.types, &header.letters}) {
        const std::int64_t value = bytes.number(4);
        if (value < 0 || value > static_cast<std::int64_t>(kZoneBytesMax)) return std::nullopt;
        *count = static_cast<std::size_t>(value);
    }
    if (bytes.failed || header.types == 0) return std::nullopt;
    return header;
}

std::int64_t year_of(std::int64_t seconds) {
    std::int64_t days = seconds / kSecondsPerDay;
    if (seconds % kSecondsPerDay < 0) --days;
    return date_of_days(days).year;
}

std::optional<std::int32_t> take_number(std::string_view& text) {
    std::int32_t value = 0;
    std::size_t size = 0;
    while (size < text.size() && size < 6 && text[size] >= '0' && text[size] <= '9') {
        value = value * 10 + (text[size++] - '0');
    }
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

/// `[+-]hh[:mm[:ss]]` in seconds; hours up to 167, a week (RFC 8536 §3.3.1).
std::optional<std::int32_t> take_clock(std::string_view& text) {
    const bool negative = take(text, '-');
    if (!negative) take(text, '+');
    const auto hours = take_number(text);
    if (!hours || *hours > 167) return std::nullopt;
    std::int32_t seconds = *hours * 3'600;
    for (std::int32_t unit = 60; unit >= 1 && take(text, ':'); unit /= 60) {
        const auto value = take_number(text);
        if (!value || *value > 59) return std::nullopt;
        seconds += *value * unit;
    }
    return negative ? -seconds : seconds;
}

bool skip_name(std::string_view& text) {
    std::size_t size = 0;
    if (text.starts_with('<')) {
        size = text.find('>');
        if (size == std::string_view::npos) return false;
        ++size;
    } else {
        while (size < text.size() && ((text[size] | 0x20) >= 'a' && (text[size] | 0x20) <= 'z')) ++size;
    }
    text.remove_prefix(size);
    return size >= 3;
}

}  // namespace

std::optional<Zone::Rule> Zone::parse_rule(std::string_view& text) {
    Rule rule;
    if (take(text, 'M')) {
        const auto month = take_number(text);
        if (!month || !take(text, '.')) return std::nullopt;
        const auto week = take_number(text);
        if (!week || !take(text, '.')) return std::nullopt;
        const auto weekday = take_number(text);
        if (!weekday || *month < 1 || *month > 12 || *week < 1 || *week > 5 || *weekday > 6) return std::nullopt;
        rule.month = *month;
        rule.week = *week;
        rule.weekday = *weekday;
    } else {
        rule.skips_leap_day = take(text, 'J');
        const auto day = take_number(text);
        if (!day || *day > 366) return std::nullopt;
        rule.day = *day;
    }
    if (take(text, '/')) {
        const auto seconds = take_clock(text);
        if (!seconds) return std::nullopt;
        rule.seconds = *seconds;
    }
    return rule;
}

std::optional<Zone::Footer> Zone::parse_footer(std::string_view text) {
    Footer footer;
    if (!skip_name(text)) return std::nullopt;
    const auto west = take_clock(text);
    if (!west) return std::nullopt;
    footer.standard_offset = -*west;
    if (text.empty()) return footer;
    if (!skip_name(text)) return std::nullopt;
    footer.summer_offset = footer.standard_offset + 3'600;
    if (!text.empty() && text.front() != ',') {
        const auto summer_west = take_clock(text);
        if (!summer_west) return std::nullopt;
        footer.summer_offset = -*summer_west;
    }
    if (!take(text, ',')) return std::nullopt;
    footer.summer_begins = parse_rule(text);
    if (!footer.summer_begins || !take(text, ',')) return std::nullopt;
    footer.summer_ends = parse_rule(text);
    if (!footer.summer_ends || !text.empty()) return std::nullopt;
    return footer;
}

std::optional<Zone> Zone::parse(std::string name, std::string_view text) {
    Bytes bytes(text);
    const auto old_block = read_header(bytes);
    if (!old_block) return std::nullopt;
    bytes.skip(old_block->bytes(4));
    const auto header = read_header(bytes);  // the second block has 64-bit times
    if (!header || bytes.rest().size() < header->bytes(8)) return std::nullopt;
    Zone zone;
    zone.name_ = std::move(name);
    for (std::size_t at = 0; at < header->transitions; ++at) zone.transitions_.push_back(bytes.number(8));
    std::vector<std::size_t> type_of;
    type_of.reserve(header->transitions);
    for (std::size_t at = 0; at < header->transitions; ++at) {
        type_of.push_back(static_cast<std::size_t>(bytes.number(1)));
    }
    std::vector<std::int32_t> offset_of_type;
    offset_of_type.reserve(header->types);
    for (std::size_t at = 0; at < header->types; ++at) {
        offset_of_type.push_back(static_cast<std::int32_t>(bytes.number(4)));
        bytes.skip(2);
    }
    zone.offsets_.reserve(type_of.size());
    for (const std::size_t type : type_of) {
        if (type >= offset_of_type.size()) return std::nullopt;
        zone.offsets_.push_back(offset_of_type[type]);
    }
    zone.first_offset_ = offset_of_type.front();
    bytes.skip(header->letters + header->leap_seconds * 12 + header->standard_marks + header->ut_marks);
    std::string_view footer = bytes.rest();
    if (bytes.failed || !take(footer, '\n')) return std::nullopt;
    zone.footer_ = parse_footer(footer.substr(0, footer.find('\n')));
    if (!std::is_sorted(zone.transitions_.begin(), zone.transitions_.end())) return std::nullopt;
    return zone;
}

std::int64_t Zone::rule_seconds(const Rule& rule, std::int64_t year) {
    std::int64_t day = 0;
    if (rule.month == 0) {
        const bool before_leap_day = !rule.skips_leap_day || !is_leap_year(year) || rule.day < 60;
        day = days_of({year, 1, 1}) + (rule.skips_leap_day ? rule.day - 1 : rule.day) + (before_leap_day ? 0 : 1);
    } else {
        const Date first{year, static_cast<std::uint8_t>(rule.month), 1};
        const int first_weekday = weekday_of(first) % 7;  // 0 = Sunday, as the rule counts
        int day_of_month = (rule.weekday - first_weekday + 7) % 7 + 1 + (rule.week - 1) * 7;
        while (day_of_month > days_in_month(year, rule.month)) day_of_month -= 7;
        day = days_of(first) + day_of_month - 1;
    }
    return day * kSecondsPerDay + rule.seconds;
}

std::int32_t Zone::offset_by_footer(std::int64_t utc_seconds) const {
    if (!footer_->summer_begins) return footer_->standard_offset;
    const std::int64_t year = year_of(utc_seconds + footer_->standard_offset);
    const std::int64_t begins = rule_seconds(*footer_->summer_begins, year) - footer_->standard_offset;
    const std::int64_t ends = rule_seconds(*footer_->summer_ends, year) - footer_->summer_offset;
    const bool summer =
        begins < ends ? utc_seconds >= begins && utc_seconds < ends : utc_seconds >= begins || utc_seconds < ends;
    return summer ? footer_->summer_offset : footer_->standard_offset;
}

std::int32_t Zone::offset_at(std::int64_t utc_seconds) const {
    const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc_seconds);
    if (after == transitions_.end() && footer_) return offset_by_footer(utc_seconds);
    if (after == transitions_.begin()) return first_offset_;
    return offsets_[static_cast<std::size_t>(after - transitions_.begin()) - 1];
}

std::int32_t Zone::offset_at_local(std::int64_t local_seconds) const {
    // No zone changes twice within a day, so the offset a day before and a day after are the two that come into
    // question.
    const std::int32_t before = offset_at(local_seconds - kSecondsPerDay);
    const std::int32_t after = offset_at(local_seconds + kSecondsPerDay);
    if (offset_at(local_seconds - before) == before) return before;
    return offset_at(local_seconds - after) == after ? after : before;
}

std::int32_t Zone::standard_offset() const {
    if (footer_) return footer_->standard_offset;
    return offsets_.empty() ? first_offset_ : offsets_.back();
}

std::shared_ptr<const Zone> ZoneFolder::find(std::string_view name) const {
    const bool plain = !name.empty() && name.size() <= 64 && name.find("..") == std::string_view::npos &&
                       name.front() != '/' && std::ranges::all_of(name, [](char letter) {
                           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                                  (letter >= '0' && letter <= '9') || std::string_view("/_+-").contains(letter);
                       });
    if (!plain) return nullptr;
    const std::scoped_lock lock(mutex_);
    if (const auto known = zones_.find(name); known != zones_.end()) return known->second;
    std::ifstream file(folder_ + "/" + std::string(name), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto zone = Zone::parse(std::string(name), bytes);
    if (!zone) return nullptr;
    return zones_.emplace(name, std::make_shared<const Zone>(std::move(*zone))).first->second;
}

}  // namespace kaigong::feel
