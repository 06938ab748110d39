// A draft as the module's services work on it: read with its personal values in clear, judged whose turn it is, sealed
// again.
#pragma once

#include "modules/applications/applications.hpp"
#include "modules/applications/store.hpp"

namespace kaigong::applications {

struct LoadedDraft {
    store::ApplicationRow row;
    std::shared_ptr<const catalog::Matter> matter;
    boost::json::object form;  ///< in clear
};

/// The application is not there, or not the actor's: the same.
Error no_application();

class Drafts {
  public:
    explicit Drafts(const Parts& parts)
        : database_(parts.database),
          key_ring_(parts.key_ring),
          catalog_(parts.catalog),
          procedures_(parts.procedures) {}

    Result<LoadedDraft> load(const std::string& application_id) const;
    /// Draft, or the procedure waits for the answer to the round that was filed last. Fails with
    /// applications.not_your_turn.
    Result<void> applicants_turn(db::Session& session, const store::ApplicationRow& row) const;
    /// What lists show of a form that was never filed; a filed one keeps what was filed until it is filed again.
    static void copy_display_columns(LoadedDraft& loaded);
    /// What each filing writes anew: owner, works and category. The region is that of the first one.
    static void copy_filed_columns(LoadedDraft& loaded);
    /// A case stays with the authority that it was filed with. Fails with applications.region_is_settled.
    static Result<void> must_stay_in_region(const LoadedDraft& loaded);
    /// Where the form has the region.
    static std::string region_path(const catalog::Matter& matter);
    /// The form as it is stored.
    Result<std::string> sealed(const LoadedDraft& loaded, const std::string& row_id) const;

  private:
    db::Database& database_;
    const crypto::KeyRing& key_ring_;
    const catalog::Catalog& catalog_;
    ProcedureSource& procedures_;
};

}  // namespace kaigong::applications
