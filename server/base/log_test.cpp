#include "base/log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/json_reader.hpp"

using namespace kaigong;

namespace {

/// Sends the log to a file of its own while it lives.
class CapturedLog {
  public:
    explicit CapturedLog(LogLevel level = LogLevel::debug)
        : file_(std::filesystem::temp_directory_path() / ("kaigong_log_test_" + std::to_string(::getpid()))) {
        REQUIRE(configure_log({level, file_.string()}));
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    ~CapturedLog() {
        (void)configure_log({});
        std::filesystem::remove(file_);
    }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(file_).rdbuf();
        return text.str();
    }
    std::vector<boost::json::object> lines() const {
        std::vector<boost::json::object> result;
        std::istringstream all(text());
        for (std::string line; std::getline(all, line);) result.push_back(parse_json(line).value().as_object());
        return result;
    }

  private:
    std::filesystem::path file_;
};

struct TaskIdTag;

}  // namespace

TEST_CASE("each event is one JSON object that carries the request it belongs to") {
    const CapturedLog log;
    log_event(LogLevel::info, "app.started");
    {
        const LogRequest outer("request-1");
        const LogRequest inner("request-2");
        log_event(LogLevel::warning, "approval.task_claimed",
                  {{"task_id", Id<TaskIdTag>{"0190a000-0000-7000-8000-000000000000"}},
                   {"ms", 12},
                   {"late", true},
                   {"share", 0.5}});
    }
    log_event(LogLevel::error, "app.stopped");
    const auto lines = log.lines();
    REQUIRE(lines.size() == 3);
    CHECK_FALSE(lines[0].contains("request_id"));
    CHECK(lines[1].at("request_id") == "request-2");
    CHECK(lines[1].at("event") == "approval.task_claimed");
    CHECK(lines[1].at("level") == "warning");
    CHECK(lines[1].at("task_id") == "0190a000-0000-7000-8000-000000000000");
    CHECK(lines[1].at("ms") == 12);
    CHECK(lines[1].at("late") == true);
    CHECK_FALSE(lines[2].contains("request_id"));
    CHECK(LogRequest::current().empty());
}

TEST_CASE("levels below the chosen one are left out") {
    const CapturedLog log(LogLevel::warning);
    log_event(LogLevel::info, "a.b");
    CHECK(log.text().empty());
    log_event(LogLevel::warning, "a.b");
    CHECK(log.lines().size() == 1);
}

TEST_CASE("a personal value never gets into the log, whichever way it is handed in") {
    const CapturedLog log;
    log_event(LogLevel::info, "a.b", {{"name", "张三"}, {"address", "No 5 Street"}, {"line", "a\nb\"c"}});
    log_event(LogLevel::error, "a.c",
              {{"what", diagnostic("insert failed near \"13912345678\" with :phone='13812345678' for 张三, row "
                                   "330106199001011234, key 1234")}});
    auto failure = invalid_field("works.lead_phone", "a.phone_wrong", "电话 13712345678 不对");
    log_error(LogLevel::info, "a.d", failure);
    const auto text = log.text();
    for (const char* value : {"张三", "Street", "13912345678", "13812345678", "13712345678", "330106199001011234"}) {
        CHECK(text.find(value) == std::string::npos);
    }
    CHECK(log.lines()[0].at("name") == "(not a code)");
    CHECK(log.lines()[1].at("what") == "insert failed near * with :phone=* for *, row *, key 1234");
    CHECK(log.lines()[2].at("reason") == "a.phone_wrong");
}

TEST_CASE("a log that cannot be written is refused by name") {
    const auto result = configure_log({LogLevel::info, "/nonexistent/kaigong.log"});
    REQUIRE_FALSE(result);
    CHECK(result.error().reason == "log.file_not_writable");
}
