#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "db/idempotency.hpp"
#include "formats/sniff/sniff.hpp"
#include "http/request.hpp"
#include "modules/documents/documents.hpp"
#include "modules/documents/store.hpp"

namespace kaigong::documents {
namespace {

using boost::json::object;
using boost::json::value;
using http::Method;
using http::Request;

constexpr std::size_t kChunkBytes = 65'536;
constexpr std::size_t kFileNameMax = 200;
constexpr std::size_t kMaterialCodeMax = 20;

Error not_found() {
    return error(Errc::not_found, "documents.not_found", "没有找到这份材料，请从申请页面重新进入。");
}

Document document_of(const store::DocumentRow& row) {
    return {{row.document_id},
            row.application_id,
            row.material_code,
            row.file_name,
            row.media_type,
            row.size_bytes,
            row.pages ? std::optional(static_cast<int>(*row.pages)) : std::nullopt,
            row.sha256,
            static_cast<int>(row.round),
            row.superseded,
            row.uploaded_at_ms};
}

/// The last part of a path that some browsers send; no control characters.
Result<std::string> clean_file_name(std::string_view sent) {
    const auto slash = sent.find_last_of("/\\");
    std::string name(slash == std::string_view::npos ? sent : sent.substr(slash + 1));
    std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    const auto length = count_code_points(name);
    if (name.empty() || !length || *length > kFileNameMax) {
        return invalid_field("file_name", "documents.file_name_invalid",
                             "文件名应为 1 到 200 个字，请改名后重新上传。");
    }
    return name;
}

ReceivedFile file_of(const store::DocumentRow& row) {
    return {row.file_name, row.media_type, row.size_bytes,
            row.pages ? std::optional(static_cast<int>(*row.pages)) : std::nullopt, row.sha256};
}

/// What is taken, and how that is said.
struct Taken {
    std::span<const sniff::FileKind> kinds;
    std::string_view names;
};
constexpr std::array kKindsOfPapers{sniff::FileKind::pdf, sniff::FileKind::ofd, sniff::FileKind::jpeg,
                                    sniff::FileKind::png};
constexpr std::array kKindsOfScans{sniff::FileKind::pdf, sniff::FileKind::jpeg, sniff::FileKind::png};
constexpr Taken kPapers{kKindsOfPapers, "PDF、OFD、JPG 和 PNG"};
constexpr Taken kScans{kKindsOfScans, "PDF、JPG 和 PNG"};

/// Everything but the digest, which the store finds while it keeps the content.
Result<ReceivedFile> look_at(const http::BodyFile& file, const std::string& file_name, const Taken& taken) {
    if (file.size() == 0) {
        return invalid_field("file", "documents.file_empty", "这个文件是空的，请检查后重新上传。");
    }
    // Whole in memory, on the slow pool with its few threads: a file that is cut off shows only at its end.
    const auto bytes = file.read_all();
    const auto kind = sniff::file_kind(bytes);
    if (std::ranges::find(taken.kinds, kind) == taken.kinds.end()) {
        return invalid_field("file", "documents.type_not_accepted",
                             fmt::format("只接受完整的 {} 文件。请把“{}”转换后重新上传。", taken.names, file_name));
    }
    return ReceivedFile{file_name, std::string(sniff::media_type(kind)), 0, sniff::page_count(bytes), ""};
}

class DocumentService final : public Documents {
  public:
    explicit DocumentService(Parts parts) : parts_(parts) {}

    std::vector<Document> documents_of(const std::string& application_id) override {
        auto rows = parts_.database.read([&](db::Session& session) { return documents_of(session, application_id); });
        return rows ? *rows : std::vector<Document>{};
    }

    std::vector<Document> documents_of(db::Session& session, const std::string& application_id) override {
        std::vector<Document> documents;
        for (const auto& row : store::of_application(session, application_id)) documents.push_back(document_of(row));
        return documents;
    }

    void freeze(db::Session& session, const std::string& application_id, int round) override {
        std::set<std::string> renewed;
        for (const auto& row : store::of_application(session, application_id)) {
            if (row.round == 0 && !row.material_code.empty()) renewed.insert(row.material_code);
        }
        store::set_filed(session, application_id, round);
        for (const auto& code : renewed) store::supersede_earlier(session, application_id, code, round);
    }

    Result<ReceivedFile> receive(const http::BodyFile& file, std::string_view file_name,
                                 std::int64_t file_bytes_max) override;
    Result<http::Reply> send(const ReceivedFile& file, http::Disposition disposition) override;

    bool is_referenced(const std::string& sha256) override {
        const auto found =
            parts_.database.read([&](db::Session& session) { return store::is_referenced(session, sha256); });
        return !found || *found;  // not sure: keep it
    }

    Result<http::Reply> content_of(const std::string& document_id, http::Disposition disposition) override {
        KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, document_id); }));
        if (!row) return not_found();
        return send(file_of(*row), disposition);
    }

    std::vector<http::Endpoint> routes() override;

  private:
    Result<http::Reply> upload(const Request& request);
    /// The row, unless this request was done before; gives the id of the document that it made then.
    Result<std::string> add(const authz::Actor& actor, const store::DocumentRow& row,
                            const db::IdempotentRequest& request);
    Result<http::Reply> content(const Request& request);
    Result<http::Reply> remove(const Request& request);
    Result<blob::StoredContent> keep(const http::BodyFile& file);
    Result<store::DocumentRow> describe(const Request& request, const std::string& application_id);
    Result<store::DocumentRow> load(const Request& request);
    void write_audit(db::Session& session, const store::DocumentRow& row, const std::string& act,
                     const std::string& summary, const std::string& account_id, std::int64_t now_ms) {
        parts_.audit.write(session, {"application", row.application_id, 0, act, account_id, "申请人", summary, now_ms});
    }

    Parts parts_;
};

Result<blob::StoredContent> DocumentService::keep(const http::BodyFile& file) {
    KAIGONG_TRY(upload, parts_.blobs.begin(parts_.limits.file_bytes_max));
    std::string chunk(kChunkBytes, '\0');
    for (std::uint64_t at = 0; at < file.size();) {
        const auto bytes = file.read(at, chunk);
        KAIGONG_CHECK(upload->write(std::string_view(chunk).substr(0, bytes)));
        at += bytes;
    }
    return upload->finish();
}

Result<store::DocumentRow> DocumentService::describe(const Request& request, const std::string& application_id) {
    KAIGONG_TRY(file_name, clean_file_name(request.query_parameter("file_name").value_or("")));
    const auto material_code = request.query_parameter("material_code").value_or("");
    if (material_code.size() > kMaterialCodeMax) {
        return invalid_field("material_code", "documents.material_code_invalid",
                             "没有这种材料，请从材料清单里选择后重新上传。");
    }
    KAIGONG_TRY(seen, look_at(*request.body_file, file_name, kPapers));
    const auto now_ms = parts_.clock.now_ms();
    store::DocumentRow row;
    row.document_id = new_uuid(now_ms);
    row.application_id = application_id;
    row.material_code = std::string(material_code);
    row.file_name = file_name;
    row.media_type = seen.media_type;
    row.pages = seen.pages;
    row.uploaded_by = request.actor().account_id.text;
    row.uploaded_at_ms = now_ms;
    return row;
}

Result<ReceivedFile> DocumentService::receive(const http::BodyFile& file, std::string_view file_name,
                                              std::int64_t file_bytes_max) {
    KAIGONG_TRY(name, clean_file_name(file_name));
    if (static_cast<std::int64_t>(file.size()) > file_bytes_max) {
        return error(Errc::too_large, "documents.file_too_large", "这个文件太大，请压缩或者拆分后重新上传。");
    }
    KAIGONG_TRY(received, look_at(file, name, kScans));
    KAIGONG_TRY(stored, keep(file));
    received.sha256 = stored.sha256;
    received.size_bytes = stored.size_bytes;
    return std::move(received);
}

/// What makes two uploads the same: the bytes, and what they are said to be.
std::string upload_hash(const store::DocumentRow& row) {
    return crypto::to_hex(crypto::sha256(crypto::view(row.sha256 + "\n" + row.material_code + "\n" + row.file_name)));
}

Result<std::string> DocumentService::add(const authz::Actor& actor, const store::DocumentRow& row,
                                         const db::IdempotentRequest& request) {
    return parts_.database.transact([&](db::Session& session) -> Result<std::string> {
        return db::once(session, request, [&]() -> Result<std::string> {
            KAIGONG_CHECK(parts_.gate.hold(session, actor, row.application_id, row.material_code, row.uploaded_at_ms));
            if (store::count_of_application(session, row.application_id) >= parts_.limits.files_max) {
                return error(Errc::too_large, "documents.too_many",
                             "一件申请最多上传 500 个文件，请合并后再上传，或删去不需要的文件。");
            }
            store::insert(session, row);
            write_audit(session, row, "documents.upload", "上传材料", row.uploaded_by, row.uploaded_at_ms);
            return row.document_id;
        });
    });
}

Result<http::Reply> DocumentService::upload(const Request& request) {
    KAIGONG_TRY(id, http::path_id<DocumentId>(request, "application_id", "documents.application_not_found"));
    db::IdempotentRequest once{request.actor().account_id.text, "POST /applications/" + id.text + "/documents",
                               request.idempotency_key, "", parts_.clock.now_ms()};
    if (const auto open = parts_.gate.may_write(request.actor(), id.text); !open) {
        KAIGONG_TRY(known, parts_.database.read([&](db::Session& session) { return db::is_known(session, once); }));
        if (!known) return open.error();
    }
    KAIGONG_TRY(row, describe(request, id.text));
    // Content first, row second: a crash between the two leaves bytes that nobody refers to, never a row without bytes.
    KAIGONG_TRY(stored, keep(*request.body_file));
    row.sha256 = stored.sha256;
    row.size_bytes = stored.size_bytes;
    once.body_hash = upload_hash(row);
    KAIGONG_TRY(document_id, add(request.actor(), row, once));
    KAIGONG_TRY(saved, parts_.database.read([&](db::Session& session) { return store::find(session, document_id); }));
    if (!saved) return not_found();
    return http::json_reply(document_json(document_of(*saved)), 201);
}

Result<store::DocumentRow> DocumentService::load(const Request& request) {
    KAIGONG_TRY(id, http::path_id<DocumentId>(request, "document_id", "documents.not_found"));
    KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, id.text); }));
    if (!row) return not_found();
    if (!parts_.gate.may_read(request.actor(), row->application_id)) return not_found();
    // Until it is filed it is the applicant's alone: he may still take it away.
    if (row->round == 0 && request.actor().kind != authz::AccountKind::owner_agent) return not_found();
    return std::move(*row);
}

Result<http::Reply> DocumentService::content(const Request& request) {
    KAIGONG_TRY(row, load(request));
    const bool inline_preview = request.query_parameter("inline") == "1";
    return send(file_of(row), inline_preview ? http::Disposition::inline_preview : http::Disposition::attachment);
}

Result<http::Reply> DocumentService::send(const ReceivedFile& file, http::Disposition disposition) {
    KAIGONG_TRY(download, parts_.blobs.open_content(file.sha256));
    auto source = std::shared_ptr<blob::Download>(std::move(download));
    auto rest = std::make_shared<std::string>();
    http::Stream stream;
    stream.bytes = static_cast<std::uint64_t>(source->size_bytes());
    stream.read = [source, rest](std::span<char> target) -> std::size_t {
        if (rest->empty()) {
            auto piece = source->read();
            if (!piece) return 0;
            *rest = std::move(*piece);
        }
        const auto bytes = std::min(target.size(), rest->size());
        std::copy_n(rest->begin(), bytes, target.begin());
        rest->erase(0, bytes);
        return bytes;
    };
    return http::stranger_file(std::move(stream), file.media_type, file.file_name, disposition);
}

Result<http::Reply> DocumentService::remove(const Request& request) {
    KAIGONG_TRY(row, load(request));
    KAIGONG_CHECK(parts_.gate.may_write(request.actor(), row.application_id));
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) -> Result<void> {
        KAIGONG_CHECK(parts_.gate.hold(session, request.actor(), row.application_id, row.material_code, now_ms));
        if (!store::remove_unfiled(session, row.document_id)) {
            return error(Errc::conflict, "documents.already_filed", "已经提交的材料不能删除，重新上传会替换它。");
        }
        write_audit(session, row, "documents.remove", "删除未提交的材料", request.actor().account_id.text, now_ms);
        return {};
    }));
    return http::no_content();
}

std::vector<http::Endpoint> DocumentService::routes() {
    return {
        {.method = Method::post,
         .path = "/api/v1/applications/{application_id}/documents",
         .action = "applications.write",
         .pool = http::Pool::slow,
         .body = http::Body::file,
         .body_bytes_max = static_cast<std::uint64_t>(parts_.limits.file_bytes_max),
         .needs = {.idempotency_key = true},
         .query = {"material_code", "file_name"},
         .handler = [this](const Request& request) { return upload(request); }},
        {.method = Method::get,
         .path = "/api/v1/documents/{document_id}/content",
         .action = "applications.read",
         .query = {"inline"},
         .handler = [this](const Request& request) { return content(request); }},
        {.method = Method::del,
         .path = "/api/v1/documents/{document_id}",
         .action = "applications.write",
         .handler = [this](const Request& request) { return remove(request); }},
    };
}

}  // namespace

object document_json(const Document& document) {
    return {{"document_id", document.document_id.text},
            {"material_code", document.material_code.empty() ? value(nullptr) : value(document.material_code)},
            {"file_name", document.file_name},
            {"media_type", document.media_type},
            {"size_bytes", document.size_bytes},
            {"pages", document.pages ? value(*document.pages) : value(nullptr)},
            {"sha256", document.sha256},
            {"round", document.round},
            {"uploaded_at_ms", document.uploaded_at_ms},
            {"superseded", document.superseded}};
}

std::unique_ptr<Documents> make_documents(Parts parts) {
    return std::make_unique<DocumentService>(parts);
}

}  // namespace kaigong::documents
