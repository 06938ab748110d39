// Marks the thread while it runs a body, because a transaction inside a body would wait for itself.
#pragma once

#include <stdexcept>

namespace kaigong::db {

class BodyScope {
  public:
    BodyScope() { ++depth(); }
    BodyScope(const BodyScope&) = delete;
    BodyScope& operator=(const BodyScope&) = delete;
    ~BodyScope() { --depth(); }

    /// Throws std::logic_error inside a body.
    static void refuse_inside_body() {
        if (depth() > 0) throw std::logic_error("db: transact or read called inside the body of another");
    }

  private:
    static int& depth() {
        static thread_local int value = 0;
        return value;
    }
};

}  // namespace kaigong::db
