// The page /verify: three ways to check a certificate, and what to look at whichever was taken.
#include <fmt/format.h>

#include <array>

#include "modules/certificates/public_html.hpp"
#include "modules/certificates/saved_page.hpp"

namespace kaigong::certificates::html {
namespace {

using http::Html;

/// The page of the web client that judges files without a server.
constexpr const char* kFilePage = "/app/verify/index.html";

void open_way(Html& page, std::string_view id, std::string_view icon, std::string_view title) {
    page.open("section", {{"class", "card pad-l gap way"}, {"aria-labelledby", id}});
    page.open("h2", {{"id", id}});
    add_icon(page, icon);
    page.text(fmt::format(" {}", title)).close();
}

void add_step(Html& page, std::string_view icon, std::string_view text) {
    page.open("li");
    add_icon(page, icon);
    page.element("span", {}, text).close();
}

void add_code_way(Html& page, std::string_view site) {
    open_way(page, "by-code", "eye", "扫证上的二维码");
    page.element("p", {}, "用手机相机或“扫一扫”对准证上的二维码，打开后先看网址，再看结果。");
    page.open("p", {{"class", "gap-s"}}).text("发证机关的网址：").element("b", {}, site).close();
    page.element("p", {{"class", "gap-s"}}, "打开的网址开头不是它的，就不是发证机关的答复，请不要采信。").close();
}

void add_file_way(Html& page) {
    open_way(page, "by-file", "paper", "核对电子文件");
    page.element("p", {},
                 "手里是 PDF、OFD、XML 或 JSON 文件的，用文件核验页。"
                 "文件不上传，在您的浏览器里核对。先把核验页保存下来，断网也能用：核对的依据已经在里面。");
    page.element("p", {{"class", "gap-s"}},
                 "它能证明：文件由发证机关签发，一个字节都没有改过，并且登记在公开存证里。"
                 "它不能证明证现在还有效：那要用上面两种办法问发证机关。");
    page.open("p", {{"class", "row gap"}});
    page.element("a", {{"class", "btn"}, {"href", kFilePage}}, "打开文件核验页");
    page.element("a", {{"href", kSavedPageAddress}, {"download", kSavedPageName}}, "保存核验页，以后离线用").close();
    page.open("p", {{"class", "small muted gap-s"}}).text("用自己的程序核验的，请取");
    page.element("a", {{"href", "/ledger/trust.json"}}, "发证机关的名单（trust.json）").text("。").close();
    page.close();
}

/// The page that judges files leads here (`#report`) from a file that failed.
void add_report(Html& page, const std::vector<catalog::Authority>& authorities) {
    page.open("section", {{"class", "gap-l"}, {"id", "report"}, {"aria-labelledby", "report-title"}});
    page.element("h2", {{"id", "report-title"}}, "拿不准、发现假证");
    page.open("div", {{"class", "card pad-l gap"}});
    page.element("p", {}, "请先不要凭它施工、付款或签约，留下证件或文件，向证上写的发证机关查问、举报：");
    add_telephones(page, authorities);
    page.close().close();
}

}  // namespace

void add_verify_form(Html& page, const VerifyForm& form) {
    open_way(page, "by-number", "search", "输入编号和防伪码");
    page.open("form", {{"class", "vform"}, {"role", "search"}, {"method", "get"}, {"action", "/verify"}}).open("div");
    page.element("label", {{"class", "label"}, {"for", "number"}}, "许可证编号");
    if (!form.problem.empty()) {
        page.element("p", {{"class", "err"}, {"id", "number-problem"}, {"role", "alert"}}, form.problem);
    }
    page.element("input", {{"class", "input"},
                           {"id", "number"},
                           {"name", "number"},
                           {"inputmode", "numeric"},
                           {"maxlength", "120"},
                           {"autocomplete", "off"},
                           {"value", form.number},
                           {"aria-describedby", form.problem.empty() ? "number-hint" : "number-problem number-hint"}});
    page.element("p", {{"class", "small muted"}, {"id", "number-hint"}}, "18 位数字，例如 330106202612020101").close();
    page.open("div").element("label", {{"class", "label"}, {"for", "code"}}, "防伪码（选填）");
    page.element("input", {{"class", "input"},
                           {"id", "code"},
                           {"name", "code"},
                           {"maxlength", "40"},
                           {"autocomplete", "off"},
                           {"autocapitalize", "characters"},
                           {"value", form.code},
                           {"aria-describedby", "code-hint"}});
    page.element("p", {{"class", "small muted"}, {"id", "code-hint"}},
                 "印在证下方的编号旁边，16 个字母和数字，大小写和横线不计");
    page.close().element("button", {{"class", "btn btn-primary"}}, "查验").close().close();
}

void add_verify_ways(Html& page, std::string_view site, const std::vector<catalog::Authority>& authorities) {
    page.element("p", {{"class", "muted gap-s"}}, "三种办法，任选一种。只看证的样子、只看截图，都不能算核验过。");
    add_code_way(page, site);
    add_verify_form(page, {});
    add_file_way(page);
    add_report(page, authorities);
}

void add_how_to_verify(Html& page) {
    page.open("section", {{"class", "gap-l"}, {"aria-labelledby", "how"}}).element("h2", {{"id", "how"}}, "如何核验");
    page.open("ol", {{"class", "how card pad-l gap"}});
    add_step(page, "search", "扫证上的二维码，或在“证照验真”页输入编号和防伪码。打开的网址应是发证机关的网站。");
    add_step(page, "eye", "逐项对照编号、工程、单位、规模和日期；只看二维码能打开还不够。");
    add_step(page, "clock", "看结果的时间：证的状态会变，以当时查到的为准，不要只看截图。");
    page.open("li");
    add_icon(page, "paper");
    page.open("span").text("手里是电子文件的，可以用");
    page.element("a", {{"href", kFilePage}}, "文件核验页").text("核对；断网时用事先保存的核验页。").close().close();
    page.close().close();
}

}  // namespace kaigong::certificates::html
