// The sealed values of consultations, for a change of keys.
#include <array>

#include "modules/approval/consultations.hpp"

namespace kaigong::approval {

std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring) {
    std::vector<crypto::SealedColumn> columns;
    for (const auto* column : {"name", "phone", "email"}) {
        columns.push_back(
            identity::sealed_column(database, key_ring, {"outside_consultations", "consultation_id", column}));
    }
    return columns;
}

}  // namespace kaigong::approval
