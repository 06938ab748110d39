// What a call gives back when its caller can do something about a failure. Bugs and broken machines are exceptions.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kaigong {

/// Closed: one entry for each thing a caller does next. `http::problem` turns it into a status in one switch.
enum class Errc {
    invalid_input,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    precondition_failed,
    too_large,
    rate_limited,
    unavailable,
    internal,
};

/// The name of the code as it stands in JSON: `invalid_input`, `not_found` …
std::string_view to_string(Errc code);

/// One value that is wrong. `field` is the JSON path as the sender wrote it (`works.floor_area_m2_hundredths`,
/// `participants[2].credit_code`); `message` says in Chinese what is wrong and how to mend it.
struct FieldProblem {
    std::string field;
    std::string reason;
    std::string message;
};

struct Error {
    Errc code = Errc::internal;
    /// Open and stable for ever: `module.what_is_wrong`.
    std::string reason;
    /// For people, Chinese: what happened and what to do next. Never a personal value.
    std::string message;
    std::vector<FieldProblem> fields;
};

/// A value or an Error. An ignored one does not compile.
template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
  public:
    using std::expected<T, Error>::expected;
    Result(Error error) : std::expected<T, Error>(std::unexpect, std::move(error)) {}  // NOLINT(*-explicit-*)
};

template <>
class [[nodiscard]] Result<void> : public std::expected<void, Error> {
  public:
    Result() = default;
    Result(Error error) : std::expected<void, Error>(std::unexpect, std::move(error)) {}  // NOLINT(*-explicit-*)
};

inline Error error(Errc code, std::string reason, std::string message) {
    return Error{code, std::move(reason), std::move(message), {}};
}

inline Error invalid_field(std::string field, std::string reason, std::string message) {
    Error result{Errc::invalid_input, reason, message, {}};
    result.fields.push_back({std::move(field), std::move(reason), std::move(message)});
    return result;
}

}  // namespace kaigong

/// `KAIGONG_TRY(permit, load(id));` names the value, or leaves the function with the error.
#define KAIGONG_TRY(name, ...)                                       \
    auto name##_or_error = (__VA_ARGS__);                            \
    if (!name##_or_error) return std::move(name##_or_error).error(); \
    auto& name = *name##_or_error

#define KAIGONG_CHECK_AS(name, ...) \
    if (auto name = (__VA_ARGS__); !name) return std::move(name).error()
#define KAIGONG_CHECK_NUMBERED(number, ...) KAIGONG_CHECK_AS(kaigong_checked_##number, __VA_ARGS__)
#define KAIGONG_CHECK_COUNTED(number, ...) KAIGONG_CHECK_NUMBERED(number, __VA_ARGS__)
/// `KAIGONG_CHECK(store.insert(row));` leaves the function with the error, if there is one. The counter keeps a check
/// inside a lambda that is itself checked from shadowing the outer one.
#define KAIGONG_CHECK(...) KAIGONG_CHECK_COUNTED(__COUNTER__, __VA_ARGS__)
