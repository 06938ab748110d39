#include "http/compression.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <stdexcept>

namespace kaigong::http {

std::string gzip(std::string_view bytes) {
    constexpr int kGzipWindow = 15 + 16;
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("gzip did not start");
    }
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("gzip did not end");
    return out;
}

std::string brotli(std::string_view bytes) {
    // Quality 5: within some percent of the best at a hundredth of its time, so that a start stays under a second.
    constexpr int kQuality = 5;
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()) + 64, '\0');
    std::size_t size = out.size();
    const auto done = BrotliEncoderCompress(kQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, bytes.size(),
                                            reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                                            reinterpret_cast<std::uint8_t*>(out.data()));
    if (done != BROTLI_TRUE) throw std::runtime_error("brotli did not end");
    out.resize(size);
    return out;
}

}  // namespace kaigong::http
