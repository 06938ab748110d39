#include "modules/approval/store_timers_fired.hpp"

namespace kaigong::approval::store {

std::optional<std::int64_t> last_timer_of(db::Session& session, const std::string& application_id) {
    return session.optional_row<std::int64_t>("SELECT fired_at_ms FROM timers_fired WHERE application_id = ?",
                                              application_id);
}

void timer_fired(db::Session& session, const std::string& application_id, std::int64_t now_ms) {
    if (session.insert_new("INSERT INTO timers_fired (application_id, fired_at_ms) VALUES (?, ?)", application_id,
                           now_ms)) {
        return;
    }
    session.execute("UPDATE timers_fired SET fired_at_ms = ? WHERE application_id = ?", now_ms, application_id);
}

}  // namespace kaigong::approval::store
