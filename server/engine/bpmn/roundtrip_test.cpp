// What is read is written with nothing lost: models of other tools, and the corners of XML that tools get wrong.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/bpmn/document.hpp"

using namespace kaigong::bpmn;

namespace {

const std::filesystem::path kModels = std::filesystem::path(KAIGONG_SOURCE_DIR) / "../shared/conformance/bpmn-miwg";

std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string roundtrip(std::string_view xml) {
    const auto document = read_document(xml);
    REQUIRE_MESSAGE(document.has_value(), document.error().en);
    return write_document(*document);
}

/// Empty when the two say the same.
std::string difference(std::string_view left, std::string_view right) {
    const auto one = read_document(left);
    const auto other = read_document(right);
    REQUIRE(one.has_value());
    REQUIRE(other.has_value());
    return first_difference(*one, *other).value_or("");
}

std::string refusal(std::string_view xml) {
    const auto document = read_document(xml);
    return document ? "" : document.error().code;
}

}  // namespace

TEST_CASE("each MIWG model is written as it was read, with no difference") {
    if (!std::filesystem::is_directory(kModels)) {
        MESSAGE("skipped: ../shared/conformance/bpmn-miwg is not here");
        CHECK(std::getenv("CI") == nullptr);
        return;
    }
    int models = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kModels)) {
        if (entry.path().extension() != ".bpmn") continue;
        ++models;
        CAPTURE(entry.path().filename().string());
        const std::string xml = bytes_of(entry.path());
        const std::string written = roundtrip(xml);
        CHECK(difference(xml, written).empty());
        CHECK(roundtrip(written) == written);
    }
    CHECK(models == 14);
}

TEST_CASE("a file in the writer's own spelling stays as it is, byte by byte") {
    for (const std::string_view xml : {
             std::string_view("<a/>"),
             std::string_view("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- 说明 -->\n<a z=\"1\" b=\"2\"/>\n"),
             // A prefix that means something else inside, and the outer meaning again behind it.
             std::string_view(R"(<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2" p:c="x"/><p:b p:c="x"/></p:a>)"),
             // The default namespace switched off and on in an extension.
             std::string_view(
                 R"(<a xmlns="urn:1"><extensionElements><x xmlns=""><y xmlns="urn:3"/></x></extensionElements></a>)"),
             std::string_view("<a quoted=\"&quot;'\" line=\"1&#10;2&#9;3&#13;\" less=\"&lt;&amp;&gt;\"/>"),
             std::string_view("<a>\n  <b xml:space=\"preserve\">  two  blanks \n</b>\n\t<c/>\n</a>"),
             std::string_view("<a>before<b/>between<!-- a - comment --><c/>after</a>"),
             std::string_view("<a><![CDATA[<if> a && b ]] > ]]></a>"),
             std::string_view("<a><![CDATA[one]]><![CDATA[]]>two</a>"),
             std::string_view("<?pi before?><a><?pi?><?other a=\"1\" <>&?></a><?after?><!-- end -->"),
             std::string_view("<任务 名称=\"消防验收\">𠮷</任务>"),
             std::string_view("<a unknown:b=\"1\"><unknown:c/></a>"),
             std::string_view("<a>&#13;\n &lt;tag&gt; &amp;lt;</a>"),
         }) {
        CAPTURE(xml);
        CHECK(roundtrip(xml) == xml);
    }
}

TEST_CASE("another spelling of the same file is written in the writer's own, once and for all") {
    const auto becomes = [](std::string_view xml, std::string_view expected) {
        CAPTURE(xml);
        const std::string written = roundtrip(xml);
        CHECK(written == expected);
        CHECK(difference(xml, written).empty());
        CHECK(roundtrip(written) == written);
    };
    becomes("\xEF\xBB\xBF<a></a>", "<a/>");
    becomes("<a  b = '\"'\n\tc='x'></a >", "<a b=\"&quot;\" c=\"x\"/>");
    becomes("<a>1\r\n2\r3\n</a>\r\n", "<a>1\n2\n3\n</a>\n");
    becomes("<a b='1\r\n2\t3'/>", "<a b=\"1 2 3\"/>");
    becomes("<a b='&#x4E2D;&#25991;'>&apos;&#x1F600;></a>", "<a b=\"中文\">'😀&gt;</a>");
    becomes("<?xml version='1.0' encoding='ISO-8859-1' standalone='yes'?><a>&#228;</a>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><a>ä</a>");
}

TEST_CASE("the comparison sees names, attributes, text, order and comments") {
    const std::string_view xml = R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2">text</p:b><p:e/><!--why--></p:a>)";
    CHECK(difference(xml, xml).empty());
    CHECK(difference(xml,
                     "<q:a xmlns:q='urn:1'>\n <b xmlns='urn:1' q:d='2' c='1'> <![CDATA[te]]>xt</b>\n"
                     "<q:e></q:e><!-- why --></q:a>")
              .empty());
    for (const std::string_view other : {
             R"(<p:a xmlns:p="urn:2"><p:b c="1" p:d="2">text</p:b><p:e/><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" d="2">text</p:b><p:e/><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="3">text</p:b><p:e/><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2">texts</p:b><p:e/><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2"/><p:e/><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:e/><p:b c="1" p:d="2">text</p:b><!--why--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2">text</p:b><p:e/><!--that--></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2">text</p:b><p:e/></p:a>)",
             R"(<p:a xmlns:p="urn:1"><p:b c="1" p:d="2">text</p:b><p:e/><!--why--><?x?></p:a>)",
         }) {
        CAPTURE(other);
        CHECK_FALSE(difference(xml, other).empty());
    }
    CHECK(difference("<a><b/><c d='1'/></a>", "<a><b/><c d='2'/></a>") == "/1:a/2:c: the attribute {}d differs");
}

TEST_CASE("what is no XML is refused by name") {
    for (const std::string_view xml : {
             "",
             "text",
             "<a>",
             "<a></b>",
             "<a/><b/>",
             "<a/>text",
             "<![CDATA[x]]><a/>",
             "<a b/>",
             "<a b=1/>",
             "<a b='1' b='2'/>",
             "<a b='<'/>",
             "<a>&</a>",
             "<a>& b;</a>",
             "<a b='&#0;'/>",
             "<a>&#xD800;</a>",
             "<a>&#xFFFF;</a>",
             "<a>&#;</a>",
             "<a>&#x110000;</a>",
             "<a>]]></a>",
             "<!-- -- --><a/>",
             "<!-- ---><a/>",
             "<a\x01/>",
             "<a>\x0B</a>",
             "<a>\xEF\xBF\xBF</a>",
             "<a:b:c/>",
             "<:a/>",
             "<a :b='1'/>",
             "<a b:='1'/>",
             "<a/><?xml version='1.0'?>",
             "<?xml version='&lt;'?><a/>",
             "<a xmlns:p='urn:1' xmlns:q='urn:1' p:b='1' q:b='2'/>",
         }) {
        CAPTURE(xml);
        CHECK(refusal(xml) == "not_xml");
    }
    CHECK(refusal(std::string_view("<a>\0</a>", 8)) == "not_xml");
    CHECK(refusal("<a>\n\n&nbsp;</a>") == "entity");
    CHECK(read_document("<a>\r\n\r\n<b c='&nbsp;'/></a>").error().line == 3);
    CHECK(refusal("<!DOCTYPE a><a/>") == "doctype");
    CHECK(refusal("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>") == "doctype");
}

TEST_CASE("another encoding is refused by name, for it would be read as something else") {
    CHECK(refusal(std::string_view("\xFF\xFE<\0a\0/\0>\0", 10)) == "not_utf8");
    CHECK(refusal(std::string_view("\0<\0a\0/\0>", 8)) == "not_utf8");
    CHECK(refusal("<a>\xD6\xD0</a>") == "not_utf8");
    CHECK(refusal("<?xml version='1.0' encoding='GB18030'?><a>中</a>") == "not_utf8");
    CHECK(refusal("<?xml version='1.0' encoding='utf-8'?><a>中</a>").empty());
}

TEST_CASE("depth and number of nodes have a limit, whatever the nodes are") {
    const auto repeated = [](std::string_view piece, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += piece;
        return text;
    };
    CHECK(refusal(repeated("<a>", kXmlDepthMax) + repeated("</a>", kXmlDepthMax)).empty());
    CHECK(refusal(repeated("<a>", kXmlDepthMax + 1) + repeated("</a>", kXmlDepthMax + 1)) == "too_deep");
    CHECK(refusal("<a>" + repeated("<!---->", kXmlNodesMax) + "</a>") == "too_many_nodes");
    CHECK(refusal(std::string(kXmlBytesMax + 1, ' ')) == "too_large");
}
