// One decision table seen as boxes over the pieces of its columns: which rules meet, which never come to their turn,
// what none covers.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/dmn/check_column.hpp"
#include "engine/dmn/check_cover.hpp"
#include "engine/dmn/check_reads.hpp"
#include "engine/dmn/check_report.hpp"
#include "engine/dmn/check_words.hpp"

namespace kaigong::dmn {

class TableCheck {
  public:
    TableCheck(const OwnedTable& owned, Reads& reads, CheckReport& report);
    void run();

  private:
    using Severity = CheckProblem::Severity;

    bool is_too_large() const;
    void check_shape();
    void read_columns(Reads& reads);
    void read_rules();
    void check_never();
    void check_pairs();
    void check_pair(std::size_t earlier, std::size_t later);
    void report_duplicate(std::size_t earlier, std::size_t later);
    void report_overlap(std::size_t earlier, std::size_t later, const Box& common);
    void check_reach();
    bool takes_from(std::size_t winner, std::size_t rule) const;
    bool is_covered_together(std::size_t rule, const std::vector<std::size_t>& winners);
    void check_gap();
    std::string label() const;

    const CellSet& set(std::size_t rule, std::size_t column) const { return *sets_[rule][column]; }
    bool same_condition(std::size_t one, std::size_t other, std::size_t column) const;
    bool same_conditions(std::size_t one, std::size_t other) const;
    bool covers(std::size_t outer, std::size_t inner) const;
    std::optional<Box> common_part(std::size_t one, std::size_t other) const;
    bool same_outputs(std::size_t one, std::size_t other) const;
    bool outputs_differ(std::size_t one, std::size_t other) const;
    bool hides(std::size_t winner, std::size_t loser) const;
    /// Columns that hang together and are both narrowed say nothing certain.
    bool is_certain(const Box& box) const;
    void read_ranks();
    CheckReport::Place row(std::size_t rule) const;

    const Element& owner_;
    const DecisionTable& table_;
    CheckReport& report_;
    std::vector<CheckColumn> columns_;
    std::vector<bool> hangs_together_;  // by column: it reads what another one reads too
    std::vector<std::vector<const CellSet*>> sets_;
    std::vector<bool> is_out_;                     // by rule: it never matches, or repeats an earlier one
    std::vector<std::vector<std::size_t>> ranks_;  // by rule, of PRIORITY; empty: not known
    CheckBudget budget_;
};

}  // namespace kaigong::dmn
