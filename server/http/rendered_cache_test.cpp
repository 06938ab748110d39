#include "http/rendered_cache.hpp"

#include <doctest/doctest.h>

using namespace kaigong::http;

namespace {

void keep(RenderedCache& cache, const std::string& target, const std::string& subject, std::size_t size = 10) {
    cache.put(target, subject, cache.ticket(), {"head", std::string(size, 'x')});
}

}  // namespace

TEST_CASE("a change of the subject takes all of its pages out and leaves the others") {
    RenderedCache cache;
    keep(cache, "/permits/1", "1");
    keep(cache, "/v?c=1", "1");
    keep(cache, "/permits/2", "2");
    cache.invalidate("1");
    CHECK_FALSE(cache.find("/permits/1"));
    CHECK_FALSE(cache.find("/v?c=1"));
    CHECK(cache.find("/permits/2"));
    cache.invalidate_all();
    CHECK_FALSE(cache.find("/permits/2"));
    CHECK(cache.size_bytes() == 0);
}

TEST_CASE("a page that was being made while its subject changed is not kept") {
    RenderedCache cache;
    const auto before = cache.ticket();
    cache.invalidate("1");
    cache.put("/permits/1", "1", before, {"old", "old"});
    CHECK_FALSE(cache.find("/permits/1"));
    cache.put("/permits/2", "2", before, {"", ""});
    CHECK(cache.find("/permits/2"));
    cache.put("/permits/1", "1", cache.ticket(), {"new", "new"});
    CHECK(cache.find("/permits/1")->body == "new");
    const auto old = cache.ticket();
    cache.invalidate_all();
    cache.put("/permits/3", "3", old, {"", ""});
    CHECK_FALSE(cache.find("/permits/3"));
}

TEST_CASE("forgetting old invalidations refuses pages rather than keep a stale one") {
    RenderedCache cache;
    const auto before = cache.ticket();
    for (int i = 0; i < 20'000; ++i) cache.invalidate(std::to_string(i));
    cache.put("/x", "0", before, {"", ""});
    CHECK_FALSE(cache.find("/x"));
}

TEST_CASE("memory stays within its bound and the least used goes first") {
    RenderedCache cache(8'000);
    for (int i = 0; i < 6; ++i) keep(cache, "/" + std::to_string(i), "s" + std::to_string(i), 700);
    CHECK(cache.find("/0"));
    for (int i = 6; i < 12; ++i) keep(cache, "/" + std::to_string(i), "s", 700);
    CHECK(cache.size_bytes() <= 8'000);
    CHECK_FALSE(cache.find("/1"));
    keep(cache, "/big", "s", 2'000);
    CHECK_FALSE(cache.find("/big"));
    cache.invalidate("s");
    keep(cache, "/0", "s0", 10);
    CHECK(cache.find("/0")->body.size() == 10);
}

TEST_CASE("where others change what is shown, a page does not outlive its age") {
    RenderedCache aged(1U << 20U, std::chrono::milliseconds(0));
    keep(aged, "/permits/1", "1");
    const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(5);
    while (std::chrono::steady_clock::now() < later) {
    }
    CHECK_FALSE(aged.find("/permits/1"));
    CHECK(aged.size_bytes() == 0);
    RenderedCache lasting;
    keep(lasting, "/permits/1", "1");
    CHECK(lasting.find("/permits/1"));
}
