#include "engine/bpmn/behaviors/joining.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/reach.hpp"

namespace kaigong::bpmn {
namespace {

/// Tokens that wait at one gateway of one scope, by incoming flow, oldest first.
struct WaitingJoin {
    std::int64_t scope = 0;
    const Element* gateway = nullptr;
    std::map<std::string, std::vector<std::int64_t>> tokens;

    bool has(const Flow& flow) const { return tokens.contains(flow.id); }
};

std::vector<WaitingJoin> waiting_joins(const Execution& execution) {
    const auto joins_nothing = [](const auto& one) { return one.second.phase != Phase::joining; };
    if (std::ranges::all_of(execution.state().tokens, joins_nothing)) return {};
    std::map<std::pair<std::int64_t, std::string>, WaitingJoin> joins;
    for (const auto& [key, token] : execution.state().tokens) {
        if (token.phase != Phase::joining) continue;
        WaitingJoin& join = joins[{token.scope, token.element}];
        join.scope = token.scope;
        join.gateway = &execution.element_of(key);
        join.tokens[token.flow].push_back(key);
    }
    std::vector<WaitingJoin> list;
    list.reserve(joins.size());
    for (auto& [place, join] : joins) list.push_back(std::move(join));
    return list;
}

/// `token` goes on; `others` are the oldest of the other flows.
void fire(Execution& execution, std::int64_t token, const WaitingJoin& join) {
    JoinFired fired{token, join.gateway->id, {}};
    for (const auto& [flow, tokens] : join.tokens) {
        if (flow != execution.token(token).flow) fired.consumed.push_back(tokens.front());
    }
    execution.emit(std::move(fired));
    leave(execution, token);
}

/// BPMN 2.0.2, table 13.3: a token holds the join up when it can reach a flow without a token, unless it can reach one
/// with a token too; ways through the gateway itself do not count.
bool holds_up(const Definition& definition, const WaitingJoin& join, const Token& token) {
    const int gateway = definition.index_of(join.gateway->id);
    const std::vector<bool> reached = flows_reached(definition, flows_ahead(definition, token), gateway);
    bool reaches_missing = false;
    for (const int index : join.gateway->incoming) {
        if (!reached[static_cast<std::size_t>(index)]) continue;
        if (join.has(definition.flow(index))) return false;
        reaches_missing = true;
    }
    return reaches_missing;
}

bool is_held_up(const Execution& execution, const WaitingJoin& join) {
    for (const std::int64_t key : execution.tokens_in(join.scope)) {
        const Token& token = execution.token(key);
        const bool waits_here = token.phase == Phase::joining && token.element == join.gateway->id;
        if (!waits_here && holds_up(execution.definition(), join, token)) return true;
    }
    return false;
}

/// What a parallel join needs is all of its missing flows, an inclusive one waits for at least one.
bool can_still_fire(const Definition& definition, const WaitingJoin& join, const std::vector<bool>& reached) {
    const auto missing_and_reached = [&](int index) {
        return !join.has(definition.flow(index)) && reached[static_cast<std::size_t>(index)];
    };
    const auto had_or_reached = [&](int index) {
        return join.has(definition.flow(index)) || reached[static_cast<std::size_t>(index)];
    };
    const std::vector<int>& incoming = join.gateway->incoming;
    if (join.gateway->kind == Kind::inclusive_gateway) {
        return std::any_of(incoming.begin(), incoming.end(), missing_and_reached);
    }
    return std::all_of(incoming.begin(), incoming.end(), had_or_reached);
}

/// Flows that tokens which do not wait at a join can come to.
std::vector<bool> flows_of_moving_tokens(const Execution& execution, std::int64_t scope) {
    std::vector<int> ahead;
    for (const std::int64_t key : execution.tokens_in(scope)) {
        const Token& token = execution.token(key);
        if (token.phase == Phase::joining) continue;
        const std::vector<int> flows = flows_ahead(execution.definition(), token);
        ahead.insert(ahead.end(), flows.begin(), flows.end());
    }
    return flows_reached(execution.definition(), ahead, kNoElement);
}

/// Leaves in `joins` those that can't fire: what a join that can fire sends on may feed another one.
void drop_joins_that_can_fire(const Execution& execution, std::int64_t scope, std::vector<WaitingJoin>& joins) {
    const Definition& definition = execution.definition();
    std::vector<bool> reached = flows_of_moving_tokens(execution, scope);
    for (bool changed = true; changed;) {
        changed = false;
        for (auto join = joins.begin(); join != joins.end(); ++join) {
            if (join->scope != scope || !can_still_fire(definition, *join, reached)) continue;
            const std::vector<bool> further = flows_reached(definition, join->gateway->outgoing, kNoElement);
            std::transform(reached.begin(), reached.end(), further.begin(), reached.begin(), std::logical_or<>());
            joins.erase(join);
            changed = true;
            break;
        }
    }
}

}  // namespace

void join_parallel(Execution& execution, std::int64_t token) {
    const Element& gateway = execution.element_of(token);
    WaitingJoin join{execution.token(token).scope, &gateway, {}};
    for (WaitingJoin& waiting : waiting_joins(execution)) {
        if (waiting.scope == join.scope && waiting.gateway->id == gateway.id) join = std::move(waiting);
    }
    const bool complete = std::all_of(gateway.incoming.begin(), gateway.incoming.end(), [&](int index) {
        const Flow& flow = execution.definition().flow(index);
        return join.has(flow) || flow.id == execution.token(token).flow;
    });
    if (!complete || join.tokens.contains(execution.token(token).flow)) {
        execution.emit(TokenJoined{token, gateway.id});
        return;
    }
    fire(execution, token, join);
}

bool fire_inclusive_join(Execution& execution) {
    for (const WaitingJoin& join : waiting_joins(execution)) {
        if (join.gateway->kind != Kind::inclusive_gateway || is_held_up(execution, join)) continue;
        fire(execution, join.tokens.begin()->second.front(), join);
        return true;
    }
    return false;
}

void raise_starved_joins(Execution& execution) {
    std::vector<WaitingJoin> joins = waiting_joins(execution);
    std::set<std::int64_t> scopes;
    for (const WaitingJoin& join : joins) scopes.insert(join.scope);
    for (const std::int64_t scope : scopes) drop_joins_that_can_fire(execution, scope, joins);
    for (const WaitingJoin& join : joins) {
        const auto has_incident = [&](const auto& flow) {
            return std::any_of(flow.second.begin(), flow.second.end(),
                               [&](std::int64_t key) { return execution.state().incident_of(key) != nullptr; });
        };
        if (std::any_of(join.tokens.begin(), join.tokens.end(), has_incident)) continue;
        execution.raise(join.tokens.begin()->second.front(), "bpmn.join_starved",
                        fmt::format("{} 还在等其他分支,但已没有步骤能到达这里。请终止本次流程,改正流程图后重新办理。",
                                    join.gateway->id));
    }
}

}  // namespace kaigong::bpmn
