// Collects what the checks find. Not for sentences: each check words its own.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dmn/check.hpp"
#include "engine/dmn/check_types.hpp"
#include "engine/dmn/elements.hpp"
#include "engine/feel/position.hpp"

namespace kaigong::dmn {

class CheckReport {
  public:
    using Severity = CheckProblem::Severity;

    /// A place in the model.
    struct Place {
        const Element* owner = nullptr;  // null: the model itself
        // The braces let it be made with some members only. NOLINTBEGIN(readability-redundant-member-init)
        std::string_view id{};  // empty: that of the owner
        std::size_t rule = 0;
        std::string_view text{};  // the expression, when `offset` is a place in it
        // NOLINTEND(readability-redundant-member-init)
        std::size_t offset = kWhole;
        static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
    };

    void add(Severity severity, std::string code, const Place& place, std::string zh, std::string en);
    /// An error whose place within the expression the parser has named.
    void add_at(const Place& place, feel::Position position, std::string code, std::string zh, std::string en);
    /// Whether something was reported about that XML element of that row.
    bool knows(std::string_view id, std::size_t rule) const;
    std::vector<CheckProblem> take();

    /// The declared or inferred types of columns, found on the way through the expressions.
    void know_type(const TableInput& input, TypePtr type) { input_types_[&input] = std::move(type); }
    TypePtr type_of(const TableInput& input) const;

  private:
    void keep(Severity severity, std::string code, const Place& place, feel::Position position, std::string zh,
              std::string en);

    std::vector<CheckProblem> problems_;
    std::set<std::pair<std::string, std::size_t>> known_;
    std::map<std::pair<const Element*, std::string>, std::size_t> counts_;
    std::map<const TableInput*, TypePtr> input_types_;
};

// The checks, in the order in which they run.
void check_structure(const ModelData& model, CheckReport& report);    // ids, names, requirements, cycles
void check_expressions(const ModelData& model, CheckReport& report);  // unreadable, names, types
void check_tables(const ModelData& model, CheckReport& report);       // hit policies, overlaps, gaps, reach

/// The tables that an element's logic holds, with the element.
struct OwnedTable {
    const Element* owner;
    const DecisionTable* table;
};
std::vector<OwnedTable> tables_of(const ModelData& model);

/// The name among `names` with the fewest letters different; empty when none is near enough to be a slip.
std::string nearest_name(std::string_view unknown, const std::vector<std::string>& names);

}  // namespace kaigong::dmn
