// Collects what is wrong with a model, in the order of the file. Internal to engine/bpmn.
#pragma once

#include <string>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

class Problems {
  public:
    explicit Problems(std::vector<Problem>& list) : list_(list) {}

    void refuse(const std::string& element, int line, std::string code, std::string zh, std::string en) {
        list_.push_back({Problem::Severity::error, element, line, std::move(code), std::move(zh), std::move(en)});
    }
    void warn(const std::string& element, int line, std::string code, std::string zh, std::string en) {
        list_.push_back({Problem::Severity::warning, element, line, std::move(code), std::move(zh), std::move(en)});
    }

  private:
    std::vector<Problem>& list_;
};

}  // namespace kaigong::bpmn
