#include <fmt/format.h>

#include <array>
#include <exception>

#include "app/verbs.hpp"

namespace {

using namespace kaigong::app;

struct Verb {
    std::string_view name;
    int (*run)(const Arguments&);
    std::string_view use;
};

constexpr std::array kVerbs{
    Verb{"serve", serve, "serve [--demo] [--config FILE] [--data DIR] [--port N] [--database URL] [--clock-start ISO]"},
    Verb{"migrate", migrate, "migrate [--data DIR] [--database URL]"},
    Verb{"admin", admin,
         "admin add --account NAME --display-name NAME --role ROLE [--organisation NAME] [--credit-code CODE] "
         "[--department CODE --department-name NAME --region CODE] [--password-file FILE] · admin make-keys FILE · "
         "admin make-signing-keys FOLDER --origin NAME --organisation NAME [--config FILE]"},
    Verb{"sign", sign,
         "sign [--config FILE] [--data DIR] [--allow-uid N]   holds the keys for a server that asks by signing.socket"},
    Verb{"ledger", ledger,
         "ledger make-key NAME FILE · ledger witness --log-url URL --vkey KEY --state DIR --key FILE [--once|--every "
         "SECONDS] [--listen PORT] [--host NAME] [--sandbox] [--json] · ledger mirror --log-url URL --vkey KEY "
         "--folder DIR [--json] "
         "· "
         "ledger serve --folder DIR --port N [--host NAME] · ledger fsck --folder DIR --vkey KEY [--json] · ledger "
         "fsck [--demo] "
         "[--data DIR] [--database URL] [--config FILE] [--json] · ledger adopt (as fsck; after an old backup)"},
    Verb{"ready", ready, "ready --port N            is a server on this machine ready?"},
    Verb{"routes", routes, "routes [--json | --page | --check FILE]  every endpoint with its access, action and roles"},
    Verb{"calendar", calendar, "calendar due DATE DAYS [--json]"},
    Verb{"feel", feel, "feel EXPRESSION [--vars JSON|@FILE] [--unary VALUE] [--json] · feel --batch FILE.jsonl"},
    Verb{"dmn", dmn,
         "dmn eval FILE --decision NAME [--vars JSON|@FILE] [--explain] [--json] · dmn check FILE [--json] · "
         "dmn test FOLDER… [--json]"},
    Verb{"bpmn", bpmn,
         "bpmn check FILE… [--process ID] [--json] · bpmn roundtrip FILE [--json] · bpmn run FILE [--vars JSON|@FILE] "
         "[--complete all|SCRIPT.json] [--advance P2D]… [--trace] · "
         "bpmn prove FILE [--process ID] [--states-max N] [--json]"},
    Verb{"verify", verify_files,
         "verify FILE… --trust FILE [--at INSTANT] [--online] [--json]    certificate files, without network unless "
         "asked"},
};

int usage() {
    fmt::print(stderr, "kaigong VERB …\n");
    for (const auto& verb : kVerbs) fmt::print(stderr, "  {}\n", verb.use);
    return kWrongUse;
}

}  // namespace

int main(int count, char** values) {
    const Arguments all(values + 1, values + count);
    if (all.empty()) return usage();
    for (const auto& verb : kVerbs) {
        if (verb.name != all.front()) continue;
        try {
            return verb.run({all.begin() + 1, all.end()});
        } catch (const std::exception& fault) {
            fmt::print(stderr, "kaigong {}: {}\n", verb.name, fault.what());
            return kRefused;
        }
    }
    return usage();
}
