#include "modules/approval/read_points.hpp"

namespace kaigong::approval {

std::vector<operations::NewPoint> read_points(JsonReader& reader) {
    return reader.optional_list<operations::NewPoint>("points", {.count_max = 100}, [](JsonReader& item) {
        operations::NewPoint point;
        point.field = item.optional_text("field", {.length_min = 0, .length_max = 200}).value_or("");
        point.material_code = item.optional_text("material_code", {.length_min = 0, .length_max = 20}).value_or("");
        point.what = item.text("what", {.length_max = 1'000, .lines = true});
        point.how_to_mend = item.text("how_to_mend", {.length_max = 1'000, .lines = true});
        point.legal_basis = item.text("legal_basis", {.length_max = 300});
        return point;
    });
}

}  // namespace kaigong::approval
