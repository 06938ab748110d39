// How far a long piece of work is, on stderr: a bar on a terminal, a line each ten percent elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kaigong::bench {

class Progress {
  public:
    Progress(std::string what, std::int64_t total);
    /// Cheap; call it for each piece.
    void reach(std::int64_t done);
    void finish();

  private:
    void show(std::int64_t done, bool last);

    std::string what_;
    std::int64_t total_;
    bool terminal_;
    std::int64_t percent_shown_ = -1;
    std::chrono::steady_clock::time_point begun_;
    std::chrono::steady_clock::time_point shown_;
};

}  // namespace kaigong::bench
