// Why a rule came out as it did, from what the engine says it read.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// Decides which values may be shown. A condition reads names of its own too (`p.lead.name` of `for p in …`), so a text
/// is shown only where it is surely no person's: of an input, under a name that no personal field has.
class ReadMask {
  public:
    /// `personal_paths` of the form's schema; `inputs` are what the rules were given.
    ReadMask(const std::vector<std::string>& personal_paths, const feel::Context& inputs);
    FindingRead shown(const dmn::Read& read) const;

  private:
    std::set<std::string, std::less<>> personal_names_;
    const feel::Context& inputs_;
};

/// Where each rule stands in an explanation, which must live longer.
class ExplainedRules {
  public:
    explicit ExplainedRules(const dmn::Explanation& explanation);
    /// The conditions of one rule, in their order; with a mask nothing personal is in them.
    std::vector<ExplanationLine> lines_of(const std::string& rule, const ReadMask* mask) const;

  private:
    std::map<std::string_view, const dmn::TableExplanation::Match*> matches_;
};

/// Of them the one that decided: what failed, or what could not be checked.
std::vector<ExplanationLine> deciding_line(std::vector<ExplanationLine> lines, const std::string& outcome);

}  // namespace kaigong::catalog
