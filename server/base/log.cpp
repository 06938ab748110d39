#include "base/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>

#include "base/civil_date.hpp"

namespace kaigong {
namespace {

std::atomic<int> sink{STDERR_FILENO};
std::atomic<LogLevel> lowest{LogLevel::info};
thread_local std::string current_request;  // NOLINT(*-avoid-non-const-global-variables)

bool is_code_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-:/{}*").find(c) != std::string_view::npos;
}

std::string_view name_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::warning: return "warning";
        case LogLevel::error: return "error";
    }
    return "error";
}

void append_quoted(std::string& line, std::string_view text) {
    line += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
            line += '?';
        } else {
            line += c;
        }
    }
    line += '"';
}

struct AppendValue {
    std::string& line;

    void operator()(bool value) const { line += value ? "true" : "false"; }
    void operator()(std::int64_t value) const { line += std::to_string(value); }
    void operator()(double value) const { line += std::isfinite(value) ? fmt::format("{}", value) : "null"; }
    void operator()(const std::string& value) const { append_quoted(line, value); }
};

std::string instant_text(std::int64_t at_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t days = at_ms / kDayMs;
    const std::int64_t ms = at_ms % kDayMs;
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(date_of_days(days)), ms / 3'600'000, ms / 60'000 % 60,
                       ms / 1'000 % 60, ms % 1'000);
}

// The log tells the machine's time: a demo's clock that is moved forward must not reorder its lines.
std::int64_t machine_now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void write_line(std::string& line) {
    line += "}\n";
    std::string_view left = line;
    while (!left.empty()) {
        const auto written = ::write(sink.load(), left.data(), left.size());
        if (written <= 0) return;  // a full disk must not stop the work that the line is about
        left.remove_prefix(static_cast<std::size_t>(written));
    }
}

template <class Fields>
void write_event(LogLevel level, std::string_view event, const Fields& fields) {
    std::string line =
        fmt::format(R"({{"at":"{}","level":"{}","event":)", instant_text(machine_now_ms()), name_of(level));
    append_quoted(line, event);
    if (!current_request.empty()) {
        line += R"(,"request_id":)";
        append_quoted(line, current_request);
    }
    for (const LogField& field : fields) {
        line += ',';
        append_quoted(line, field.name);
        line += ':';
        std::visit(AppendValue{line}, field.value.value());
    }
    write_line(line);
}

}  // namespace

LogValue::LogValue(std::string_view code) {
    constexpr std::size_t kCodeMax = 80;
    const bool is_code = code.size() <= kCodeMax && std::ranges::all_of(code, is_code_character);
    value_ = is_code ? std::string(code) : std::string("(not a code)");
}

Diagnostic diagnostic(std::string_view text) {
    constexpr std::size_t kShownMax = 400;
    std::string shown;
    char quote = 0;
    std::size_t digits = 0;
    for (const char c : text.substr(0, kShownMax)) {
        const bool is_digit = c >= '0' && c <= '9';
        digits = is_digit ? digits + 1 : 0;
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'' || c == '`') {
            quote = c;
            shown += '*';
        } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
            if (!shown.ends_with('*')) shown += '*';
        } else if (digits >= 5) {
            if (digits == 5) shown.replace(shown.size() - 4, 4, "*");
        } else {
            shown += c;
        }
    }
    return {std::move(shown)};
}

void log_event(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    if (log_enabled(level)) write_event(level, event, fields);
}

void log_error(LogLevel level, std::string_view event, const Error& error) {
    if (!log_enabled(level)) return;
    std::vector<LogField> fields{{"code", error.code}, {"reason", error.reason}};
    constexpr std::size_t kFieldsMax = 10;
    for (std::size_t i = 0; i < std::min(error.fields.size(), kFieldsMax); ++i) {
        fields.push_back({"field_reason", error.fields[i].reason});
    }
    write_event(level, event, fields);
}

Result<void> configure_log(const LogSettings& settings) {
    lowest.store(settings.level);
    int next = STDERR_FILENO;
    if (!settings.file.empty()) {
        next = ::open(settings.file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        if (next < 0) {
            return invalid_field("log.file", "log.file_not_writable",
                                 fmt::format("日志文件 {} 无法写入,请检查目录是否存在、是否有写权限。", settings.file));
        }
    }
    const int before = sink.exchange(next);
    if (before != STDERR_FILENO) ::close(before);
    return {};
}

bool log_enabled(LogLevel level) {
    return level >= lowest.load(std::memory_order_relaxed);
}

LogRequest::LogRequest(std::string_view request_id) : before_(std::move(current_request)) {
    current_request = request_id;
}

LogRequest::~LogRequest() {
    current_request = std::move(before_);
}

const std::string& LogRequest::current() {
    return current_request;
}

}  // namespace kaigong
