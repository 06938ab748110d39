// bare_loop: the peer of `submit`.
//   bare_loop watch DATABASE                       from now on every written row is noted
//   bare_loop run NOTED DRAFTS APPLICATION CLIENTS IDS
//       writes what was noted in NOTED about APPLICATION for each application of the file IDS into DRAFTS; prints JSON
#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <fstream>
#include <span>

#include "submit/group_loop.hpp"

namespace kaigong::bench {
namespace {

int run(std::span<char*> arguments) {
    const std::string verb = arguments.size() > 1 ? arguments[1] : "";
    if (verb == "watch" && arguments.size() == 3) {
        SqliteFile file(arguments[2]);
        watch(file);
        return 0;
    }
    if (verb != "run" || arguments.size() != 7) {
        fmt::print(stderr, "bare_loop watch DATABASE · bare_loop run NOTED DRAFTS APPLICATION CLIENTS IDS\n");
        return 2;
    }
    SqliteFile noted(arguments[2]);
    const auto recording = read_recording(noted, arguments[4]);
    std::vector<std::string> ids;
    std::ifstream lines(arguments[6]);
    for (std::string line; std::getline(lines, line);) ids.push_back(line);
    const auto figures = run_loop(arguments[3], recording, ids, std::atoi(arguments[5]));
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"submissions", figures.submissions},
                                                                  {"rows", recording.writes.size()},
                                                                  {"commits", figures.commits},
                                                                  {"seconds", figures.seconds},
                                                                  {"cpu_seconds", figures.cpu_seconds},
                                                                  {"writer_cpu_seconds", figures.writer_cpu_seconds}}));
    return 0;
}

}  // namespace
}  // namespace kaigong::bench

int main(int argc, char** argv) {
    try {
        return kaigong::bench::run({argv, static_cast<std::size_t>(argc)});
    } catch (const std::exception& failure) {
        fmt::print(stderr, "bare_loop: {}\n", failure.what());
        return 1;
    }
}
