#include "app/decision_files.hpp"

#include <filesystem>
#include <set>
#include <vector>

#include "app/verbs.hpp"

namespace kaigong::app {
namespace {

/// The models of one folder, read as often as one imports them.
class ModelFiles {
  public:
    explicit ModelFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<dmn::Model> load(const std::filesystem::path& path) {
        KAIGONG_TRY(text, text_or_file("@" + path.string()));
        KAIGONG_TRY(namespaces, dmn::imported_namespaces(text));
        std::vector<dmn::Model> imports;
        if (!namespaces.empty() && open_.insert(path).second) {
            imports = others(path);
            open_.erase(path);
        }
        return dmn::parse(text, imports);
    }

  private:
    /// All other models of the folder that can be read; which of them are meant is the reader's question.
    std::vector<dmn::Model> others(const std::filesystem::path& path) {
        std::vector<dmn::Model> models;
        std::error_code fault;
        for (const auto& entry : std::filesystem::directory_iterator(folder_, fault)) {
            if (entry.path().extension() != ".dmn" || entry.path().filename() == path.filename()) continue;
            if (open_.contains(entry.path())) continue;
            if (auto model = load(entry.path())) models.push_back(std::move(*model));
        }
        return models;
    }

    std::filesystem::path folder_;
    std::set<std::filesystem::path> open_;
};

}  // namespace

Result<dmn::Model> load_model(const std::string& file) {
    const auto folder = std::filesystem::path(file).parent_path();
    return ModelFiles(folder.empty() ? "." : folder).load(file);
}

}  // namespace kaigong::app
