// parse_json: Boost.JSON's parser with a handler of our own, because its own one keeps the last of two members of the
// same name and bounds only the depth.
#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>

#include "base/json_reader.hpp"

namespace kaigong {
namespace {

namespace json = boost::json;

/// Set by the handler when it stops the parser; the name is the member's when that is the reason.
enum class Stop { none, repeated_member, too_many_values };

class BuildingHandler {
  public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = 1'024;
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    explicit BuildingHandler(std::size_t values_max) : values_left_(values_max) {}

    Stop stop() const { return stop_; }
    const std::string& repeated_member() const { return repeated_member_; }
    json::value release() { return stack_.release(); }

    bool on_document_begin(json::error_code&) {
        stack_.reset();
        return true;
    }
    static bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) {
        open_at_.push_back(names_.size());
        return true;
    }
    bool on_object_end(std::size_t count, json::error_code& failure) {
        const auto begin = names_.begin() + static_cast<std::ptrdiff_t>(open_at_.back());
        std::sort(begin, names_.end());
        const auto repeated = std::adjacent_find(begin, names_.end());
        if (repeated != names_.end()) {
            repeated_member_ = *repeated;
            return halt(Stop::repeated_member, failure);
        }
        names_.erase(begin, names_.end());
        open_at_.pop_back();
        stack_.push_object(count);
        return count_value(failure);
    }
    static bool on_array_begin(json::error_code&) { return true; }
    bool on_array_end(std::size_t count, json::error_code& failure) {
        stack_.push_array(count);
        return count_value(failure);
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key_ += part;
        stack_.push_chars(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, json::error_code&) {
        key_ += part;
        names_.push_back(std::move(key_));
        key_.clear();
        stack_.push_key(part);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, json::error_code& failure) {
        stack_.push_string(part);
        return count_value(failure);
    }
    static bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t value, json::string_view, json::error_code& failure) {
        stack_.push_int64(value);
        return count_value(failure);
    }
    bool on_uint64(std::uint64_t value, json::string_view, json::error_code& failure) {
        stack_.push_uint64(value);
        return count_value(failure);
    }
    bool on_double(double value, json::string_view, json::error_code& failure) {
        stack_.push_double(value);
        return count_value(failure);
    }
    bool on_bool(bool value, json::error_code& failure) {
        stack_.push_bool(value);
        return count_value(failure);
    }
    bool on_null(json::error_code& failure) {
        stack_.push_null();
        return count_value(failure);
    }
    static bool on_comment_part(json::string_view, json::error_code&) { return true; }
    static bool on_comment(json::string_view, json::error_code&) { return true; }

  private:
    bool halt(Stop reason, json::error_code& failure) {
        stop_ = reason;
        failure = json::error::syntax;
        return false;
    }
    bool count_value(json::error_code& failure) {
        if (values_left_ == 0) return halt(Stop::too_many_values, failure);
        --values_left_;
        return true;
    }

    json::value_stack stack_;
    std::string key_;
    std::vector<std::string> names_;
    std::vector<std::size_t> open_at_;
    std::size_t values_left_;
    Stop stop_ = Stop::none;
    std::string repeated_member_;
};

Error failure_of(const BuildingHandler& handler, const json::error_code& failure, const JsonLimits& limits) {
    if (handler.stop() == Stop::repeated_member) {
        return invalid_field(printable(handler.repeated_member()), "json.repeated_member",
                             "同一个对象里这个名称出现了两次，请只保留一个。");
    }
    if (handler.stop() == Stop::too_many_values) {
        return error(Errc::invalid_input, "json.too_many_values",
                     fmt::format("内容超过 {} 个值，请分几次提交。", limits.values_max));
    }
    if (failure == json::error::too_deep) {
        return error(Errc::invalid_input, "json.too_deep",
                     fmt::format("内容嵌套超过 {} 层，请减少层次。", limits.depth_max));
    }
    return error(Errc::invalid_input, "json.malformed", "内容不是合法的 JSON（须为 UTF-8 编码），请检查后重新提交。");
}

}  // namespace

Result<json::value> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes_max) {
        return error(Errc::too_large, "json.too_large",
                     fmt::format("内容超过 {} 字节的上限，请删减后重新提交。", limits.bytes_max));
    }
    json::parse_options options;
    options.max_depth = limits.depth_max;
    json::basic_parser<BuildingHandler> parser(options, limits.values_max);
    json::error_code failure;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && used < text.size()) failure = json::error::extra_data;
    if (failure) return failure_of(parser.handler(), failure, limits);
    return parser.handler().release();
}

}  // namespace kaigong
