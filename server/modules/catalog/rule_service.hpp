// Rule packages: what a draft of rules holds and how it is judged. Their way is PackageService's.
#pragma once

#include "modules/catalog/package_service.hpp"

namespace kaigong::catalog {

class RuleService final : public PackageService {
  public:
    explicit RuleService(const RulePackageParts& parts);

  private:
    Result<TypedDraft> read_typed(const boost::json::value& body) const override;
    Result<void> must_be_readable(const TypedDraft& typed) const override;
    TypedDraft contents_of(const Package& package, const MatterFiles& files) const override;
    std::pair<const char*, std::int64_t> size_of(const Package& package) const override;
    CheckedDraft judge(const Package& package, const store::DraftRow& row, const MatterFiles& base) const override;
    MatterFiles published(const Package& package, const store::DraftRow& row, MatterFiles base) const override;
    bool owns(const Package& package, const std::string& file) const override;
    Result<std::shared_ptr<Trial>> trial_of(const Package& package, const store::DraftRow& row,
                                            std::int64_t since_ms) override;

    PastCases& past_cases_;
};

}  // namespace kaigong::catalog
