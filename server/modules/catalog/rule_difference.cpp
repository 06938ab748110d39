#include "modules/catalog/rule_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "base/chinese_format.hpp"
#include "modules/catalog/rule_text.hpp"

namespace kaigong::catalog {
namespace {

using dmn::Boxed;
using dmn::DecisionTable;
using dmn::Element;
using dmn::ElementKind;
using dmn::TableRule;

/// A number of fen or of hundredths of a square metre is read more easily in 万元 and 平方米.
std::string readable(const std::string& column, const std::string& cell) {
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    const bool is_number = fault == std::errc{} && end == cell.data() + cell.size() && !cell.empty();
    if (!is_number) return cell.empty() ? "（空）" : cell;
    if (column.ends_with("_fen")) return money_wan_text(number);
    if (column.ends_with("_m2_hundredths")) return area_text(number);
    return cell;
}

/// What an office calls a decision: its description up to the first stop or colon (「办证限额表：…」), else its name.
std::string title_of(const Element& element) {
    std::size_t end = element.description.size();
    for (const std::string_view stop : {"：", "。", ":"}) end = std::min(end, element.description.find(stop));
    return end == 0 ? element.name : element.description.substr(0, end);
}

/// A column as it stands above the table; the unit of the stored number (「投资（分）」) goes where the value has its
/// own.
std::string title_of(const std::string& label, const std::string& name) {
    if (label.empty()) return name;
    const bool has_unit = name.ends_with("_fen") || name.ends_with("_m2_hundredths");
    return has_unit ? label.substr(0, label.find("（")) : label;
}

/// 「第 4 行（R-103）」: the row's own words help to find it again.
std::string row_label(const DecisionTable& table, const TableRule& rule, std::size_t row) {
    for (std::size_t at = 0; at < std::min(table.outputs.size(), rule.outputs.size()); ++at) {
        if (table.outputs[at].name != "rule") continue;
        auto name = rule.outputs[at].text;
        std::erase(name, '"');
        return fmt::format("第 {} 行（{}）", row, name);
    }
    const bool has_words = !rule.annotations.empty() && !rule.annotations.front().empty();
    return has_words ? fmt::format("第 {} 行（{}）", row, rule.annotations.front()) : fmt::format("第 {} 行", row);
}

class Comparison {
  public:
    std::vector<DifferenceLine> run(const dmn::Model& before, const dmn::Model& after) {
        old_model_ = before.data().get();
        model_ = after.data().get();
        for (const auto& element : after.data()->elements) {
            if (element.kind == ElementKind::input) continue;
            const auto* old = find(before, element);
            if (old == nullptr) {
                whole("added", element, "", text_of(element));
            } else {
                compare(*old, element);
            }
        }
        for (const auto& element : before.data()->elements) {
            if (element.kind == ElementKind::input || find(after, element) != nullptr) continue;
            whole("removed", element, text_of(element), "");
        }
        return std::move(lines_);
    }

  private:
    static const Element* find(const dmn::Model& model, const Element& like) {
        const auto found = std::ranges::find_if(model.data()->elements, [&](const Element& element) {
            return element.kind == like.kind && element.id == like.id;
        });
        return found == model.data()->elements.end() ? nullptr : &*found;
    }

    static std::string text_of(const Element& element) { return element.logic ? boxed_text(*element.logic) : ""; }

    void whole(const char* kind, const Element& element, std::string before, std::string after) {
        const auto* verb = std::string_view(kind) == "added" ? "新增" : "删去";
        lines_.push_back({kind, element.id, element.name, 0, "", std::move(before), std::move(after),
                          fmt::format("{}“{}”", verb, title_of(element))});
    }

    void compare(const Element& before, const Element& after) {
        if (element_text(*old_model_, before) == element_text(*model_, after)) return;
        const bool tables = before.logic && after.logic && before.logic->kind == Boxed::Kind::table &&
                            after.logic->kind == Boxed::Kind::table;
        const auto found = lines_.size();
        if (tables) compare_tables(before, after);
        if (lines_.size() != found) return;
        const auto old = tables ? table_head_text(before.logic->table) : text_of(before);
        const auto now = tables ? table_head_text(after.logic->table) : text_of(after);
        const bool logic_changed = old != now;
        lines_.push_back({"changed", after.id, after.name, 0, "", old, now,
                          logic_changed && !tables
                              ? fmt::format("“{}”由 {} 改为 {}", title_of(after), old, now)
                              : fmt::format("“{}”的名称、类型、列或所用的决策改了", title_of(after))});
    }

    void compare_tables(const Element& before, const Element& after) {
        const auto& old_table = before.logic->table;
        const auto& table = after.logic->table;
        std::map<std::string, std::size_t> old_rows;
        for (std::size_t at = 0; at < old_table.rules.size(); ++at) old_rows.emplace(key_of(old_table, at), at);
        for (std::size_t at = 0; at < table.rules.size(); ++at) {
            const auto old = old_rows.find(key_of(table, at));
            if (old == old_rows.end()) {
                row("added", after, at, "", row_text(table.rules[at]));
                continue;
            }
            compare_cells(after, old_table, old_table.rules[old->second], at);
            old_rows.erase(old);
        }
        for (const auto& [key, at] : old_rows) row("removed", before, at, row_text(old_table.rules[at]), "");
    }

    /// A row without an id is known by its place.
    static std::string key_of(const DecisionTable& table, std::size_t at) {
        return table.rules[at].id.empty() ? fmt::format("#{}", at) : table.rules[at].id;
    }

    void row(const char* kind, const Element& element, std::size_t at, std::string before, std::string after) {
        const auto* verb = std::string_view(kind) == "added" ? "新增" : "删去";
        const auto& table = element.logic->table;
        auto text = fmt::format("{}{}{}：{}", title_of(element), verb, row_label(table, table.rules[at], at + 1),
                                before.empty() ? after : before);
        lines_.push_back(
            {kind, element.id, element.name, at + 1, "", std::move(before), std::move(after), std::move(text)});
    }

    void compare_cells(const Element& element, const DecisionTable& old_table, const TableRule& old, std::size_t at) {
        const auto& table = element.logic->table;
        const auto& now = table.rules[at];
        for (std::size_t i = 0; i < now.inputs.size(); ++i) {
            const auto name = i < table.inputs.size() ? table.inputs[i].expression.text : std::string();
            const auto label = i < table.inputs.size() ? table.inputs[i].label : std::string();
            const auto before = i < old.inputs.size() ? old.inputs[i].text : std::string();
            cell(element, at, {name, title_of(label, name)}, before, now.inputs[i].text);
        }
        for (std::size_t i = 0; i < now.outputs.size(); ++i) {
            const auto& output = table.outputs[i];
            const auto before = old_output(old_table, old, output.name);
            cell(element, at, {output.name, title_of(output.label, output.name)}, before, now.outputs[i].text);
        }
        if (old.annotations != now.annotations) {
            cell(element, at, {"说明", "说明"}, fmt::format("{}", fmt::join(old.annotations, "；")),
                 fmt::format("{}", fmt::join(now.annotations, "；")));
        }
    }

    /// By the column's name: one that moved is the same column.
    static std::string old_output(const DecisionTable& table, const TableRule& rule, const std::string& column) {
        for (std::size_t i = 0; i < std::min(table.outputs.size(), rule.outputs.size()); ++i) {
            if (table.outputs[i].name == column) return rule.outputs[i].text;
        }
        return "";
    }

    struct Column {
        std::string name;
        std::string title;
    };

    void cell(const Element& element, std::size_t at, const Column& column, const std::string& before,
              const std::string& after) {
        if (before == after) return;
        const auto& table = element.logic->table;
        lines_.push_back(
            {"changed", element.id, element.name, at + 1, column.name, before, after,
             fmt::format("{}{}，{}：由 {} 改为 {}", title_of(element), row_label(table, table.rules[at], at + 1),
                         column.title, readable(column.name, before), readable(column.name, after))});
    }

    const dmn::ModelData* old_model_ = nullptr;
    const dmn::ModelData* model_ = nullptr;
    std::vector<DifferenceLine> lines_;
};

}  // namespace

std::vector<DifferenceLine> difference(const dmn::Model& before, const dmn::Model& after) {
    return Comparison().run(before, after);
}

std::set<std::string> decisions_that_differ(const dmn::Model& before, const dmn::Model& after) {
    std::map<std::string, std::string> old_texts;
    for (const auto& element : before.data()->elements) {
        old_texts[element.name] = element_text(*before.data(), element);
    }
    std::set<std::string> differing;
    const auto& elements = after.data()->elements;
    for (const auto& element : elements) {
        const auto old = old_texts.find(element.name);
        if (old == old_texts.end() || old->second != element_text(*after.data(), element))
            differing.insert(element.name);
    }
    // What requires something that differs, differs; until nothing more is found.
    for (bool found = true; found;) {
        found = false;
        for (const auto& element : elements) {
            const bool touched = std::ranges::any_of(element.requirements, [&](const auto& requirement) {
                return !requirement.model && differing.contains(elements[requirement.element].name);
            });
            if (touched && differing.insert(element.name).second) found = true;
        }
    }
    return differing;
}

bool same_logic(const dmn::Model& before, const dmn::Model& after, std::string_view decision) {
    const auto* old = before.data()->find(ElementKind::decision, decision);
    const auto* now = after.data()->find(ElementKind::decision, decision);
    if (old == nullptr || now == nullptr) return false;
    return element_text(*before.data(), *old) == element_text(*after.data(), *now);
}

}  // namespace kaigong::catalog
