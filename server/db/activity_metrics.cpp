#include "db/activity_metrics.hpp"

namespace kaigong::db {

void publish_activity(Metrics& metrics, const Database& database) {
    struct Number {
        const char* name;
        const char* help;
        std::uint64_t Activity::* member;
    };
    static constexpr Number kNumbers[] = {
        {"kaigong_db_requests", "Transactions asked for since the start", &Activity::requests},
        {"kaigong_db_batches", "Group commits begun since the start", &Activity::batches},
        {"kaigong_db_commits", "COMMITs that returned since the start", &Activity::commits},
        {"kaigong_db_reruns", "Transactions that ran again since the start", &Activity::reruns},
        {"kaigong_db_refused", "Transactions refused because the queue was full, since the start", &Activity::refused},
        {"kaigong_db_unavailable", "Transactions that could not be saved since the start", &Activity::unavailable},
        {"kaigong_db_bodies_over_budget", "Bodies slower than their budget since the start", &Activity::over_budget},
        {"kaigong_db_reads", "Reads since the start", &Activity::reads},
        {"kaigong_db_queue_length", "Transactions waiting for the writer now", &Activity::queue_length},
        {"kaigong_db_queue_peak", "Longest queue since the start", &Activity::queue_peak},
    };
    for (const auto& number : kNumbers) {
        metrics.gauge(number.name, number.help,
                      [&database, member = number.member] { return static_cast<double>(database.activity().*member); });
    }
}

}  // namespace kaigong::db
