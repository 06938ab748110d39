// Runs two commands so that their steps meet in a chosen order, to prove that no update is lost.
//
//     db::testing::Interleaving steps(database, {"a read", "b read", "b wrote", "a wrote"});
//     steps.run([&] { … in a body: …; steps.reach("a read"); …; steps.reach("a wrote"); }, [&] { … });
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace kaigong::db::testing {

class Interleaving {
  public:
    Interleaving(const Database& database, std::vector<std::string> order);

    /// Waits until every step before this one in the order was reached. Inside a body of SQLite it does not wait, as
    /// its one writer runs bodies one after the other; on MariaDB a wait that a row lock makes impossible ends after a
    /// short while. Passing a step again (a body that is run again) goes straight on.
    void reach(std::string_view step);

    /// Both commands, each on its own thread; returns when both have ended. An exception of either comes out.
    void run(const std::function<void()>& first, const std::function<void()>& second);

  private:
    bool all_before_reached(std::string_view step) const;

    const bool bodies_are_serial_;
    const std::vector<std::string> order_;
    std::mutex mutex_;
    std::condition_variable reached_changed_;
    std::set<std::string, std::less<>> reached_;
};

}  // namespace kaigong::db::testing
