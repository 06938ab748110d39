#include "app/job_workers.hpp"

#include <boost/json.hpp>
#include <functional>
#include <map>

#include "base/json_members.hpp"
#include "base/log.hpp"
#include "modules/approval/events.hpp"

namespace kaigong::app {
namespace {

using boost::json::object;

events::Effect nothing_more() {
    return [](db::Session&) -> Result<void> { return {}; };
}

Result<void> issue_letter(letters::Letters& letters, const object& payload) {
    const auto round = static_cast<int>(payload.at("round").as_int64());
    const auto letter = letters.issue(text_of(payload, "application_id"), text_of(payload, "letter_kind"), round,
                                      payload.at("occurred_at_ms").as_int64());
    if (!letter) return letter.error();
    return {};
}

using Work = Result<void> (*)(const JobOwners&, const object& payload);

const std::map<std::string, Work, std::less<>>& works() {
    static const std::map<std::string, Work, std::less<>> by_type{
        {"letters.issue",
         [](const JobOwners& owners, const object& payload) { return issue_letter(owners.letters, payload); }},
        {"permits.issue",
         [](const JobOwners& owners, const object& payload) {
             return owners.permits.issue(text_of(payload, "application_id"));
         }},
        {"certificates.make",
         [](const JobOwners& owners, const object& payload) {
             return owners.certificates.make(text_of(payload, "application_id"));
         }},
    };
    return by_type;
}

Result<void> work(const JobOwners& owners, const object& payload) {
    const auto type = text_of(payload, "type");
    const auto found = works().find(type);
    if (found != works().end()) return found->second(owners, payload);
    return error(Errc::invalid_input, "app.job_unknown", "没有模块会做这一步（" + type + "），请检查流程文件。");
}

/// Retrying mends it: the dispatcher tries again later.
bool is_passing(const Error& fault) {
    return fault.code == Errc::unavailable || fault.code == Errc::precondition_failed;
}

Result<events::Effect> do_job(const JobOwners& owners, const object& payload) {
    const auto application_id = text_of(payload, "application_id");
    const auto job_id = text_of(payload, "job_id");
    const auto done = work(owners, payload);
    if (!done && is_passing(done.error())) return done.error();
    if (!done) {
        owners.failed.add();
        log_error(LogLevel::error, "app.job_failed", done.error());
        KAIGONG_CHECK(owners.approval.fail_job(application_id, job_id, done.error().reason, done.error().message));
        return nothing_more();
    }
    if (owners.after_job) owners.after_job(text_of(payload, "type").c_str());
    // Every owner's work may be done twice without effect, and so may completing: the delivery is at least once, the
    // record of it comes after.
    KAIGONG_CHECK(owners.approval.complete_job(application_id, job_id));
    return nothing_more();
}

}  // namespace

std::vector<std::string> job_types() {
    std::vector<std::string> types;
    for (const auto& [type, does] : works()) types.push_back(type);
    return types;
}

events::Subscription job_worker(JobOwners owners) {
    return {"app.do_job",
            {approval::kJobCreated, approval::kLetterDue},
            [owners](const events::Event& event) -> Result<events::Effect> {
                auto payload = boost::json::parse(event.payload).as_object();
                payload["occurred_at_ms"] = event.occurred_at_ms;
                if (event.event_type == approval::kJobCreated) return do_job(owners, payload);
                KAIGONG_CHECK(issue_letter(owners.letters, payload));
                return nothing_more();
            }};
}

}  // namespace kaigong::app
