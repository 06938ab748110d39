// What a verifier answers of one file (docs/proof-formats.md, What is judged, and the words for it).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::verify {

enum class Kind { pdf, ofd, xml, json, unknown };
enum class Verdict { genuine, training, not_genuine, cannot_judge };
enum class Outcome { pass, fail, unchecked };

/// In the order of the page that defines them. `status` asks the authority, which this library never does.
enum class CheckName {
    file,
    signature,
    signer,
    seal,
    timestamp,
    data,
    content,
    page,
    proof,
    checkpoint,
    times,
    status,
};

std::string_view to_string(Kind kind);
std::string_view to_string(Verdict verdict);
std::string_view to_string(Outcome outcome);
std::string_view to_string(CheckName check);

struct Check {
    CheckName check = CheckName::file;
    Outcome outcome = Outcome::pass;
    /// `verify.…`; empty when it passed.
    std::string code;
    /// For a citizen: what was found and, when it failed, what to do next.
    std::string zh;
    std::string en;
};

struct Answer {
    std::string file;
    Kind kind = Kind::unknown;
    Verdict verdict = Verdict::cannot_judge;
    /// In the order of `CheckName`; a check that the kind of file does not know is left out.
    std::vector<Check> checks;
    /// As it stands in the file, as far as it is of our form.
    std::optional<boost::json::object> certificate;
    /// What makes it a copy for one purpose, where it is one: it is good for nothing else.
    std::optional<boost::json::object> copy;
    /// UTC milliseconds: until when the file itself proves that the certificate was in the log.
    std::optional<std::int64_t> as_of_ms;
};

/// As the page has it; `as_of` in RFC 3339 with milliseconds, `certificate`, `copy` and `as_of` null where there is
/// nothing.
boost::json::object to_json(const Answer& answer);

/// The same said twice.
struct Words {
    std::string zh;
    std::string en;
};

/// Each check once; two judgements of one check are a bug and throw.
class Findings {
  public:
    void pass(CheckName check);
    /// `names` fill the place that the sentence has for them: of fields.
    void fail(CheckName check, std::string_view code, const Words& names = {});
    /// The same in both languages: of files, of authorities.
    void fail(CheckName check, std::string_view code, const std::string& names);
    /// Why it was not checked.
    void skip(CheckName check, std::string_view code);

    std::optional<Outcome> outcome(CheckName check) const;
    bool any_failed() const;
    std::vector<Check> list() const;

  private:
    void add(Check check);

    std::map<CheckName, Check> found_;
};

/// RFC 3339 in UTC with milliseconds: `2026-12-02T07:32:00.000Z`.
std::string instant_text(std::int64_t at_ms);

}  // namespace kaigong::verify
