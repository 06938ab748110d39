// bare_loop: the peer of `submit` and of the durable rows of `bpmn`.
//   bare_loop watch DATABASE                       from now on every written row is noted
//   bare_loop run NOTED DATABASE CLIENTS SUBJECTS
//       writes what was noted in NOTED about the first line of SUBJECTS for each of its lines into DATABASE; prints
//       JSON. A line, with tabs between: an application's id, its number where it has one, other ids of rows that are
//       there
#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstdlib>
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
    if (verb != "run" || arguments.size() != 6) {
        fmt::print(stderr, "bare_loop watch DATABASE · bare_loop run NOTED DATABASE CLIENTS SUBJECTS\n");
        return 2;
    }
    const auto subjects = read_subjects(arguments[5]);
    SqliteFile noted(arguments[2]);
    const auto recording = read_recording(noted, subjects.front());
    const auto figures = run_loop(arguments[3], recording, subjects, std::atoi(arguments[4]));
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"acts", figures.acts},
                                                                  {"rows", recording.rows()},
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
