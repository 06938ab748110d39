// A timer on the edge of an activity. It starts when the activity opens; firing, it ends the activity, or leaves it
// open (cancelActivity="false"), and sends a token along its own flows. See FireTimer.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::bpmn::elements {
namespace {

bool is_iso8601(TimerRule::Kind kind, const std::string& text) {
    if (kind == TimerRule::Kind::date) return feel::parse_date_time(text, nullptr).has_value();
    return feel::parse_days_time(text) || feel::parse_years_months(text);
}

void read_rule(const XmlElement& xml, TimerRule::Kind kind, Element& element, Problems& problems) {
    TimerRule rule{kind, xml.text, nullptr};
    if (!is_iso8601(kind, xml.text)) {
        auto compiled = Expression::compile(xml.text);
        if (!compiled) {
            problems.refuse(element.id, xml.line, "bad_timer",
                            fmt::format("计时器既不是 ISO 8601 时间也不是 FEEL 表达式:{}", compiled.error().message),
                            "The timer is neither ISO 8601 text nor a FEEL expression that can be read.");
            return;
        }
        rule.literal.clear();
        rule.expression = std::move(*compiled);
    }
    element.timer = std::move(rule);
}

void read(const XmlElement& xml, Element& element, Problems& problems) {
    element.interrupting = xml.attribute("cancelActivity") != "false";
    const XmlElement* definition = xml.child("timerEventDefinition");
    if (definition == nullptr) return;
    const XmlElement* date = definition->child("timeDate");
    const XmlElement* duration = definition->child("timeDuration");
    if (definition->child("timeCycle") != nullptr) {
        problems.refuse(element.id, definition->line, "unsupported_timer", "暂不支持循环计时,请改用时刻或时长。",
                        "timeCycle is not supported yet; use timeDate or timeDuration.");
    } else if ((date == nullptr) == (duration == nullptr)) {
        problems.refuse(element.id, definition->line, "timer_missing",
                        "计时器须有且只有一个时刻(timeDate)或时长(timeDuration)。",
                        "The timer needs exactly one of timeDate and timeDuration.");
    } else if (date != nullptr) {
        read_rule(*date, TimerRule::Kind::date, element, problems);
    } else {
        read_rule(*duration, TimerRule::Kind::duration, element, problems);
    }
}

bool is_activity(Kind kind) {
    constexpr std::array kActivities{Kind::task,         Kind::manual_task,        Kind::user_task,
                                     Kind::service_task, Kind::business_rule_task, Kind::sub_process};
    return std::find(kActivities.begin(), kActivities.end(), kind) != kActivities.end();
}

void check(const Process& process, const Element& element, Problems& problems) {
    if (!element.incoming.empty() || element.outgoing.empty()) {
        problems.refuse(element.id, element.line, "boundary_flows", "边界事件须有流出的连线,且不能有流入的连线。",
                        "A boundary event needs outgoing sequence flows and can't have incoming ones.");
    }
    if (element.attached_to < 0) return;
    const Element& activity = process.element(element.attached_to);
    if (!is_activity(activity.kind) || activity.scope != element.scope) {
        problems.refuse(element.id, element.line, "boundary_not_on_activity", "边界事件须附在同一层的任务或子流程上。",
                        "A boundary event must be attached to an activity of the same level.");
    } else if (activity.kind == Kind::task || activity.kind == Kind::manual_task) {
        problems.warn(element.id, element.line, "timer_never_fires",
                      fmt::format("{} 不等待,立即通过,这个计时器不会触发。", activity.id),
                      fmt::format("{} is passed at once; this timer never fires.", activity.id));
    }
}

}  // namespace

const Handler kBoundaryTimer{Kind::boundary_timer, "boundaryEvent", "timerEventDefinition", read, check, leave};

}  // namespace kaigong::bpmn::elements
