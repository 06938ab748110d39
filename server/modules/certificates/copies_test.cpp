#include "modules/certificates/copies.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "formats/identifier/identifier.hpp"
#include "modules/certificates/issuing.hpp"
#include "modules/certificates/testing/issuing_office.hpp"

using namespace kaigong;
using certificates::Copies;
using certificates::testing::IssuingOffice;
using certificates::testing::kNumber;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

authz::Actor owner(const std::string& account = "owner-1") {
    authz::Actor actor;
    actor.account_id.text = account;
    actor.kind = authz::AccountKind::owner_agent;
    actor.roles = {authz::Role::owner_agent};
    actor.recently_authenticated = true;
    return actor;
}

certificates::CopyRequest request(const std::string& purpose, const std::string& key) {
    return {kNumber, {purpose, "示例银行"}, key, purpose};
}

/// An office with a certificate that is valid.
struct CopyOffice : IssuingOffice {
    CopyOffice() : copies(parts()) { REQUIRE(reason_of(make()) == ""); }

    certificates::store::EditionRow edition() {
        return storage
            ->read([](db::Session& session) { return certificates::store::find_valid(session, kNumber).value(); })
            .value();
    }
    void save(certificates::store::EditionRow row) {
        REQUIRE(storage->transact([&](db::Session& session) { return certificates::store::save(session, row); }));
    }
    /// A later edition that is valid too.
    void publish_next() {
        auto next = edition();
        auto parts = identifier::parse_certificate_identifier(next.certificate_identifier).value();
        parts.version = 2;
        next.certificate_identifier = identifier::compose(parts).value();
        next.certificate_version = 2;
        REQUIRE(storage->transact([&](db::Session& session) { CHECK(certificates::store::insert(session, next)); }));
    }
    void add_copies(int count, const std::string& state) {
        const auto id = edition().certificate_identifier;
        REQUIRE(storage->transact([&](db::Session& session) {
            for (int i = 0; i < count; ++i) {
                certificates::store::CopyRow row;
                row.certificate_identifier = id;
                row.copy_number = certificates::store::next_copy_number(session, id);
                row.state = state;
                CHECK(certificates::store::insert(session, row));
            }
        }));
    }
    /// The second file of a copy fails.
    void fail_at_second_file() {
        after_step = [this](const std::string& step) {
            if (step != "certificates.file_saved") return;
            document_key->is_ready = []() -> Result<void> { return error(Errc::unavailable, "test.away", "不在。"); };
        };
    }
    void mend() {
        after_step = [](const std::string&) {};
        document_key->is_ready = [] { return Result<void>(); };
    }

    Copies copies;
};

}  // namespace

TEST_CASE("a copy that was only begun is finished by asking again, under its number, by who asked alone") {
    CopyOffice office;
    office.fail_at_second_file();
    const auto begun = office.copies.make(owner(), request("办理贷款", "k1"));
    REQUIRE_FALSE(begun);
    CHECK(begun.error().code == Errc::unavailable);
    CHECK(begun.error().message.find("再做一次，不会多占编号") != std::string::npos);
    CHECK(office.files(1).size() == 1);
    CHECK(office.logged().size() == 2);
    office.mend();
    const auto other = office.copies.make(owner("owner-2"), request("办理贷款", "k2"));
    REQUIRE(reason_of(other) == "");
    CHECK(other->copy_number == 2);
    const auto another_wish = office.copies.make(owner(), request("招标投标", "k3"));
    REQUIRE(reason_of(another_wish) == "");
    CHECK(another_wish->copy_number == 3);
    const auto again = office.copies.make(owner(), request("办理贷款", "k4"));
    REQUIRE(reason_of(again) == "");
    CHECK(again->copy_number == 1);
    CHECK(again->state == "valid");
    CHECK(office.files(1).size() == 4);
    // What is finished is not taken up again: the same wish is another copy then.
    CHECK(office.copies.make(owner(), request("办理贷款", "k5"))->copy_number == 4);
}

TEST_CASE("keys that are away or unfit take no number") {
    CopyOffice office;
    office.document_key->is_ready = []() -> Result<void> { return error(Errc::unavailable, "test.away", "不在。"); };
    CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "test.away");
    office.mend();
    const auto seal = office.keys.seals;
    office.keys.seals.clear();
    const auto unfit = office.copies.make(owner(), request("办理贷款", "k2"));
    CHECK(reason_of(unfit) == "certificates.seal_missing");
    CHECK(unfit.error().code == Errc::unavailable);
    office.keys.seals = seal;
    CHECK(office.copies.make(owner(), request("办理贷款", "k3"))->copy_number == 1);
}

TEST_CASE("a retry brings its own copy back, also after a new edition and after the last number") {
    CopyOffice office;
    const auto first = office.copies.make(owner(), request("办理贷款", "k1"));
    REQUIRE(reason_of(first) == "");
    SUBCASE("a new edition with a copy of the same number") {
        office.publish_next();
        office.add_copies(1, "valid");
    }
    SUBCASE("no number left") {
        office.add_copies(98, "valid");
    }
    const auto again = office.copies.make(owner(), request("办理贷款", "k1"));
    REQUIRE(reason_of(again) == "");
    CHECK(again->certificate_identifier == first->certificate_identifier);
    CHECK(again->salt == first->salt);
}

TEST_CASE("no copies of a permit that is not in force, of an edition from before the log, or above ninety-nine") {
    CopyOffice office;
    const auto& permit = office.permits.permit;
    SUBCASE("not in force") {
        office.permits.permit.state = "revoked";
        CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "certificates.not_in_force");
    }
    SUBCASE("not in force any more when it is to be finished") {
        office.fail_at_second_file();
        CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "test.away");
        office.mend();
        office.permits.permit.state = "revoked";
        CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "certificates.not_in_force");
        CHECK(office.files(1).size() == 1);
    }
    SUBCASE("before the log") {
        auto row = office.edition();
        row.content.clear();
        office.save(row);
        CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "certificates.made_before_the_log");
    }
    SUBCASE("ninety-nine") {
        office.add_copies(98, "valid");
        CHECK(reason_of(office.copies.may_make(permit, office.edition())) == "");
        office.add_copies(1, "valid");
        CHECK(reason_of(office.copies.may_make(permit, office.edition())) == "certificates.copies_exhausted");
        CHECK(reason_of(office.copies.make(owner(), request("办理贷款", "k1"))) == "certificates.copies_exhausted");
    }
    SUBCASE("ninety-nine, of which one can still be finished") {
        office.add_copies(98, "valid");
        office.add_copies(1, "begun");
        CHECK(reason_of(office.copies.may_make(permit, office.edition())) == "");
    }
}

TEST_CASE("somebody makes a copy while another one begins: both get theirs") {
    CopyOffice office;
    bool met = false;
    office.after_step = [&](const std::string& step) {
        if (step != "certificates.copy_begun" || std::exchange(met, true)) return;
        CHECK(office.copies.make(owner("owner-2"), request("招标投标", "k2"))->copy_number == 2);
    };
    CHECK(office.copies.make(owner(), request("办理贷款", "k1"))->copy_number == 1);
    CHECK(met);
}

TEST_CASE("the same copy finished twice at once is one copy") {
    CopyOffice office;
    bool met = false;
    office.after_step = [&](const std::string& step) {
        if (step != "certificates.file_signed" || std::exchange(met, true)) return;
        CHECK(office.copies.make(owner(), request("办理贷款", "k2"))->copy_number == 1);
    };
    const auto slower = office.copies.make(owner(), request("办理贷款", "k1"));
    REQUIRE(reason_of(slower) == "");
    CHECK(met);
    CHECK(slower->copy_number == 1);
    CHECK(office.files(1).size() == 4);
    CHECK(office.logged().size() == 3);
}
