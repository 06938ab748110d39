// Builds ModelData from XML. Names are resolved while reading: what an expression may name is known at its place.
#pragma once

#include <pugixml.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dmn/elements.hpp"

namespace kaigong::dmn {

class Reader {
  public:
    Reader(const pugi::xml_node& root, const std::vector<Model>& imports) : root_(root), available_(imports) {}
    Result<std::shared_ptr<const ModelData>> run();

  private:
    // reader.cpp
    Result<void> read_imports();
    void read_elements();
    Result<void> read_requirements();
    Result<Element::Requirement> resolve(const pugi::xml_node& reference) const;
    Result<void> add_references(const pugi::xml_node& node, std::string_view local,
                                std::vector<Element::Requirement>& into) const;
    void read_logic();
    std::vector<std::string> visible_names(const Element& element) const;

    // reader_types.cpp
    void read_types();
    ItemTypePtr item_type(const pugi::xml_node& definition);
    ItemTypePtr base_type(const pugi::xml_node& definition);
    ItemTypePtr context_type(const std::vector<pugi::xml_node>& components);
    ItemTypePtr function_type(const pugi::xml_node& function);
    ItemTypePtr constrained(ItemTypePtr type, const pugi::xml_node& constraint);
    ItemTypePtr type_named(std::string name);
    ItemTypePtr type_of(const pugi::xml_node& node);
    void collect_member_names();

    // reader_expressions.cpp
    BoxedPtr boxed_child(const pugi::xml_node& parent);
    BoxedPtr boxed(const pugi::xml_node& node);
    void fill(const pugi::xml_node& node, Boxed& result);
    static void set_keys(Boxed& result);
    void fill_context(const pugi::xml_node& node, Boxed& result);
    void fill_invocation(const pugi::xml_node& node, Boxed& result);
    void fill_relation(const pugi::xml_node& node, Boxed& result);
    void fill_function(const pugi::xml_node& node, Boxed& result);
    std::string external_name(const pugi::xml_node& node) const;
    void fill_iteration(const pugi::xml_node& node, Boxed& result, std::string_view body);
    void fill_filter(const pugi::xml_node& node, Boxed& result);
    DecisionTable table(const pugi::xml_node& node);
    void read_columns(const pugi::xml_node& node, DecisionTable& table);
    TableRule rule(const pugi::xml_node& node);
    Literal literal(const pugi::xml_node& node);
    Literal literal(std::string text);
    Cell cell(const pugi::xml_node& node);
    feel::Value problem(const std::string& text, const Error& failure, const feel::ParseFailure& place);

    pugi::xml_node root_;
    const std::vector<Model>& available_;
    std::shared_ptr<ModelData> data_ = std::make_shared<ModelData>();
    std::vector<pugi::xml_node> nodes_;  // beside data_->elements
    std::map<std::string, std::size_t> by_id_;
    std::map<std::string, pugi::xml_node> definitions_;
    std::set<std::string> in_progress_;
    feel::Scope scope_;
    std::string element_;  // whose logic is being read
};

}  // namespace kaigong::dmn
