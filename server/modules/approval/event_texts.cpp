#include "modules/approval/event_texts.hpp"

#include <algorithm>
#include <array>

namespace kaigong::approval {
namespace {

struct Row {
    std::string_view event;
    EventText text;
};

constexpr std::array kTexts{
    Row{"submit", {"申请已提交", "收到申请之日不计入，从下一个工作日起算。"}},
    Row{"request_correction", {"已一次性告知需要补正的内容", "补正所用时间不计入审批时限。"}},
    Row{"request_late_correction",
        {"审查中发现需要补正的内容", "收件时看不到的问题，经部门负责人同意后告知；补正所用时间不计入审批时限。"}},
    Row{"resubmit", {"补正材料已提交", "我们继续办理。"}},
    Row{"accept", {"已受理", "各部门开始并联审查。"}},
    Row{"accept_by_default",
        {"自收到申请之日起即为受理", "五个工作日内没有告知补正，依行政许可法第三十二条视为受理。"}},
    Row{"tell_no_permit_needed", {"告知无需办理许可", "依行政许可法第三十二条，不需要取得许可的即时告知。"}},
    Row{"refuse_acceptance", {"不予受理", "不属于本机关职权范围，已告知应向哪个机关申请。"}},
    Row{"all_items_concluded", {"各部门审查完毕", "进入复核和决定。"}},
    Row{"return_to_item", {"退回审查", "需要重新审查后再作决定。"}},
    Row{"decide_grant", {"准予许可", "接下来制作并送达施工许可证。"}},
    Row{"decide_refuse", {"不予许可", "理由和救济途径见决定书。"}},
    Row{"withdraw_application", {"申请人撤回申请", "本次申请到此结束，没有作出任何决定。"}},
    Row{"discontinue", {"终止办理", "可以随时重新申请。"}},
};

}  // namespace

EventText text_of_event(std::string_view event) {
    const auto found = std::ranges::find(kTexts, event, &Row::event);
    return found == kTexts.end() ? EventText{event, ""} : found->text;
}

}  // namespace kaigong::approval
