// Tables of who was asked beside the holder of a task, and of what people did with tasks: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// `task_id` is the signer's own task.
struct SignerRow {
    std::string task_id;
    std::string application_id;
    std::int64_t signer_no = 0;
    std::string parent_task_id;
    std::string relation;  ///< before, after, delegate
    std::string asked_by_id;
    std::string asked_by;
    std::string question;
    std::int64_t asked_at_ms = 0;
};

struct ActRow {
    std::string application_id;
    std::int64_t act_no = 0;
    std::string task_id;
    std::int64_t task_version = 0;
    std::string act;
    std::string actor_id;
    std::string actor_name;
    std::optional<std::string> from_id;
    std::optional<std::string> from_name;
    std::optional<std::string> to_id;
    std::optional<std::string> to_name;
    std::string reason;
    std::int64_t at_ms = 0;
    /// In whose place a deputy did it.
    std::optional<std::string> deputyship_id;
    std::optional<std::string> absent_id;
    std::optional<std::string> absent_name;
};

/// In the order in which they were asked.
std::vector<SignerRow> signers_of(db::Session& session, const std::string& application_id);
/// Gets the next number of its case.
void insert_signer(db::Session& session, SignerRow row);

/// In their order, the latest thousand.
std::vector<ActRow> acts_of(db::Session& session, const std::string& application_id);
/// Gets the next number of its case.
void append_act(db::Session& session, ActRow row);

}  // namespace kaigong::approval::store
