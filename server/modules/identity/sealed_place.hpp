// A column that holds sealed text: names of the code, never of a request.
#pragma once

#include <string>

namespace kaigong::identity {

struct SealedPlace {
    std::string table;
    std::string id_column;
    std::string column;
    /// Its blind index stands beside it; empty where there is none.
    std::string index_column = {};
};

}  // namespace kaigong::identity
