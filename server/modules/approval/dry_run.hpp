// What an act would do to a case, tried on a copy of its state: the engine's facts and the record steps behind them, as
// CaseWork carries them out, without a database. Pure: nothing is written, and no clock is asked.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/returning.hpp"
#include "engine/calendar/calendar.hpp"
#include "modules/approval/case_view.hpp"
#include "modules/approval/protected_variables.hpp"
#include "modules/approval/signers.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// What the case would have come to.
struct Foreseen {
    /// Tasks that open, by element; each as often as it does.
    std::vector<std::string> opened;
    /// Tasks that others hold and that are taken away.
    std::vector<std::string> cancelled;
    /// Tasks that were open before and still are: the case waits for them.
    std::vector<std::string> awaited;
    /// Who was asked beside the holder and has to sign first; names.
    std::vector<std::string> signers;
    /// Kinds of letters that go out, until the next person acts.
    std::vector<std::string> letters;
    /// Steps that the program does by itself, by element.
    std::vector<std::string> jobs;
    /// Events of the application (states.hpp).
    std::vector<std::string> events;
    /// What would stop the case, in words.
    std::vector<std::string> incidents;
    ApplicationState state = ApplicationState::submitted;
    bool correction_open = false;
    /// Nothing of the process is left.
    bool ends = false;
};

class DryRun {
  public:
    /// Everything must live longer.
    DryRun(const bpmn::Definition& process, const calendar::Calendar& calendar, const CaseSnapshot& snapshot,
           std::int64_t now_ms);

    const bpmn::State& state() const { return state_; }

    /// An open task ends with this outcome, decided by this account. Fails as complete_task does once its guards hold.
    Result<Foreseen> complete(const store::TaskRow& task, const Outcome& outcome, const std::string& account_id) const;
    /// 退回. Fails as return_task does.
    Result<Foreseen> send_back(const store::TaskRow& task, const std::string& target, bpmn::Onward onward) const;
    /// 撤回. Fails as take_back_task does.
    Result<Foreseen> take_back(const store::TaskRow& task, const std::string& account_id) const;

  private:
    class Trial;

    Result<Foreseen> answer(const store::TaskRow& task, const store::SignerRow& asked, const Outcome& outcome,
                            const std::string& account_id) const;
    Result<Foreseen> conclude(const store::TaskRow& task, const Outcome& outcome, const std::string& account_id) const;
    Result<TaskModel> model_of(const std::string& element_id) const;

    const bpmn::Definition& process_;
    const calendar::Calendar& calendar_;
    const CaseSnapshot& snapshot_;
    std::int64_t now_ms_;
    bpmn::State state_;
    Signers signers_;
};

}  // namespace kaigong::approval
