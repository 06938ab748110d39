// The log: one JSON object a line, with the id of the request that the thread works for.
//
//     log_event(LogLevel::info, "approval.task_claimed", {{"task_id", task.id}, {"waited_ms", waited}});
//
// A field takes ids, numbers, booleans and short codes. There is no way to log free text of a person, because personal
// values must never reach a log; what an exception says goes through `diagnostic`, which blanks whatever could be one.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "base/id.hpp"
#include "base/result.hpp"

namespace kaigong {

enum class LogLevel { debug, info, warning, error };

/// What an exception or a library said: quoted pieces, runs of five or more digits and everything that is not ASCII
/// are blanked; at most 400 bytes stay.
struct Diagnostic {
    std::string text;
};
Diagnostic diagnostic(std::string_view text);

class LogValue {
  public:
    LogValue(bool value) : value_(value) {}  // NOLINT(*-explicit-*)
    template <std::integral T>
    LogValue(T value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT(*-explicit-*)
    LogValue(double value) : value_(value) {}                        // NOLINT(*-explicit-*)
    template <class Tag>
    LogValue(const Id<Tag>& id) : LogValue(std::string_view(id.text)) {}  // NOLINT(*-explicit-*)
    LogValue(Errc code) : LogValue(to_string(code)) {}                    // NOLINT(*-explicit-*)
    LogValue(Diagnostic text) : value_(std::move(text.text)) {}           // NOLINT(*-explicit-*)
    /// A short code: at most 80 of `A-Z a-z 0-9 . _ - : / { } *`; anything else is written as "(not a code)".
    LogValue(std::string_view code);                                         // NOLINT(*-explicit-*)
    LogValue(const char* code) : LogValue(std::string_view(code)) {}         // NOLINT(*-explicit-*)
    LogValue(const std::string& code) : LogValue(std::string_view(code)) {}  // NOLINT(*-explicit-*)

    const std::variant<bool, std::int64_t, double, std::string>& value() const { return value_; }

  private:
    std::variant<bool, std::int64_t, double, std::string> value_;
};

struct LogField {
    std::string_view name;
    LogValue value;
};

/// `event` is a stable name `module.what_happened`. Any thread; a line is written by one system call.
void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// The code, reason and field paths of an error (its message is for the person and stays out).
void log_error(LogLevel level, std::string_view event, const Error& error);

struct LogSettings {
    LogLevel level = LogLevel::info;
    /// Empty: standard error.
    std::string file = {};
};

/// Opens the file for appending, mode 0640. Call before threads start, and again after the file was rotated.
/// Fails with log.file_not_writable.
Result<void> configure_log(const LogSettings& settings);
bool log_enabled(LogLevel level);

/// While it lives, lines of this thread carry the request id; the one before comes back afterwards.
class LogRequest {
  public:
    explicit LogRequest(std::string_view request_id);
    LogRequest(const LogRequest&) = delete;
    LogRequest& operator=(const LogRequest&) = delete;
    ~LogRequest();

    static const std::string& current();

  private:
    std::string before_;
};

}  // namespace kaigong
