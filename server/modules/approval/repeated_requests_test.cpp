// A request that comes once more is answered as the first time, also where it has taken the task out of the officer's
// reach. Found by steps at random (random_office_test.cpp).
#include "modules/approval/testing/random_bureau.hpp"

namespace kaigong::approval {
namespace {

using testing::Office;

operations::Officer of_department(const char* department, authz::Role role, int number) {
    auto officer = Office::officer(role, number);
    officer.actor.department = department;
    return officer;
}

}  // namespace

TEST_CASE("asking twice to give a signer's task to another department is answered twice") {
    testing::on_each([](Office& office) {
        testing::PeopleOfOffice people;
        const auto holder = Office::officer(authz::Role::acceptance_officer, 1);
        const auto asked = of_department("fire", authz::Role::reviewer, 2);
        const auto other = Office::officer(authz::Role::reviewer, 3);
        const auto head = of_department("fire", authz::Role::section_head, 4);
        for (const auto& one : {holder, asked, other, head}) people.add(one);
        testing::Services services(office, people);
        const auto id = office.open_case();
        const auto free = office.open_task(id);
        office.act([&](db::Session& session) { return office.claim(session, id, free, holder); });
        const auto task = office.open_task(id);
        Office::must(services.approval.add_signers(holder.actor, {task.task_id, task.version}, "before",
                                                   {asked.actor.account_id.text}, "请核对"));
        const auto tasks = office.read(&store::tasks_of, id);
        const auto signer = *std::ranges::find(tasks, asked.actor.account_id.text, &store::TaskRow::assignee_id);
        const TaskRequest request{signer.task_id, signer.version,
                                  Retryable{new_uuid(office.clock.now_ms()), "POST assignment", std::string(64, 'a')}};
        const auto assign = [&] {
            const auto done = services.approval.assign(head.actor, request, other.actor.account_id.text, "请您核对");
            return done ? "" : done.error().reason;
        };
        CHECK(assign() == "");
        const auto version = office.procedure(id).version;
        CHECK(assign() == "");
        CHECK(office.procedure(id).version == version);
        // Without that key it is a new request, and not his any more.
        CHECK(services.approval
                  .assign(head.actor, {signer.task_id, signer.version + 1}, other.actor.account_id.text, "请您核对")
                  .error()
                  .reason == "authz.outside_scope");
    });
}

}  // namespace kaigong::approval
