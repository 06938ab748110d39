// Marks as pages ask for them: what one may read of a case's marks, and each act once for its key.
#pragma once

#include "modules/approval/operations/paper_marks.hpp"
#include "modules/approval/paper_marks.hpp"
#include "modules/approval/retryable.hpp"

namespace kaigong::approval {

class PaperMarkService final : public PaperMarks {
  public:
    PaperMarkService(Parts parts, Approval& cases, documents::Documents& documents);

    std::vector<http::Endpoint> routes() override;

    /// All that the reader may see. Fails with approval.not_found.
    Result<boost::json::object> of_case(const authz::Actor& actor, const std::string& application_id) const;
    /// Gives the mark as it is then.
    Result<boost::json::object> mark(const authz::Actor& actor, const store::MarkRow& mark, const Retryable& request);
    /// Of whose case it is, is found here. `act` is kAnswerAct, kAcceptAct or kReopenAct. Gives the mark as it is then.
    Result<boost::json::object> act(const authz::Actor& actor, std::string_view act, operations::OnMark on,
                                    const Retryable& request);

  private:
    struct View;
    Result<View> view_for(const authz::Actor& actor, const std::string& application_id) const;
    Result<boost::json::object> shown(const authz::Actor& actor, const std::string& application_id,
                                      const std::string& mark_id) const;
    Result<std::string> once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                             const std::function<Result<std::string>(db::Session&)>& body);

    Parts parts_;
    Approval& cases_;
    documents::Documents& documents_;
    Surroundings surroundings_;
    operations::PapersOf papers_of_;
};

}  // namespace kaigong::approval
