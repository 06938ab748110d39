// What an OFD package of anybody says: document, custom data, attachments, the text of its pages, its signatures.
// Reads, and judges nothing; ofd_signing.hpp compares references, crypto/ judges seals.
#pragma once

#include "crypto/bytes.hpp"
#include "formats/layout/document.hpp"
#include "formats/ofd/ofd_writer.hpp"
#include "formats/ofd/package.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kaigong::ofd {

inline constexpr std::size_t kReadPagesMax = 1'000;
inline constexpr std::size_t kReadSignaturesMax = 64;
/// Of one page. Ours have one.
inline constexpr std::size_t kReadTemplatesMax = 16;
/// Of all pages, UTF-8.
inline constexpr std::size_t kReadTextBytesMax = std::size_t{4} << 20;

struct Info {
    std::string doc_id;
    std::string title;
    std::string author;
    std::string subject;
    /// As it is written, mostly `YYYY-MM-DD`.
    std::string creation_date;
    std::string creator;
    std::vector<CustomData> custom_data;
};

struct Attachment {
    std::string name;
    std::string format;
    /// As `Package::find` knows it.
    std::string path;
};

struct ReadPage {
    std::string id;
    std::string path;
    double width_mm = 0;
    double height_mm = 0;
    /// UTF-8, lines parted by `\n`, in the order of the objects: what lies behind the page, the page, what lies on it.
    std::string text;
};

enum class CheckMethod { sm3, other };

struct Reference {
    /// As it is written, without the `/` at the beginning.
    std::string path;
    crypto::Bytes digest;
};

struct Stamp {
    std::string page_id;
    layout::Rect place;
};

struct SignatureRecord {
    std::string id;
    /// `Seal` (also when nothing is said: GB/T 33190, 18.2) or `Sign`.
    std::string type;
    /// Of Signature.xml.
    std::string path;
    std::string provider;
    /// OID.
    std::string method;
    /// As it is written: `YYYY-MM-DD hh:mm:ss`, `YYYYMMDDhhmmss` and others are met.
    std::string signed_at;
    CheckMethod check_method = CheckMethod::other;
    std::vector<Reference> references;
    std::vector<Stamp> stamps;
    /// Seal.esl; nothing when the seal stands in the signed value only.
    std::optional<std::string> seal_path;
    std::string value_path;
};

struct Reading {
    Info info;
    std::vector<Attachment> attachments;
    std::vector<ReadPage> pages;
    /// Signatures.xml; empty when there is none.
    std::string signatures_path;
    std::vector<SignatureRecord> signatures;
};

/// Fails with ofd.file_missing, ofd.xml_malformed, ofd.file_too_large, ofd.several_documents, ofd.too_many_pages,
/// ofd.page_repeated (a file is two pages), ofd.too_complex (templates, text), ofd.too_many_signatures,
/// ofd.signature_malformed.
Result<Reading> read(const Package& package);

}  // namespace kaigong::ofd
