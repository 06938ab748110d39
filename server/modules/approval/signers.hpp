// 加签 and 委派: who was asked beside the holder of a task, and what the task waits for therefore. A signer has a task
// of his own under the same token of the process: when that is taken away, so are they.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_task_acts.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// before (前加签): they sign first, then the holder decides · after (后加签): they sign after him, and all must agree
/// · delegate (委派): gives an opinion, the holder decides.
inline constexpr std::string_view kBefore = "before";
inline constexpr std::string_view kAfter = "after";
inline constexpr std::string_view kDelegate = "delegate";

inline constexpr std::string_view kSignerAgrees = "agree";
inline constexpr std::string_view kSignerDisagrees = "disagree";
inline constexpr std::string_view kAnswered = "answered";

/// A task may have this many at a time.
inline constexpr std::size_t kSignersMax = 20;

/// All who were asked in one case.
class Signers {
  public:
    struct Signer {
        store::SignerRow asked;
        store::TaskRow task;
    };

    Signers(const std::vector<store::SignerRow>& asked, const std::vector<store::TaskRow>& tasks);

    /// The question that this task answers; null for a task of the process.
    const store::SignerRow* question_of(const std::string& task_id) const;
    /// In the order in which they were asked.
    std::vector<Signer> of(const std::string& parent_task_id) const;
    /// Those who have not answered.
    std::vector<Signer> pending_of(const std::string& parent_task_id) const;
    /// Of those, the ones before whom the holder can't decide, and the ones who come after him.
    std::vector<Signer> awaited_by(const std::string& parent_task_id) const;
    std::vector<Signer> pending_after(const std::string& parent_task_id) const;

  private:
    std::vector<Signer> signers_;
};

/// What a signer may answer, on the page of the task that he was asked about.
TaskModel signer_model(TaskModel parent, std::string_view relation);

/// The holder has decided, and those who sign after him have not yet.
bool is_decided(const store::TaskRow& task);

/// Fails with approval.waits_for_signers, naming them.
Result<void> must_not_wait_for_signers(const store::TaskRow& task, const Signers& signers);
/// Fails with approval.task_decided.
Result<void> must_be_undecided(const store::TaskRow& task);
/// Fails with approval.signer_only_answers, approval.task_beside_the_process.
Result<void> must_be_of_the_process(const store::TaskRow& task, const Signers& signers);

}  // namespace kaigong::approval
