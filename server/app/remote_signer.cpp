#include "app/remote_signer.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "base/log.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::app {
namespace {

using boost::json::object;

constexpr int kPatienceSeconds = 10;
constexpr int kPollMs = 200;
constexpr int kWaitingMax = 16;
constexpr JsonLimits kWireLimits{.bytes_max = kSigningMessageMax * 2, .depth_max = 4, .values_max = 16};

/// A file descriptor that is closed at the end.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

Error away() {
    return error(Errc::unavailable, "app.signer_away",
                 "签名服务没有应答，请管理员检查它是否在运行。恢复后证照自动接着制作，复制件请再做一次。");
}

Error wrong() {
    return error(Errc::precondition_failed, "app.signer_wrong",
                 "签名服务里的密钥与证书不是一对，没有签名。请管理员核对两边的签章文件夹，重启后由科室负责人重试。");
}

/// What only a person can mend must reach one, and is not asked for again and again.
Error refused(const object& answer) {
    const auto* passing = answer.if_contains("passing");
    const bool mends_itself = passing != nullptr && passing->is_bool() && passing->get_bool();
    return error(mends_itself ? Errc::unavailable : Errc::precondition_failed, "app.signer_refused",
                 "签名服务没有签名（" + text_of(answer, "reason") + "）：" + text_of(answer, "message"));
}

bool address_of(const std::filesystem::path& path, sockaddr_un& address) {
    address = {};
    address.sun_family = AF_UNIX;
    const auto text = path.string();
    if (text.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
    return true;
}

void be_patient(int socket) {
    const timeval limit{kPatienceSeconds, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool receive_all(int socket, char* into, std::size_t size) {
    while (size > 0) {
        const auto got = ::recv(socket, into, size, 0);
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

bool send_frame(int socket, std::string_view body) {
    const auto size = static_cast<std::uint32_t>(body.size());
    const std::array<char, 4> head{static_cast<char>(size >> 24U), static_cast<char>(size >> 16U),
                                   static_cast<char>(size >> 8U), static_cast<char>(size)};
    return send_all(socket, {head.data(), head.size()}) && send_all(socket, body);
}

std::optional<std::string> receive_frame(int socket) {
    std::array<unsigned char, 4> head{};
    if (!receive_all(socket, reinterpret_cast<char*>(head.data()), head.size())) return std::nullopt;
    const std::size_t size =
        std::size_t{head[0]} << 24U | std::size_t{head[1]} << 16U | std::size_t{head[2]} << 8U | head[3];
    if (size > kWireLimits.bytes_max) return std::nullopt;
    std::string body(size, '\0');
    if (!receive_all(socket, body.data(), size)) return std::nullopt;
    return body;
}

std::string refusal(std::string_view reason, std::string_view message, bool passing = false) {
    return boost::json::serialize(object{{"reason", reason}, {"message", message}, {"passing", passing}});
}

std::string refusal(const Error& fault) {
    return refusal(fault.reason, fault.message, fault.code == Errc::unavailable);
}

Error not_opened() {
    return error(Errc::unavailable, "app.socket_not_opened",
                 "签名服务的套接字打不开，请检查路径（不超过 100 个字符）和权限。");
}

/// Removes what a killed service left behind, and nothing else: a slip in signing.socket must not cost a key file.
Result<void> make_room(const std::filesystem::path& path, const sockaddr_un& address) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) {
        return error(Errc::conflict, "app.socket_path_taken",
                     path.string() + " 是别的文件，没有动它。请核对 signing.socket 写的路径。");
    }
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    be_patient(probe.get());
    // Refused alone says that nobody listens; a service that is busy, or of another user, lives.
    if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
        errno != ECONNREFUSED) {
        return error(Errc::conflict, "app.socket_in_use",
                     "已有一个签名服务在 " + path.string() + " 应答。请先停下它，或换一个路径。");
    }
    ::unlink(path.c_str());
    return {};
}

class RemoteSigner final : public crypto::Signer {
  public:
    RemoteSigner(std::filesystem::path socket, std::string key, crypto::SignatureAlgorithm algorithm,
                 crypto::Bytes public_key_info)
        : socket_(std::move(socket)),
          key_(std::move(key)),
          algorithm_(algorithm),
          public_key_info_(std::move(public_key_info)) {}

    crypto::SignatureAlgorithm algorithm() const override { return algorithm_; }
    const crypto::Bytes& public_key_info() const override { return public_key_info_; }
    Result<crypto::Bytes> sign(crypto::BytesView message) const override {
        KAIGONG_TRY(answer, ask({{"key", key_}, {"message", crypto::to_base64(message)}}));
        const auto signature = crypto::from_base64(text_of(answer, "signature"));
        if (!signature || signature->empty()) return refused(answer);
        if (!crypto::verify_signature(public_key_info_, algorithm_, message, *signature)) return wrong();
        return *signature;
    }
    Result<void> ready() const override {
        KAIGONG_TRY(answer, ask({{"key", key_}}));
        const auto public_key = crypto::from_base64(text_of(answer, "public_key"));
        if (!public_key || public_key->empty()) return refused(answer);
        return *public_key == public_key_info_ ? Result<void>() : wrong();
    }

  private:
    Result<object> ask(const object& request) const {
        sockaddr_un address{};
        const Descriptor connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (connection.get() < 0 || !address_of(socket_, address)) return away();
        be_patient(connection.get());
        if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            return away();
        }
        if (!send_frame(connection.get(), boost::json::serialize(request))) return away();
        const auto body = receive_frame(connection.get());
        const auto parsed = body ? parse_json(*body, kWireLimits) : Result<boost::json::value>(away());
        if (!parsed || !parsed->is_object()) return away();
        return parsed->get_object();
    }

    std::filesystem::path socket_;
    std::string key_;
    crypto::SignatureAlgorithm algorithm_;
    crypto::Bytes public_key_info_;
};

}  // namespace

Result<std::unique_ptr<crypto::Signer>> remote_signer(const std::filesystem::path& socket, const std::string& key,
                                                      const crypto::Certificate& certificate) {
    KAIGONG_TRY(algorithm, crypto::algorithm_of(certificate.public_key_info));
    return std::make_unique<RemoteSigner>(socket, key, algorithm, certificate.public_key_info);
}

SigningService::SigningService(Options options, NamedKeys keys, std::unique_ptr<SigningJournal> journal, int listener)
    : options_(std::move(options)), keys_(std::move(keys)), journal_(std::move(journal)), listener_(listener) {
    struct stat found{};
    if (::lstat(options_.socket.c_str(), &found) == 0) {
        socket_device_ = found.st_dev;
        socket_inode_ = found.st_ino;
    }
}

SigningService::~SigningService() {
    ::close(listener_);
    struct stat found{};
    const bool ours = ::lstat(options_.socket.c_str(), &found) == 0 && S_ISSOCK(found.st_mode) &&
                      found.st_dev == socket_device_ && found.st_ino == socket_inode_;
    if (ours) ::unlink(options_.socket.c_str());
}

Result<std::unique_ptr<SigningService>> SigningService::open(Options options, NamedKeys keys) {
    KAIGONG_TRY(journal, SigningJournal::open(options.journal));
    sockaddr_un address{};
    Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (listener.get() < 0 || !address_of(options.socket, address)) return not_opened();
    KAIGONG_CHECK(make_room(options.socket, address));
    if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(options.socket.c_str(), 0660) != 0 || ::listen(listener.get(), kWaitingMax) != 0) {
        return not_opened();
    }
    return std::unique_ptr<SigningService>(
        new SigningService(std::move(options), std::move(keys), std::move(journal), listener.release()));
}

void SigningService::run() {
    while (!stopping_) {
        pollfd waiting{listener_, POLLIN, 0};
        if (::poll(&waiting, 1, kPollMs) <= 0) continue;
        const Descriptor connection(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.get() >= 0) answer(connection.get());
    }
}

void SigningService::stop() {
    stopping_ = true;
}

void SigningService::answer(int connection) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
    const bool known = peer.uid == 0 || peer.uid == ::geteuid() || std::int64_t{peer.uid} == options_.allowed_uid;
    if (!known) return log_event(LogLevel::warning, "app.signing_stranger", {{"uid", std::int64_t{peer.uid}}});
    be_patient(connection);
    const auto request = receive_frame(connection);
    if (request) send_frame(connection, reply_to(*request));
}

std::string SigningService::reply_to(std::string_view request) {
    const auto parsed = parse_json(request, kWireLimits);
    if (!parsed || !parsed->is_object()) return refusal("app.signing_malformed", "请求不是约定的格式。");
    const auto& asked = parsed->get_object();
    const auto name = text_of(asked, "key");
    const auto key = keys_.find(name);
    if (key == keys_.end()) return refusal("app.signing_malformed", "没有这把密钥。");
    if (!asked.contains("message")) {
        const auto ready = key->second->ready();
        if (!ready) return refusal(ready.error());
        return boost::json::serialize(object{{"public_key", crypto::to_base64(key->second->public_key_info())}});
    }
    const auto message = crypto::from_base64(text_of(asked, "message"));
    if (!message || message->empty() || message->size() > kSigningMessageMax) {
        return refusal("app.signing_malformed", "要签的内容为空、过长，或不是约定的格式。");
    }
    // The disk may have room again by itself, and somebody has to see to it where it has not: passing.
    if (!journal_->write(name, *message))
        return refusal("app.journal_not_written", "签名日志写不进去，没有签名。", true);
    const auto signature = key->second->sign(*message);
    if (!signature) return refusal(signature.error());
    return boost::json::serialize(object{{"signature", crypto::to_base64(*signature)}});
}

}  // namespace kaigong::app
