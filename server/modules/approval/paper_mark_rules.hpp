// 批注: how a mark stands, where on which paper it is seen, and what of it the applicant has been told. No SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/store_paper_marks.hpp"
#include "modules/documents/documents.hpp"

namespace kaigong::approval {

inline constexpr std::string_view kMarkPoint = "point";
inline constexpr std::string_view kMarkRectangle = "rectangle";
inline constexpr std::string_view kMarkText = "text";

inline constexpr std::string_view kMarkOpen = "open";
inline constexpr std::string_view kMarkAnswered = "answered";
inline constexpr std::string_view kMarkAccepted = "accepted";

inline constexpr std::string_view kAnswerAct = "answer";
inline constexpr std::string_view kAcceptAct = "accept";
inline constexpr std::string_view kReopenAct = "reopen";

/// A whole page's width, or height.
inline constexpr std::int64_t kPagePpm = 1'000'000;
inline constexpr std::int64_t kMarksMax = 300;
inline constexpr std::size_t kMarkActsMax = 50;
inline constexpr std::size_t kMarkWordsMax = 500;

struct Mark {
    store::MarkRow row;
    std::vector<store::MarkActRow> acts;

    /// For acts of a page that somebody else was faster than.
    std::int64_t version() const { return static_cast<std::int64_t>(acts.size()) + 1; }
};

/// Each mark with its own acts.
std::vector<Mark> with_acts(std::vector<store::MarkRow> marks, std::vector<store::MarkActRow> acts);

std::string_view state_of(const std::vector<store::MarkActRow>& acts);

/// Fails with approval.mark_not_open, approval.mark_accepted_already, approval.mark_open_already,
/// approval.mark_words_missing, approval.too_many_mark_acts.
Result<void> may_follow(const Mark& mark, std::string_view act, std::string_view words);

/// A paper that the mark is seen on.
struct MarkPlace {
    std::string document_id;
    std::int64_t page = 1;

    bool operator==(const MarkPlace&) const = default;
};

/// The paper that was marked first. A mark that is not accepted goes on to the papers that replaced it, on the same
/// page or else the last one; an accepted one stays where it was accepted. Never empty.
std::vector<MarkPlace> places_of(const Mark& mark, const std::vector<documents::Document>& papers);

/// As the applicant reads it: what letters told him, and his own answers. Nothing where no letter told him of it.
std::optional<Mark> as_told(const Mark& mark, const std::vector<std::int64_t>& told_at_ms);

/// A filed paper in force that pages show, and a place on it. Fails with approval.mark_paper_unknown,
/// approval.mark_paper_replaced, approval.mark_not_shown, approval.mark_place_wrong.
Result<void> may_be_marked(const store::MarkRow& mark, const std::vector<documents::Document>& papers);

}  // namespace kaigong::approval
