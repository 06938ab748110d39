#include "formats/ofd/xml_parts.hpp"

#include <charconv>
#include <cmath>

namespace kaigong::ofd {
namespace {

constexpr std::size_t kNumbersMax = 1'000;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    constexpr std::string_view kSpace = " \t\r\n,";
    for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(kSpace, end);
    }
    return words;
}

std::optional<double> number(std::string_view word) {
    double value = 0;
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

Error missing_file() {
    return error(Errc::invalid_input, "ofd.file_missing", "OFD 包缺少必需的文件，请重新获取原文件。");
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    for (const pugi::xml_node& each : node.children()) {
        if (local_name(each) == name) return each;
    }
    return {};
}

std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name) {
    std::vector<pugi::xml_node> found;
    for (const pugi::xml_node& each : node.children()) {
        if (local_name(each) == name) found.push_back(each);
    }
    return found;
}

std::string child_text(const pugi::xml_node& node, std::string_view name) {
    return std::string(trimmed(child(node, name).text().get()));
}

std::vector<double> numbers_of(std::string_view text) {
    std::vector<double> numbers;
    const std::vector<std::string_view> words = words_of(text);
    for (std::size_t i = 0; i < words.size() && numbers.size() < kNumbersMax; ++i) {
        std::size_t times = 1;
        if (words[i] == "g") {
            if (i + 2 >= words.size()) break;
            const auto count = number(words[i + 1]);
            if (!count || *count < 0) break;
            times = static_cast<std::size_t>(std::min(*count, static_cast<double>(kNumbersMax - numbers.size())));
            i += 2;
        }
        const auto value = number(words[i]);
        if (!value) break;
        numbers.insert(numbers.end(), times, *value);
    }
    return numbers;
}

std::optional<std::string> resolve(std::string_view naming_file, std::string_view location) {
    std::vector<std::string_view> parts;
    const auto walk = [&parts](std::string_view path) {
        while (!path.empty()) {
            const std::size_t end = std::min(path.find('/'), path.size());
            const std::string_view part = path.substr(0, end);
            path.remove_prefix(std::min(end + 1, path.size()));
            if (part.empty() || part == ".") continue;
            if (part != "..") {
                parts.push_back(part);
            } else if (parts.empty()) {
                return false;
            } else {
                parts.pop_back();
            }
        }
        return true;
    };
    const std::size_t folder = naming_file.rfind('/');
    if (!location.starts_with('/') && folder != std::string_view::npos && !walk(naming_file.substr(0, folder))) {
        return std::nullopt;
    }
    if (!walk(location) || parts.empty()) return std::nullopt;
    std::string path;
    for (const std::string_view part : parts) {
        if (!path.empty()) path += '/';
        path += part;
    }
    return path;
}

Result<void> load_xml(pugi::xml_document& into, const Package& package, std::string_view path, std::string_view root) {
    const PackageFile* file = package.find(path);
    if (file == nullptr) return missing_file();
    if (file->bytes.size() > kXmlBytesMax) {
        return error(Errc::too_large, "ofd.file_too_large", "OFD 包内有过大的文件，无法检查，请联系出具单位。");
    }
    constexpr unsigned kHow = pugi::parse_default | pugi::parse_ws_pcdata_single;
    const auto parsed = into.load_buffer(file->bytes.data(), file->bytes.size(), kHow);
    if (!parsed || local_name(into.document_element()) != root) {
        return error(Errc::invalid_input, "ofd.xml_malformed", "OFD 包内的描述文件格式不正确，请重新获取原文件。");
    }
    return {};
}

Result<std::string> located(const Package& package, std::string_view naming_file, std::string_view location) {
    const auto path = resolve(naming_file, location);
    const PackageFile* file = path ? package.find(*path) : nullptr;
    if (file == nullptr) return missing_file();
    return file->path;
}

}  // namespace kaigong::ofd
