#include "modules/approval/paper_mark_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace kaigong::approval {
namespace {

using documents::Document;

Error wrong_place(const char* field, std::string message) {
    return invalid_field(field, "approval.mark_place_wrong", std::move(message));
}

const Document* find_paper(const std::vector<Document>& papers, const std::string& document_id) {
    const auto found =
        std::ranges::find_if(papers, [&](const auto& one) { return one.document_id.text == document_id; });
    return found == papers.end() ? nullptr : &*found;
}

bool is_picture(const Document& paper) {
    return paper.media_type == "image/jpeg" || paper.media_type == "image/png";
}

std::int64_t last_page(const Document& paper) {
    return is_picture(paper) ? 1 : paper.pages.value_or(0);
}

/// Papers of one material as each filing brought them, in the order of upload.
std::map<int, std::vector<const Document*>> rounds_of(const std::vector<Document>& papers,
                                                      const std::string& material_code) {
    std::map<int, std::vector<const Document*>> rounds;
    for (const auto& paper : papers) {
        if (paper.round > 0 && paper.material_code == material_code) rounds[paper.round].push_back(&paper);
    }
    return rounds;
}

/// Of several papers the one of the same name stands for it, else the one in the same place, else the last.
const Document* successor(const Document& before, std::size_t position, const std::vector<const Document*>& next) {
    const auto named = std::ranges::find(next, before.file_name, &Document::file_name);
    return named != next.end() ? *named : next[std::min(position, next.size() - 1)];
}

std::int64_t page_on(const Document& paper, std::int64_t page) {
    const auto last = last_page(paper);
    return last > 0 ? std::min(page, last) : page;
}

/// Where its last acceptance found it; empty while it is not accepted.
std::string accepted_on(const Mark& mark) {
    return state_of(mark.acts) == kMarkAccepted ? mark.acts.back().document_id : "";
}

Result<void> must_lie_on_page(const store::MarkRow& mark, const Document& paper) {
    const auto last = last_page(paper);
    if (mark.page < 1 || (last > 0 && mark.page > last)) {
        return wrong_place("page", fmt::format("这份材料共 {} 页，请选择其中一页。", std::max<std::int64_t>(last, 1)));
    }
    const bool has_size = mark.width_ppm > 0 && mark.height_ppm > 0;
    const bool has_none = mark.width_ppm == 0 && mark.height_ppm == 0;
    if (mark.kind == kMarkRectangle ? !has_size : !has_none) {
        return wrong_place("width_ppm", "框选要有宽和高，指点和文字不用。请重新选一处。");
    }
    if (mark.left_ppm + mark.width_ppm > kPagePpm || mark.top_ppm + mark.height_ppm > kPagePpm) {
        return wrong_place("left_ppm", "批注超出了页面，请在页面以内重新选一处。");
    }
    return {};
}

}  // namespace

std::vector<Mark> with_acts(std::vector<store::MarkRow> marks, std::vector<store::MarkActRow> acts) {
    std::map<std::string, std::vector<store::MarkActRow>> by_mark;
    for (auto& act : acts) by_mark[act.mark_id].push_back(std::move(act));
    std::vector<Mark> list;
    list.reserve(marks.size());
    for (auto& row : marks) {
        auto own = std::move(by_mark[row.mark_id]);
        list.push_back({std::move(row), std::move(own)});
    }
    return list;
}

std::string_view state_of(const std::vector<store::MarkActRow>& acts) {
    if (acts.empty() || acts.back().act == kReopenAct) return kMarkOpen;
    return acts.back().act == kAcceptAct ? kMarkAccepted : kMarkAnswered;
}

Result<void> may_follow(const Mark& mark, std::string_view act, std::string_view words) {
    const auto state = state_of(mark.acts);
    if (act == kAnswerAct && state == kMarkAccepted) {
        return error(Errc::conflict, "approval.mark_not_open", "这条批注已经认可，不用再回复。");
    }
    if (act == kAcceptAct && state == kMarkAccepted) {
        return error(Errc::conflict, "approval.mark_accepted_already", "这条批注已经认可过了。");
    }
    if (act == kReopenAct && state == kMarkOpen) {
        return error(Errc::conflict, "approval.mark_open_already", "这条批注还没有认可，不用重新打开。");
    }
    if (act != kAcceptAct && words.empty()) {
        return invalid_field("words", "approval.mark_words_missing", "请写明内容。");
    }
    if (mark.acts.size() >= kMarkActsMax) {
        return error(Errc::conflict, "approval.too_many_mark_acts",
                     fmt::format("一条批注最多往来 {} 次，请另作一条批注。", kMarkActsMax));
    }
    return {};
}

std::vector<MarkPlace> places_of(const Mark& mark, const std::vector<Document>& papers) {
    std::vector<MarkPlace> places{{mark.row.document_id, mark.row.page}};
    const auto* paper = find_paper(papers, mark.row.document_id);
    if (paper == nullptr || mark.row.material_code.empty()) return places;
    const auto stop = accepted_on(mark);
    const auto rounds = rounds_of(papers, mark.row.material_code);
    for (auto next = rounds.upper_bound(paper->round); next != rounds.end(); ++next) {
        if (places.back().document_id == stop) break;
        const auto& beside = rounds.at(paper->round);
        const auto position = static_cast<std::size_t>(std::ranges::find(beside, paper) - beside.begin());
        paper = successor(*paper, position, next->second);
        places.push_back({paper->document_id.text, page_on(*paper, mark.row.page)});
    }
    return places;
}

std::optional<Mark> as_told(const Mark& mark, const std::vector<std::int64_t>& told_at_ms) {
    const auto known_at = [&](std::int64_t at_ms) {
        std::vector<store::MarkActRow> acts;
        std::ranges::copy_if(mark.acts, std::back_inserter(acts),
                             [&](const auto& act) { return act.act == kAnswerAct || act.at_ms <= at_ms; });
        return acts;
    };
    const auto told = [&](std::int64_t at_ms) {
        std::vector<store::MarkActRow> acts;
        std::ranges::copy_if(mark.acts, std::back_inserter(acts), [&](const auto& act) { return act.at_ms <= at_ms; });
        return mark.row.marked_at_ms <= at_ms && state_of(acts) != kMarkAccepted;
    };
    if (std::ranges::none_of(told_at_ms, told)) return std::nullopt;
    return Mark{mark.row, known_at(std::ranges::max(told_at_ms))};
}

Result<void> may_be_marked(const store::MarkRow& mark, const std::vector<Document>& papers) {
    const auto* paper = find_paper(papers, mark.document_id);
    if (paper == nullptr || paper->round == 0) {
        return invalid_field("document_id", "approval.mark_paper_unknown", "没有找到这份材料，请刷新页面后重新选择。");
    }
    if (paper->superseded) {
        return error(Errc::conflict, "approval.mark_paper_replaced", "这份材料已经换成新的文件，请在新文件上批注。");
    }
    if (!is_picture(*paper) && paper->media_type != "application/pdf") {
        return invalid_field("document_id", "approval.mark_not_shown",
                             "只能在 PDF、JPG 和 PNG 上批注。其他格式请在意见或补正要求中写明。");
    }
    return must_lie_on_page(mark, *paper);
}

}  // namespace kaigong::approval
