// Officers who can be found, for tests of to whom a task goes.
#pragma once

#include "modules/approval/testing/office.hpp"

namespace kaigong::approval::testing {

/// The account of `Office::officer(role, number)`; its name is `officer_` and the number.
inline identity::Account account_of(int number, std::vector<authz::Role> roles, const std::string& region = "330106") {
    const auto officer = Office::officer(roles.front(), number);
    identity::Account account;
    account.account_id = officer.actor.account_id;
    account.account_name = fmt::format("officer_{}", number);
    account.display_name = officer.name;
    account.kind = authz::AccountKind::officer;
    account.department = officer.actor.department;
    account.department_name = "住建局";
    account.region_code = region;
    account.roles = std::move(roles);
    return account;
}

/// Two steps and an end: `first` by the acceptance officer, then `work` with these attributes, repeated or not.
struct TwoSteps {
    std::string first_kind = "check";
    std::string first_outcome = {};
    std::string kind = "check";
    std::string attributes = {};
    std::string more = {};
    std::string repetition = {};
};

inline ProcessFiles two_steps(const TwoSteps& one) {
    constexpr const char* kProcess = R"(
      <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:kaigong="https://kaigong.example/bpmn/1"
          xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="f" targetNamespace="https://kaigong.example/test">
        <process id="issue" name="办理" isExecutable="true">
          <startEvent id="start"/>
          <userTask id="first" name="初核"><extensionElements>
            <kaigong:task kind="{}" department="housing" role="acceptance_officer"/>
            <kaigong:outcome code="agree" label="同意" tone="primary" {}/>
            <kaigong:outcome code="pass_on" label="移交"/>
          </extensionElements></userTask>
          <userTask id="work" name="审查"><extensionElements>
            <kaigong:task kind="{}" department="housing" role="reviewer" {}/>
            <kaigong:outcome code="agree" label="同意" tone="primary"/>
            <kaigong:outcome code="disagree" label="不同意" tone="danger"/>{}
          </extensionElements>{}</userTask>
          <userTask id="last" name="制证"><extensionElements>
            <kaigong:task kind="certificate" department="housing" role="certificate_officer"/>
            <kaigong:outcome code="agree" label="同意" tone="primary"/>
          </extensionElements></userTask>
          <serviceTask id="record"><extensionElements><kaigong:job type="approval.record"/>
            <kaigong:event name="refuse_acceptance"/></extensionElements></serviceTask>
          <endEvent id="ended"/>
          <sequenceFlow id="f1" sourceRef="start" targetRef="first"/>
          <sequenceFlow id="f2" sourceRef="first" targetRef="work"/>
          <sequenceFlow id="f3" sourceRef="work" targetRef="last"/>
          <sequenceFlow id="f4" sourceRef="last" targetRef="record"/>
          <sequenceFlow id="f5" sourceRef="record" targetRef="ended"/>
        </process></definitions>)";
    return {{"issue.bpmn", fmt::format(fmt::runtime(kProcess), one.first_kind, one.first_outcome, one.kind,
                                       one.attributes, one.more, one.repetition)}};
}

}  // namespace kaigong::approval::testing
