#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "formats/layout/template.hpp"
#include "formats/pdf/pdf_writer.hpp"
#include "http/request.hpp"
#include "modules/letters/letters.hpp"
#include "modules/letters/store.hpp"

namespace kaigong::letters {
namespace {

using boost::json::array;
using boost::json::object;
using http::Method;
using http::Request;

constexpr std::int64_t kLetterBytesMax = 20LL * 1024 * 1024;

struct Kind {
    std::string_view letter_kind;
    std::string_view title;
    std::string_view word;  ///< stands in the number: 西住建许受〔2026〕421号
    bool remedies;
};

constexpr std::array kKinds{
    Kind{"materials_receipt", "物料回执", "许收", false},
    Kind{"no_permit_needed_notice", "无需许可告知书", "许免", true},
    Kind{"non_acceptance_decision", "不予受理决定书", "许不受", true},
    Kind{"correction_notice", "补正通知书", "许补", false},
    Kind{"acceptance_notice", "受理通知书", "许受", false},
    Kind{"grant_decision", "准予行政许可决定书", "许准", true},
    Kind{"refusal_decision", "不予行政许可决定书", "许不准", true},
    Kind{"withdrawal_confirmation", "撤件确认书", "许撤件", false},
    Kind{"special_procedure_notice", "特别程序告知书", "许特", false},
    Kind{"decision_extension_notice", "延长审批期限告知书", "许延", false},
    Kind{"tolerated_omission_notice", "容缺受理告知书", "许容", false},
    Kind{"commitment_letter", "告知承诺书", "许诺", false},
    Kind{"supplement_order", "责令补充材料通知书", "许责补", true},
};

Error not_found() {
    return error(Errc::not_found, "letters.not_found", "没有找到这份文书，请从申请页面重新进入。");
}

Letter letter_of(const store::LetterRow& row) {
    return {{row.letter_id},   row.application_id,          row.letter_kind, row.title,
            row.letter_number, static_cast<int>(row.round), row.sha256,      row.issued_at_ms};
}

class LetterService final : public Letters {
  public:
    explicit LetterService(Parts parts) : parts_(std::move(parts)) {}

    Result<Letter> issue(const std::string& application_id, const std::string& letter_kind, int round,
                         std::int64_t caused_at_ms) override {
        const auto kind = std::ranges::find(kKinds, letter_kind, &Kind::letter_kind);
        if (kind == kKinds.end()) {
            return error(Errc::invalid_input, "letters.kind_unknown", "没有这种文书，请检查流程文件中的文书名称。");
        }
        KAIGONG_TRY(source, parts_.values.values_of(application_id, letter_kind, round, caused_at_ms));
        if (kind->remedies &&
            (text_of(source.values, "reconsideration_body").empty() || text_of(source.values, "court").empty())) {
            return error(Errc::conflict, "letters.remedies_missing",
                         "文书必须写明复议机关和管辖法院，请管理员在机关设置中补充后重试。");
        }
        KAIGONG_TRY(row, number(application_id, *kind, round, source, caused_at_ms));
        if (!row.sha256.empty()) return letter_of(row);
        KAIGONG_TRY(pdf, render(source, row));
        KAIGONG_TRY(stored, parts_.blobs.put(pdf, kLetterBytesMax));
        row.sha256 = stored.sha256;
        KAIGONG_CHECK(parts_.database.transact([&](db::Session& session) {
            store::set_content(session, row.letter_id, row.sha256);
            parts_.audit.write(session, {"application", application_id, 0, "letters.issue", "system", "系统",
                                         "出具" + row.title + " " + row.letter_number, parts_.clock.now_ms()});
        }));
        return letter_of(row);
    }

    std::vector<Letter> letters_of(const std::string& application_id) override {
        const auto rows =
            parts_.database.read([&](db::Session& session) { return store::of_application(session, application_id); });
        std::vector<Letter> letters;
        if (!rows) return letters;
        for (const auto& row : *rows) letters.push_back(letter_of(row));
        return letters;
    }

    bool is_referenced(const std::string& sha256) override {
        const auto found =
            parts_.database.read([&](db::Session& session) { return store::is_referenced(session, sha256); });
        return !found || *found;  // not sure: keep it
    }

    std::vector<http::Endpoint> routes() override;

  private:
    /// The row of this cause, numbered now or before.
    Result<store::LetterRow> number(const std::string& application_id, const Kind& kind, int round,
                                    const ValueSource::Values& source, std::int64_t now_ms) {
        const auto* authority = parts_.catalog.find_authority(source.region_code);
        const auto year = office_date(now_ms).year;
        return parts_.database.transact([&](db::Session& session) -> Result<store::LetterRow> {
            const std::string code(kind.letter_kind);
            if (auto known = store::find_by_cause(session, application_id, code, round)) return *known;
            const auto serial = store::take_serial(session, source.region_code, code, year);
            // Letters of one instant keep the order in which they were made.
            store::LetterRow row{
                new_uuid(parts_.clock.now_ms()), application_id, code, round, "", std::string(kind.title), "", now_ms};
            row.letter_number = fmt::format("{}{}〔{}〕{}号", authority == nullptr ? "" : authority->short_name,
                                            kind.word, year, serial);
            if (!store::insert(session, row)) {
                return error(Errc::conflict, "letters.already_numbered", "这份文书正在出具，请稍后刷新。");
            }
            return row;
        });
    }

    Result<std::string> render(const ValueSource::Values& source, const store::LetterRow& row) {
        KAIGONG_TRY(matter, parts_.catalog.load_matter(source.matter_code, source.catalog_version));
        const auto* text = matter->find_template(row.letter_kind);
        if (text == nullptr) {
            return error(Errc::conflict, "letters.template_missing",
                         "本事项没有“" + row.title + "”的模板，请管理员补充。");
        }
        KAIGONG_TRY(parsed, layout::Template::parse(boost::json::serialize(*text)));
        object values = source.values;
        values["letter_number"] = row.letter_number;
        values["issued_on_text"] = date_text(office_date(row.issued_at_ms));
        values["verify_url"] = parts_.public_url + "/verify";
        KAIGONG_TRY(document, parsed.fill(values, row.issued_at_ms));
        return pdf::write(document);
    }

    Result<http::Reply> list(const Request& request) {
        KAIGONG_TRY(id, http::path_id<LetterId>(request, "application_id", "letters.not_found"));
        KAIGONG_CHECK(parts_.values.may_read(request.actor(), id.text));
        array letters;
        for (const auto& letter : letters_of(id.text)) {
            if (letter.sha256.empty()) continue;  // numbered, its file is still being made
            letters.push_back({{"letter_id", letter.letter_id.text},
                               {"letter_kind", letter.letter_kind},
                               {"title", letter.title},
                               {"number", letter.number},
                               {"issued_at_ms", letter.issued_at_ms},
                               {"round", letter.round}});
        }
        return http::json_reply(object{{"letters", std::move(letters)}});
    }

    Result<http::Reply> content(const Request& request) {
        KAIGONG_TRY(id, http::path_id<LetterId>(request, "letter_id", "letters.not_found"));
        KAIGONG_TRY(row, parts_.database.read([&](db::Session& session) { return store::find(session, id.text); }));
        if (!row || row->sha256.empty()) return not_found();
        if (!parts_.values.may_read(request.actor(), row->application_id)) return not_found();
        KAIGONG_TRY(bytes, parts_.blobs.get(row->sha256, kLetterBytesMax));
        return http::own_file(std::move(bytes), "application/pdf", row->title + " " + row->letter_number + ".pdf",
                              http::Disposition::inline_preview);
    }

    Parts parts_;
};

std::vector<http::Endpoint> LetterService::routes() {
    return {
        {.method = Method::get,
         .path = "/api/v1/applications/{application_id}/letters",
         .action = "approval.read",
         .handler = [this](const Request& request) { return list(request); }},
        {.method = Method::get,
         .path = "/api/v1/letters/{letter_id}/content",
         .action = "approval.read",
         .pool = http::Pool::slow,
         .handler = [this](const Request& request) { return content(request); }},
    };
}

}  // namespace

std::string title_of(std::string_view letter_kind) {
    const auto found = std::ranges::find(kKinds, letter_kind, &Kind::letter_kind);
    return std::string(found == kKinds.end() ? letter_kind : found->title);
}

std::unique_ptr<Letters> make_letters(Parts parts) {
    return std::make_unique<LetterService>(std::move(parts));
}

}  // namespace kaigong::letters
