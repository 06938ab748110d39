// Who is woken when events were committed. An event may be committed after a listener has ended: so a commit rings
// those that are there then, not those that were there when the event was written.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace kaigong::events {

class Bells;

/// Listens as long as it lives. Its end waits for a ringing that is under way.
class [[nodiscard]] Listening {
  public:
    Listening(std::shared_ptr<Bells> bells, std::function<void()> wake);
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening();

  private:
    std::shared_ptr<Bells> bells_;
    std::list<std::function<void()>>::iterator place_;
};

/// Any thread.
class Bells {
  public:
    /// The listeners must neither begin nor end to listen inside their call.
    void ring();

  private:
    friend class Listening;
    std::mutex mutex_;
    std::list<std::function<void()>> listeners_;
};

}  // namespace kaigong::events
