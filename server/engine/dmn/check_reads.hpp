// What an expression reads in the end, through the decisions it names: two columns that read the same are not free of
// each other, so what they seem to leave out together may be impossible.
#pragma once

#include <map>
#include <set>
#include <string>

#include "engine/dmn/elements.hpp"
#include "engine/feel/node.hpp"

namespace kaigong::dmn {

class Reads {
  public:
    explicit Reads(const ModelData& model) : model_(model) {}
    /// Paths like `works.region_code`.
    std::set<std::string> of(const Element& owner, const feel::Node& node);
    static bool share(const std::set<std::string>& one, const std::set<std::string>& other);

  private:
    const std::set<std::string>& of(const Element& element);
    void add(const Element& owner, const feel::Node& node, std::set<std::string>& into);
    void add(const Element& owner, const Boxed& boxed, std::set<std::string>& into);
    void add_name(const Element& owner, const std::string& path, std::set<std::string>& into);

    const ModelData& model_;
    std::map<const Element*, std::set<std::string>> known_;
    std::size_t depth_ = 0;  // of requirements that are being followed: the stack is bounded
};

}  // namespace kaigong::dmn
