// What there is to say about a drafted process before it is published: what the reader refuses, what the proof finds,
// what the office's own rules and the matter do not know, what changed, and what stands in the way. Pure.
#pragma once

#include "modules/catalog/package_service.hpp"

namespace kaigong::catalog {

struct DraftedProcess {
    const std::string& process;
    /// The processes that it may call, by file name.
    const MatterFiles& called;
};

struct ProcessInForce {
    const LoadedMatter& matter;
    const MatterFiles& files;
};

CheckedDraft check_process(const DraftedProcess& draft, const ProcessInForce& in_force, const MatterFiles& base,
                           const ProcessRules& rules);

/// Whether it is one of a matter's process files.
bool is_process_file(const std::string& name);

}  // namespace kaigong::catalog
