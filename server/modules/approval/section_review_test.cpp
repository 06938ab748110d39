// 分节审签: what stands, what has to be looked at again, and that only what was returned is done again. Both databases.
#include "modules/approval/section_review.hpp"

#include "modules/approval/operations/sections.hpp"
#include "modules/approval/testing/episode_case.hpp"

namespace kaigong::approval {
namespace {

using operations::SectionVerdict;
using testing::EpisodeCase;
using testing::Office;
using testing::reason_of;

/// A case before its decision, and the leader who reads the report.
class Report {
  public:
    explicit Report(Office& office) : office_(office), one(office) {
        for (const auto* item : {"planning", "fire", "civil"}) conclude(item);
        one.claim("decide", EpisodeCase::leader());
    }

    void conclude(const std::string& item, const char* outcome = "agree") {
        office_.clock.set(office_.clock.now_ms() + 1'000);
        one.complete("review_" + item, outcome, EpisodeCase::reviewer());
    }
    std::vector<store::SectionReviewRow> rows() const { return office_.read(&store::section_reviews_of, one.id()); }
    std::vector<Section> sections() const {
        return sections_of(office_.read(&store::items_of, one.id()), office_.read(&store::tasks_of, one.id()));
    }
    Section section(const std::string& name) const {
        const auto all = sections();
        return *std::ranges::find(all, name, &Section::section);
    }
    std::string version_of(const std::string& name) const {
        const auto reviews = rows();
        return SectionReviews(reviews, "decide").version_of(section(name));
    }
    std::string say(const std::string& name, std::string_view verdict, const std::string& words = "照此办理",
                    const operations::Officer& who = EpisodeCase::leader(), std::string version = "") {
        if (version.empty()) version = version_of(name);
        const SectionVerdict said{name, std::string(verdict), version, words, words};
        const auto on = office_.on(one.id(), one.task("decide"));
        return reason_of(one.does(operations::review_section, who, on, said));
    }
    void accept(const std::vector<std::string>& names) {
        for (const auto& name : names) CHECK(say(name, kSectionAccepted) == "");
    }
    std::string send_back() {
        const auto on = office_.on(one.id(), one.task("decide"));
        return reason_of(one.does(operations::return_sections, EpisodeCase::leader(), on));
    }
    std::string decide() { return reason_of(one.try_complete("decide", "grant", EpisodeCase::leader())); }
    /// Those that the leader has to look at.
    std::set<std::string> open() const {
        const auto reviews = rows();
        std::set<std::string> names;
        for (const auto& section : sections()) {
            if (SectionReviews(reviews, "decide").standing(section) == nullptr) names.insert(section.section);
        }
        return names;
    }

  private:
    Office& office_;

  public:
    EpisodeCase one;
};

void on_each_report(const std::function<void(Office&, Report&)>& body) {
    testing::on_each(
        [&](Office& office) {
            Report report(office);
            body(office, report);
        },
        testing::episode_files());
}

}  // namespace

TEST_CASE("a decision without a look at a single section counts for all, and says so in the record") {
    on_each_report([](Office&, Report& report) {
        CHECK(report.decide() == "");
        const auto rows = report.rows();
        REQUIRE(rows.size() == 4);
        for (const auto& row : rows) CHECK(row.verdict == kSectionRead);
        CHECK(report.open().empty());
    });
}

TEST_CASE("once a section was opened, the decision waits until each was looked at") {
    on_each_report([](Office&, Report& report) {
        report.accept({"planning"});
        CHECK(report.decide() == "approval.sections_unreviewed");
        report.accept({"fire", "civil"});
        CHECK(report.decide() == "approval.sections_unreviewed");
        report.accept({std::string(kWindowSection)});
        CHECK(report.decide() == "");
        CHECK(report.rows().size() == 4);
    });
}

TEST_CASE("what a leader returns is done again, alone, and only that has to be looked at again") {
    on_each_report([](Office& office, Report& report) {
        report.accept({"planning", "civil", std::string(kWindowSection)});
        CHECK(report.say("fire", kSectionReturned, "疏散距离请复核") == "");
        CHECK(report.decide() == "approval.section_returned");
        CHECK(report.send_back() == "");
        CHECK(report.one.open() == std::set<std::string>{"review_fire"});
        CHECK(report.one.item_state("fire") == "in_review");
        CHECK(report.one.item_state("planning") == "agreed");
        CHECK(office.procedure(report.one.id()).state == "accepted");
        CHECK(office.read(&store::returns_of, report.one.id())[0].reason == "疏散距离请复核");
        CHECK(office.count(report.one.id(), "approval.return_sections") == 1);
        report.conclude("fire");
        CHECK(report.one.open() == std::set<std::string>{"decide"});
        CHECK(report.open() == std::set<std::string>{"fire"});
        CHECK(report.decide() == "approval.sections_unreviewed");
        report.one.claim("decide", EpisodeCase::leader());
        report.accept({"fire"});
        CHECK(report.decide() == "");
    });
}

TEST_CASE("two sections go back at once, each with its own reason, and the decision waits for both") {
    on_each_report([](Office& office, Report& report) {
        CHECK(report.say("fire", kSectionReturned, "距离") == "");
        CHECK(report.say("civil", kSectionReturned, "面积") == "");
        CHECK(report.send_back() == "");
        CHECK(report.one.open() == std::set<std::string>{"review_fire", "review_civil"});
        std::set<std::string> reasons;
        for (const auto& row : office.read(&store::returns_of, report.one.id())) reasons.insert(row.reason);
        CHECK(reasons == std::set<std::string>{"距离", "面积"});
        report.conclude("fire");
        CHECK(report.one.open() == std::set<std::string>{"review_civil"});
        report.conclude("civil");
        CHECK(report.one.open() == std::set<std::string>{"decide"});
    });
}

TEST_CASE("a section is done again in the same instant with the same words: it is looked at again all the same") {
    on_each_report([](Office& office, Report& report) {
        report.accept({"planning", "civil", std::string(kWindowSection)});
        CHECK(report.say("fire", kSectionReturned) == "");
        CHECK(report.send_back() == "");
        report.one.complete("review_fire", "agree", EpisodeCase::reviewer());
        CHECK(report.open() == std::set<std::string>{"fire"});
        CHECK(office.count(report.one.id(), "approval.review_section") == 4);
    });
}

TEST_CASE("what was seen before it changed, or by who does not hold the decision, is refused and leaves no trace") {
    on_each_report([](Office&, Report& report) {
        const auto seen = report.version_of("fire");
        CHECK(report.say("fire", kSectionAccepted) == "");
        CHECK(report.say("fire", kSectionEdited, "改", EpisodeCase::leader(), seen) == "approval.section_changed");
        CHECK(report.say("fire", kSectionAccepted, "", EpisodeCase::officer(testing::Role::deciding_leader, 9)) ==
              "approval.task_held_by_other");
        CHECK(report.say("fire", kSectionAccepted, "", EpisodeCase::head()) == "approval.not_your_task");
        CHECK(report.say("fire", kSectionEdited, "") == "approval.wording_missing");
        CHECK(report.say("fire", kSectionReturned, "") == "approval.reason_missing");
        CHECK(report.say(std::string(kWindowSection), kSectionReturned) == "approval.section_not_returnable");
        CHECK(report.send_back() == "approval.no_section_returned");
        CHECK(report.rows().size() == 1);
    });
}

TEST_CASE("the leader's words count while the department's conclusion is the one that he changed") {
    on_each_report([](Office&, Report& report) {
        CHECK(report.say("fire", kSectionEdited, "改后的意见") == "");
        auto rows = report.rows();
        const auto* edit = edit_of(rows, report.section("fire"));
        REQUIRE(edit != nullptr);
        CHECK(edit->wording == "改后的意见");
        CHECK(edit->original == "意见");
        CHECK(edit_of(rows, report.section("civil")) == nullptr);
        CHECK(report.say("fire", kSectionReturned, "重做") == "");
        rows = report.rows();
        CHECK(edit_of(rows, report.section("fire")) == nullptr);
    });
}

TEST_CASE("a summing-up that says so is done section by section, a vote of several never") {
    auto text = testing::test_file("episodes.bpmn");
    const std::string plain = R"(kind="accept" department)";
    text.replace(text.find(plain), plain.size(), R"(kind="accept" sections="items" department)");
    const auto process = bpmn::parse(text, "", {}).value();
    CHECK(has_sections(process, "decide"));
    CHECK(has_sections(process, "accept"));
    CHECK(!has_sections(process, "review_fire"));
    CHECK(!has_sections(process, "nowhere"));
}

}  // namespace kaigong::approval
