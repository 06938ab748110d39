#include "modules/catalog/matter_files.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::catalog {
namespace {

constexpr std::uintmax_t kFileBytesMax = 4ULL * 1024 * 1024;
constexpr std::array kSuffixes{".json", ".dmn", ".bpmn"};

bool belongs(const std::filesystem::path& relative) {
    if (*relative.begin() == "cases") return false;
    return std::ranges::find(kSuffixes, relative.extension().string()) != kSuffixes.end();
}

}  // namespace

Result<MatterFiles> read_matter_folder(const std::filesystem::path& folder) {
    MatterFiles files;
    std::error_code fault;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, fault)) {
        const auto relative = std::filesystem::relative(entry.path(), folder);
        if (!entry.is_regular_file() || !belongs(relative)) continue;
        if (entry.file_size() > kFileBytesMax) {
            return error(Errc::too_large, "catalog.file_too_large", relative.string() + " 超过 4 MB，请拆分后再发布。");
        }
        const std::ifstream in(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        if (!in)
            return error(Errc::unavailable, "catalog.folder_unreadable", relative.string() + " 读不出来，请检查权限。");
        files[relative.generic_string()] = std::move(text).str();
    }
    if (fault) {
        return error(Errc::unavailable, "catalog.folder_unreadable", folder.string() + " 读不出来，请检查目录和权限。");
    }
    return files;
}

std::string version_of(const MatterFiles& files, const std::string& effective_from_on) {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const auto& [name, text] : files) {
        // Lengths keep the border between a name and its text.
        const auto head = std::to_string(name.size()) + ":" + std::to_string(text.size()) + ":";
        hasher.update(crypto::view(head));
        hasher.update(crypto::view(name));
        hasher.update(crypto::view(text));
    }
    return effective_from_on + "-" + crypto::to_hex(hasher.finish()).substr(0, 12);
}

std::string examples_name(const std::string& rules_name) {
    return std::filesystem::path(rules_name).replace_extension(".tests.json").string();
}

std::string to_json_text(const MatterFiles& files) {
    boost::json::object object;
    for (const auto& [name, text] : files) object[name] = text;
    return boost::json::serialize(object);
}

MatterFiles from_json_text(const std::string& text) {
    MatterFiles files;
    const auto parsed = boost::json::parse(text);
    for (const auto& [name, content] : parsed.as_object()) {
        files[std::string(name)] = std::string(content.as_string());
    }
    return files;
}

}  // namespace kaigong::catalog
