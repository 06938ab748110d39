// A MariaDB of the test's own: temporary folder, loopback socket, not root, gone with the process.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "db/testing/test_databases.hpp"

namespace kaigong::db::testing {

class MariadbServer {
  public:
    /// Installs and starts it. Nothing when mariadbd is not installed; throws when it does not come up. `more` are
    /// options of mariadbd; without one it listens at its socket alone.
    static std::unique_ptr<MariadbServer> start(const std::vector<std::string>& more = {"--skip-networking"});

    MariadbServer(const MariadbServer&) = delete;
    MariadbServer& operator=(const MariadbServer&) = delete;
    /// Ends the server and removes its folder.
    ~MariadbServer();

    /// A new empty schema; gives the URL for Settings.
    std::string create_schema();
    void drop_schema(const std::string& url);

    pid_t pid() const { return pid_; }

  private:
    MariadbServer();
    void wait_until_ready();
    std::string url_of(const std::string& schema) const;

    TemporaryFolder folder_;
    pid_t pid_ = -1;
    int schemas_made_ = 0;
    std::unique_ptr<Database> administration_;
};

}  // namespace kaigong::db::testing
