// What the verbs that open a bureau are told by options, configuration file and environment.
#pragma once

#include <filesystem>

#include "app/bureau.hpp"
#include "app/verbs.hpp"
#include "http/server.hpp"

namespace kaigong::app {

struct ServeSettings {
    BureauSettings bureau;
    http::ServerOptions server;
    std::filesystem::path web_folder;
};

/// Options win over the environment, the environment over the file. Fails with settings.… and
/// app.demo_not_on_loopback.
Result<ServeSettings> read_settings(const Arguments& arguments);

}  // namespace kaigong::app
