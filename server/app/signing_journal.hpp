// What a process was asked to sign, a line each: `<UTC milliseconds> <key> <SHA-256 of the message>`. A line is on the
// disk before the key is asked, so that no signature exists that is not in it.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "crypto/bytes.hpp"

namespace kaigong::app {

/// One thread at a time.
class SigningJournal {
  public:
    /// Goes on in a file that is there; a line that was torn off stays as it is, the next begins on a line of its own.
    /// Fails with app.journal_not_opened.
    static Result<std::unique_ptr<SigningJournal>> open(const std::filesystem::path& file);
    SigningJournal(const SigningJournal&) = delete;
    SigningJournal& operator=(const SigningJournal&) = delete;
    ~SigningJournal();

    /// False: the line is not, or not surely, on the disk; nothing must be signed.
    [[nodiscard]] bool write(std::string_view key, crypto::BytesView message);

  private:
    explicit SigningJournal(int descriptor, bool is_torn) : descriptor_(descriptor), is_torn_(is_torn) {}

    int descriptor_;
    bool is_torn_;  ///< the last line has no end
};

}  // namespace kaigong::app
