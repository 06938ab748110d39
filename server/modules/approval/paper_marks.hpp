// 批注: officers mark places on papers, the applicant answers, the department that marked accepts; what is not accepted
// goes on to the paper that replaces the marked one. Not for what a letter demands: those are correction points.
#pragma once

#include <memory>
#include <vector>

#include "modules/approval/approval.hpp"
#include "modules/documents/documents.hpp"

namespace kaigong::approval {

class PaperMarks {
  public:
    PaperMarks() = default;
    PaperMarks(const PaperMarks&) = delete;
    PaperMarks& operator=(const PaperMarks&) = delete;
    virtual ~PaperMarks() = default;

    virtual std::vector<http::Endpoint> routes() = 0;
};

/// `cases` says who may read which.
std::unique_ptr<PaperMarks> make_paper_marks(Parts parts, Approval& cases, documents::Documents& documents);

}  // namespace kaigong::approval
