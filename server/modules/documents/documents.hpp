// Papers of an application: uploaded files by material, with their original names, type by content, hash, and pages.
// Submitted papers are never deleted, only superseded. Not for letters and certificates that the authority makes.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authz/actor.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "blob/store.hpp"
#include "db/database.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"

namespace kaigong::documents {

struct DocumentIdTag;
using DocumentId = Id<DocumentIdTag>;

struct Document {
    DocumentId document_id;
    std::string application_id;
    std::string material_code;  ///< empty: belongs to no material (R-916)
    std::string file_name;      ///< as the applicant named it
    std::string media_type;     ///< found in the content, never believed from the sender
    std::int64_t size_bytes = 0;
    std::optional<int> pages;
    std::string sha256;
    int round = 0;  ///< 0 while it belongs to no submission yet
    bool superseded = false;
    std::int64_t uploaded_at_ms = 0;
};

/// A file as it was received, for a module that keeps its own row of it.
struct ReceivedFile {
    std::string file_name;
    std::string media_type;
    std::int64_t size_bytes = 0;
    std::optional<int> pages;
    std::string sha256;
};

/// Declared here, answered by applications and approval, wired in app.
class WriteGate {
  public:
    WriteGate() = default;
    WriteGate(const WriteGate&) = delete;
    WriteGate& operator=(const WriteGate&) = delete;
    virtual ~WriteGate() = default;
    /// Is it the applicant's turn, and is this the applicant? Draft, open correction or an owed paper (product.md
    /// §2.5). An early answer, before anything is read or stored; `hold` decides.
    virtual Result<void> may_write(const authz::Actor& actor, const std::string& application_id) = 0;
    /// The same question inside the transaction that writes a paper's row. Holds the application until the transaction
    /// ends, so that a submission comes wholly before or wholly after it, and a paper never falls between two rounds.
    /// `material_code` is the paper's: one that is owed (容缺) may come when the others may not.
    virtual Result<void> hold(db::Session& session, const authz::Actor& actor, const std::string& application_id,
                              const std::string& material_code, std::int64_t now_ms) = 0;
    /// May this actor see papers of this application at all? not_found otherwise.
    virtual Result<void> may_read(const authz::Actor& actor, const std::string& application_id) = 0;
};

/// As every page shows a paper: `Document` of openapi.yaml.
boost::json::object document_json(const Document& document);

class Documents {
  public:
    Documents() = default;
    Documents(const Documents&) = delete;
    Documents& operator=(const Documents&) = delete;
    virtual ~Documents() = default;

    /// All papers of an application, superseded ones last. The caller has checked the right to see them.
    virtual std::vector<Document> documents_of(const std::string& application_id) = 0;
    virtual std::vector<Document> documents_of(db::Session& session, const std::string& application_id) = 0;

    /// In the transaction of a submission: papers without a round get it; those replaced are marked superseded.
    virtual void freeze(db::Session& session, const std::string& application_id, int round) = 0;

    /// The bytes of a paper as they are sent. The caller has checked the right to see it. Fails with
    /// documents.not_found.
    virtual Result<http::Reply> content_of(const std::string& document_id, http::Disposition disposition) = 0;

    /// Looks at a file of somebody else than the applicant and keeps its content: PDF, JPG or PNG by its content. The
    /// caller has checked who sends it, and writes a row that refers to it afterwards. Fails as an upload does, with
    /// documents.file_too_large too.
    virtual Result<ReceivedFile> receive(const http::BodyFile& file, std::string_view file_name,
                                         std::int64_t file_bytes_max) = 0;
    /// The bytes of a file that was received. The caller has checked the right to see it.
    virtual Result<http::Reply> send(const ReceivedFile& file, http::Disposition disposition) = 0;

    /// For the sweep of the blob store.
    virtual bool is_referenced(const std::string& sha256) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

struct Limits {
    std::int64_t file_bytes_max = 100LL * 1024 * 1024;
    std::int64_t files_max = 500;  ///< of one application, superseded ones too
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    blob::Store& blobs;
    WriteGate& gate;
    audit::Audit& audit;
    Limits limits = {};
};
std::unique_ptr<Documents> make_documents(Parts parts);

}  // namespace kaigong::documents
