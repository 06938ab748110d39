#include "formats/pdf/signature.hpp"

#include "formats/pdf/pdf_file.hpp"
#include "formats/pdf/qpdf.hpp"
#include "formats/pdf/stored_pdf.hpp"

#include <fmt/format.h>

namespace kaigong::pdf {
namespace {

/// What the update has to know of the file below it.
struct Below {
    int field_object = 0;
    /// The dictionary of the field, without the brackets at its end.
    std::string field;
    int objects = 0;
    std::string catalog;
    std::string information;
    std::string first_identifier;
};

Result<Below> look_below(std::string_view pdf) {
    KAIGONG_TRY(opened, open_stored(pdf));
    return guarded([&]() -> Result<Below> {
        auto fields = opened->getRoot().getKey("/AcroForm").getKey("/Fields");
        for (int i = 0; fields.isArray() && i < fields.getArrayNItems(); ++i) {
            auto field = fields.getArrayItem(i);
            if (!field.isIndirect() || !field.isDictionary() || !field.getKey("/FT").isNameAndEquals("/Sig")) continue;
            if (field.hasKey("/V")) {
                return error(Errc::conflict, "pdf.already_signed", "该文件已经签名，不能再签。");
            }
            auto trailer = opened->getTrailer();
            Below below{
                field.getObjectID(), field.unparseResolved(), trailer.getKey("/Size").getIntValueAsInt(), {}, {}, {}};
            below.field.resize(below.field.rfind(">>"));
            below.catalog = trailer.getKey("/Root").unparse();
            below.information = trailer.getKey("/Info").unparse();
            below.first_identifier = trailer.getKey("/ID").getArrayItem(0).unparse();
            return below;
        }
        return error(Errc::conflict, "pdf.signature_field_missing", "该文件没有留出签名位置，请重新生成。");
    });
}

std::string identifier_of(std::string_view bytes) {
    const auto digest = crypto::sha256(crypto::view(bytes));
    std::string hex;
    for (std::size_t i = 0; i < 16; ++i) hex += fmt::format("{:02X}", digest[i]);
    return hex;
}

std::string optional_text(const char* name, const std::string& text) {
    return text.empty() ? std::string() : fmt::format(" /{} {}", name, text_string(text));
}

/// Wide enough for every offset: the range is filled in when the file has its length.
constexpr std::string_view kRangePlace = "[0 0000000000 0000000000 0000000000]";

}  // namespace

std::array<std::string_view, 2> Prepared::signed_parts() const {
    const std::string_view whole = pdf;
    return {whole.substr(byte_range[0], byte_range[1]), whole.substr(byte_range[2], byte_range[3])};
}

crypto::Digest Prepared::sha256() const {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const std::string_view part : signed_parts()) hasher.update(crypto::view(part));
    return hasher.finish();
}

Result<Prepared> prepare_signature(std::string pdf, const SignatureFields& fields) {
    KAIGONG_TRY(form, file_form(pdf));
    KAIGONG_TRY(below, look_below(pdf));
    Prepared prepared{std::move(pdf), {}};
    std::string& out = prepared.pdf;
    out.reserve(out.size() + 2 * fields.contents_bytes_max + below.field.size() + 2048);
    const int signature = below.objects;
    if (!out.ends_with('\n')) out += '\n';
    const std::size_t field_at = out.size();
    out += fmt::format("{} 0 obj\n{} /V {} >>\nendobj\n", below.field_object, below.field, reference(signature));
    const std::size_t signature_at = out.size();
    out += fmt::format(
        "{} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M {}{}{}{} "
        "/ByteRange ",
        signature, date_string(fields.signed_at_ms), optional_text("Name", fields.name),
        optional_text("Reason", fields.reason), optional_text("Location", fields.location));
    const std::size_t range_at = out.size();
    out += kRangePlace;
    out += " /Contents ";
    const std::size_t contents_at = out.size();
    out += '<';
    out.append(2 * fields.contents_bytes_max, '0');
    out += '>';
    const std::size_t contents_end = out.size();
    out += " >>\nendobj\n";
    const std::size_t table = out.size();
    out += fmt::format(
        "xref\n{} 1\n{:010} 00000 n \n{} 1\n{:010} 00000 n \ntrailer\n<< /Size {} /Root {} /Info {} /ID "
        "[{} <{}>] /Prev {} >>\nstartxref\n{}\n%%EOF\n",
        below.field_object, field_at, signature, signature_at, signature + 1, below.catalog, below.information,
        below.first_identifier, identifier_of(std::string_view(out).substr(field_at)), form.newest_table, table);
    prepared.byte_range = {0, contents_at, contents_end, out.size() - contents_end};
    const std::string range =
        fmt::format("[0 {} {} {}]", prepared.byte_range[1], prepared.byte_range[2], prepared.byte_range[3]);
    out.replace(range_at, kRangePlace.size(), fmt::format("{:<{}}", range, kRangePlace.size()));
    return prepared;
}

Result<std::string> embed_signature(Prepared prepared, crypto::BytesView cms) {
    const std::uint64_t room = (prepared.byte_range[2] - prepared.byte_range[1] - 2) / 2;
    if (cms.size() > room) {
        return error(Errc::internal, "pdf.signature_too_long", "签名超出预留位置，请管理员检查证书链的长度。");
    }
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::size_t at = prepared.byte_range[1] + 1;
    for (const std::uint8_t byte : cms) {
        prepared.pdf[at++] = kDigits[byte >> 4];
        prepared.pdf[at++] = kDigits[byte & 0xF];
    }
    return std::move(prepared.pdf);
}

}  // namespace kaigong::pdf
