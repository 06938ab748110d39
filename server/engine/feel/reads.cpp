#include "engine/feel/reads.hpp"

#include <algorithm>

namespace kaigong::feel {

namespace {

/// More than a person reads; an expression that names more is explained by its first ones.
constexpr std::size_t kReadsMax = 50;

}  // namespace

void ReadLog::add(std::string_view path, const Value& value) {
    const auto known = std::ranges::find(reads_, path, &Read::path);
    if (known != reads_.end()) {
        known->value = value;
    } else if (reads_.size() < kReadsMax) {
        reads_.push_back({std::string(path), value});
    }
}

}  // namespace kaigong::feel
