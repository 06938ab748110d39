#include "http/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

namespace kaigong::http {
namespace {

constexpr std::array<std::string_view, 5> kVoidElements{"br", "hr", "img", "input", "meta"};
constexpr std::array<std::string_view, 6> kRefusedElements{"script", "style", "iframe", "object", "embed", "base"};
constexpr std::array<std::string_view, 4> kAddressAttributes{"href", "src", "action", "formaction"};

bool among(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_void(std::string_view name) {
    return among(kVoidElements, name) || name == "link";
}

bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

// `//host` would leave this host, `x:` would be a scheme; `/a:b` and `?a:b` are neither.
bool is_safe_address(std::string_view address) {
    if (address.starts_with("https://") || address.starts_with("tel:")) return true;
    if (address.starts_with("//") || address.starts_with("/\\")) return false;
    return address.empty() || address.starts_with('/') || address.starts_with('#') || address.starts_with('?');
}

void check_attribute(std::string_view name, std::string_view value) {
    const bool refused = !is_name(name) || name.starts_with("on") || name == "style" || name == "srcdoc";
    if (refused || (among(kAddressAttributes, name) && !is_safe_address(value))) {
        throw std::logic_error(fmt::format("html: attribute {} is refused", name));
    }
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
        }
    }
    return out;
}

std::string encode_component(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out += c;
        } else {
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

void Html::start(std::string_view name, Attributes attributes) {
    if (!is_name(name) || among(kRefusedElements, name)) {
        throw std::logic_error(fmt::format("html: element {} is refused", name));
    }
    out_ += '<';
    out_ += name;
    for (const auto& [attribute, value] : attributes) {
        check_attribute(attribute, value);
        out_ += fmt::format(" {}=\"{}\"", attribute, escape_html(value));
    }
    out_ += '>';
}

Html& Html::open(std::string_view name, Attributes attributes) {
    start(name, attributes);
    if (is_void(name)) throw std::logic_error(fmt::format("html: {} has no content", name));
    open_.emplace_back(name);
    return *this;
}

Html& Html::close() {
    if (open_.empty()) throw std::logic_error("html: nothing is open");
    out_ += "</" + open_.back() + ">";
    open_.pop_back();
    return *this;
}

Html& Html::text(std::string_view text) {
    out_ += escape_html(text);
    return *this;
}

Html& Html::element(std::string_view name, Attributes attributes, std::string_view text) {
    start(name, attributes);
    if (is_void(name)) {
        if (!text.empty()) throw std::logic_error(fmt::format("html: {} has no content", name));
        return *this;
    }
    out_ += escape_html(text);
    out_ += fmt::format("</{}>", name);
    return *this;
}

Html& Html::add(const Html& piece) {
    out_ += piece.str();
    return *this;
}

const std::string& Html::str() const {
    if (!open_.empty()) throw std::logic_error("html: " + open_.back() + " is still open");
    return out_;
}

std::string html_document(const PageHead& head, const Html& body) {
    Html page;
    page.open("html", {{"lang", "zh-CN"}}).open("head").element("meta", {{"charset", "utf-8"}});
    page.element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    page.element("title", {}, head.title);
    if (!head.description.empty()) page.element("meta", {{"name", "description"}, {"content", head.description}});
    if (!head.icon.empty()) page.element("link", {{"rel", "icon"}, {"type", "image/svg+xml"}, {"href", head.icon}});
    for (const auto& sheet : head.style_sheets) page.element("link", {{"rel", "stylesheet"}, {"href", sheet}});
    page.close().open("body").add(body).close().close();
    return "<!doctype html>\n" + page.str();
}

}  // namespace kaigong::http
