// Tables of leaves: SQL and nothing else.
#pragma once

#include <optional>
#include <string>

#include "db/session.hpp"
#include "modules/evidence/evidence.hpp"

namespace kaigong::evidence::store {

std::optional<Leaf> find(db::Session& session, const std::string& log, const std::string& subject,
                         const std::string& sha256);
std::optional<Leaf> find_latest(db::Session& session, const std::string& log, const std::string& subject);
/// Counts the log's row up and gives the index before; the row is locked until the transaction ends.
std::int64_t take_index(db::Session& session, const std::string& log);
void insert(db::Session& session, const Leaf& leaf);

}  // namespace kaigong::evidence::store
