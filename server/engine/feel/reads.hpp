// What an evaluation read, for the explanation of a result. Nothing is kept unless somebody asks a Machine to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

/// A name or path as the expression writes it (`works.floor_area_m2_hundredths`) with the value it had. A null carries
/// its reason.
struct Read {
    std::string path;
    Value value;
};

/// Each path once, in the order of the first read. Within a loop the same path has many values: the last one stays, so
/// that `some` and `every` show the row that decided.
class ReadLog {
  public:
    void add(std::string_view path, const Value& value);
    std::vector<Read> take() { return std::exchange(reads_, {}); }

  private:
    std::vector<Read> reads_;
};

}  // namespace kaigong::feel
