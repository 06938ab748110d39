#include "http/static_files.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <fstream>

#include "http/test_server.hpp"

using namespace kaigong;
using namespace kaigong::http;

namespace {

/// A folder like the built client, that goes when the test ends.
class BuiltClient {
  public:
    BuiltClient()
        : folder_(std::filesystem::temp_directory_path() / ("kaigong_static_test_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_ / "assets");
        write("index.html", "<!doctype html>" + std::string(2'000, ' '));
        write("assets/index-BX3kq9Zt.js", std::string(5'000, 'j'));
        write("assets/plain.png", "png");
        write("ready.css", std::string(500, 'c'));
        write("ready.css.br", "ready-made");
    }
    BuiltClient(const BuiltClient&) = delete;
    BuiltClient& operator=(const BuiltClient&) = delete;
    ~BuiltClient() { std::filesystem::remove_all(folder_); }
    const std::filesystem::path& folder() const { return folder_; }
    StaticFiles load() const {
        auto files = StaticFiles::load({"/app/", folder_, true});
        REQUIRE(files);
        return std::move(*files);
    }

  private:
    void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
    std::filesystem::path folder_;
};

std::string header(const Reply& reply, std::string_view wanted) {
    for (const auto& [name, value] : reply.headers) {
        if (name == wanted) return value;
    }
    return "";
}

std::string gunzip(const std::string& bytes) {
    std::string out(100'000, '\0');
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 31) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

}  // namespace

TEST_CASE("files come in the smallest encoding that the browser takes") {
    const BuiltClient client;
    const auto files = client.load();
    CHECK(files.count() == 4);
    const auto script = "/app/assets/index-BX3kq9Zt.js";
    const auto brotli = files.find(script, "gzip, br", "");
    REQUIRE(brotli);
    CHECK(header(*brotli, "Content-Encoding") == "br");
    CHECK(header(*brotli, "Vary") == "Accept-Encoding");
    const auto gzip = files.find(script, "gzip", "");
    CHECK(header(*gzip, "Content-Encoding") == "gzip");
    CHECK(gunzip(*std::get<SharedBytes>(gzip->body)) == std::string(5'000, 'j'));
    const auto plain = files.find(script, "", "");
    CHECK(header(*plain, "Content-Encoding").empty());
    CHECK(plain->content_type == "text/javascript; charset=utf-8");
    CHECK(*std::get<SharedBytes>(files.find("/app/ready.css", "br", "")->body) == "ready-made");
    CHECK(header(*files.find("/app/assets/plain.png", "br, gzip", ""), "Content-Encoding").empty());
}

TEST_CASE("hashed assets are kept for ever, everything else is asked for again by its tag") {
    const BuiltClient client;
    const auto files = client.load();
    const auto script = files.find("/app/assets/index-BX3kq9Zt.js", "", "");
    CHECK(header(*script, "Cache-Control") == "public, max-age=31536000, immutable");
    const auto index = files.find("/app/", "", "");
    CHECK(header(*index, "Cache-Control") == "no-cache");
    const auto again = files.find("/app/", "", header(*index, "ETag"));
    CHECK(again->status == 304);
    CHECK(std::get<std::string>(again->body).empty());
    CHECK(header(*again, "ETag") != header(*script, "ETag"));
}

TEST_CASE("routes of the single page get its index, missing files do not") {
    const BuiltClient client;
    const auto files = client.load();
    CHECK(files.find("/app/applications/0190/edit/works", "", "")->content_type == "text/html; charset=utf-8");
    CHECK_FALSE(files.find("/app/assets/gone-12345678.js", "", ""));
    CHECK_FALSE(files.find("/app/ready.css.br", "", ""));
    CHECK_FALSE(files.find("/other", "", ""));
    CHECK(StaticFiles::load({"/app/", "/nonexistent", true}).error().reason == "http.static_folder_missing");
}

TEST_CASE("the server gives the client out with its policy, and nothing outside of its folder") {
    const BuiltClient client;
    const TestServer server([](ServerOptions&) {}, client.folder());
    const auto index = ask_once(server.port(), "GET", "/app/applications?x=1", {{"Accept-Encoding", "gzip, br"}});
    CHECK(index.status == 200);
    CHECK(index.header("content-encoding") == "br");
    CHECK(index.header("content-security-policy").find("script-src 'self'") != std::string::npos);
    CHECK(std::stoul(index.header("content-length")) == index.body.size());
    const TestClient::Headers known{{"Accept-Encoding", "br"}, {"If-None-Match", index.header("etag")}};
    TestClient kept(server.port());
    const auto unchanged = kept.ask("GET", "/app/", known);
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());
    CHECK(kept.ask("HEAD", "/app/ready.css").header("content-length") == "500");
    CHECK(kept.ask("GET", "/app/..%2f..%2fetc/passwd").status == 400);
    CHECK(kept.ask("GET", "/app/../../etc/passwd").status == 400);
    CHECK(kept.ask("GET", "/app/assets/none.js").status == 404);
    CHECK(kept.ask("POST", "/app/").status == 404);
}
