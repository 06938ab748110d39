#include "base/settings.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kaigong {
namespace {

constexpr std::string_view kPrefix = "KAIGONG_";
constexpr std::uintmax_t kFileBytesMax = 1U << 20U;
// toml++ bounds arrays and inline tables by itself; this bounds the walk over [a.b.c.d…] tables.
constexpr std::size_t kDepthMax = 16;

Error file_error(const char* reason, std::string message) {
    return error(Errc::invalid_input, reason, std::move(message));
}

Result<std::string> read_bounded(const std::filesystem::path& file, std::uintmax_t bytes_max) {
    std::ifstream stream(file, std::ios::binary);
    std::error_code failure;
    if (!stream || !std::filesystem::is_regular_file(file, failure)) {
        return file_error("settings.file_missing",
                          fmt::format("找不到或无法读取文件 {}，请核对路径和读取权限。", file.string()));
    }
    std::string text(static_cast<std::size_t>(bytes_max) + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > bytes_max) {
        return file_error("settings.file_too_large",
                          fmt::format("文件 {} 超过 {} 字节的上限。", file.string(), bytes_max));
    }
    return text;
}

}  // namespace

struct Settings::Document {
    toml::table table;
    Environment environment;
    std::set<std::string, std::less<>> asked;
    std::set<std::string, std::less<>> variables;
    std::set<std::string, std::less<>> secrets;
    std::vector<FieldProblem> problems;

    void note(std::string field, const char* reason, std::string message) {
        problems.push_back({std::move(field), reason, std::move(message)});
    }
    /// Remembers the key; a second question for it is a bug, because the two could have different defaults.
    void ask(std::string_view key) {
        const bool first = asked.emplace(key).second && variables.emplace(variable_of(key)).second;
        if (!first) throw std::logic_error(fmt::format("setting {} is asked for twice", key));
    }
    const std::string* variable(std::string_view key) const {
        const auto found = environment.find(variable_of(key));
        return found == environment.end() ? nullptr : &found->second;
    }
    const toml::node* node(std::string_view key) const {
        const toml::node* current = &table;
        while (current != nullptr) {
            const auto dot = key.find('.');
            const auto* inner = current->as_table();
            current = inner == nullptr ? nullptr : inner->get(key.substr(0, dot));
            if (dot == std::string_view::npos) break;
            key.remove_prefix(dot + 1);
        }
        return current;
    }
    void note_unknown(const toml::table& inner, const std::string& path, std::size_t depth);
};

void Settings::Document::note_unknown(const toml::table& inner, const std::string& path, std::size_t depth) {
    for (const auto& [name, value] : inner) {
        const std::string key = path.empty() ? std::string(name.str()) : path + "." + std::string(name.str());
        if (asked.contains(key)) continue;
        const auto* below = value.as_table();
        if (below != nullptr && depth < kDepthMax) {
            note_unknown(*below, key, depth + 1);
        } else if (secrets.contains(key)) {
            note(key, "settings.secret_in_file",
                 fmt::format("密码或密钥不能写在配置文件里：请写入只有本人可读的文件并填 {}_file，或用环境变量 {}。",
                             key, variable_of(key)));
        } else {
            note(printable(key), "settings.unknown_key", "没有这一项配置，请核对名称或删去。");
        }
    }
}

Settings::Settings(std::unique_ptr<Document> document) : document_(std::move(document)) {}
Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;
Settings::~Settings() = default;

Environment environment_of_process() {
    Environment result;
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (text.starts_with(kPrefix) && equals != std::string_view::npos) {
            result.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return result;
}

std::string Settings::variable_of(std::string_view key) {
    std::string result(kPrefix);
    for (const char c : key) {
        result += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return result;
}

Result<Settings> Settings::open(const std::filesystem::path& file, Environment environment) {
    if (file.empty()) return parse("", std::move(environment));
    KAIGONG_TRY(text, read_bounded(file, kFileBytesMax));
    return parse(text, std::move(environment));
}

Result<Settings> Settings::parse(std::string_view toml, Environment environment) {
    auto document = std::make_unique<Document>();
    document->environment = std::move(environment);
    try {
        document->table = toml::parse(toml);
    } catch (const toml::parse_error& failure) {
        const auto at = failure.source().begin;
        return file_error("settings.file_malformed",
                          fmt::format("配置文件第 {} 行第 {} 列不符合 TOML 格式，请改正。", at.line, at.column));
    }
    return Settings(std::move(document));
}

bool Settings::is_set(std::string_view key) const {
    return document_->variable(key) != nullptr || document_->node(key) != nullptr;
}

std::string Settings::text(std::string_view key, std::string fallback, TextRule rule) {
    document_->ask(key);
    std::optional<std::string> found;
    if (const auto* variable = document_->variable(key)) {
        found = *variable;
    } else if (const auto* node = document_->node(key)) {
        found = node->value_exact<std::string>();
        if (!found) document_->note(std::string(key), "settings.not_text", "这一项应为文字，请加引号。");
    }
    if (!found) return fallback;
    const auto length = count_code_points(*found);
    if (!length || *length < rule.length_min || *length > rule.length_max) {
        document_->note(std::string(key), "settings.text_length",
                        fmt::format("长度应在 {} 到 {} 个字之间。", rule.length_min, rule.length_max));
        return fallback;
    }
    return *found;
}

std::int64_t Settings::integer(std::string_view key, std::int64_t fallback, IntegerRule rule) {
    document_->ask(key);
    std::optional<std::int64_t> found;
    bool there = true;
    if (const auto* variable = document_->variable(key)) {
        std::int64_t number = 0;
        const char* end = variable->data() + variable->size();
        const auto parsed = std::from_chars(variable->data(), end, number);
        if (parsed.ec == std::errc{} && parsed.ptr == end) found = number;
    } else if (const auto* node = document_->node(key)) {
        found = node->value_exact<std::int64_t>();
    } else {
        there = false;
    }
    if (there && (!found || *found < rule.min || *found > rule.max)) {
        document_->note(std::string(key), "settings.integer_out_of_range",
                        fmt::format("应为 {} 到 {} 之间的整数，不带引号和单位。", rule.min, rule.max));
        return fallback;
    }
    return found.value_or(fallback);
}

bool Settings::boolean(std::string_view key, bool fallback) {
    document_->ask(key);
    std::optional<bool> found;
    bool there = true;
    if (const auto* variable = document_->variable(key)) {
        if (*variable == "true" || *variable == "false") found = *variable == "true";
    } else if (const auto* node = document_->node(key)) {
        found = node->value_exact<bool>();
    } else {
        there = false;
    }
    if (there && !found) document_->note(std::string(key), "settings.not_a_boolean", "应为 true 或 false，不带引号。");
    return found.value_or(fallback);
}

std::vector<std::string> Settings::texts(std::string_view key, std::vector<std::string> fallback) {
    document_->ask(key);
    std::vector<std::string> found;
    if (const auto* variable = document_->variable(key)) {
        std::istringstream parts(*variable);
        for (std::string part; std::getline(parts, part, ',');) found.push_back(part);
        return found;
    }
    const auto* node = document_->node(key);
    if (node == nullptr) return fallback;
    const auto* array = node->as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        if (auto text = array->get(i)->value_exact<std::string>()) found.push_back(std::move(*text));
    }
    if (array == nullptr || found.size() != array->size()) {
        document_->note(std::string(key), "settings.not_a_list", "应为文字列表，例如 [\"a\", \"b\"]。");
        return fallback;
    }
    return found;
}

std::string Settings::choice(std::string_view key, const std::vector<std::string_view>& names) {
    const auto name = text(key, "");
    if (!name.empty() && std::ranges::find(names, name) == names.end()) {
        document_->note(std::string(key), "settings.not_one_of", fmt::format("只能是：{}。", fmt::join(names, "、")));
    }
    return name;
}

SecretText Settings::secret(std::string_view key) {
    document_->secrets.emplace(key);
    document_->variables.insert(variable_of(key));
    const std::string file_key = std::string(key) + "_file";
    const std::string file = text(file_key, "", {.length_min = 0, .length_max = 4'096});
    if (const auto* variable = document_->variable(key)) return SecretText(*variable);
    if (file.empty()) return {};
    struct stat status{};
    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077U) != 0) {
        document_->note(file_key, "settings.secret_file_readable",
                        fmt::format("密钥文件 {} 其他用户也能读取，请执行 chmod 600 后重新启动。", file));
        return {};
    }
    auto content = read_bounded(file, 65'536);
    if (!content) {
        document_->note(file_key, "settings.secret_file_missing", content.error().message);
        return {};
    }
    if (content->ends_with('\n')) content->pop_back();
    return SecretText(std::move(*content));
}

void Settings::leave_to_others(std::initializer_list<std::string_view> variables) {
    document_->variables.insert(variables.begin(), variables.end());
}

Result<void> Settings::finish() const {
    Document document = *document_;
    document.note_unknown(document.table, "", 0);
    for (const auto& [name, value] : document.environment) {
        if (!document.variables.contains(name)) {
            document.note(printable(name), "settings.unknown_variable", "没有这个环境变量，请核对名称或取消设置。");
        }
    }
    if (document.problems.empty()) return {};
    std::string message = "配置有误，程序没有启动。请改正后重新启动:";
    for (const auto& problem : document.problems) message += fmt::format("\n  {}:{}", problem.field, problem.message);
    Error result = error(Errc::invalid_input, "settings.invalid", std::move(message));
    result.fields = document.problems;
    return result;
}

}  // namespace kaigong
