// Time zones by name. The engine reads no files by itself: whoever evaluates passes a ZoneSource.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::feel {

/// One zone with its history of offsets and the rule for the years after it.
class Zone {
  public:
    /// Reads a compiled zone file (TZif, RFC 8536). Nothing when the bytes are not one.
    static std::optional<Zone> parse(std::string name, std::string_view bytes);

    const std::string& name() const { return name_; }
    /// Seconds east of UTC in force at that instant (UTC seconds since 1970).
    std::int32_t offset_at(std::int64_t utc_seconds) const;
    /// Seconds east of UTC at that local clock reading: in an overlap the earlier offset, in a gap the one before it.
    std::int32_t offset_at_local(std::int64_t local_seconds) const;
    std::int32_t standard_offset() const;

  private:
    struct Rule {
        std::int32_t month = 0, week = 0, weekday = 0;  // Mm.w.d; month 0 = day of the year
        std::int32_t day = 0;
        bool skips_leap_day = false;  // Jn
        std::int32_t seconds = 7'200;
    };
    struct Footer {
        std::int32_t standard_offset = 0;
        std::int32_t summer_offset = 0;
        std::optional<Rule> summer_begins, summer_ends;
    };
    static std::optional<Footer> parse_footer(std::string_view text);
    static std::optional<Rule> parse_rule(std::string_view& text);
    static std::int64_t rule_seconds(const Rule& rule, std::int64_t year);
    std::int32_t offset_by_footer(std::int64_t utc_seconds) const;

    std::string name_;
    std::vector<std::int64_t> transitions_;
    std::vector<std::int32_t> offsets_;  // offsets_[i] from transitions_[i] on
    std::int32_t first_offset_ = 0;
    std::optional<Footer> footer_;
};

class ZoneSource {
  public:
    virtual ~ZoneSource() = default;
    /// Null when there is no such zone. Safe to call from several threads.
    virtual std::shared_ptr<const Zone> find(std::string_view name) const = 0;
};

/// Zones out of a folder of compiled zone files (Debian: `/usr/share/zoneinfo`), read once each.
class ZoneFolder : public ZoneSource {
  public:
    explicit ZoneFolder(std::string folder) : folder_(std::move(folder)) {}
    std::shared_ptr<const Zone> find(std::string_view name) const override;

  private:
    std::string folder_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, std::shared_ptr<const Zone>, std::less<>> zones_;
};

}  // namespace kaigong::feel
