// The template language of README.md: what stands on the pages of a letter or certificate, as data.
#pragma once

#include "base/result.hpp"
#include "formats/layout/document.hpp"
#include "formats/layout/setting.hpp"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kaigong::layout {

/// Text of a template: literal parts and placeholders, some bold.
struct PatternPart {
    std::string literal;
    /// Not empty: a placeholder.
    std::string name;
    bool bold = false;
    /// Not empty: `name` is a list, and this the field whose values are joined with 、, or `count`.
    std::string field;
    /// Stands there when the value is empty.
    std::string otherwise;
};
using Pattern = std::vector<PatternPart>;

enum class Test : std::uint8_t { present, absent, more_than, at_most, all_of, any_of };
/// What `when` says. A list has the size of its items, a text that of its characters.
struct Condition {
    Test test = Test::present;
    std::string name;
    /// As in PatternPart.
    std::string field;
    std::size_t size = 0;
    /// Of all_of and any_of.
    std::vector<Condition> parts;
};

struct Block;

struct TextBlock {
    Pattern text;
    TextStyle style;
    Tag tag = Tag::paragraph;
    bool remedies = false;
};
enum class Numbering : std::uint8_t { arabic, brackets, chinese };
struct ListBlock {
    Pattern heading;
    std::vector<Pattern> items;
    Numbering numbering = Numbering::arabic;
    TextStyle style;
};
struct TableColumn {
    Pattern heading;
    Pattern text;
    double width_mm = 0;
    double share = 0;
    TextStyle style;
};
struct TableBlock {
    std::string list;
    std::vector<TableColumn> columns;
};
struct GridCell {
    Pattern label;
    Pattern text;
    TextStyle style;
};
struct GridRow {
    std::optional<Condition> when;
    std::vector<GridCell> cells;
    double height_min_mm = 0;
    /// Not 0: the row is exactly so high, and its text gives way.
    double height_mm = 0;
};
struct GridBlock {
    std::vector<GridRow> rows;
    double label_width_mm = 28;
    bool border = true;
    /// The grid takes the room that the rest of its section leaves on the page. Text of all rows is set smaller
    /// together, down to `size_min_pt`, until they fit; room left over is shared among them.
    bool fill_page = false;
    double size_min_pt = 0;
    TextStyle style;
};
struct BoxBlock {
    Pattern heading;
    std::vector<Block> blocks;
};
enum class SealPlace : std::uint8_t { middle, line_end };
struct SealBlock {
    Pattern authority;
    Pattern legend;
    std::vector<Pattern> lines;
    double diameter_mm = 40;
    /// `line_end`: the star stands right of the last line, so that none of its words lies under it.
    SealPlace place = SealPlace::middle;
    /// So far the block reaches up into the free space beside what stands before it.
    double lift_mm = 0;
    TextStyle style;
};
struct QrBlock {
    Pattern text;
    Pattern caption;
    double size_mm = 34;
    text::Align align = text::Align::left;
};
struct ColumnPart {
    double width_mm = 0;
    double share = 0;
    std::vector<Block> blocks;
};
struct ColumnsBlock {
    std::vector<ColumnPart> columns;
    double gap_mm = 6;
};
struct RepeatBlock {
    std::string list;
    std::vector<Block> blocks;
};
struct RuleBlock {
    double thickness_mm = 0.3;
    Colour colour = kInk;
};
struct SpacerBlock {
    double height_mm = 5;
};
struct PageBreakBlock {};

struct Block {
    std::optional<Condition> when;
    double space_before_mm = 0;
    double space_after_mm = 0;
    /// Takes the last lines before it along to the next page: a signature never stands alone.
    bool keep_with_previous = false;
    std::variant<TextBlock, ListBlock, TableBlock, GridBlock, BoxBlock, SealBlock, QrBlock, ColumnsBlock, RepeatBlock,
                 RuleBlock, SpacerBlock, PageBreakBlock>
        content;
};

struct MarginText {
    Pattern left;
    Pattern center;
    Pattern right;
};

struct Watermark {
    std::optional<Condition> when;
    Pattern text;
    double size_pt = 18;
    Colour colour{0xF3, 0xDC, 0xDC};
};

struct Section {
    std::optional<Condition> when;
    double top_mm = 30;
    double right_mm = 26;
    double bottom_mm = 25;
    double left_mm = 28;
    bool certificate_frame = false;
    bool guilloche = false;
    /// Each whose condition holds is drawn.
    std::vector<Watermark> watermarks;
    MarginText header;
    MarginText footer;
    std::vector<Block> blocks;
    /// One of the blocks is a grid with `fill_page`.
    bool fills_page = false;
    /// Knows {page} and {pages}.
    std::vector<Block> bottom;
    std::size_t pages_max = 20;
};

struct Placeholder {
    std::string name;
    std::string title;
    std::string example;
    bool required = false;
    std::size_t characters_max = 200;
    /// Lists only.
    bool list = false;
    std::size_t items_max = 100;
    std::vector<Placeholder> fields;
    /// Items of the example; without them it has three made of the fields' examples.
    std::optional<boost::json::array> examples;
};

/// Immutable after `parse`: any thread.
class Template {
  public:
    /// Fails with layout.template_malformed; the message names the place in the template.
    static Result<Template> parse(std::string_view json_text);

    const std::string& kind() const { return kind_; }
    const std::vector<Placeholder>& placeholders() const { return placeholders_; }
    /// What the linter of certificates holds this kind to (formats/certificate); empty for letters.
    const boost::json::object& profile() const { return profile_; }
    /// Values made of the examples: previews and lint.
    boost::json::object example_values() const;

    /// Values are texts (or whole numbers) and lists of objects of such; members that the template does not declare are
    /// ignored, so that one set of values serves several templates. `created_at_ms` becomes the file's date.
    /// Fails with the reasons of README.md.
    Result<Document> fill(const boost::json::object& values, std::int64_t created_at_ms) const;

  private:
    friend class TemplateReader;

    std::string kind_;
    Pattern title_;
    Pattern author_;
    std::vector<Placeholder> placeholders_;
    std::vector<Section> sections_;
    boost::json::object profile_;
};

}  // namespace kaigong::layout
