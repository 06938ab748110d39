// What the verbs that open a bureau are told by options, configuration file and environment.
#pragma once

#include <filesystem>

#include "app/bureau.hpp"
#include "app/verbs.hpp"
#include "http/server.hpp"
#include "http/tls_keys.hpp"

namespace kaigong::app {

struct ServeSettings {
    BureauSettings bureau;
    http::ServerOptions server;
    http::TlsFiles tls;  ///< empty: no TLS by this process
    std::filesystem::path web_folder;
};

/// Options win over the environment, the environment over the file. Fails with settings.… and
/// app.demo_not_on_loopback.
Result<ServeSettings> read_settings(const Arguments& arguments);

}  // namespace kaigong::app
