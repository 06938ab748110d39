#include "engine/dmn/check_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/compare.hpp"

namespace kaigong::dmn {

namespace {

/// More than anybody reads; beyond, nothing is said of the rules together, and that is said.
constexpr std::size_t kColumnsMax = 64;
constexpr std::size_t kRulesMax = 5'000;

bool wants_single(HitPolicy policy) {
    return policy == HitPolicy::unique || policy == HitPolicy::any || policy == HitPolicy::first ||
           policy == HitPolicy::priority;
}

/// The value of a cell that is a constant.
const feel::Value* constant_of(const Literal& cell) {
    if (!cell.parsed || cell.parsed->root()->op != feel::Op::literal) return nullptr;
    return &cell.parsed->root()->value;
}

}  // namespace

TableCheck::TableCheck(const OwnedTable& owned, Reads& reads, CheckReport& report)
    : owner_(*owned.owner), table_(*owned.table), report_(report) {
    if (is_too_large()) return;
    read_columns(reads);
    read_rules();
}

bool TableCheck::is_too_large() const {
    return table_.inputs.size() > kColumnsMax || table_.rules.size() > kRulesMax;
}

std::string TableCheck::label() const {
    return "“" + owner_.name + "”";
}

CheckReport::Place TableCheck::row(std::size_t rule) const {
    return {&owner_, table_.rules[rule].id, rule + 1};
}

void TableCheck::read_columns(Reads& reads) {
    std::vector<std::set<std::string>> read;
    for (std::size_t at = 0; at < table_.inputs.size(); ++at) {
        const TableInput& input = table_.inputs[at];
        std::vector<const Cell*> cells;
        for (const TableRule& rule : table_.rules) {
            if (at < rule.inputs.size()) cells.push_back(&rule.inputs[at]);
        }
        columns_.emplace_back(input, report_.type_of(input), cells);
        read.push_back(input.expression.parsed ? reads.of(owner_, *input.expression.parsed->root())
                                               : std::set<std::string>{});
    }
    hangs_together_.assign(columns_.size(), false);
    for (std::size_t one = 0; one < read.size(); ++one) {
        for (std::size_t other = 0; other < read.size(); ++other) {
            if (one != other && Reads::share(read[one], read[other])) hangs_together_[one] = true;
        }
    }
}

void TableCheck::read_rules() {
    for (const TableRule& rule : table_.rules) {
        std::vector<const CellSet*> sets;
        bool complete = rule.inputs.size() == columns_.size();
        for (std::size_t at = 0; complete && at < columns_.size(); ++at) {
            sets.push_back(&columns_[at].set_of(rule.inputs[at]));
            complete = rule.inputs[at].parsed.has_value();
        }
        is_out_.push_back(!complete);
        sets_.push_back(std::move(sets));
    }
    if (table_.hit_policy == HitPolicy::priority) read_ranks();
}

void TableCheck::run() {
    check_shape();
    if (!sets_.empty() && !columns_.empty()) {
        check_never();
        check_pairs();
        check_reach();
        check_gap();
    }
    if (budget_.left > 0 && !is_too_large()) return;
    report_.add(Severity::warning, "dmn.check_gave_up", {&owner_, table_.id},
                fmt::format("{}太大，没有查完全部组合：有没有查不到的规则、漏掉的情况，请人工再看一遍。", label()),
                fmt::format("{} is too large to look at all combinations. Look for gaps by hand.", label()));
}

void TableCheck::check_shape() {
    const auto fault = [&](std::string code, const std::string& zh, const std::string& en) {
        report_.add(Severity::error, std::move(code), {&owner_, table_.id}, label() + zh, label() + en);
    };
    if (table_.rules.empty()) {
        fault("dmn.table_without_rules", "的决策表一行规则也没有，结果总是空。请加上规则。",
              " has a table without rules and is always null. Add rules.");
    }
    if (table_.outputs.empty()) {
        fault("dmn.table_without_outputs", "的决策表没有结果列。请加上一列。",
              " has a table without outputs. Add one.");
    }
    const bool ranked = table_.hit_policy == HitPolicy::priority || table_.hit_policy == HitPolicy::output_order;
    if (ranked &&
        std::ranges::none_of(table_.outputs, [](const TableOutput& one) { return one.allowed.has_value(); })) {
        fault("dmn.output_values_missing",
              "按结果的先后取值（PRIORITY、OUTPUT "
              "ORDER），但没有列出结果的允许取值，分不出先后。请在结果列写上允许取值，靠前的优先。",
              " orders by output (PRIORITY, OUTPUT ORDER) but lists no output values. List them, the first wins.");
    }
    if (table_.aggregation != Aggregation::none && table_.outputs.size() > 1) {
        fault("dmn.aggregation_of_several_outputs", "要合计结果，但有不止一列结果。请只留一列，或不用合计。",
              " aggregates, but has several outputs. Keep one, or do not aggregate.");
    }
    const bool counts_numbers = table_.aggregation == Aggregation::sum;
    if (counts_numbers && table_.outputs.size() == 1 && known(type_of(table_.outputs[0].type)) &&
        !is(type_of(table_.outputs[0].type), feel::Type::Kind::number)) {
        fault("dmn.aggregation_of_no_numbers", "要合计结果，但结果列不是数字。请改成数字，或不用合计。",
              " sums its outputs, which are no numbers.");
    }
}

void TableCheck::check_never() {
    for (std::size_t rule = 0; rule < sets_.size(); ++rule) {
        if (is_out_[rule]) continue;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            if (!set(rule, at).possible.none()) continue;
            is_out_[rule] = true;
            const Cell& cell = table_.rules[rule].inputs[at];
            if (report_.knows(cell.id, rule + 1)) continue;  // its type is wrong: that says it already
            const auto& allowed = columns_[at].allowed();
            const std::string zh = allowed ? fmt::format("不在允许取值（{}）里，或", allowed->text) : "";
            const std::string en = allowed ? fmt::format(" Allowed are {}.", allowed->text) : "";
            report_.add(
                Severity::error, "dmn.rule_never_matches", {&owner_, cell.id, rule + 1},
                fmt::format("{}第 {} 行永远不会符合：“{}”列的 {} {}没有一个值能满足。请改正这一格，或删去这一行。",
                            label(), rule + 1, columns_[at].label(), cell.text, zh),
                fmt::format("{}, row {} never matches: no value satisfies {} in column “{}”.{}", label(), rule + 1,
                            cell.text, columns_[at].label(), en));
        }
    }
}

bool TableCheck::same_condition(std::size_t one, std::size_t other, std::size_t column) const {
    const CellSet& left = set(one, column);
    const CellSet& right = set(other, column);
    if (&left == &right) return true;
    return !left.is_opaque && !right.is_opaque && left.holds == right.holds;
}

bool TableCheck::same_conditions(std::size_t one, std::size_t other) const {
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        if (!same_condition(one, other, at)) return false;
    }
    return true;
}

bool TableCheck::covers(std::size_t outer, std::size_t inner) const {
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        const bool within = set(inner, at).possible.is_within(set(outer, at).holds);
        if (!within && !same_condition(outer, inner, at)) return false;
    }
    return true;
}

/// What both rules certainly match, as far as one can tell; nothing when that is not certain.
std::optional<Box> TableCheck::common_part(std::size_t one, std::size_t other) const {
    Box box;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        const CellSet& left = set(one, at);
        const CellSet& right = set(other, at);
        Bits common = left.holds & right.holds;
        if (common.none() && &left == &right) common = left.possible;
        if (common.none() && left.is_opaque && left.possible.is_within(right.holds)) common = left.possible;
        if (common.none() && right.is_opaque && right.possible.is_within(left.holds)) common = right.possible;
        if (common.none()) return std::nullopt;
        box.push_back(std::move(common));
    }
    return is_certain(box) ? std::optional(std::move(box)) : std::nullopt;
}

bool TableCheck::is_certain(const Box& box) const {
    std::size_t narrowed = 0;
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        if (hangs_together_[at] && !columns_[at].domain().is_within(box[at])) ++narrowed;
    }
    return narrowed <= 1;
}

bool TableCheck::same_outputs(std::size_t one, std::size_t other) const {
    return std::ranges::equal(table_.rules[one].outputs, table_.rules[other].outputs, {}, &Literal::text,
                              &Literal::text);
}

/// Both are constants and not the same: whatever comes in, the results contradict each other.
bool TableCheck::outputs_differ(std::size_t one, std::size_t other) const {
    const auto& left = table_.rules[one].outputs;
    const auto& right = table_.rules[other].outputs;
    for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at) {
        const feel::Value* first = constant_of(left[at]);
        const feel::Value* second = constant_of(right[at]);
        if (first != nullptr && second != nullptr && !feel::is_same(*first, *second)) return true;
    }
    return false;
}

void TableCheck::check_pairs() {
    for (std::size_t later = 1; later < sets_.size(); ++later) {
        for (std::size_t earlier = 0; earlier < later && !is_out_[later]; ++earlier) {
            if (!budget_.spend(1)) return;
            if (!is_out_[earlier]) check_pair(earlier, later);
        }
    }
}

void TableCheck::check_pair(std::size_t earlier, std::size_t later) {
    if (same_conditions(earlier, later) && same_outputs(earlier, later)) {
        is_out_[later] = true;
        return report_duplicate(earlier, later);
    }
    if (table_.hit_policy != HitPolicy::unique && table_.hit_policy != HitPolicy::any) return;
    if (table_.hit_policy == HitPolicy::any && !outputs_differ(earlier, later)) return;
    if (const auto common = common_part(earlier, later)) report_overlap(earlier, later, *common);
}

void TableCheck::report_duplicate(std::size_t earlier, std::size_t later) {
    const bool fatal = table_.hit_policy == HitPolicy::unique;
    report_.add(fatal ? Severity::error : Severity::warning, "dmn.duplicate_rule", row(later),
                fmt::format("{}第 {} 行和第 {} 行条件、结果都一样，请删去一行。", label(), earlier + 1, later + 1),
                fmt::format("{}: rows {} and {} are the same. Remove one of them.", label(), earlier + 1, later + 1));
}

void TableCheck::report_overlap(std::size_t earlier, std::size_t later, const Box& common) {
    const Words words = words_of(columns_, common);
    const std::string zh = words.empty() ? "任何情况" : words.zh + " 时";
    const std::string en = words.empty() ? "always" : "when " + words.en;
    if (table_.hit_policy == HitPolicy::any) {
        report_.add(
            Severity::error, "dmn.contradicting_rules", row(later),
            fmt::format(
                "{}第 {} 行和第 {} 行互相矛盾：{}两行都符合，结果却不同。请改条件使它们分开，或把结果改成一样。",
                label(), earlier + 1, later + 1, zh),
            fmt::format("{}: rows {} and {} contradict each other: both match {}, with different results.", label(),
                        earlier + 1, later + 1, en));
        return;
    }
    report_.add(
        Severity::error, "dmn.overlapping_rules", row(later),
        fmt::format("{}第 {} 行和第 {} 行重叠：{}两行都符合，而这张表只许一行符合，结果会是空。请改条件使它们分开。",
                    label(), earlier + 1, later + 1, zh),
        fmt::format("{}: rows {} and {} overlap: both match {}, but only one may.", label(), earlier + 1, later + 1,
                    en));
}

/// Where each rule's outputs stand among the allowed values: the earlier, the higher its priority.
void TableCheck::read_ranks() {
    for (const TableRule& rule : table_.rules) {
        std::vector<std::size_t> ranks;
        for (std::size_t at = 0; at < std::min(rule.outputs.size(), table_.outputs.size()); ++at) {
            const TableOutput& output = table_.outputs[at];
            if (!output.allowed || !output.allowed->parsed) {
                ranks.push_back(0);
                continue;
            }
            const auto& listed = output.allowed->parsed->root()->children;
            const feel::Value* value = constant_of(rule.outputs[at]);
            const auto place = value == nullptr ? listed.end() : std::ranges::find_if(listed, [&](const auto& one) {
                return one->op == feel::Op::literal && feel::is_same(one->value, *value);
            });
            if (place == listed.end()) {
                ranks.clear();
                break;
            }
            ranks.push_back(static_cast<std::size_t>(place - listed.begin()));
        }
        ranks_.push_back(std::move(ranks));
    }
}

/// Where both match, only the winner's result counts.
bool TableCheck::hides(std::size_t winner, std::size_t loser) const {
    if (is_out_[winner] || winner == loser) return false;
    if (table_.hit_policy == HitPolicy::first) return winner < loser;
    if (ranks_[winner].empty() || ranks_[loser].empty()) return false;
    return ranks_[winner] < ranks_[loser] || (ranks_[winner] == ranks_[loser] && winner < loser);
}

void TableCheck::check_reach() {
    if (table_.hit_policy != HitPolicy::first && table_.hit_policy != HitPolicy::priority) return;
    for (std::size_t rule = 0; rule < sets_.size(); ++rule) {
        if (!budget_.spend(sets_.size())) return;
        if (is_out_[rule]) continue;
        std::vector<std::size_t> winners;
        for (std::size_t other = 0; other < sets_.size(); ++other) {
            if (hides(other, rule)) winners.push_back(other);
        }
        const auto one = std::ranges::find_if(winners, [&](std::size_t winner) { return covers(winner, rule); });
        if (one != winners.end()) {
            report_.add(
                Severity::error, "dmn.unreachable_rule", row(rule),
                fmt::format("{}第 {} 行永远轮不到：它的情况第 {} 行全都先管了。请把它移到前面，改条件，或删去。",
                            label(), rule + 1, *one + 1),
                fmt::format("{}: row {} is never reached: row {} takes all of it. Move it up or remove it.", label(),
                            rule + 1, *one + 1));
            continue;
        }
        if (is_covered_together(rule, winners)) {
            report_.add(
                Severity::error, "dmn.unreachable_rule", row(rule),
                fmt::format("{}第 {} 行永远轮不到：别的行合起来已经管了它的全部情况。请把它移到前面，改条件，或删去。",
                            label(), rule + 1),
                fmt::format("{}: row {} is never reached: other rows together take all of it.", label(), rule + 1));
        }
    }
}

/// Whether the winner certainly takes a part of what the rule may match.
bool TableCheck::takes_from(std::size_t winner, std::size_t rule) const {
    for (std::size_t at = 0; at < columns_.size(); ++at) {
        const bool meets = set(winner, at).holds.meets(set(rule, at).possible);
        if (!meets && !same_condition(winner, rule, at)) return false;
    }
    return true;
}

bool TableCheck::is_covered_together(std::size_t rule, const std::vector<std::size_t>& winners) {
    Box space;
    for (std::size_t at = 0; at < columns_.size(); ++at) space.push_back(set(rule, at).possible);
    std::vector<Box> boxes;
    for (const std::size_t winner : winners) {
        if (!takes_from(winner, rule)) continue;
        Box box;
        for (std::size_t at = 0; at < columns_.size(); ++at) {
            box.push_back(same_condition(winner, rule, at) ? space[at] : set(winner, at).holds);
        }
        boxes.push_back(std::move(box));
    }
    if (boxes.size() < 2) return false;
    const bool covered = !CoverSearch(space, boxes, budget_).uncovered();
    return covered && budget_.left > 0;
}

void TableCheck::check_gap() {
    const bool has_default =
        std::ranges::any_of(table_.outputs, [](const TableOutput& one) { return one.otherwise.has_value(); });
    if (has_default || !wants_single(table_.hit_policy)) return;
    Box space;
    for (const CheckColumn& column : columns_) {
        if (!column.is_domain_certain()) return;
        space.push_back(column.domain());
    }
    std::vector<Box> boxes;
    for (std::size_t rule = 0; rule < sets_.size(); ++rule) {
        if (sets_[rule].size() != columns_.size()) return;  // not all cells could be read
        Box box;
        for (std::size_t at = 0; at < columns_.size(); ++at) box.push_back(set(rule, at).possible);
        boxes.push_back(std::move(box));
    }
    const auto gap = CoverSearch(space, boxes, budget_).uncovered();
    if (!gap || !is_certain(*gap)) return;
    const Words words = words_of(columns_, *gap);
    if (words.empty()) return;
    report_.add(Severity::warning, "dmn.gap", {&owner_, table_.id},
                fmt::format("{}有漏掉的情况：{} 时没有一行符合，结果是空。请补一行，或写默认结果。", label(), words.zh),
                fmt::format("{} has a gap: no row matches when {}. Add a row or a default output.", label(), words.en));
}

void check_tables(const ModelData& model, CheckReport& report) {
    Reads reads(model);
    for (const OwnedTable& owned : tables_of(model)) TableCheck(owned, reads, report).run();
}

}  // namespace kaigong::dmn
