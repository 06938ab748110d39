// sign: the process that holds the keys of documents and seals (role `sign`), apart from everything that strangers
// reach.
#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "app/demo_bureau.hpp"
#include "app/remote_signer.hpp"
#include "app/serve_settings.hpp"
#include "app/signing_folder.hpp"
#include "app/verbs.hpp"

namespace kaigong::app {
namespace {

Result<void> sign_until_stopped(const Arguments& arguments) {
    KAIGONG_TRY(settings, read_settings(arguments));
    const auto& bureau = settings.bureau;
    const auto folder = bureau.signing_folder.empty() ? bureau.data_folder / "signing" : bureau.signing_folder;
    const std::string passphrase = bureau.demo ? kDemoSigningPassphrase : bureau.signing_passphrase;
    if (bureau.signing_socket.empty()) {
        return invalid_field(
            "signing.socket", "app.socket_missing",
            "请在配置里写 signing.socket，或设环境变量 KAIGONG_SIGNING_SOCKET：签名服务的套接字路径。");
    }
    KAIGONG_TRY(keys, open_signing_keys(folder, passphrase));
    const auto allowed = option(arguments, "--allow-uid", "-1");
    KAIGONG_TRY(service, SigningService::open(
                             {bureau.signing_socket, folder / "signed.log", std::strtoll(allowed.c_str(), nullptr, 10)},
                             std::move(keys)));
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
    std::thread answering([&] { service->run(); });
    fmt::print("kaigong sign: ready on {}\n", bureau.signing_socket.string());
    std::fflush(stdout);
    int signal = 0;
    sigwait(&stop_signals, &signal);
    service->stop();
    answering.join();
    return {};
}

}  // namespace

int sign(const Arguments& arguments) {
    const auto done = sign_until_stopped(arguments);
    return done ? kDone : refuse(done.error());
}

}  // namespace kaigong::app
