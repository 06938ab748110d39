#include "formats/qr/qr.hpp"

#include <qrencode.h>
#include <memory>
#include <stdexcept>

namespace kaigong::qr {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

}  // namespace

Result<Modules> encode(std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos) {
        return error(Errc::invalid_input, "qr.text_empty", "二维码内容为空，请检查验真网址的设置。");
    }
    if (text.size() > kTextBytesMax) {
        return error(Errc::too_large, "qr.text_too_long", "二维码内容过长，请缩短验真网址。");
    }
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString(std::string(text).c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
    if (code == nullptr) throw std::runtime_error("QRcode_encodeString");
    Modules modules;
    modules.size = code->width;
    const auto count = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
    modules.dark.reserve(count);
    for (std::size_t i = 0; i < count; ++i) modules.dark.push_back((code->data[i] & 1) != 0);
    return modules;
}

}  // namespace kaigong::qr
