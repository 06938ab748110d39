// The witnesses of the configuration, reached over the network (C2SP tlog-witness).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/tlog/note.hpp"
#include "modules/evidence/evidence.hpp"

namespace kaigong::app {

struct WitnessAddress {
    std::string url;  ///< the submission prefix, without a slash at the end
    tlog::VerifierKey key;
};

/// Of the setting `ledger.witnesses`: each `URL vkey`.
/// Fails with app.witness_malformed, app.witness_twice, http.url_malformed, tlog.key_malformed.
Result<std::vector<WitnessAddress>> read_witnesses(const std::vector<std::string>& lines);

class WitnessCalls final : public evidence::WitnessSource {
  public:
    explicit WitnessCalls(std::vector<WitnessAddress> witnesses) : witnesses_(std::move(witnesses)) {}
    std::vector<tlog::VerifierKey> keys() const override;
    Result<tlog::WitnessAnswer> add_checkpoint(const tlog::VerifierKey& witness, const std::string& body) override;

  private:
    std::vector<WitnessAddress> witnesses_;
};

}  // namespace kaigong::app
