// What lies over the state of a case: special procedures, holds, extensions, late points, items that wait for others,
// and a conclusion that is looked at again.
#include "modules/approval/testing/episode_case.hpp"

namespace kaigong::approval {
namespace {

using testing::EpisodeCase;
using testing::Office;
using testing::reason_of;

const operations::SpecialProcedure kReview{"expert_review", "超限高层，需要专家评审", 10};

void on_each_office(const std::function<void(Office&)>& body,
                    const std::function<void(boost::json::object&)>& patch = {}) {
    testing::on_each(body, testing::episode_files(patch));
}

}  // namespace

TEST_CASE("an expert review stops the clock and its department, nobody else, until its result is written down") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        one.claim("review_planning", EpisodeCase::reviewer());
        const auto due_before = one.statutory().due_on;
        Office::must(
            one.does(operations::start_special_procedure, EpisodeCase::reviewer(), one.on("planning"), kReview));
        CHECK(one.item_state("planning") == "special_procedure");
        CHECK(one.statutory().paused);
        CHECK(one.letters() == std::vector<std::string>{"special_procedure_notice"});
        CHECK(reason_of(one.try_complete("review_planning", "agree", EpisodeCase::reviewer())) ==
              "approval.item_waits");
        one.complete("review_civil", "agree", EpisodeCase::reviewer());
        one.next_morning(2);
        CHECK(one.statutory().used == 0);
        CHECK(one.statutory().segments.back().kind == clock::SegmentKind::special);
        Office::must(
            one.does(operations::end_special_procedure, EpisodeCase::reviewer(), one.on("planning"), "专家同意"));
        CHECK_FALSE(one.statutory().paused);
        CHECK(one.statutory().due_on > due_before);
        CHECK(one.episodes().at(0).result == "专家同意");
        CHECK(reason_of(one.does(operations::end_special_procedure, EpisodeCase::reviewer(), one.on("planning"),
                                 "再次")) == "approval.episode_over");
        one.complete("review_planning", "agree", EpisodeCase::reviewer());
        CHECK(office.count(one.id(), "approval.start_special_procedure") == 1);
    });
}

TEST_CASE("machines whose clocks are some seconds apart go on with each other's cases") {
    testing::on_each_pair(
        [](Office& ahead, Office& behind) {
            behind.clock.set(ahead.clock.now_ms() - 5'000);
            EpisodeCase one(ahead);
            const auto there = [&](auto operation, const auto&... arguments) {
                Office::must(behind.database.transact([&](db::Session& session) {
                    return operation(session, *behind.around, behind.permissions, EpisodeCase::head(),
                                     operations::OnItem{one.id(), "planning", behind.clock.now_ms()}, arguments...);
                }));
            };
            CHECK(behind.approval->progress(EpisodeCase::head().actor, one.id()).has_value());
            Office::must(
                one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("planning"), kReview));
            there(operations::end_special_procedure, std::string("专家同意"));
            CHECK_FALSE(one.statutory().paused);
            there(operations::start_special_procedure, kReview);
            CHECK(one.statutory().paused);
            CHECK(behind.approval->progress(EpisodeCase::head().actor, one.id()).has_value());
            CHECK(behind.approval->standstill(EpisodeCase::head().actor, one.id()).has_value());
            Office::must(one.does(operations::end_special_procedure, EpisodeCase::head(), one.on("planning"), "同意"));
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
        },
        testing::episode_files());
}

TEST_CASE("two special procedures at once are one pause, which ends with the later of them") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        Office::must(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("planning"), kReview));
        Office::must(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("civil"), kReview));
        Office::must(one.does(operations::end_special_procedure, EpisodeCase::head(), one.on("planning"), "同意"));
        CHECK(one.statutory().paused);
        CHECK_FALSE(one.of_item("planning", 2).paused);
        CHECK(one.of_item("civil", 4).paused);
        Office::must(one.does(operations::end_special_procedure, EpisodeCase::head(), one.on("civil"), "同意"));
        CHECK_FALSE(one.statutory().paused);
        CHECK(office.read(&store::clock_of, one.id()).size() == 3);
    });
}

TEST_CASE("a check of the site is counted: article 45 does not name it") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        const auto due_on = one.statutory().due_on;
        Office::must(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("planning"),
                              operations::SpecialProcedure{"site_check", "看现场", 2}));
        CHECK_FALSE(one.statutory().paused);
        CHECK(one.statutory().due_on == due_on);
        CHECK_FALSE(one.of_item("planning", 2).paused);
        CHECK(reason_of(one.try_complete("review_planning", "agree", EpisodeCase::reviewer())) ==
              "approval.item_waits");
    });
}

TEST_CASE("a special procedure is begun by who judges the item or leads its department, with kind, reason and days") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        const auto begins = [&](const operations::Officer& who, const operations::SpecialProcedure& what) {
            return reason_of(one.does(operations::start_special_procedure, who, one.on("planning"), what));
        };
        CHECK(begins(EpisodeCase::reviewer(), kReview) == "approval.not_your_item");
        CHECK(begins(EpisodeCase::officer(authz::Role::certificate_officer, 4), kReview) == "approval.not_your_item");
        auto elsewhere = EpisodeCase::head();
        elsewhere.actor.region_code = "330105";
        CHECK(begins(elsewhere, kReview) == "approval.not_found");
        CHECK(begins(EpisodeCase::head(), {"feast", "理由", 1}) == "approval.procedure_unknown");
        CHECK(begins(EpisodeCase::head(), {"hearing", "", 1}) == "approval.reason_missing");
        CHECK(begins(EpisodeCase::head(), {"hearing", "理由", 0}) == "approval.procedure_days_impossible");
        CHECK(reason_of(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("nothing"),
                                 kReview)) == "approval.item_unknown");
        CHECK(one.episodes().empty());
        CHECK(one.letters().empty());
    });
}

TEST_CASE("of several who judge an item together each may begin a special procedure, not only the first") {
    auto files = testing::episode_files();
    auto& process = files.at("issue.bpmn");
    const auto end = process.find("</userTask>", process.find("<userTask id=\"review_planning\""));
    process.insert(end, R"(<multiInstanceLoopCharacteristics><loopCardinality>=2</loopCardinality>
                           </multiInstanceLoopCharacteristics>)");
    testing::on_each(
        [](Office& office) {
            EpisodeCase one(office);
            auto tasks = office.read(&store::tasks_of, one.id());
            std::erase_if(tasks, [](const auto& task) { return task.element_id != "review_planning"; });
            REQUIRE(tasks.size() == 2);
            const auto colleague = EpisodeCase::officer(authz::Role::reviewer, 3);
            office.act([&](db::Session& session) { return office.claim(session, one.id(), tasks[0], colleague); });
            office.act([&](db::Session& session) {
                return office.claim(session, one.id(), tasks[1], EpisodeCase::reviewer());
            });
            Office::must(
                one.does(operations::start_special_procedure, EpisodeCase::reviewer(), one.on("planning"), kReview));
            Office::must(one.does(operations::end_special_procedure, colleague, one.on("planning"), "同意"));
            CHECK(one.item_state("planning") == "in_review");
        },
        files);
}

TEST_CASE("a case that ends takes its special procedures with it") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        Office::must(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("planning"), kReview));
        office.act([&](db::Session& session) { return office.withdraw(session, one.id()); });
        CHECK(one.episodes().at(0).state == "cancelled");
        CHECK(one.item_state("planning") == "voided");
        CHECK(one.statutory().stopped);
    });
}

TEST_CASE("fire waits for planning, and begins with its own time when planning has spoken") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        CHECK(one.item_state("fire") == "waiting_prerequisite");
        CHECK(reason_of(one.try_complete("review_fire", "agree", EpisodeCase::reviewer())) == "approval.item_waits");
        one.next_morning();
        one.complete("review_planning", "agree", EpisodeCase::reviewer());
        CHECK(one.item_state("fire") == "in_review");
        CHECK(one.of_item("fire", 3).used == 0);
        CHECK(one.of_item("planning", 2).stopped);
        CHECK(one.of_item("planning", 2).used == 1);
        one.next_morning();
        CHECK(one.of_item("fire", 3).remaining == 2);
        one.complete("review_fire", "agree", EpisodeCase::reviewer());
    });
}

TEST_CASE("a hold stops everything for a legal reason, and lets it go on as it was") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        const operations::Hold court{"court", "（2026）浙0106财保12号"};
        CHECK(
            reason_of(one.does(operations::hold_case, EpisodeCase::reviewer(), one.on(), court)).starts_with("authz."));
        CHECK(reason_of(one.does(operations::hold_case, EpisodeCase::head(), one.on(),
                                 operations::Hold{"holiday", "理由"})) == "approval.ground_unknown");
        CHECK(reason_of(one.does(operations::resume_case, EpisodeCase::head(), one.on(), std::string("理由"))) ==
              "approval.not_on_hold");
        Office::must(one.does(operations::hold_case, EpisodeCase::head(), one.on(), court));
        CHECK(reason_of(one.does(operations::hold_case, EpisodeCase::head(), one.on(), court)) == "approval.on_hold");
        CHECK(reason_of(one.try_complete("review_civil", "agree", EpisodeCase::reviewer())) == "approval.on_hold");
        CHECK(reason_of(one.does(operations::start_special_procedure, EpisodeCase::head(), one.on("civil"), kReview)) ==
              "approval.on_hold");
        one.next_morning(2);
        CHECK(one.statutory().paused);
        CHECK(one.of_item("civil", 4).paused);
        Office::must(one.does(operations::resume_case, EpisodeCase::head(), one.on(), std::string("解除保全")));
        CHECK_FALSE(one.statutory().paused);
        CHECK_FALSE(one.of_item("civil", 4).paused);
        CHECK(one.open() == std::set<std::string>{"review_planning", "review_fire", "review_civil"});
        one.complete("review_civil", "agree", EpisodeCase::reviewer());
    });
}

TEST_CASE("the limit is extended once, by the leader, before it ends, and only where the law leaves room for it") {
    on_each_office(
        [](Office& office) {
            EpisodeCase one(office);
            const auto due_on = one.statutory().due_on.value();
            const auto extends = [&](const operations::Officer& who, int days, const std::string& why) {
                return reason_of(
                    one.does(operations::extend_decision, who, one.on(), operations::Extension{days, why}));
            };
            CHECK(extends(EpisodeCase::head(), 5, "案情复杂").starts_with("authz."));
            CHECK(extends(EpisodeCase::leader(), 5, "") == "approval.reason_missing");
            CHECK(extends(EpisodeCase::leader(), 11, "案情复杂") == "approval.extension_too_long");
            CHECK(extends(EpisodeCase::leader(), 10, "案情复杂").empty());
            const auto days = office.catalog->calendar()->days;
            CHECK(one.statutory().due_on == days.add_working_days(due_on, 10).value);
            CHECK(one.letters() == std::vector<std::string>{"decision_extension_notice"});
            CHECK(extends(EpisodeCase::leader(), 1, "再延长") == "approval.extended_before");
            EpisodeCase late(office);
            late.next_morning(30);
            CHECK(reason_of(late.does(operations::extend_decision, EpisodeCase::leader(), late.on(),
                                      operations::Extension{1, "忘了"})) == "approval.extension_too_late");
        },
        [](boost::json::object& matter) {
            matter["decision_extension"] = boost::json::object{{"working_days_max", 10}};
        });
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        CHECK(reason_of(one.does(operations::extend_decision, EpisodeCase::leader(), one.on(),
                                 operations::Extension{1, "理由"})) == "approval.extension_not_allowed");
    });
}

TEST_CASE("a late point stops its own department until it is answered; what others said stays") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        one.complete("review_civil", "agree", EpisodeCase::reviewer());
        const operations::LateCorrection late{"现场踏勘才发现", {{"", "", "消防通道被占", "清理后拍照", "消防法 28"}}};
        CHECK(
            reason_of(one.does(operations::request_late_correction, EpisodeCase::reviewer(), one.on("planning"), late))
                .starts_with("authz."));
        CHECK(reason_of(one.does(operations::request_late_correction, EpisodeCase::head(), one.on("planning"),
                                 operations::LateCorrection{"", late.points})) == "approval.reason_missing");
        Office::must(one.does(operations::request_late_correction, EpisodeCase::head(), one.on("planning"), late));
        CHECK(one.item_state("planning") == "needs_correction");
        CHECK(one.letters() == std::vector<std::string>{"correction_notice"});
        CHECK(one.statutory().paused);
        CHECK(one.statutory().segments.empty());
        CHECK(office.procedure(one.id()).correction_count == 1);
        CHECK(reason_of(one.does(operations::request_late_correction, EpisodeCase::head(), one.on("planning"), late)) ==
              "approval.event_not_possible");
        one.next_morning();
        office.act([&](db::Session& session) { return office.resubmit(session, one.id()); });
        office.act([&](db::Session& session) { return office.resubmit(session, one.id()); });
        CHECK(one.item_state("planning") == "in_review");
        CHECK(one.item_state("civil") == "agreed");
        CHECK_FALSE(one.statutory().paused);
        CHECK(office.count(one.id(), "approval.take_resubmission") == 1);
        CHECK(office.read(&store::points_of, one.id()).at(0).state == "answered");
        one.complete("review_planning", "agree", EpisodeCase::reviewer());
    });
}

TEST_CASE("who leads the department has a conclusion looked at again, before and after all have spoken") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        one.complete("review_civil", "agree", EpisodeCase::reviewer());
        const auto reopens = [&](const operations::Officer& who, const std::string& item, const std::string& why) {
            return reason_of(one.does(operations::reopen_item, who, one.on(item), why));
        };
        CHECK(reopens(EpisodeCase::reviewer(), "civil", "理由").starts_with("authz."));
        CHECK(reopens(EpisodeCase::head(), "planning", "理由") == "approval.item_not_concluded");
        CHECK(reopens(EpisodeCase::head(), "civil", "") == "approval.reason_missing");
        CHECK(reopens(EpisodeCase::head(), "civil", "结论有误").empty());
        CHECK(one.item_state("civil") == "in_review");
        CHECK(one.open() == std::set<std::string>{"review_planning", "review_fire", "review_civil"});
        one.next_morning();
        CHECK(one.of_item("civil", 4).used == 1);
        for (const char* element : {"review_civil", "review_planning", "review_fire"}) {
            one.complete(element, "agree", EpisodeCase::reviewer());
        }
        CHECK(office.procedure(one.id()).state == "awaiting_decision");
        CHECK(reopens(EpisodeCase::head(), "fire", "举报").empty());
        CHECK(office.procedure(one.id()).state == "accepted");
        CHECK(one.open() == std::set<std::string>{"review_fire"});
        CHECK(one.item_state("civil") == "agreed");
        one.complete("review_fire", "agree", EpisodeCase::reviewer());
        CHECK(one.open() == std::set<std::string>{"decide"});
        one.complete("decide", "grant", EpisodeCase::leader());
        CHECK(reopens(EpisodeCase::head(), "fire", "太晚") == "approval.ended");
    });
}

TEST_CASE("what the applicant asks to withdraw ends when the window confirms it; a decision that came first wins") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        const auto asks = [&](EpisodeCase& its) {
            office.act([&](db::Session& session) {
                return operations::ask_withdrawal(session, *office.around, its.id(), office.clock.now_ms());
            });
        };
        asks(one);
        asks(one);
        CHECK(office.procedure(one.id()).state == "accepted");
        const auto task = one.task("@withdrawal");
        CHECK(task.candidate_group == "housing:acceptance_officer");
        one.complete("review_civil", "agree", EpisodeCase::reviewer());
        CHECK(reason_of(one.try_complete("@withdrawal", "confirm_withdrawal", EpisodeCase::reviewer())) ==
              "approval.not_your_task");
        one.complete("@withdrawal", "confirm_withdrawal", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
        CHECK(office.procedure(one.id()).state == "withdrawn");
        CHECK(one.open().empty());
        CHECK(one.letters() == std::vector<std::string>{"withdrawal_confirmation"});

        EpisodeCase decided(office);
        for (const char* element : {"review_civil", "review_planning", "review_fire"}) {
            decided.complete(element, "agree", EpisodeCase::reviewer());
        }
        asks(decided);
        decided.complete("decide", "grant", EpisodeCase::leader());
        CHECK(decided.open().empty());
        CHECK(office.procedure(decided.id()).state == "granted");
        asks(decided);
        CHECK(decided.open().empty());
    });
}

TEST_CASE("who asked to withdraw may go on after all, until the window has confirmed") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        const auto says = [&](auto operation) {
            office.act([&](db::Session& session) {
                return operation(session, *office.around, one.id(), office.clock.now_ms());
            });
        };
        says(operations::take_back_withdrawal);
        says(operations::ask_withdrawal);
        const auto asked = one.task("@withdrawal");
        says(operations::take_back_withdrawal);
        CHECK_FALSE(one.open().contains("@withdrawal"));
        const auto cancelled = office.read(&store::find_task, asked.task_id);
        CHECK(cancelled->state == "cancelled");
        CHECK(cancelled->cancel_cause == "申请人不再撤回");
        CHECK(office.procedure(one.id()).state == "accepted");
        says(operations::ask_withdrawal);
        one.complete("@withdrawal", "confirm_withdrawal", EpisodeCase::officer(authz::Role::acceptance_officer, 7));
        says(operations::take_back_withdrawal);
        CHECK(office.procedure(one.id()).state == "withdrawn");
    });
}

TEST_CASE("also a held case may be withdrawn") {
    on_each_office([](Office& office) {
        EpisodeCase one(office);
        Office::must(one.does(operations::hold_case, EpisodeCase::head(), one.on(), operations::Hold{"court", "裁定"}));
        office.act([&](db::Session& session) { return office.withdraw(session, one.id()); });
        CHECK(office.procedure(one.id()).state == "withdrawn");
        CHECK(one.episodes().at(0).state == "cancelled");
    });
}

TEST_CASE("a named paper may come later: told by letter, looked at when it comes, ordered when it does not") {
    const auto allow = [](boost::json::object& matter) {
        matter["tolerated_omission"] =
            boost::json::object{{"materials", boost::json::array{"N-01"}}, {"working_days_max", 5}};
    };
    on_each_office(
        [](Office& office) {
            EpisodeCase one(office, false);
            const auto clerk = EpisodeCase::officer(authz::Role::acceptance_officer, 7);
            const auto accepts = [&](std::vector<operations::Omission> omissions) {
                const auto task = one.task("accept");
                return reason_of(office.database.transact([&](db::Session& session) {
                    return operations::complete_task(session, *office.around, office.permissions, clerk,
                                                     office.on(one.id(), task),
                                                     {"accept_with_omission", "", {}, {}, std::move(omissions)});
                }));
            };
            CHECK(accepts({}) == "approval.omissions_missing");
            CHECK(accepts({{"N-02", 3, "理由"}}) == "approval.omission_impossible");
            CHECK(accepts({{"N-01", 6, "理由"}}) == "approval.omission_impossible");
            CHECK(accepts({{"N-01", 3, "理由"}, {"N-01", 3, "理由"}}) == "approval.omission_impossible");
            CHECK(one.episodes().empty());
            CHECK(accepts({{"N-01", 3, "换发中"}}).empty());
            CHECK(one.letters() == std::vector<std::string>{"tolerated_omission_notice"});
            CHECK_FALSE(one.statutory().paused);

            const auto hands_in = [&] {
                office.act([&](db::Session& session) {
                    return operations::take_owed_paper(session, *office.around, one.id(), "N-01",
                                                       office.clock.now_ms());
                });
            };
            const auto orders = [&] {
                return reason_of(one.does(operations::order_supplement, EpisodeCase::head(), one.on(),
                                          operations::SupplementOrder{"N-01", "没有补交"}));
            };
            CHECK(orders() == "approval.supplement_too_early");
            hands_in();
            hands_in();
            one.next_morning(7);
            CHECK(orders() == "approval.supplement_not_possible");
            one.complete("@owed_paper/1", "refuse_paper", clerk);
            CHECK(one.episodes().at(0).state == "open");
            CHECK(orders().empty());
            CHECK(orders() == "approval.supplement_not_possible");
            CHECK(one.letters().back() == "supplement_order");
            const auto owed = [&] {
                return office.read([&](db::Session& session,
                                       const std::string& id) { return office.approval->owed_materials(session, id); },
                                   one.id());
            };
            CHECK(owed().size() == 1);
            hands_in();
            CHECK(owed().empty());
            // What is owed outlives the decision.
            one.complete("review_planning", "agree", EpisodeCase::reviewer());
            for (const char* element : {"review_civil", "review_fire"}) {
                one.complete(element, "agree", EpisodeCase::reviewer());
            }
            one.complete("decide", "grant", EpisodeCase::leader());
            one.complete("@owed_paper/2", "accept_paper", clerk);
            for (const auto& episode : one.episodes()) CHECK(episode.state == "ended");
            hands_in();
            CHECK_FALSE(one.open().contains("@owed_paper/1"));
        },
        allow);
}

}  // namespace kaigong::approval
