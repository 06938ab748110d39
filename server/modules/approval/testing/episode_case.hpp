// A case of three departments' items (testing/episodes.bpmn), where fire waits for planning, and what one does with it.
#pragma once

#include <boost/json.hpp>

#include <set>

#include "modules/approval/clock_projection.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/episodes.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval::testing {

using authz::Role;

/// `patch` may change matter.json.
inline ProcessFiles episode_files(const std::function<void(boost::json::object&)>& patch = {}) {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / kMatter / "matter.json").rdbuf();
    auto matter = boost::json::parse(text.str()).as_object();
    const auto item = [](const char* code, const char* name, int days) {
        return boost::json::object{{"item", code},
                                   {"name", name},
                                   {"department", "housing"},
                                   {"department_name", name},
                                   {"legal_basis", "办法 4"},
                                   {"required_when", "true"},
                                   {"working_days", days}};
    };
    matter["items"] =
        boost::json::array{item("planning", "规划核验", 2), item("fire", "消防审查", 3), item("civil", "人防审核", 4)};
    matter["items"].as_array()[1].as_object()["prerequisites"] = boost::json::array{"planning"};
    matter["statutory_working_days"] = 7;
    if (patch) patch(matter);
    return {{"issue.bpmn", test_file("episodes.bpmn")}, {"matter.json", boost::json::serialize(matter)}};
}

/// The one material of the matter.
inline constexpr const char* kPaper = "N-01";

/// materials.json in which it may be promised (告知承诺): the first item checks it within three working days.
inline constexpr const char* kMaterialToPromise =
    R"([{"material_code": "N-01", "name": "连续施工工艺说明", "required_when": "true",
    "proves": [], "register": null, "may_commit": true, "generated": false, "formats": ["pdf"], "pages_max": 10,
    "legal_basis": "噪声污染防治法 43", "seal_required": true, "commitment": {"item": "planning",
    "conditions": ["工艺必须连续施工。"], "replaces": "工艺说明。", "check": "现场查看。",
    "check_within_working_days": 3, "consequence": "撤销许可。"}}])";

/// A round of an application in which it is promised, or a file.
inline applications::Submission filed_round(const std::string& id, int round, bool promised) {
    applications::Submission submission;
    submission.application_id = applications::ApplicationId{id};
    submission.round = round;
    submission.materials.push_back(boost::json::object{{"material_code", kPaper},
                                                       {"name", "说明"},
                                                       {"required", true},
                                                       {"proved_by", promised ? "commitment" : "file"},
                                                       {"committed", promised}});
    return submission;
}

class EpisodeCase {
  public:
    explicit EpisodeCase(Office& office, bool accepted = true) : office_(office), id_(office.open_case()) {
        if (accepted) complete("accept", "accept", officer(Role::acceptance_officer, 7));
    }

    /// The same case, seen by another program.
    EpisodeCase(Office& office, std::string id) : office_(office), id_(std::move(id)) {}

    static operations::Officer officer(Role role, int number) { return Office::officer(role, number); }
    static operations::Officer reviewer() { return officer(Role::reviewer, 2); }
    static operations::Officer head() { return officer(Role::section_head, 5); }
    static operations::Officer leader() { return officer(Role::deciding_leader, 8); }

    operations::OnItem on(const std::string& item) const { return {id_, item, office_.clock.now_ms()}; }
    operations::OnCase on() const { return {id_, office_.clock.now_ms()}; }
    const std::string& id() const { return id_; }

    store::TaskRow task(const std::string& element) const {
        for (const auto& one : office_.read(&store::tasks_of, id_)) {
            if (one.state == "open" && one.element_id == element) return one;
        }
        FAIL("not open: " << element);
        return {};
    }
    std::set<std::string> open() const {
        std::set<std::string> elements;
        for (const auto& one : office_.read(&store::tasks_of, id_)) {
            if (one.state == "open") elements.insert(one.element_id);
        }
        return elements;
    }
    std::string item_state(const std::string& item) const {
        for (const auto& one : office_.read(&store::items_of, id_)) {
            if (one.item == item) return one.state;
        }
        return "";
    }
    Result<void> try_complete(const std::string& element, const std::string& outcome, const operations::Officer& who) {
        const auto its = task(element);
        return office_.database.transact(
            [&](db::Session& session) { return office_.complete(session, id_, its, who, outcome); });
    }
    void complete(const std::string& element, const std::string& outcome, const operations::Officer& who) {
        Office::must(try_complete(element, outcome, who));
    }
    void claim(const std::string& element, const operations::Officer& who) {
        const auto its = task(element);
        office_.act([&](db::Session& session) { return office_.claim(session, id_, its, who); });
    }
    /// One of operations/episodes.hpp.
    template <class Operation, class On, class... Arguments>
    Result<void> does(Operation operation, const operations::Officer& who, const On& about,
                      const Arguments&... arguments) {
        return office_.database.transact([&](db::Session& session) {
            return operation(session, *office_.around, office_.permissions, who, about, arguments...);
        });
    }
    clock::Reading statutory() const {
        const auto matter = office_.catalog->load_matter(kMatter).value();
        return read_statutory(*matter, office_.read(&store::clock_of, id_), office_.catalog->calendar()->days,
                              office_.clock.now_ms());
    }
    clock::Reading of_item(const std::string& item, int working_days) const {
        return read_item_clock(working_days, office_.read(&store::item_clocks_of, id_)[item],
                               office_.catalog->calendar()->days, office_.clock.now_ms())
            .value();
    }
    std::vector<store::EpisodeRow> episodes() const { return office_.read(&store::episodes_of, id_); }
    /// Kinds of the letters that are due, in their order.
    std::vector<std::string> letters() const {
        std::vector<std::string> kinds;
        for (const auto& payload : office_.read(
                 [](db::Session& session, const std::string& id) {
                     return session.rows<std::string>(
                         "SELECT payload FROM events WHERE aggregate_id = ? AND event_type = 'LetterDue' ORDER BY "
                         "sequence LIMIT 100",
                         id);
                 },
                 id_)) {
            kinds.emplace_back(boost::json::parse(payload).at("letter_kind").as_string());
        }
        return kinds;
    }
    void next_morning(int days = 1) { office_.clock.set(office_.clock.now_ms() + days * 86'400'000LL); }

  private:
    Office& office_;
    std::string id_;
};

}  // namespace kaigong::approval::testing
