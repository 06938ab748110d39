// Looks through one expression: names that nobody knows, functions called wrongly, values of different types compared.
// Gives the type it comes to, when that is certain.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/dmn/check_report.hpp"
#include "engine/dmn/check_types.hpp"

namespace kaigong::dmn {

class ExpressionCheck {
  public:
    ExpressionCheck(const ModelData& model, CheckReport& report) : model_(model), report_(report) {}

    /// Where the next expressions stand, in XML and in words (`第 3 行“面积”列`).
    struct Where {
        CheckReport::Place place;
        std::string zh, en;
    };
    void stand_at(Where where) { where_ = std::move(where); }
    const Where& where() const { return where_; }

    // What is visible, innermost last.
    std::size_t mark() const { return visible_.size(); }
    void back_to(std::size_t mark) { visible_.resize(mark); }
    void see(std::string name, TypePtr type) { visible_.push_back({std::move(name), std::move(type)}); }
    /// Until `leave_open`, unknown names pass: a filter's item may have any member.
    void enter_open() { ++open_; }
    void leave_open() { --open_; }

    TypePtr literal(const Literal& literal);
    /// `input` is the type of what the tests are about.
    void tests(const Cell& cell, const TypePtr& input);
    void must_be_boolean(const TypePtr& type);

    const std::set<std::string>& used() const { return used_; }
    /// False once an expression could not be read or named something unknown: what it means to use is not known then.
    bool all_known() const { return all_known_; }
    void forget_used() {
        used_.clear();
        all_known_ = true;
    }

    void report(CheckProblem::Severity severity, std::string code, std::size_t offset, const std::string& zh,
                const std::string& en);

  private:
    struct Visible {
        std::string name;
        TypePtr type;
    };

    void unreadable(const std::string& text, const feel::Value& failure);
    TypePtr infer(const feel::Node& node);
    TypePtr name(const feel::Node& node);
    void unknown_name(const feel::Node& node, bool called);
    TypePtr call(const feel::Node& node);
    void check_arguments(const feel::Node& node, const std::vector<TypePtr>& arguments);
    TypePtr path(const feel::Node& node);
    TypePtr filter(const feel::Node& node);
    TypePtr iteration(const feel::Node& node);
    TypePtr function(const feel::Node& node);
    TypePtr context(const feel::Node& node);
    TypePtr list(const feel::Node& node);
    TypePtr arithmetic(const feel::Node& node);
    TypePtr comparison(const feel::Node& node);
    TypePtr connective(const feel::Node& node);
    TypePtr either(const feel::Node& node);
    TypePtr membership(const feel::Node& node);
    void condition(const feel::Node& node);
    void test(const feel::Node& node, const TypePtr& input);
    void compare_in_test(const feel::Node& operand, const TypePtr& input);
    void differ(const feel::Node& node, const TypePtr& left, const TypePtr& right);

    const ModelData& model_;
    CheckReport& report_;
    Where where_;
    std::vector<Visible> visible_;
    std::set<std::string> used_;
    bool all_known_ = true;
    int open_ = 0;
};

}  // namespace kaigong::dmn
