// Chance for tests: the same seed gives the same run.
#pragma once

#include <random>

namespace kaigong::bpmn {

class Random {
  public:
    explicit Random(unsigned seed) : generator_(seed) {}
    int below(int n) { return static_cast<int>(generator_() % static_cast<unsigned>(n)); }
    bool chance(int percent) { return below(100) < percent; }

  private:
    std::mt19937 generator_;
};

}  // namespace kaigong::bpmn
