// 常用意见: what an officer keeps for himself. Both databases.
#include "modules/approval/opinions.hpp"

#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using testing::Office;

const std::string kMe = "01900000-0000-7000-8000-000000000001";

void keep(Office& office, const std::string& id, const std::string& text, std::int64_t used_at_ms,
          const std::string& account_id = kMe) {
    office.act([&](db::Session& session) -> Result<void> {
        store::insert_own_opinion(session, {id, account_id, 1, text, 0, used_at_ms});
        return {};
    });
}

std::vector<std::string> texts(Office& office, int limit = 10) {
    std::vector<std::string> list;
    const auto rows =
        office.database.read([&](db::Session& session) { return store::own_opinions(session, kMe, limit); }).value();
    list.reserve(rows.size());
    for (const auto& row : rows) list.push_back(row.text);
    return list;
}

}  // namespace

TEST_CASE("one's own opinions come the most used first, then the last used, and nobody else's among them") {
    testing::on_each([](Office& office) {
        keep(office, "01900000-0000-7000-8000-00000000000a", "甲", 1);
        keep(office, "01900000-0000-7000-8000-00000000000b", "乙", 2);
        keep(office, "01900000-0000-7000-8000-00000000000c", "丙", 3, "01900000-0000-7000-8000-000000000002");
        CHECK(texts(office) == std::vector<std::string>{"乙", "甲"});
        office.act([](db::Session& session) -> Result<void> {
            store::count_use(session, "01900000-0000-7000-8000-00000000000a", 1);
            return {};
        });
        CHECK(texts(office) == std::vector<std::string>{"甲", "乙"});
        CHECK(texts(office, 1) == std::vector<std::string>{"甲"});
    });
}

TEST_CASE("an opinion is changed and deleted in the version that was seen; counting its use is no change") {
    testing::on_each([](Office& office) {
        const std::string id = "01900000-0000-7000-8000-00000000000a";
        keep(office, id, "甲", 1);
        const auto change = [&](std::int64_t version, const std::string& text) {
            store::OwnOpinionRow row{id, kMe, version, text, 0, 1};
            const auto done =
                office.database.transact([&](db::Session& session) { return store::save_own_opinion(session, row); });
            return done ? "" : done.error().reason;
        };
        office.act([&](db::Session& session) -> Result<void> {
            store::count_use(session, id, 5);
            return {};
        });
        CHECK(change(1, "甲甲") == "");
        CHECK(change(1, "又改") == "db.version_is_stale");
        CHECK(texts(office) == std::vector<std::string>{"甲甲"});
        const auto forget = [&](std::int64_t version) {
            const auto done = office.database.transact(
                [&](db::Session& session) { return store::delete_own_opinion(session, {id, kMe, version, "", 0, 0}); });
            return done ? "" : done.error().reason;
        };
        CHECK(forget(1) == "db.version_is_stale");
        CHECK(forget(2) == "");
        CHECK(texts(office).empty());
        CHECK(!office.database.read([&](db::Session& session) { return store::find_own_opinion(session, kMe, id); })
                   .value());
    });
}

}  // namespace kaigong::approval
