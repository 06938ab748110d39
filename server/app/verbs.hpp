// The binary's verbs, one function each; `main` only chooses. Exit codes: 0 done or true, 1 judged negative, 2 wrong
// use, 3 refused.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/calendar/calendar.hpp"

namespace kaigong::app {

using Arguments = std::vector<std::string>;

inline constexpr int kDone = 0;
inline constexpr int kNegative = 1;
inline constexpr int kWrongUse = 2;
inline constexpr int kRefused = 3;

int serve(const Arguments& arguments);
int migrate(const Arguments& arguments);
int ready(const Arguments& arguments);
int routes(const Arguments& arguments);
int calendar(const Arguments& arguments);
int feel(const Arguments& arguments);
int dmn(const Arguments& arguments);
int bpmn(const Arguments& arguments);
/// `bpmn prove`: 0 proven, 1 a fault found, 3 gave up or not deployable.
int bpmn_prove(const Arguments& arguments);
int admin(const Arguments& arguments);
int sign(const Arguments& arguments);
/// 0: all genuine (or of a training authority), 1: some judged not to be.
int verify_files(const Arguments& arguments);
/// `ledger witness`, `mirror` and `fsck`: 1 where something is wrong with the log, with its name.
int ledger(const Arguments& arguments);

/// Value of `--name VALUE`, or the fallback.
std::string option(const Arguments& arguments, const std::string& name, const std::string& fallback = "");
bool flag(const Arguments& arguments, const std::string& name);
/// Arguments that are neither an option nor its value; `flags` take no value.
Arguments positional(const Arguments& arguments, const std::vector<std::string>& flags);
/// `@file` or the text itself. Fails with app.file_missing, app.file_unreadable.
Result<std::string> text_or_file(const std::string& argument);
/// The working days of the catalogue's published years; of none where there is no catalogue.
Result<kaigong::calendar::Calendar> shipped_calendar();
/// Prints the error for a person; gives exit code 3.
int refuse(const Error& error);

}  // namespace kaigong::app
