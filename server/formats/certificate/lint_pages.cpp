// The pages: is everything to be read where it belongs, and nothing else?
#include "base/chinese_format.hpp"
#include "base/json_members.hpp"
#include "formats/certificate/findings.hpp"
#include "formats/qr/qr.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <functional>

namespace kaigong::certificate {
namespace {

namespace json = boost::json;
using layout::kMmPerPoint;
using layout::Rect;

/// Rounding of places, and serifs that lean out of their square.
constexpr double kToleranceMm = 0.3;

/// Without spaces of any kind: lines are broken and figures grouped as the page wants it.
std::string squeezed(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        const std::size_t space = rest.starts_with("\u3000") ? 3 : rest.starts_with("\u00A0") ? 2 : 0;
        if (space == 0 && rest[0] != ' ' && rest[0] != '\n') result += rest[0];
        at += std::max<std::size_t>(space, 1);
    }
    return result;
}

struct Word {
    const layout::TextRun* run;
    Rect box;
};

/// A Chinese glyph stands in a square of its size, of which an eighth lies below the base line.
Rect box_of(const layout::TextRun& text) {
    const double size = text.run.size_pt * kMmPerPoint;
    return {text.origin.x_mm, text.origin.y_mm - size * 0.86, text.run.width_pt * kMmPerPoint, size * 0.98};
}

double right_of(const Rect& rect) {
    return rect.x_mm + rect.width_mm;
}
double bottom_of(const Rect& rect) {
    return rect.y_mm + rect.height_mm;
}

bool overlap(const Rect& a, const Rect& b, double tolerance_mm) {
    return std::min(right_of(a), right_of(b)) - std::max(a.x_mm, b.x_mm) > tolerance_mm &&
           std::min(bottom_of(a), bottom_of(b)) - std::max(a.y_mm, b.y_mm) > tolerance_mm;
}

bool holds(const Rect& outer, const Rect& inner) {
    return inner.x_mm >= outer.x_mm - kToleranceMm && inner.y_mm >= outer.y_mm - kToleranceMm &&
           right_of(inner) <= right_of(outer) + kToleranceMm && bottom_of(inner) <= bottom_of(outer) + kToleranceMm;
}

/// What one page holds, by kind.
struct PageView {
    const layout::Page& page;
    std::string field;
    std::string text;
    std::vector<Word> words;
    std::vector<const layout::QrCode*> codes;
    /// Straight strokes: lines of tables and rules.
    std::vector<Rect> lines;
    std::size_t tiles = 0;

    PageView(const layout::Page& source, std::size_t number) : page(source), field(fmt::format("page[{}]", number)) {
        for (const layout::Element& element : source.elements) {
            if (const auto* run = std::get_if<layout::TextRun>(&element)) {
                text += run->run.text;
                words.push_back({run, box_of(*run)});
            }
            if (const auto* code = std::get_if<layout::QrCode>(&element)) codes.push_back(code);
            const auto* tile = std::get_if<layout::Tile>(&element);
            if (tile != nullptr && !tile->paths.empty()) ++tiles;
            const auto* path = std::get_if<layout::Path>(&element);
            if (path != nullptr && path->stroke && path->steps.size() == 2) lines.push_back(layout::bounds(*path));
        }
        text = squeezed(text);
    }

    bool says(std::string_view words_wanted) const { return text.find(squeezed(words_wanted)) != std::string::npos; }
};

Rect box_of(const layout::QrCode& code) {
    const double quiet = code.module_mm * qr::kQuietZone;
    const double size = code.module_mm * code.modules + 2 * quiet;
    return {code.origin.x_mm - quiet, code.origin.y_mm - quiet, size, size};
}

void check_glyphs(Findings& findings, const PageView& view) {
    for (const Word& word : view.words) {
        const bool lacking = word.run->run.glyphs.empty() ||
                             std::ranges::any_of(word.run->run.glyphs, [](const auto& glyph) { return glyph.id == 0; });
        if (!lacking) continue;
        findings.add(view.field, "glyph_missing", "有的字字体中没有，印出来是空框，请改用通用写法或安装补充字体。");
        return;
    }
}

void check_places(Findings& findings, const PageView& view, const Rect& area) {
    const Rect paper{0, 0, view.page.width_mm, view.page.height_mm};
    const auto check = [&](const Rect& box, std::string_view what) {
        if (!holds(paper, box)) {
            findings.add(view.field, "outside_page", fmt::format("{}超出页面，请缩短文字或调整模板。", what));
        } else if (!holds(area, box)) {
            findings.add(view.field, "outside_frame", fmt::format("{}压到边框，请缩短文字或调整模板。", what));
        }
    };
    for (const Word& word : view.words) check(word.box, "文字");
    for (const Rect& line : view.lines) check(line, "表格线");
    for (const auto* code : view.codes) check(box_of(*code), "二维码");
    for (const Rect& seal : layout::seal_places(view.page)) check(seal, "印章");
}

void check_overlaps(Findings& findings, const PageView& view) {
    const auto& words = view.words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const Rect& box = words[i].box;
        const bool on_text = std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end(),
                                         [&](const Word& other) { return overlap(box, other.box, kToleranceMm); });
        const bool on_code = std::ranges::any_of(
            view.codes, [&](const auto* code) { return overlap(box, box_of(*code), kToleranceMm); });
        if (on_text || on_code) {
            return findings.add(view.field, "text_overlaps", "有文字互相重叠，请缩短文字或调整模板。");
        }
    }
}

/// A table's line that runs through letters: the text left its cell.
void check_lines(Findings& findings, const PageView& view) {
    constexpr double kInkMm = 0.35;  // from the edge of a glyph's square to its ink
    for (const Word& word : view.words) {
        const Rect ink{word.box.x_mm + kInkMm, word.box.y_mm + kInkMm, word.box.width_mm - 2 * kInkMm,
                       word.box.height_mm - 2 * kInkMm};
        const bool crossed =
            std::ranges::any_of(view.lines, [&](const Rect& line) { return overlap(ink, line, -1e-6); });
        if (crossed) return findings.add(view.field, "line_through_text", "有文字越出表格，请缩短文字或调整模板。");
    }
}

void check_code(Findings& findings, const PageView& face, const std::string& verify_url) {
    if (face.codes.size() != 1) {
        return findings.add("verify_url", "qr_missing", "正页上应有且只有一个验真二维码，请检查模板。");
    }
    const layout::QrCode& code = *face.codes.front();
    constexpr double kPixelsOfModule = 2;
    if (code.module_mm < kPixelsOfModule * kMmPerPoint - 1e-6) {
        findings.add("verify_url", "qr_too_small", "二维码太小，屏幕上扫不出来，请加大或缩短网址。");
    }
    const auto wanted = qr::encode(verify_url);
    if (!wanted || wanted->size != code.modules || wanted->dark != code.dark) {
        findings.add("verify_url", "qr_wrong", "二维码的内容不是本证的验真网址，请重新制证。");
    }
}

bool touches(const Rect& circle, const Rect& box) {
    const double radius = circle.width_mm / 2;
    const double x = circle.x_mm + radius;
    const double y = circle.y_mm + radius;
    const double dx = x - std::clamp(x, box.x_mm, right_of(box));
    const double dy = y - std::clamp(y, box.y_mm, bottom_of(box));
    return std::hypot(dx, dy) < radius - kToleranceMm;
}

/// The seal stands over the authority's name and the date, and over nothing else.
void check_seal(Findings& findings, const PageView& face, const json::object& certificate, const std::string& date) {
    constexpr double kDiameterMinMm = 30;
    const std::vector<Rect> seals = layout::seal_places(face.page);
    if (seals.size() != 1 || seals.front().width_mm < kDiameterMinMm) {
        return findings.add("issuer.name", "seal_missing", "正页上应有一个印章位置，请检查模板。");
    }
    const auto names = values_at(certificate, "issuer.name");
    const std::string lines = squeezed("发证机关" + (names.empty() ? "" : names.front().second) + "发证日期" + date);
    const bool covers = std::ranges::any_of(face.words, [&](const Word& word) {
        return touches(seals.front(), word.box) && lines.find(squeezed(word.run->run.text)) == lines.npos;
    });
    if (covers) findings.add("issuer.name", "seal_covers_text", "印章压住了应当看清的文字，请调整模板。");
}

void check_printed(Findings& findings, const CertificateProfile& profile, const json::object& certificate,
                   const std::string& text, const std::string& date) {
    const auto check = [&](const std::string& field, const std::string& value) {
        if (text.find(squeezed(value)) != text.npos) return;
        findings.add(field, "not_on_page", fmt::format("证照版面上没有印出 {} 的内容，请重新制证。", field));
    };
    for (const std::string& path : profile.printed) {
        for (const auto& [field, value] : values_at(certificate, path)) check(field, value);
    }
    if (!date.empty()) check("issued_on", date);
}

void check_feet(Findings& findings, const PageView& view, std::size_t number, std::size_t count,
                const json::object& certificate) {
    if (!view.says(text_of(certificate, "certificate_identifier")) ||
        !view.says(text_of(certificate, "permit_number"))) {
        findings.add(view.field, "number_not_on_page", "每一页都应印有证书编号和证照标识，请检查模板。");
    }
    if (!view.says(fmt::format("第{}页共{}页", number, count))) {
        findings.add(view.field, "page_number_missing", "每一页都应印有页码，请检查模板。");
    }
}

/// Training certificates say so on each page, certificates in force never do.
void check_training(Findings& findings, const PageView& view, bool sandbox, bool copy) {
    constexpr std::string_view kWords = "培训样证";
    if (sandbox && (!view.says(kWords) || view.tiles == 0)) {
        findings.add(view.field, "sandbox_words_missing", "培训样证的每一页都应写明“培训样证”，请检查模板。");
    }
    if (!sandbox && (view.says(kWords) || view.says("演示"))) {
        findings.add(view.field, "sandbox_words_present", "正式证照上不得有培训或演示字样，请检查制证环境。");
    }
    if (!sandbox && !copy && view.tiles > 0) {
        findings.add(view.field, "watermark_unexpected", "正式证照原件不应有水印，请检查制证环境。");
    }
}

void check_copy(Findings& findings, const PageView& view, const json::object* copy) {
    constexpr std::string_view kWords = "复制件";
    if (copy == nullptr) {
        if (view.says(kWords)) findings.add(view.field, "copy_words_present", "原件上不得有复制件字样，请重新制证。");
        return;
    }
    const bool written = view.says("仅供" + text_of(*copy, "purpose") + "使用") &&
                         view.says(text_of(*copy, "number")) && view.says(text_of(*copy, "made_for")) &&
                         view.says(kWords);
    if (!written || text_of(*copy, "purpose").empty()) {
        findings.add(view.field, "copy_words_missing", "复制件的每一页都应写明用途、使用人和编号，请检查模板。");
    }
    if (view.tiles == 0) {
        findings.add(view.field, "copy_watermark_missing", "复制件的每一页都应有用途水印，请检查模板。");
    }
}

}  // namespace

void check_pages(Findings& findings, const CertificateProfile& profile, const json::object& certificate,
                 const layout::Document& document, const IssuingFacts& facts) {
    const std::size_t count = document.pages.size();
    if (count == 0 || count > profile.pages_max) {
        return findings.add("page", "page_count", fmt::format("证照应有 1 到 {} 页，请检查内容。", profile.pages_max));
    }
    const auto issued = parse_date(text_of(certificate, "issued_on"));
    const std::string date = issued ? date_text(*issued) : "";
    const bool sandbox = is_training(certificate);
    const std::vector<std::string> known = known_numbers(certificate);
    std::string whole;
    for (std::size_t i = 0; i < count; ++i) {
        const PageView view(document.pages[i], i + 1);
        whole += view.text;
        check_glyphs(findings, view);
        check_places(findings, view, profile.text_area);
        check_overlaps(findings, view);
        check_lines(findings, view);
        check_feet(findings, view, i + 1, count, certificate);
        check_training(findings, view, sandbox, facts.copy != nullptr);
        check_copy(findings, view, facts.copy);
        const bool personal = std::ranges::any_of(
            view.words, [&](const Word& word) { return holds_personal_number(word.run->run.text, known); });
        if (personal) {
            findings.add(view.field, "personal_number", "证照上不得出现身份证号或手机号，请删去后重新制证。");
        }
        if (i > 0) continue;
        check_code(findings, view, text_of(certificate, "verify_url"));
        check_seal(findings, view, certificate, date);
    }
    check_printed(findings, profile, certificate, whole, date);
}

}  // namespace kaigong::certificate
