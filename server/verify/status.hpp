// What the authority says now, asked by whoever has a network: the reply of its public interface as a check. It says
// whether the permit holds, nothing about the file: the verdict stays what the file gives.
#pragma once

#include "verify/answer.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>

namespace kaigong::verify {

/// Of `GET <public_url>/api/v1/public/permits/<number>`.
struct StatusReply {
    int status = 0;  ///< of HTTP
    boost::json::value body;
};

/// Nothing when the reply says neither yes nor no.
std::optional<Check> judge_status(const boost::json::object& certificate, const StatusReply& reply);

/// It was asked, and no answer came that says yes or no.
Check authority_unreachable();

/// The answer with this check in the place of the one that was not made.
Answer with_status(Answer answer, Check check);

}  // namespace kaigong::verify
