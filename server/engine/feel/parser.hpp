// Recursive descent over FEEL's grammar (DMN 1.5 §10.3.1.2). Names are resolved against what is known at that place.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/feel/feel.hpp"
#include "engine/feel/names.hpp"
#include "engine/feel/node.hpp"

namespace kaigong::feel {

/// One use a text. Every `parse_…` gives null after a failure; the first failure stands in `failure()`.
class Parser {
  public:
    Parser(std::string_view text, std::vector<Token> tokens, const Scope& scope);

    NodePtr parse_whole_expression();
    NodePtr parse_whole_tests();
    const Error& failure() const { return *failure_; }
    const ParseFailure& place() const { return place_; }

  private:
    using Mutable = std::shared_ptr<Node>;
    /// Counts nesting while it lives, also when the parse turns back.
    class Level {
      public:
        explicit Level(Parser& parser) : parser_(parser) { ++parser_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;
        ~Level() { --parser_.depth_; }
        bool is_too_deep() const { return parser_.depth_ > parser_.scope_.limits.expression_depth_max; }

      private:
        Parser& parser_;
    };

    // parser.cpp: precedence, from loosest to tightest
    NodePtr parse_expression();
    NodePtr parse_disjunction();
    NodePtr parse_conjunction();
    NodePtr parse_comparison();
    NodePtr parse_between(NodePtr value);
    NodePtr parse_additive();
    NodePtr parse_multiplicative();
    NodePtr parse_power();
    NodePtr parse_negation();
    NodePtr parse_instance_of();
    NodePtr parse_postfix();

    // parser_primary.cpp
    NodePtr parse_primary();
    NodePtr parse_word();
    NodePtr parse_name();
    NodePtr parse_literal_word(std::string_view word);
    NodePtr parse_at_literal();
    NodePtr parse_list_or_interval();
    NodePtr parse_parentheses();
    NodePtr parse_interval_from(std::size_t from, bool start_included, NodePtr start);
    NodePtr parse_context();
    NodePtr parse_path(NodePtr object);
    NodePtr parse_filter(NodePtr list);
    NodePtr parse_call(NodePtr callee);
    bool parse_named_arguments(Node& call);
    bool parse_arguments(Node& call);
    bool filter_begins_here();

    // parser_compound.cpp
    NodePtr parse_if();
    NodePtr parse_iteration(Op op);
    NodePtr parse_domain();
    NodePtr parse_function();
    bool parse_parameters(Node& function);
    NodePtr parse_external(Mutable function);
    std::shared_ptr<const Type> parse_type();
    bool parse_type_arguments(Type& type, std::string_view name);
    bool parse_context_fields(Type& type);
    bool parse_function_signature(Type& type);

    // parser_tests.cpp
    NodePtr parse_in(NodePtr value);
    NodePtr parse_test(bool whole_expression);
    bool parse_test_list(Node& tests);
    std::optional<Range::Form> one_sided_form() const;
    NodePtr parse_one_sided();

    // parser_names.cpp
    const Token& current() const { return tokens_[at_]; }
    const Token& ahead(std::size_t count) const { return tokens_[std::min(at_ + count, tokens_.size() - 1)]; }
    bool at(std::string_view word) const { return current().is(word); }
    bool take(std::string_view word);
    bool expect(std::string_view word);
    std::nullptr_t fail(std::string reason, std::string_view what, std::string_view expected = {},
                        const std::string& nearest = {});
    /// Then another reading of the same words meets it too.
    bool has_met_a_limit() const;
    std::nullptr_t fail_here(std::string_view expected);
    std::nullptr_t fail_unknown(std::string_view kind, std::string reason, const Names::Nearest& nearest);
    /// The known name, built-in function or keyword that the words from token `from` on may mean.
    Names::Nearest nearest_known(std::size_t from) const;
    Names::Nearest nearest_type() const;
    static const Names& builtin_name_words();
    static const Names& builtin_type_words();
    NodePtr measured(NodePtr node);
    Mutable make(Op op, std::size_t offset) const;
    NodePtr make(Op op, std::size_t offset, std::vector<NodePtr> children) const;
    bool spend();
    std::span<const Token> rest() const { return std::span(tokens_).subspan(at_); }
    std::optional<Names::Match> known_name() const;
    std::optional<Names::Match> known_member() const;
    std::optional<Names::Match> known_type() const;
    /// Words and signs up to one of `stops`, joined as the name they spell; empty when there are none.
    std::string take_spelled_name(std::initializer_list<std::string_view> stops);
    std::size_t spelled_name_size(std::initializer_list<std::string_view> stops) const;
    std::string spelled(std::size_t count) const;
    std::string take_member_name();
    static bool is_reserved(std::string_view word);

    std::string_view text_;
    std::vector<Token> tokens_;
    const Scope& scope_;
    Names names_;
    std::shared_ptr<const Names> scope_members_;
    Names members_;  // that this text makes known beside those of the scope
    Names types_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t budget_;
    std::size_t filters_ = 0;    // how many filters we are inside of: there every word may be a member
    bool range_end_ = false;     // `[` may close a range instead of opening a filter
    bool uses_input_ = false;    // `?` was met
    std::size_t last_name_ = 0;  // the token where the last name began
    std::optional<Error> failure_;
    ParseFailure place_;
};

/// All variable names that the tree below speaks of.
std::vector<std::string> names_in(const Node& node);

}  // namespace kaigong::feel
