// A thread that looks again and again for who has a page open: at once when it is woken, else every second.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace kaigong::approval {

class Lookout {
  public:
    explicit Lookout(std::function<void()> look);
    Lookout(const Lookout&) = delete;
    Lookout& operator=(const Lookout&) = delete;
    /// Waits for the look that is under way.
    ~Lookout();

    /// The thread runs from the first call on.
    void begin();
    /// Any thread; waits for nobody's look.
    void wake();

  private:
    void run();

    const std::function<void()> look_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace kaigong::approval
