// Keys in a process and user of their own (role `sign`): messages in, signatures out, over a Unix socket. Parsers of
// strangers' files never share an address space with a key, and what was ever signed stands in the journal of the one
// who signs.
//
// Wire: 4 bytes big-endian length, then JSON. Request {"key":"document","message":"<base64>"}; answer
// {"signature":"<base64>"} or {"reason":"…","message":"…","passing":bool}; passing says that it may mend by itself.
// Without a message nothing is signed, and the answer is {"public_key":"<base64>"} of a key that could sign now.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "app/signing_journal.hpp"
#include "base/result.hpp"
#include "crypto/signer.hpp"
#include "crypto/x509.hpp"

namespace kaigong::app {

inline constexpr std::size_t kSigningMessageMax = 512UL * 1024;

/// A key behind the socket; `certificate` says which algorithm and public key it has. Each call connects anew and waits
/// ten seconds at most; a signature that is not of that key is never given on. `sign` and `ready` fail with
/// app.signer_away (unavailable: nobody listens, or no answer), app.signer_refused (unavailable where it may mend by
/// itself, else precondition_failed), app.signer_wrong (precondition_failed: another key answers).
Result<std::unique_ptr<crypto::Signer>> remote_signer(const std::filesystem::path& socket, const std::string& key,
                                                      const crypto::Certificate& certificate);

using NamedKeys = std::map<std::string, std::shared_ptr<const crypto::Signer>, std::less<>>;

/// Answers one request after the other. The socket is for the owner and the group (mode 0660); of others, and of a user
/// that is neither root nor the owner nor `allowed_uid`, connections are closed unheard. Each message's SHA-256 is in
/// the journal, on disk, before it is signed. Of what lies at the socket's path only the socket of a dead service is
/// removed, and at the end only its own.
class SigningService {
  public:
    struct Options {
        std::filesystem::path socket;
        std::filesystem::path journal;
        std::int64_t allowed_uid = -1;
    };
    /// Fails with app.socket_not_opened, app.socket_path_taken (something else lies there), app.socket_in_use (another
    /// service answers there), app.journal_not_opened.
    static Result<std::unique_ptr<SigningService>> open(Options options, NamedKeys keys);
    ~SigningService();
    SigningService(const SigningService&) = delete;
    SigningService& operator=(const SigningService&) = delete;

    /// Until `stop`, on the calling thread.
    void run();
    /// Any thread.
    void stop();

  private:
    SigningService(Options options, NamedKeys keys, std::unique_ptr<SigningJournal> journal, int listener);
    void answer(int connection);
    std::string reply_to(std::string_view request);

    Options options_;
    NamedKeys keys_;
    std::unique_ptr<SigningJournal> journal_;
    int listener_;
    /// Of the socket, so that a successor's is not taken for ours.
    std::uint64_t socket_device_ = 0;
    std::uint64_t socket_inode_ = 0;
    std::atomic<bool> stopping_{false};
};

}  // namespace kaigong::app
