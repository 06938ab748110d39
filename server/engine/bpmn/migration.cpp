#include "engine/bpmn/migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "engine/bpmn/behaviors/placing.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

class Migration {
  public:
    Migration(const Definition& target, const State& state, const Migrate& command)
        : target_(target), state_(state), command_(command) {}

    Result<InstanceMigrated> judge() {
        if (state_.status != Status::running) refuse("", "流程没有在办理中");
        check_names();
        for (const auto& [key, token] : state_.tokens) check_token(token);
        for (const auto& [key, timer] : state_.timers) check_timer(timer);
        for (const auto& [key, subscription] : state_.subscriptions) check_subscription(subscription);
        for (const auto& [key, record] : state_.compensable) check_record(record);
        for (const auto& [key, detour] : state_.detours) check_detour(state_.tokens.at(key), detour);
        if (!refused_.fields.empty()) return refused_;
        return InstanceMigrated{target_.process_id(), command_.elements, flows_};
    }

  private:
    const Element* new_element(const std::string& old_id) const {
        const auto* named = command_.elements.if_contains(old_id);
        return target_.find(named != nullptr && named->is_string() ? std::string(named->get_string()) : old_id);
    }

    void refuse(const std::string& element, const std::string& why) {
        refused_.fields.push_back({element, "bpmn.not_migratable", why});
    }

    void check_names() {
        for (const auto& [from, to] : command_.elements) {
            if (!to.is_string() || target_.find(to.get_string()) == nullptr) {
                refuse(from, fmt::format("新流程里没有 {}", json::serialize(to)));
            }
        }
    }

    void check_token(const Token& token) {
        const Element* element = new_element(token.element);
        if (element == nullptr) return refuse(token.element, "新流程里没有这一步，请指明对应的步骤");
        if (!fits(token, *element)) refuse(token.element, fmt::format("与新流程里的 {} 不是同一类步骤", element->id));
        if (!stands_in_scope(token, *element)) refuse(token.element, "新流程里这一步在另一层，不能直接迁移");
        if (token.phase == Phase::joining || token.phase == Phase::arrived) check_flow(token, *element);
    }

    /// What a token does has to make sense where it goes.
    static bool fits(const Token& token, const Element& element) {
        switch (token.phase) {
            case Phase::task: return element.kind == Kind::user_task;
            case Phase::job: return !element.job_type.empty();
            case Phase::joining:
                return element.kind == Kind::parallel_gateway || element.kind == Kind::inclusive_gateway;
            case Phase::inside: return !element.starts.empty() || element.repetition || is_inside_event(element);
            default: return true;
        }
    }

    static bool is_inside_event(const Element& element) {
        return element.kind == Kind::call_activity || element.trigger == Trigger::compensation ||
               element.trigger == Trigger::cancel;
    }

    bool stands_in_scope(const Token& token, const Element& element) const {
        const Element& around = target_.element(element.scope);
        if (token.scope == 0) return around.id == target_.root().id;
        const Token& outer = state_.tokens.at(token.scope);
        const Element* scope = new_element(outer.element);
        if (scope == nullptr) return true;  // said already of the scope itself
        return scope->id == around.id || scope->id == element.id || around.kind == Kind::process ||
               is_inside_event(*scope);
    }

    /// A join counts by flows: a token goes on over the flow of the same id, else over the only one that is there.
    void check_flow(const Token& token, const Element& element) {
        if (token.flow.empty()) return;
        const auto arrives_by = [&](int index) { return target_.flow(index).id == token.flow; };
        if (std::ranges::any_of(element.incoming, arrives_by)) return;
        if (element.incoming.size() == 1) {
            flows_[token.flow] = target_.flow(element.incoming.front()).id;
        } else {
            refuse(token.element, fmt::format("新流程里没有连线 {} 通到这一步", token.flow));
        }
    }

    void check_timer(const Timer& timer) {
        const Element* event = new_element(timer.element);
        if (event == nullptr || event->trigger != Trigger::timer) {
            refuse(timer.element, "正在走的计时在新流程里没有对应的计时事件");
        }
    }

    void check_subscription(const Subscription& subscription) {
        const Element* event = new_element(subscription.element);
        const bool waits = event != nullptr && (receives_message(*event) || event->trigger == Trigger::signal ||
                                                event->trigger == Trigger::conditional);
        if (!waits) refuse(subscription.element, "正在等的消息或信号在新流程里没有对应的事件");
    }

    void check_record(const Compensable& record) {
        const Element* element = new_element(record.element);
        if (element == nullptr || element->compensation_handler < 0) {
            refuse(record.element, "已办结、可补偿的步骤在新流程里没有对应的补偿");
        }
    }

    /// Where the case goes straight back to has to be there, too.
    void check_detour(const Token& token, const Detour& detour) {
        const Element* element = new_element(token.element);
        if (element == nullptr) return;  // said already of the token itself
        for (const Place& place : detour.places) {
            const Place renamed = in_target(place);
            if (!is_place(target_, target_.element(element->scope), renamed))
                refuse(place.element, "退回后要直送的这一步在新流程里没有对应的步骤");
        }
    }

    Place in_target(const Place& place) const {
        Place renamed = place;
        for (std::string& around : renamed.within) around = name_in_target(around);
        renamed.element = name_in_target(place.element);
        for (Place& next : renamed.then) next = in_target(next);
        return renamed;
    }

    std::string name_in_target(const std::string& old_id) const {
        const Element* element = new_element(old_id);
        return element == nullptr ? old_id : element->id;
    }

    const Definition& target_;
    const State& state_;
    const Migrate& command_;
    json::object flows_;
    Error refused_ = error(Errc::conflict, "bpmn.not_migratable", "不能迁移到这个版本。请按列出的步骤补全对应关系。");
};

}  // namespace

Result<std::vector<Event>> migrate(const Definition& target, const State& state, const Migrate& command,
                                   std::int64_t now_ms) {
    KAIGONG_TRY(fact, Migration(target, state, command).judge());
    return std::vector<Event>{{now_ms, std::move(fact)}};
}

}  // namespace kaigong::bpmn
