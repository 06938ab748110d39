// What only a demo has: its clock, moved by whoever plays a story, forward only; and the messages that its development
// sink shows. Production has no such endpoints.
#include "app/bureau.hpp"
#include "base/json_reader.hpp"
#include "http/request.hpp"

namespace kaigong::app {
namespace {

constexpr std::int64_t kFarthestMs = 4'102'444'800'000;  // 2100-01-01

boost::json::object clock_json(const Clock& clock) {
    const auto now_ms = clock.now_ms();
    return {{"now_ms", now_ms}, {"today_on", to_string(office_date(now_ms))}};
}

Result<std::int64_t> minute_of_day(const std::string& text) {
    const bool shaped =
        text.size() == 5 && text[2] == ':' && text.find_first_not_of("0123456789:") == std::string::npos;
    const int hour = shaped ? std::stoi(text.substr(0, 2)) : 99;
    const int minute = shaped ? std::stoi(text.substr(3, 2)) : 99;
    if (hour > 23 || minute > 59) {
        return invalid_field("at", "app.time_malformed", "时刻应写成 09:30 这样。");
    }
    return hour * 60 + minute;
}

}  // namespace

std::vector<http::Endpoint> Bureau::demo_endpoints() {
    const auto move = [this](const http::Request& request) -> Result<http::Reply> {
        KAIGONG_TRY(body, http::json_body(request));
        JsonReader reader(body);
        const auto at_ms = reader.optional_integer("advance_to_ms", {0, kFarthestMs});
        const auto days = reader.optional_integer("advance_working_days", {0, 1'000});
        const auto at = reader.optional_text("at", {.length_max = 5});
        KAIGONG_CHECK(reader.finish());
        const auto now_ms = clock_->now_ms();
        std::int64_t target = at_ms.value_or(now_ms);
        if (days) {
            const auto day = catalog_->calendar()->days.add_working_days(office_date(now_ms), static_cast<int>(*days));
            KAIGONG_TRY(minutes, minute_of_day(at.value_or("09:00")));
            target = office_midnight_ms(day.value) + minutes * 60'000;
        }
        if (target < now_ms) {
            return error(Errc::conflict, "app.clock_backwards", "演示时钟只能向前拨。请选择一个更晚的时刻。");
        }
        demo_clock_->advance_to(target);
        ticker_->nudge();
        return http::json_reply(clock_json(*clock_));
    };
    const auto messages = [this](const http::Request&) -> Result<http::Reply> {
        KAIGONG_TRY(shown, identity_->shown_messages());
        boost::json::array list;
        for (const auto& one : shown) {
            list.push_back({{"channel", one.channel},
                            {"purpose", one.purpose},
                            {"recipient", one.recipient},
                            {"words", one.words},
                            {"created_at_ms", one.created_at_ms}});
        }
        return http::json_reply(boost::json::object{{"messages", std::move(list)}});
    };
    return {
        {.method = http::Method::get,
         .path = "/api/v1/demo/messages",
         .access = http::Access::anonymous,
         .handler = messages},
        {.method = http::Method::get,
         .path = "/api/v1/demo/clock",
         .access = http::Access::anonymous,
         .handler = [this](const http::Request&) -> Result<http::Reply> {
             return http::json_reply(clock_json(*clock_));
         }},
        {.method = http::Method::post,
         .path = "/api/v1/demo/clock",
         .access = http::Access::anonymous,
         .handler = move},
    };
}

}  // namespace kaigong::app
