// The outsider's side of consultations: what his link and his code open, and his answer.
#include <algorithm>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "modules/approval/consultation_service.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using store::ConsultationRow;

constexpr std::int64_t kPassLivesMs = 2LL * 3'600'000;
constexpr std::size_t kPassBytes = 32;

std::string hash_of_secret(const std::string& secret) {
    return crypto::to_hex(crypto::sha256(crypto::view(secret)));
}

Error code_needed() {
    return error(Errc::forbidden, "approval.consultation_code_needed",
                 "请先输入发给您的验证码；输入过的，时间已经过去，请重新获取。您写的内容还在。");
}

object own_file_json(const store::ConsultationFileRow& file) {
    return {{"file_id", file.file_id},
            {"file_name", file.file_name},
            {"media_type", file.media_type},
            {"size_bytes", file.size_bytes},
            {"sent", file.answer_no > 0}};
}

}  // namespace

/// What he may see, once both his proofs are good.
struct ConsultationService::Opened {
    ConsultationRow row;
    store::ProcedureRow procedure;
    std::vector<documents::Document> papers;
    std::vector<store::ConsultationFileRow> files;
    operations::OnConsultation on;
};

Result<ConsultationRow> ConsultationService::live_row(const OutsideProof& proof) {
    KAIGONG_CHECK(parts_.contacts.may_try(proof.address));
    const auto now_ms = parts_.of_approval.clock.now_ms();
    KAIGONG_TRY(found, parts_.of_approval.database.read([&](db::Session& session) -> std::optional<ConsultationRow> {
        auto row = store::find_consultation_by_link(session, hash_of_secret(proof.token));
        if (!row) return std::nullopt;
        const auto procedure = store::find_procedure(session, row->application_id).value();
        const auto items = store::items_of(session, row->application_id);
        return is_live(*row, procedure, items, now_ms) ? row : std::nullopt;
    }));
    if (found) return std::move(*found);
    parts_.contacts.count_miss(proof.address);
    return operations::no_such_consultation();
}

Result<object> ConsultationService::send_code(const OutsideProof& proof) {
    KAIGONG_TRY(row, live_row(proof));
    const auto to = code_contact(row);
    KAIGONG_TRY(challenge_id, parts_.contacts.begin_code(to, proof.address));
    return object{
        {"challenge_id", challenge_id}, {"channel", to.channel}, {"hint", text_or_null(contact_hint(to.address))}};
}

Error ConsultationService::wrong_code(const ConsultationRow& row, const OutsideProof& proof) {
    parts_.contacts.count_miss(proof.address);
    const auto now_ms = parts_.of_approval.clock.now_ms();
    // In a transaction of its own: a wrong try must stay counted.
    const auto closed = parts_.of_approval.database.transact([&](db::Session& session) {
        const bool last = store::count_wrong_code(session, row.consultation_id, kWrongCodesMax, now_ms);
        if (last) {
            parts_.of_approval.audit.write(
                session, {"application", row.application_id, 0, "approval.lock_consultation", row.consultation_id,
                          "外部征求意见对象", "验证码输错次数过多，征求意见的链接停用", now_ms});
        }
        return last;
    });
    if (!closed) return closed.error();
    if (*closed) return operations::no_such_consultation();
    return invalid_field("code", "approval.consultation_code_wrong", "验证码不对或已失效，请核对，或重新获取验证码。");
}

Result<object> ConsultationService::give_pass(const OutsideProof& proof, const std::string& challenge_id,
                                              const std::string& code) {
    KAIGONG_TRY(row, live_row(proof));
    const auto to = code_contact(row);
    const auto proven = parts_.contacts.prove_code(challenge_id, code);
    if (!proven && proven.error().code != Errc::invalid_input) return proven.error();
    if (!proven || proven->channel != to.channel ||
        !crypto::equal_constant_time(crypto::view(proven->address), crypto::view(to.address))) {
        return wrong_code(row, proof);
    }
    const auto pass = crypto::random_token(kPassBytes);
    const auto hash = hash_of_secret(pass);
    const auto now_ms = parts_.of_approval.clock.now_ms();
    KAIGONG_CHECK(parts_.of_approval.database.transact([&](db::Session& session) {
        store::insert_pass(session, hash, row.consultation_id, now_ms + kPassLivesMs, now_ms);
    }));
    return object{{"pass", pass}, {"expires_at_ms", now_ms + kPassLivesMs}};
}

Result<ConsultationService::Opened> ConsultationService::opened(const OutsideProof& proof) {
    KAIGONG_TRY(row, live_row(proof));
    const auto now_ms = parts_.of_approval.clock.now_ms();
    const auto hash = hash_of_secret(proof.pass);
    KAIGONG_TRY(found, parts_.of_approval.database.read([&](db::Session& session) -> std::optional<Opened> {
        if (!store::has_pass(session, hash, row.consultation_id, now_ms)) return std::nullopt;
        return Opened{row,
                      store::find_procedure(session, row.application_id).value(),
                      parts_.documents.documents_of(session, row.application_id),
                      files_at_hand(row, store::files_of_consultation(session, row.consultation_id)),
                      {row.application_id, row.item, row.consultation_id, row.version, now_ms}};
    }));
    if (!found) {
        parts_.contacts.count_miss(proof.address);
        return code_needed();
    }
    return std::move(*found);
}

object ConsultationService::outside_json(const Opened& opened, const applications::Submission& submission,
                                         const catalog::Matter& matter) const {
    const auto& row = opened.row;
    const auto sections = texts_of(row.sections);
    auto form = submission.form;
    applications::mask_all(matter, form);
    array papers;
    for (const auto& id : texts_of(row.papers)) {
        const auto paper =
            std::ranges::find_if(opened.papers, [&](const auto& one) { return one.document_id.text == id; });
        if (paper == opened.papers.end()) continue;
        papers.push_back({{"document_id", id},
                          {"file_name", paper->file_name},
                          {"media_type", paper->media_type},
                          {"size_bytes", paper->size_bytes},
                          {"pages", paper->pages ? value(*paper->pages) : value(nullptr)},
                          {"superseded", paper->superseded}});
    }
    array files;
    for (const auto& file : opened.files) files.push_back(own_file_json(file));
    const auto* authority = parts_.of_approval.catalog.find_authority(opened.procedure.region_code);
    return {{"consultation_no", row.consultation_no},
            {"authority_name", authority == nullptr ? value(nullptr) : value(authority->name)},
            {"department_name", row.department_name},
            {"asked_by", row.asked_by},
            {"asked_at_ms", row.asked_at_ms},
            {"organisation", text_or_null(row.organisation)},
            {"name", name_of(row)},
            {"works_name", opened.procedure.works_name},
            {"matter_name", matter.name()},
            {"question", row.question},
            {"until_on", row.until_on},
            {"layout", layout_of_parts(matter, sections)},
            {"form_schema", matter.form_schema()},
            {"code_tables", matter.code_tables()},
            {"form", form_of_parts(matter, sections, form)},
            {"papers", std::move(papers)},
            {"answers", row.answers},
            {"outcome", text_or_null(row.outcome)},
            {"words", row.words},
            {"files", std::move(files)},
            {"answered_at_ms", or_null(row.answered_at_ms)}};
}

Result<object> ConsultationService::view(const OutsideProof& proof) {
    KAIGONG_TRY(found, opened(proof));
    if (!found.row.opened_at_ms) {
        KAIGONG_CHECK(parts_.of_approval.database.transact(
            [&](db::Session& session) { return operations::open_consultation(session, surroundings_, found.on); }));
    }
    const auto& procedure = found.procedure;
    KAIGONG_TRY(matter, parts_.of_approval.catalog.load_matter(procedure.matter_code, procedure.catalog_version));
    KAIGONG_TRY(submission, parts_.of_approval.applications.load_submission(found.row.application_id,
                                                                            static_cast<int>(found.row.round)));
    return outside_json(found, submission, *matter);
}

Result<http::Reply> ConsultationService::paper(const OutsideProof& proof, const std::string& document_id) {
    KAIGONG_TRY(found, opened(proof));
    const auto chosen = texts_of(found.row.papers);
    const auto is_it = [&](const documents::Document& one) { return one.document_id.text == document_id; };
    // Chosen, and of this case: nobody's else, whatever the row says.
    if (std::ranges::find(chosen, document_id) == chosen.end() || std::ranges::none_of(found.papers, is_it)) {
        return operations::no_such_consultation();
    }
    KAIGONG_CHECK(parts_.of_approval.database.transact([&](db::Session& session) {
        parts_.of_approval.audit.write(
            session, {"application", found.row.application_id, 0, "approval.read_consulted_paper",
                      found.row.consultation_id, "外部征求意见对象", "查看一份选定的材料", found.on.now_ms});
    }));
    return parts_.documents.content_of(document_id, http::Disposition::inline_preview);
}

Result<object> ConsultationService::add_file(const OutsideProof& proof, std::string_view file_name,
                                             const http::BodyFile& body) {
    KAIGONG_TRY(found, opened(proof));
    KAIGONG_TRY(received, parts_.documents.receive(body, file_name, kConsultationFileBytesMax));
    store::ConsultationFileRow row{new_uuid(found.on.now_ms),
                                   found.row.consultation_id,
                                   received.file_name,
                                   received.media_type,
                                   received.size_bytes,
                                   received.pages,
                                   received.sha256,
                                   0,
                                   found.on.now_ms};
    KAIGONG_TRY(id, parts_.of_approval.database.transact([&](db::Session& session) {
        return operations::add_consultation_file(session, surroundings_, found.on, row);
    }));
    row.file_id = id;
    return own_file_json(row);
}

Result<object> ConsultationService::remove_file(const OutsideProof& proof, const std::string& file_id) {
    KAIGONG_TRY(found, opened(proof));
    KAIGONG_CHECK(parts_.of_approval.database.transact([&](db::Session& session) {
        return operations::remove_consultation_file(session, surroundings_, found.on, file_id);
    }));
    return view(proof);
}

Result<object> ConsultationService::answer(const OutsideProof& proof, operations::OutsideAnswer answer) {
    KAIGONG_TRY(found, opened(proof));
    auto said = found.row;
    said.answers = answer.answers + 1;
    said.outcome = answer.outcome;
    said.words = answer.words;
    std::erase_if(found.files, [&](const auto& one) { return std::ranges::count(answer.files, one.file_id) == 0; });
    answer.digest = answer_digest(said, found.files);
    KAIGONG_CHECK(parts_.of_approval.database.transact([&](db::Session& session) {
        return operations::answer_consultation(session, surroundings_, found.on, answer);
    }));
    return view(proof);
}

}  // namespace kaigong::approval
