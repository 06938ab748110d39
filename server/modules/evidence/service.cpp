#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "base/id.hpp"
#include "crypto/encoding.hpp"
#include "http/request.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/evidence/projection.hpp"
#include "modules/evidence/store.hpp"
#include "modules/evidence/witnessing.hpp"

namespace kaigong::evidence {
namespace {

using http::Method;
using http::Request;

/// What one transaction places: within its budget of time.
constexpr int kPlacedAtOnce = 128;
/// What is placed before the files follow: a checkpoint does not wait for a long queue to end.
constexpr int kPlacedInRound = 4'096;
constexpr std::size_t kEntryBytesMax = 16UL * 1024;

struct Log {
    std::string name;
    tlog::SignerKey key;
    Projection files;
};

/// What waits, the tree that it goes into as it was read, and the edge of the tree after it.
struct Waiting {
    std::vector<store::EntryRow> rows;
    store::TreeRow tree;
    tlog::Edge edge;
};

Error witnesses_missing() {
    return error(Errc::unavailable, "evidence.witnesses_missing",
                 "存证日志的检查点还没有足够的见证签名，证照等待签名后自动继续。请检查见证方是否在线。");
}

Error tree_broken() {
    return error(Errc::unavailable, "evidence.tree_broken",
                 "存证日志的数据库记录与已签名的检查点不符，已停止登记。请立即联系系统管理员用 ledger fsck 核对。");
}

tlog::LogKeys keys_of(const tlog::SignerKey& key) {
    return {key.verifier().name, {key.verifier()}};
}

Log log_from(const std::string& name, tlog::SignerKey key, const std::filesystem::path& folder) {
    Projection files(folder / name, keys_of(key));
    return Log{name, std::move(key), std::move(files)};
}

class EvidenceService final : public Evidence {
  public:
    explicit EvidenceService(Parts parts)
        : database_(parts.database),
          clock_(parts.clock),
          logs_{{log_from(kPermitsLog, std::move(parts.permits_key), parts.folder),
                 log_from(kAuditLog, std::move(parts.audit_key), parts.folder)}},
          witnessing_(parts.database, parts.machine_clock == nullptr ? parts.clock : *parts.machine_clock,
                      parts.witnesses, parts.witnesses_needed, kPermitsLog, keys_of(logs_.front().key)) {}

    void queue(db::Session& session, const NewEntry& entry) override;
    Result<int> settle() override;
    Result<void> ask_witnesses() override;
    Result<Proof> prove(const std::string& log, const std::string& subject) override;
    Result<LoggedEntry> entry(const std::string& log, const std::string& subject) override;
    Result<Tree> tree(const std::string& log) override;
    std::vector<tlog::VerifierKey> witnesses() const override { return witnessing_.keys(); }
    int witnesses_needed() const override { return witnessing_.needed(); }
    std::string verifier_key(const std::string& log) const override { return log_of(log).key.verifier().to_text(); }
    std::string origin(const std::string& log) const override { return log_of(log).key.verifier().name; }
    std::vector<http::Endpoint> routes() override;

  private:
    /// A name that is none of ours is a bug of the caller.
    const Log& log_of(const std::string& name) const {
        const auto found = std::ranges::find(logs_, name, &Log::name);
        if (found == logs_.end()) throw std::invalid_argument("evidence: no such log: " + name);
        return *found;
    }
    Result<int> settle_log(const Log& log);
    Result<int> place_round(const Log& log, const std::string& newest_id);
    Result<store::TreeRow> whole_tree(db::Session& session, const Log& log) const;
    Result<std::optional<Waiting>> next_waiting(const Log& log) const;
    Result<bool> place(db::Session& session, const Log& log, Waiting& next) const;
    Result<void> project(const Log& log);
    Result<void> meet_witnesses();
    Result<tlog::InclusionText> proof_of(const Log& log, std::uint64_t index, const store::EntryRow& row);
    Result<http::Reply> file(const Request& request) const;

    db::Database& database_;
    const Clock& clock_;
    const std::array<Log, 2> logs_;
    /// Files are written by one thread at a time; who comes second finds its work done.
    std::mutex settling_;
    /// Witnesses are asked by one thread at a time; the files are not held up by it.
    std::mutex asking_;
    std::atomic<bool> has_met_{false};
    Witnessing witnessing_;
};

void EvidenceService::queue(db::Session& session, const NewEntry& entry) {
    static_cast<void>(log_of(entry.log));
    if (entry.entry.size() > kEntryBytesMax) throw std::invalid_argument("evidence: the entry is too large");
    const bool is_new =
        store::insert(session, {new_uuid(entry.queued_at_ms), entry.log, entry.subject, entry.entry,
                                crypto::to_hex(tlog::leaf_hash(entry.entry)), entry.queued_at_ms, std::nullopt});
    static_cast<void>(is_new);
}

Result<int> EvidenceService::settle() {
    KAIGONG_CHECK(meet_witnesses());
    const std::scoped_lock one(settling_);
    int placed = 0;
    std::optional<Error> failed;
    for (const auto& log : logs_) {
        const auto here = settle_log(log);
        if (!here && !failed) failed = here.error();
        placed += here.value_or(0);
    }
    if (failed) return *failed;
    return placed;
}

/// Once a process, before it signs anything: a database that was put back from a backup does not know what it has
/// forgotten, and where the files are gone too, witnesses alone do. Without files and without any that answers, a log
/// that needs them waits; else a witness that is down stops nothing.
Result<void> EvidenceService::meet_witnesses() {
    if (has_met_) return {};
    const std::scoped_lock one(asking_);
    if (has_met_) return {};
    const auto& log = logs_.front();
    KAIGONG_TRY(row, database_.read([&](db::Session& session) { return store::find_tree(session, log.name); }));
    if (row && !row->checkpoint.empty() && !witnessing_.keys().empty()) {
        KAIGONG_TRY(shown, log.files.head());
        KAIGONG_TRY(answered, witnessing_.meet(*row, log.files));
        KAIGONG_CHECK(witnessing_.nobody_is_ahead(row->tree_size));
        if (shown.size == 0 && answered == 0 && witnessing_.needed() > 0) return witnesses_missing();
    }
    has_met_ = true;
    return {};
}

/// After the checkpoint is published: a witness that is slow or down holds up nobody who does not need it.
Result<void> EvidenceService::ask_witnesses() {
    const std::scoped_lock one(asking_);
    const auto& log = logs_.front();
    KAIGONG_TRY(row, database_.read([&](db::Session& session) { return store::find_tree(session, log.name); }));
    if (!row) return {};
    // Another process has placed entries, and the files of this one follow with its next round.
    KAIGONG_TRY(shown, log.files.head());
    if (shown.size < static_cast<std::uint64_t>(row->tree_size)) return {};
    KAIGONG_TRY(any, witnessing_.ask(*row, log.files));
    if (!any) return {};
    const std::scoped_lock files(settling_);
    return project(log);
}

/// What comes after the begin waits for the next time, so that an end is reached while others go on queueing.
Result<int> EvidenceService::settle_log(const Log& log) {
    KAIGONG_TRY(newest, database_.read([&](db::Session& session) { return store::newest_waiting(session, log.name); }));
    int placed = 0;
    for (bool more = newest.has_value(); more;) {
        KAIGONG_TRY(round, place_round(log, *newest));
        placed += round;
        more = round >= kPlacedInRound;
        if (more) KAIGONG_CHECK(project(log));
    }
    KAIGONG_CHECK(project(log));
    return placed;
}

/// Gives less than kPlacedInRound once nothing up to `newest_id` waits.
Result<int> EvidenceService::place_round(const Log& log, const std::string& newest_id) {
    int placed = 0;
    while (placed < kPlacedInRound) {
        KAIGONG_TRY(next, next_waiting(log));
        if (!next) break;
        const auto last_id = next->rows.back().entry_id;
        const auto count = static_cast<int>(next->rows.size());
        KAIGONG_TRY(won, database_.transact([&](db::Session& session) { return place(session, log, *next); }));
        if (!won) continue;
        placed += count;
        if (last_id >= newest_id) break;
    }
    return placed;
}

/// The tree, or an empty one; its edge is that of the signed checkpoint.
Result<store::TreeRow> EvidenceService::whole_tree(db::Session& session, const Log& log) const {
    auto tree = store::find_tree(session, log.name);
    if (!tree) return store::TreeRow{log.name, 0, 0, tlog::Edge().to_text(), "", 0};
    const auto edge = tlog::Edge::parse(tree->edge);
    if (!edge || edge->size() != static_cast<std::uint64_t>(tree->tree_size)) return tree_broken();
    if (!tree->checkpoint.empty()) {
        const auto signed_before = log.files.signed_tree(tree->checkpoint);
        if (!signed_before || *signed_before != edge->head()) return tree_broken();
    }
    return std::move(*tree);
}

/// All that can be read and computed before the transaction.
Result<std::optional<Waiting>> EvidenceService::next_waiting(const Log& log) const {
    KAIGONG_TRY(shown, log.files.head());
    Waiting next;
    KAIGONG_CHECK(database_.read([&](db::Session& session) -> Result<void> {
        next.rows = store::waiting(session, log.name, kPlacedAtOnce);
        if (next.rows.empty()) return {};
        KAIGONG_TRY(tree, whole_tree(session, log));
        next.tree = std::move(tree);
        return {};
    }));
    if (next.rows.empty()) return std::nullopt;
    if (shown.size > static_cast<std::uint64_t>(next.tree.tree_size)) {
        return error(
            Errc::unavailable, "evidence.files_ahead",
            "公开的存证日志比数据库新：数据库可能被换成了旧的备份。已停止登记。请恢复最新的备份，或停止服务后用 "
            "ledger adopt 补回。");
    }
    if (log.name == kPermitsLog) KAIGONG_CHECK(witnessing_.nobody_is_ahead(next.tree.tree_size));
    KAIGONG_TRY(edge, tlog::Edge::parse(next.tree.edge));
    next.edge = std::move(edge);
    for (const auto& row : next.rows) next.edge.append(tlog::leaf_hash(row.entry));
    return next;
}

/// Places, edge and checkpoint change together. The tree's row is taken first, and only as it was read: from then on
/// this is the only one that signs a tree of that size. False: another process was first.
Result<bool> EvidenceService::place(db::Session& session, const Log& log, Waiting& next) const {
    auto tree = next.tree;
    const bool is_first = tree.version == 0;
    tree.version += 1;
    if (!(is_first ? store::insert_tree(session, tree) : store::take_tree(session, tree))) return false;
    auto index = tree.tree_size;
    for (const auto& row : next.rows) store::place(session, row.entry_id, index++);
    tree.tree_size = index;
    tree.edge = next.edge.to_text();
    tree.checkpoint = tlog::sign_checkpoint({log.key.verifier().name, next.edge.head(), {}}, log.key);
    tree.signed_at_ms = clock_.now_ms();
    store::save_tree(session, tree);
    return true;
}

Result<void> EvidenceService::project(const Log& log) {
    KAIGONG_TRY(row, database_.read([&](db::Session& session) { return store::find_tree(session, log.name); }));
    if (!row || row->checkpoint.empty()) return {};
    KAIGONG_TRY(tree, log.files.signed_tree(row->checkpoint));
    auto note = row->checkpoint;
    if (log.name == kPermitsLog) {
        KAIGONG_TRY(cosigned, witnessing_.cosigned(*row));
        note = std::move(cosigned);
    }
    return log.files.advance(tree, note, [&](std::int64_t from, std::int64_t below) {
        return database_.read(
            [&](db::Session& session) { return store::placed(session, log.name, from, below, tlog::kTileWidth); });
    });
}

Result<Proof> EvidenceService::prove(const std::string& log, const std::string& subject) {
    const auto& chosen = log_of(log);
    const auto look = [&] {
        return database_.read([&](db::Session& session) { return store::find(session, log, subject); });
    };
    KAIGONG_TRY(row, look());
    if (!row) return error(Errc::not_found, "evidence.not_logged", "存证日志里没有这一条记录。");
    KAIGONG_TRY(shown, chosen.files.head());
    if (!row->leaf_index || shown.size <= static_cast<std::uint64_t>(*row->leaf_index)) {
        KAIGONG_CHECK(meet_witnesses());
        {
            const std::scoped_lock one(settling_);
            KAIGONG_CHECK(settle_log(chosen));
        }
        KAIGONG_TRY(again, look());
        row = std::move(again);
    }
    if (!row || !row->leaf_index)
        return error(Errc::unavailable, "evidence.not_in_files", "存证正在登记，请稍后再试。");
    const auto index = static_cast<std::uint64_t>(*row->leaf_index);
    KAIGONG_TRY(proof, proof_of(chosen, index, *row));
    return Proof{*row->leaf_index, row->entry, proof.to_text()};
}

/// A certificate without the cosignatures that verifiers ask for would be worth nothing: it waits for them. In a busy
/// office the published checkpoint is always a newer one that still waits; the newest one that has them will do.
Result<tlog::InclusionText> EvidenceService::proof_of(const Log& log, std::uint64_t index, const store::EntryRow& row) {
    const auto leaf = tlog::leaf_hash(row.entry);
    for (const bool is_last : {false, true}) {
        KAIGONG_TRY(proof, log.files.prove(index, leaf));
        if (log.name != kPermitsLog || witnessing_.enough(proof.checkpoint)) return std::move(proof);
        if (const auto note = witnessing_.newest_enough(index)) return log.files.prove_under(*note, index, leaf);
        if (!is_last) KAIGONG_CHECK(ask_witnesses());
    }
    return witnesses_missing();
}

Result<LoggedEntry> EvidenceService::entry(const std::string& log, const std::string& subject) {
    KAIGONG_TRY(row,
                database_.read([&](db::Session& session) { return store::find(session, log_of(log).name, subject); }));
    if (!row) return error(Errc::not_found, "evidence.not_logged", "存证日志里没有这一条记录。");
    return LoggedEntry{row->leaf_index, row->entry};
}

Result<Tree> EvidenceService::tree(const std::string& log) {
    KAIGONG_TRY(row, database_.read([&](db::Session& session) { return store::find_tree(session, log); }));
    if (!row) return Tree{};
    return Tree{row->tree_size, row->checkpoint, row->signed_at_ms};
}

/// `tile/<level>/<up to four segments>` and a width at most.
constexpr std::array kTilePaths{"/ledger/{log}/tile/{a}/{b}", "/ledger/{log}/tile/{a}/{b}/{c}",
                                "/ledger/{log}/tile/{a}/{b}/{c}/{d}", "/ledger/{log}/tile/{a}/{b}/{c}/{d}/{e}",
                                "/ledger/{log}/tile/{a}/{b}/{c}/{d}/{e}/{f}"};

Result<http::Reply> EvidenceService::file(const Request& request) const {
    const auto& name = request.path_parameter("log");
    const auto found = std::ranges::find(logs_, name, &Log::name);
    if (found == logs_.end()) {
        return error(Errc::not_found, "evidence.log_unknown", "没有这个存证日志。可查的有 permits 和 audit。");
    }
    std::string path;
    for (const auto& [parameter, segment] : request.path_parameters) {
        if (parameter != "log") path += "/" + segment;
    }
    path = path.empty() ? "checkpoint" : "tile" + path;
    KAIGONG_TRY(bytes, found->files.file(path));
    const bool is_checkpoint = path == "checkpoint";
    http::Reply reply;
    reply.content_type = is_checkpoint ? "text/plain; charset=utf-8" : "application/octet-stream";
    reply.body = std::move(bytes);
    // Anybody's page may read the log: nothing in it depends on who asks.
    return std::move(reply)
        .with_header("Access-Control-Allow-Origin", "*")
        .with_header("Cache-Control", is_checkpoint ? "no-cache" : "public, max-age=31536000, immutable");
}

std::vector<http::Endpoint> EvidenceService::routes() {
    const auto endpoint = [this](const char* path) {
        return http::Endpoint{.method = Method::get,
                              .path = path,
                              .access = http::Access::anonymous,
                              .handler = [this](const Request& request) { return file(request); }};
    };
    std::vector<http::Endpoint> all{endpoint("/ledger/{log}/checkpoint")};
    for (const char* path : kTilePaths) all.push_back(endpoint(path));
    return all;
}

}  // namespace

std::unique_ptr<Evidence> make_evidence(Parts parts) {
    return std::make_unique<EvidenceService>(std::move(parts));
}

}  // namespace kaigong::evidence
