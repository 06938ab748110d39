// 批注: how a mark stands, where it goes when papers are replaced, and what the applicant is told of it.
#include "modules/approval/paper_mark_rules.hpp"

#include <doctest/doctest.h>

namespace kaigong::approval {
namespace {

using documents::Document;

Document paper(const std::string& id, int round, std::optional<int> pages, const std::string& name = "总平面图.pdf",
               bool superseded = false) {
    Document one;
    one.document_id = {id};
    one.material_code = "M-10";
    one.file_name = name;
    one.media_type = "application/pdf";
    one.pages = pages;
    one.round = round;
    one.superseded = superseded;
    return one;
}

Mark mark_on(const std::string& document_id, std::int64_t page = 3) {
    Mark mark;
    mark.row.document_id = document_id;
    mark.row.material_code = "M-10";
    mark.row.round = 1;
    mark.row.page = page;
    mark.row.kind = kMarkPoint;
    mark.row.marked_at_ms = 10;
    return mark;
}

void add(Mark& mark, std::string_view act, std::int64_t at_ms, const std::string& document_id = "") {
    mark.acts.push_back({"", mark.version(), "", std::string(act), "", "", "…", document_id, at_ms});
}

std::string refusal(const Result<void>& done) {
    return done ? "" : done.error().reason;
}

std::string refusal(const Mark& mark, const std::vector<Document>& papers) {
    return refusal(may_be_marked(mark.row, papers));
}

}  // namespace

TEST_CASE("a mark is open until it is answered, answered until it is accepted, and open again when reopened") {
    auto mark = mark_on("a");
    CHECK(state_of(mark.acts) == kMarkOpen);
    CHECK(refusal(may_follow(mark, kReopenAct, "再看")) == "approval.mark_open_already");
    CHECK(refusal(may_follow(mark, kAcceptAct, "")) == "");
    CHECK(refusal(may_follow(mark, kAnswerAct, "")) == "approval.mark_words_missing");
    add(mark, kAnswerAct, 20);
    CHECK(state_of(mark.acts) == kMarkAnswered);
    CHECK(refusal(may_follow(mark, kAnswerAct, "还有")) == "");
    CHECK(refusal(may_follow(mark, kReopenAct, "")) == "approval.mark_words_missing");
    add(mark, kAcceptAct, 30);
    CHECK(state_of(mark.acts) == kMarkAccepted);
    CHECK(refusal(may_follow(mark, kAcceptAct, "")) == "approval.mark_accepted_already");
    CHECK(refusal(may_follow(mark, kAnswerAct, "还有")) == "approval.mark_not_open");
    add(mark, kReopenAct, 40);
    CHECK(state_of(mark.acts) == kMarkOpen);
    CHECK(mark.version() == 4);
    while (mark.acts.size() < kMarkActsMax) add(mark, kAnswerAct, 50);
    CHECK(refusal(may_follow(mark, kAcceptAct, "")) == "approval.too_many_mark_acts");
}

TEST_CASE("a mark that is not accepted goes on to the paper that replaces its own, and to the next one") {
    const std::vector<Document> papers{paper("c", 3, 2), paper("a", 1, 5, "总平面图.pdf", true),
                                       paper("b", 2, 5, "总平面图.pdf", true), paper("other", 0, 5)};
    auto mark = mark_on("a");
    const std::vector<MarkPlace> everywhere{{"a", 3}, {"b", 3}, {"c", 2}};
    CHECK(places_of(mark, papers) == everywhere);
    add(mark, kAnswerAct, 20, "a");
    CHECK(places_of(mark, papers) == everywhere);
    SUBCASE("accepted on the second paper it stays there") {
        add(mark, kAcceptAct, 30, "b");
        CHECK(places_of(mark, papers) == std::vector<MarkPlace>{{"a", 3}, {"b", 3}});
        SUBCASE("and reopened it goes on") {
            add(mark, kReopenAct, 40, "b");
            CHECK(places_of(mark, papers) == everywhere);
        }
    }
    SUBCASE("accepted on the first paper it goes nowhere") {
        add(mark, kAcceptAct, 30, "a");
        CHECK(places_of(mark, papers) == std::vector<MarkPlace>{{"a", 3}});
    }
}

TEST_CASE("of several new papers the one of the same name takes the mark, else the one in the same place") {
    const std::vector<Document> before{paper("a1", 1, 5, "一层.pdf", true), paper("a2", 1, 5, "二层.pdf", true)};
    const auto lands_on = [&](const char* from, std::vector<Document> after) {
        std::ranges::copy(before, std::back_inserter(after));
        return places_of(mark_on(from), after).back().document_id;
    };
    CHECK(lands_on("a2", {paper("b1", 2, 5, "二层.pdf"), paper("b2", 2, 5, "一层.pdf")}) == "b1");
    CHECK(lands_on("a2", {paper("b1", 2, 5, "甲.pdf"), paper("b2", 2, 5, "乙.pdf")}) == "b2");
    CHECK(lands_on("a2", {paper("b1", 2, 5, "合订.pdf")}) == "b1");
    CHECK(lands_on("a1", {paper("b1", 2, 5, "甲.pdf"), paper("b2", 2, 5, "乙.pdf")}) == "b1");
}

TEST_CASE("a mark goes nowhere when no paper of its material came, or its paper belongs to none") {
    auto foreign = paper("b", 2, 5);
    foreign.material_code = "M-11";
    const std::vector<Document> papers{foreign, paper("a", 1, 5)};
    CHECK(places_of(mark_on("a"), papers).size() == 1);
    auto loose = mark_on("a");
    loose.row.material_code = "";
    CHECK(places_of(loose, {paper("b", 2, 5), paper("a", 1, 5)}).size() == 1);
    CHECK(places_of(mark_on("gone"), papers) == std::vector<MarkPlace>{{"gone", 3}});
}

TEST_CASE("a picture has one page, and a paper whose pages nobody counted keeps the page") {
    auto picture = paper("b", 2, std::nullopt);
    picture.media_type = "image/png";
    CHECK(places_of(mark_on("a"), {picture, paper("a", 1, 5)}).back().page == 1);
    CHECK(places_of(mark_on("a"), {paper("b", 2, std::nullopt), paper("a", 1, 5)}).back().page == 3);
}

TEST_CASE("the applicant is told of a mark by a letter, and not of one that was accepted before") {
    auto mark = mark_on("a");
    CHECK_FALSE(as_told(mark, {}));
    CHECK_FALSE(as_told(mark, {9}));
    CHECK(as_told(mark, {10}));
    CHECK(as_told(mark, {9, 11}));
    add(mark, kAcceptAct, 20);
    CHECK_FALSE(as_told(mark, {20}));
    CHECK(as_told(mark, {15}));
}

TEST_CASE("between two letters the applicant reads nothing new of the officers, but his own answers") {
    auto mark = mark_on("a");
    add(mark, kAnswerAct, 30);
    add(mark, kAcceptAct, 40);
    add(mark, kReopenAct, 50);
    const auto told = as_told(mark, {20});
    REQUIRE(told);
    CHECK(told->acts.size() == 1);
    CHECK(state_of(told->acts) == kMarkAnswered);
    const auto told_again = as_told(mark, {20, 60});
    CHECK(told_again->acts.size() == 3);
    CHECK(state_of(told_again->acts) == kMarkOpen);
}

TEST_CASE("only a filed paper in force that pages show is marked, on a page that it has") {
    auto mark = mark_on("a");
    CHECK(refusal(mark, {}) == "approval.mark_paper_unknown");
    CHECK(refusal(mark, {paper("a", 0, 5)}) == "approval.mark_paper_unknown");
    CHECK(refusal(mark, {paper("a", 1, 5, "a.pdf", true)}) == "approval.mark_paper_replaced");
    auto drawing = paper("a", 1, 5);
    drawing.media_type = "application/ofd";
    CHECK(refusal(mark, {drawing}) == "approval.mark_not_shown");
    CHECK(refusal(mark, {paper("a", 1, 2)}) == "approval.mark_place_wrong");
    CHECK(refusal(mark, {paper("a", 1, std::nullopt)}) == "");
    CHECK(refusal(mark, {paper("a", 1, 3)}) == "");
}

TEST_CASE("a rectangle has a size inside its page, a point and a text have none") {
    const std::vector<Document> papers{paper("a", 1, 5)};
    auto mark = mark_on("a");
    mark.row.kind = kMarkRectangle;
    CHECK(refusal(mark, papers) == "approval.mark_place_wrong");
    mark.row.width_ppm = 200'000;
    CHECK(refusal(mark, papers) == "approval.mark_place_wrong");
    mark.row.height_ppm = 100'000;
    CHECK(refusal(mark, papers) == "");
    mark.row.left_ppm = 800'001;
    CHECK(refusal(mark, papers) == "approval.mark_place_wrong");
    mark.row.left_ppm = 800'000;
    mark.row.top_ppm = 900'000;
    CHECK(refusal(mark, papers) == "");
    mark.row.kind = kMarkText;
    CHECK(refusal(mark, papers) == "approval.mark_place_wrong");
}

}  // namespace kaigong::approval
