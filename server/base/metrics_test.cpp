#include "base/metrics.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace kaigong;

TEST_CASE("metrics are rendered in the text format of Prometheus") {
    Metrics metrics;
    metrics.counter("requests_total", "requests", {{"route", "/a\"b"}, {"status", "200"}}).add(3);
    metrics.counter("requests_total", "requests", {{"route", "/a\"b"}, {"status", "200"}}).add();
    metrics.gauge("connections", "open now", [] { return 7.0; });
    metrics.gauge("gone", "", [] { return 1.0; });
    metrics.remove_gauge("gone");
    auto& seconds = metrics.histogram("seconds", "how long");
    seconds.observe(0.001);
    seconds.observe(0.3);
    seconds.observe(60);
    const auto text = metrics.render();
    CHECK(text.find("# TYPE requests_total counter\nrequests_total{route=\"/a\\\"b\",status=\"200\"} 4\n") !=
          std::string::npos);
    CHECK(text.find("# TYPE connections gauge\nconnections 7\n") != std::string::npos);
    CHECK(text.find("gone 1") == std::string::npos);
    CHECK(text.find("seconds_bucket{le=\"0.001\"} 1\n") != std::string::npos);
    CHECK(text.find("seconds_bucket{le=\"0.25\"} 1\n") != std::string::npos);
    CHECK(text.find("seconds_bucket{le=\"0.5\"} 2\n") != std::string::npos);
    CHECK(text.find("seconds_bucket{le=\"+Inf\"} 3\nseconds_sum 60.301\nseconds_count 3\n") != std::string::npos);
}

TEST_CASE("one name cannot be two kinds of metric") {
    Metrics metrics;
    metrics.counter("x", "");
    CHECK_THROWS_AS(metrics.histogram("x", ""), std::logic_error);
}
