#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <stdexcept>

#include "modules/evidence/evidence.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::evidence {
namespace {

class EvidenceService final : public Evidence {
  public:
    explicit EvidenceService(db::Database& database) : database_(database) {}

    Result<Leaf> append(db::Session& session, const std::string& log, const std::string& subject,
                        const std::string& sha256, std::int64_t now_ms) override {
        if (auto known = store::find(session, log, subject, sha256)) return *known;
        // Two who append the same leaf at once: the second runs into the unique key, and finds it on its next try.
        const auto index = store::take_index(session, log);
        Leaf leaf{index, log, subject, sha256, now_ms};
        store::insert(session, leaf);
        return leaf;
    }

    std::optional<Leaf> find(const std::string& log, const std::string& subject) override {
        auto found = database_.read([&](db::Session& session) { return store::find_latest(session, log, subject); });
        return found ? *found : std::nullopt;
    }

  private:
    db::Database& database_;
};

void write_canonical(const boost::json::value& value, std::string& out);

void write_canonical(const boost::json::object& object, std::string& out) {
    std::vector<const boost::json::key_value_pair*> members;
    for (const auto& member : object) members.push_back(&member);
    // Member names of public records are ASCII, where the order of UTF-16 units is that of bytes.
    std::ranges::sort(members, {}, [](const auto* member) { return std::string_view(member->key()); });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) out += ',';
        out += boost::json::serialize(boost::json::string(members[i]->key()));
        out += ':';
        write_canonical(members[i]->value(), out);
    }
    out += '}';
}

void write_canonical(const boost::json::array& array, std::string& out) {
    out += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (i > 0) out += ',';
        write_canonical(array[i], out);
    }
    out += ']';
}

void write_canonical(const boost::json::value& value, std::string& out) {
    if (value.is_object()) {
        write_canonical(value.get_object(), out);
    } else if (value.is_array()) {
        write_canonical(value.get_array(), out);
    } else if (value.is_double()) {
        throw std::invalid_argument("canonical JSON of records: whole numbers only");
    } else {
        out += boost::json::serialize(value);
    }
}

}  // namespace

std::unique_ptr<Evidence> make_evidence(db::Database& database) {
    return std::make_unique<EvidenceService>(database);
}

std::string canonical_json(const boost::json::value& value) {
    std::string text;
    write_canonical(value, text);
    return text;
}

}  // namespace kaigong::evidence
