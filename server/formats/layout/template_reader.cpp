// Template::parse: from JSON to the structures of template.hpp. The language is closed: what is not known is refused.
#include "formats/layout/pattern.hpp"
#include "formats/layout/template.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <set>

namespace kaigong::layout {

namespace json = boost::json;

namespace {

constexpr std::size_t kTemplateBytesMax = 256UL * 1024UL;
constexpr std::size_t kBlocksMax = 200;
constexpr int kNestingMax = 6;
constexpr std::size_t kItemsMax = 500;
constexpr std::size_t kCharactersMax = 5'000;

/// The first thing that is wrong. After that, reading goes on with defaults and its results are thrown away: this keeps
/// each reading function a plain list of members.
struct Failure {
    std::optional<Error> first;

    void report(const std::string& place, std::string_view what) {
        if (first) return;
        first = error(Errc::invalid_input, "layout.template_malformed", fmt::format("模板 {}：{}。", place, what));
    }
};

/// One JSON object of the template; every member must be asked for, else it is unknown.
class Members {
  public:
    Members(const json::value* value, std::string place, Failure& failure)
        : place_(std::move(place)), failure_(failure) {
        if (value != nullptr && value->is_object()) object_ = &value->get_object();
        if (object_ == nullptr) failure_.report(place_, "应为对象");
    }

    const std::string& place() const { return place_; }
    Failure& failure() const { return failure_; }
    std::string place_of(std::string_view name) const { return fmt::format("{}.{}", place_, name); }
    bool has(std::string_view name) const { return object_ != nullptr && object_->contains(name); }

    const json::value* take(std::string_view name) {
        known_.emplace(name);
        return object_ == nullptr ? nullptr : object_->if_contains(name);
    }

    std::string text(std::string_view name, bool required = false) {
        const auto* value = take(name);
        if (value != nullptr && value->is_string()) return std::string(value->get_string());
        if (value != nullptr || required) failure_.report(place_of(name), "应为文字");
        return {};
    }

    double number(std::string_view name, double otherwise, double min, double max) {
        const auto* value = take(name);
        if (value == nullptr) return otherwise;
        boost::system::error_code wrong;
        const auto number = value->is_number() ? value->to_number<double>(wrong) : min - 1;
        if (wrong || number < min || number > max) {
            failure_.report(place_of(name), fmt::format("应为 {} 到 {} 的数", min, max));
            return otherwise;
        }
        return number;
    }

    bool flag(std::string_view name) {
        const auto* value = take(name);
        if (value == nullptr) return false;
        if (!value->is_bool()) failure_.report(place_of(name), "应为 true 或 false");
        return value->is_bool() && value->get_bool();
    }

    /// One of a closed set of words; its number in the set.
    std::size_t choice(std::string_view name, std::initializer_list<std::string_view> words, std::size_t otherwise) {
        if (!has(name)) return otherwise;
        const std::string word = text(name);
        const auto* found = std::ranges::find(words, word);
        if (found == words.end()) failure_.report(place_of(name), "不是允许的取值");
        return static_cast<std::size_t>(found == words.end() ? 0 : found - words.begin());
    }

    /// Calls `each(value, place)` for every element.
    template <class Each>
    void array(std::string_view name, bool required, std::size_t max, Each each) {
        const auto* value = take(name);
        if (value == nullptr && !required) return;
        if (value == nullptr || !value->is_array() || value->get_array().size() > max) {
            failure_.report(place_of(name), fmt::format("应为不超过 {} 项的列表", max));
            return;
        }
        std::size_t i = 0;
        for (const json::value& element : value->get_array())
            each(&element, fmt::format("{}.{}[{}]", place_, name, i++));
    }

    void finish() const {
        if (object_ == nullptr) return;
        for (const auto& member : *object_) {
            if (!known_.contains(member.key())) failure_.report(place_of(member.key()), "不认识的成员");
        }
    }

  private:
    const json::object* object_ = nullptr;
    std::string place_;
    Failure& failure_;
    std::set<std::string, std::less<>> known_;
};

}  // namespace

class TemplateReader {
  public:
    Result<Template> read(const json::value& root) {
        Members members(&root, "$", failure_);
        if (members.number("template_version", 0, 1, 1) != 1) failure_.report("$.template_version", "应为 1");
        result_.kind_ = members.text("kind", true);
        members.array("placeholders", true, kBlocksMax, [&](const json::value* value, const std::string& place) {
            result_.placeholders_.push_back(placeholder(value, place, true));
        });
        result_.title_ = pattern(members, "title", true);
        result_.author_ = pattern(members, "author", false);
        members.array("sections", true, 10, [&](const json::value* value, const std::string& place) {
            result_.sections_.push_back(section(value, place));
        });
        if (const auto* profile = members.take("profile")) {
            if (!profile->is_object()) failure_.report("$.profile", "应为对象");
            if (profile->is_object()) result_.profile_ = profile->get_object();
        }
        members.finish();
        if (result_.sections_.empty()) failure_.report("$.sections", "至少要有一节");
        if (failure_.first) return std::move(*failure_.first);
        return std::move(result_);
    }

  private:
    Template result_;
    Failure failure_;
    std::size_t blocks_ = 0;
    int nesting_ = 0;
    /// The list whose items are being repeated.
    const Placeholder* list_ = nullptr;
    bool in_margin_ = false;

    Placeholder placeholder(const json::value* value, const std::string& place, bool may_be_list) {
        Members members(value, place, failure_);
        Placeholder result;
        result.name = members.text("name", true);
        const auto as_pattern = parse_pattern("{" + result.name + "}");
        if (!as_pattern) failure_.report(place, "name 应为小写字母、数字和下划线");
        result.title = members.text("title", true);
        result.required = members.flag("required");
        result.list = may_be_list && members.flag("list");
        if (result.list) {
            result.items_max = static_cast<std::size_t>(members.number("items_max", 100, 1, kItemsMax));
            members.array("fields", true, 30, [&](const json::value* field, const std::string& field_place) {
                result.fields.push_back(placeholder(field, field_place, false));
            });
            if (members.has("examples")) {
                result.examples.emplace();
                members.array("examples", true, 10, [&](const json::value* item, const std::string& item_place) {
                    if (!item->is_object()) failure_.report(item_place, "应为对象");
                    result.examples->push_back(*item);
                });
            }
        } else {
            result.example = members.text("example");
            result.characters_max = static_cast<std::size_t>(members.number("characters_max", 200, 1, kCharactersMax));
        }
        members.finish();
        return result;
    }

    const Placeholder* declared(std::string_view name) const {
        const auto found = std::ranges::find(result_.placeholders_, name, &Placeholder::name);
        return found == result_.placeholders_.end() ? nullptr : &*found;
    }

    static bool has_field(const Placeholder& list, std::string_view name) {
        return std::ranges::find(list.fields, name, &Placeholder::name) != list.fields.end();
    }

    bool is_known(std::string_view name) const {
        if (list_ != nullptr && (name == "index" || has_field(*list_, name))) return true;
        if (in_margin_ && (name == "page" || name == "pages")) return true;
        const Placeholder* found = declared(name);
        return found != nullptr && !found->list;
    }

    bool is_known(const PatternPart& part) const {
        if (part.field.empty()) return is_known(part.name);
        const Placeholder* found = declared(part.name);
        return found != nullptr && found->list && (part.field == "count" || has_field(*found, part.field));
    }

    Pattern pattern_of(const std::string& text, const std::string& place) {
        const auto parsed = parse_pattern(text);
        if (!parsed) {
            failure_.report(place, "花括号或 ** 没有成对");
            return {};
        }
        for (const PatternPart& part : *parsed) {
            if (!part.name.empty() && !is_known(part)) {
                failure_.report(place, fmt::format("{{{}}} 没有在 placeholders 中声明", part.name));
            }
        }
        return *parsed;
    }

    Pattern pattern(Members& members, std::string_view name, bool required) {
        return pattern_of(members.text(name, required), members.place_of(name));
    }

    std::vector<Pattern> patterns(Members& members, std::string_view name) {
        std::vector<Pattern> result;
        members.array(name, true, kBlocksMax, [&](const json::value* value, const std::string& place) {
            if (!value->is_string()) failure_.report(place, "应为文字");
            result.push_back(pattern_of(value->is_string() ? std::string(value->get_string()) : "", place));
        });
        return result;
    }

    std::optional<Condition> condition(Members& members) {
        if (!members.has("when")) return std::nullopt;
        return condition_of(*members.take("when"), members.place_of("when"), 0);
    }

    Condition condition_of(const json::value& value, const std::string& place, int depth) {
        constexpr int kDepthMax = 3;
        if (depth > kDepthMax) failure_.report(place, "条件嵌套太深");
        if (value.is_array()) return conditions_of(value.get_array(), Test::all_of, place, depth);
        if (value.is_object()) {
            const auto* any = value.get_object().if_contains("any");
            if (any != nullptr && any->is_array() && value.get_object().size() == 1) {
                return conditions_of(any->get_array(), Test::any_of, place + ".any", depth);
            }
        }
        const auto parsed = value.is_string() ? parse_condition(value.get_string()) : std::nullopt;
        const bool known =
            parsed && (parsed->field.empty() ? declared(parsed->name) != nullptr || is_known(parsed->name)
                                             : is_known(PatternPart{{}, parsed->name, false, parsed->field, {}}));
        if (!known) {
            failure_.report(place, "应为已声明的占位符名称，可写成 !名称、名称>数、名称<=数，或它们的列表");
            return {};
        }
        return *parsed;
    }

    Condition conditions_of(const json::array& values, Test test, const std::string& place, int depth) {
        constexpr std::size_t kPartsMax = 10;
        Condition result{test, {}, {}, 0, {}};
        if (values.empty() || values.size() > kPartsMax || failure_.first) {
            failure_.report(place, "条件应为 1 到 10 个");
            return result;
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            result.parts.push_back(condition_of(values[i], fmt::format("{}[{}]", place, i), depth + 1));
        }
        return result;
    }

    Colour colour(Members& members, Colour otherwise) {
        if (!members.has("colour")) return otherwise;
        const std::string text = members.text("colour");
        unsigned value = 0;
        const bool right = text.size() == 7 && text[0] == '#' &&
                           std::from_chars(text.data() + 1, text.data() + 7, value, 16).ptr == text.data() + 7;
        if (!right) failure_.report(members.place_of("colour"), "应为 #RRGGBB");
        return {static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
                static_cast<std::uint8_t>(value)};
    }

    text::Align align(Members& members, text::Align otherwise) {
        return static_cast<text::Align>(
            members.choice("align", {"left", "center", "right", "justify"}, static_cast<std::size_t>(otherwise)));
    }

    void fitting(Members& members, TextStyle& style) {
        style.lines_max = static_cast<int>(members.number("lines_max", style.lines_max, 1, 100));
        style.size_min_pt = members.number("size_min_pt", style.size_min_pt, 5, 60);
    }

    TextStyle style(Members& members, TextStyle base) {
        base.size_pt = members.number("size_pt", base.size_pt, 5, 60);
        base.leading_pt = members.number("leading_pt", base.leading_pt, 5, 120);
        base.sans = members.choice("font", {"serif", "sans"}, base.sans ? 1 : 0) == 1;
        if (members.has("bold")) base.bold = members.flag("bold");
        base.colour = colour(members, base.colour);
        base.align = align(members, base.align);
        base.letter_spacing_pt = members.number("letter_spacing_pt", base.letter_spacing_pt, 0, 40);
        base.indent_characters = members.number("indent_characters", base.indent_characters, 0, 20);
        fitting(members, base);
        return base;
    }

    /// Reads `body` with the placeholders of that list in scope.
    template <class Body>
    void inside_list(Members& members, const std::string& name, Body body) {
        const Placeholder* list = declared(name);
        if (list == nullptr || !list->list || list_ != nullptr) {
            failure_.report(members.place(), "重复的名称应为 placeholders 中的列表，且不能嵌套");
            return;
        }
        list_ = list;
        body();
        list_ = nullptr;
    }

    void width(Members& members, double& width_mm, double& share) {
        width_mm = members.number("width_mm", 0, 1, 200);
        share = members.number("share", width_mm > 0 ? 0 : 1, 0.01, 100);
    }

    TextBlock text_block(Members& members, TextStyle base) {
        TextBlock block;
        block.text = pattern(members, "text", true);
        block.style = style(members, base);
        return block;
    }

    ListBlock list_block(Members& members) {
        ListBlock block;
        block.heading = pattern(members, "heading", false);
        block.items = patterns(members, "items");
        block.numbering = static_cast<Numbering>(members.choice("numbering", {"1.", "（1）", "一、"}, 0));
        block.style = style(members, {.align = text::Align::justify});
        return block;
    }

    TableBlock table_block(Members& members) {
        TableBlock block;
        block.list = members.text("repeat", true);
        const TextStyle base = style(members, {.size_pt = 10.5, .leading_pt = 16});
        members.array("columns", true, 12, [&](const json::value* value, const std::string& place) {
            Members column(value, place, failure_);
            TableColumn result;
            result.heading = pattern(column, "heading", true);
            inside_list(column, block.list, [&] { result.text = pattern(column, "text", true); });
            width(column, result.width_mm, result.share);
            result.style = base;
            result.style.align = align(column, base.align);
            fitting(column, result.style);
            column.finish();
            block.columns.push_back(std::move(result));
        });
        if (block.columns.empty()) failure_.report(members.place(), "表格至少要有一列");
        return block;
    }

    GridBlock grid_block(Members& members) {
        GridBlock block;
        block.label_width_mm = members.number("label_width_mm", 28, 5, 100);
        block.border = members.choice("border", {"full", "none"}, 0) == 0;
        block.fill_page = members.flag("fill_page");
        if (block.fill_page && (nesting_ > 1 || in_margin_)) {
            failure_.report(members.place_of("fill_page"), "只能用于节中最外层的 grid");
        }
        block.style = style(members, {.size_pt = 10.5, .leading_pt = 15});
        block.size_min_pt = block.style.size_min_pt > 0 ? block.style.size_min_pt : block.style.size_pt;
        members.array("rows", true, 60, [&](const json::value* value, const std::string& place) {
            Members row(value, place, failure_);
            GridRow result;
            result.when = condition(row);
            result.height_min_mm = row.number("height_min_mm", 0, 1, 100);
            result.height_mm = row.number("height_mm", 0, 4, 100);
            row.array("cells", true, 2, [&](const json::value* cell_value, const std::string& cell_place) {
                Members cell(cell_value, cell_place, failure_);
                GridCell one;
                one.label = pattern(cell, "label", true);
                one.text = pattern(cell, "text", true);
                one.style = block.style;
                fitting(cell, one.style);
                cell.finish();
                result.cells.push_back(std::move(one));
            });
            if (result.cells.empty()) failure_.report(place, "至少要有一格");
            row.finish();
            block.rows.push_back(std::move(result));
        });
        return block;
    }

    SealBlock seal_block(Members& members) {
        SealBlock block;
        block.authority = pattern(members, "authority", true);
        block.legend = pattern(members, "legend", true);
        block.lines = patterns(members, "lines");
        block.diameter_mm = members.number("diameter_mm", 40, 20, 60);
        block.place = static_cast<SealPlace>(members.choice("place", {"middle", "line_end"}, 0));
        block.lift_mm = members.number("lift_mm", 0, 0, 30);
        block.style = style(members, {.size_pt = 14, .leading_pt = 24, .align = text::Align::center});
        return block;
    }

    QrBlock qr_block(Members& members) {
        QrBlock block;
        block.text = pattern(members, "text", true);
        block.caption = pattern(members, "caption", false);
        block.size_mm = members.number("size_mm", 34, 15, 80);
        block.align = align(members, text::Align::left);
        return block;
    }

    ColumnsBlock columns_block(Members& members) {
        ColumnsBlock block;
        block.gap_mm = members.number("gap_mm", 6, 0, 50);
        members.array("columns", true, 4, [&](const json::value* value, const std::string& place) {
            Members column(value, place, failure_);
            ColumnPart part;
            width(column, part.width_mm, part.share);
            part.blocks = blocks(column, "blocks");
            column.finish();
            block.columns.push_back(std::move(part));
        });
        if (block.columns.empty()) failure_.report(members.place(), "至少要有一栏");
        return block;
    }

    RepeatBlock repeat_block(Members& members) {
        RepeatBlock block;
        block.list = members.text("over", true);
        inside_list(members, block.list, [&] { block.blocks = blocks(members, "blocks"); });
        return block;
    }

    void content(Members& members, const std::string& kind, Block& block) {
        if (kind == "title") {
            auto text =
                text_block(members, {.bold = true, .size_pt = 22, .leading_pt = 34, .align = text::Align::center});
            text.tag = Tag::heading;
            block.content = std::move(text);
        } else if (kind == "paragraph" || kind == "remedies") {
            auto text = text_block(members, {.size_pt = 12, .leading_pt = 21, .align = text::Align::justify});
            text.remedies = kind == "remedies";
            block.content = std::move(text);
        } else if (kind == "list") {
            block.content = list_block(members);
        } else if (kind == "table") {
            block.content = table_block(members);
        } else if (kind == "grid") {
            block.content = grid_block(members);
        } else if (kind == "box") {
            block.content = BoxBlock{pattern(members, "heading", false), blocks(members, "blocks")};
        } else if (kind == "seal") {
            block.content = seal_block(members);
        } else if (kind == "qr") {
            block.content = qr_block(members);
        } else if (kind == "columns") {
            block.content = columns_block(members);
        } else if (kind == "repeat") {
            block.content = repeat_block(members);
        } else if (kind == "rule") {
            block.content = RuleBlock{members.number("thickness_mm", 0.3, 0.05, 5), colour(members, kInk)};
        } else if (kind == "spacer") {
            block.content = SpacerBlock{members.number("height_mm", 5, 0.1, 250)};
        } else if (kind == "page_break") {
            block.content = PageBreakBlock{};
        } else {
            failure_.report(members.place(), "不认识的 block");
        }
    }

    std::vector<Block> blocks(Members& members, std::string_view name, bool required = true) {
        std::vector<Block> result;
        if (++nesting_ > kNestingMax) failure_.report(members.place(), "嵌套太深");
        members.array(name, required, kBlocksMax, [&](const json::value* value, const std::string& place) {
            if (++blocks_ > kBlocksMax || failure_.first) return failure_.report(place, "块太多");
            Members block_members(value, place, failure_);
            Block block;
            block.when = condition(block_members);
            block.space_before_mm = block_members.number("space_before_mm", 0, 0, 200);
            block.space_after_mm = block_members.number("space_after_mm", 0, 0, 200);
            block.keep_with_previous = block_members.flag("keep_with_previous");
            content(block_members, block_members.text("block", true), block);
            block_members.finish();
            result.push_back(std::move(block));
        });
        --nesting_;
        return result;
    }

    MarginText margin_text(Members& members, std::string_view name) {
        MarginText result;
        if (!members.has(name)) return result;
        Members margin(members.take(name), members.place_of(name), failure_);
        in_margin_ = true;
        result.left = pattern(margin, "left", false);
        result.center = pattern(margin, "center", false);
        result.right = pattern(margin, "right", false);
        in_margin_ = false;
        margin.finish();
        return result;
    }

    Watermark watermark(const json::value* value, const std::string& place) {
        Members members(value, place, failure_);
        Watermark result;
        result.when = condition(members);
        result.text = pattern(members, "text", true);
        result.size_pt = members.number("size_pt", result.size_pt, 8, 60);
        result.colour = colour(members, result.colour);
        members.finish();
        return result;
    }

    /// One, or a list of which each may have `when`.
    std::vector<Watermark> watermarks(Members& members) {
        std::vector<Watermark> result;
        const auto* value = members.take("watermark");
        if (value == nullptr) return result;
        if (!value->is_array()) return {watermark(value, members.place_of("watermark"))};
        members.array("watermark", true, 4, [&](const json::value* one, const std::string& place) {
            result.push_back(watermark(one, place));
        });
        return result;
    }

    Section section(const json::value* value, const std::string& place) {
        Members members(value, place, failure_);
        Section result;
        result.when = condition(members);
        if (members.has("margins_mm")) {
            Members margins(members.take("margins_mm"), members.place_of("margins_mm"), failure_);
            result.top_mm = margins.number("top", result.top_mm, 5, 100);
            result.right_mm = margins.number("right", result.right_mm, 5, 80);
            result.bottom_mm = margins.number("bottom", result.bottom_mm, 5, 100);
            result.left_mm = margins.number("left", result.left_mm, 5, 80);
            margins.finish();
        }
        result.certificate_frame = members.choice("frame", {"none", "certificate"}, 0) == 1;
        result.guilloche = members.choice("background", {"none", "guilloche"}, 0) == 1;
        result.watermarks = watermarks(members);
        result.header = margin_text(members, "header");
        result.footer = margin_text(members, "footer");
        result.blocks = blocks(members, "blocks");
        const auto filling = std::ranges::count_if(result.blocks, [](const Block& block) {
            const auto* grid = std::get_if<GridBlock>(&block.content);
            return grid != nullptr && grid->fill_page;
        });
        if (filling > 1) failure_.report(place, "一节中只能有一个 fill_page");
        result.fills_page = filling == 1;
        in_margin_ = true;
        result.bottom = blocks(members, "bottom", false);
        in_margin_ = false;
        result.pages_max = static_cast<std::size_t>(members.number("pages_max", 20, 1, kPagesMax));
        members.finish();
        return result;
    }
};

Result<Template> Template::parse(std::string_view json_text) {
    const auto malformed = [](std::string_view what) {
        return error(Errc::invalid_input, "layout.template_malformed", fmt::format("模板不是有效的 JSON：{}。", what));
    };
    if (json_text.size() > kTemplateBytesMax) return malformed("超过 256 KiB");
    boost::system::error_code failure;
    const json::value root = json::parse(json_text, failure);
    if (failure) return malformed(failure.message());
    return TemplateReader().read(root);
}

json::object Template::example_values() const {
    constexpr int kItems = 3;
    json::object values;
    for (const Placeholder& placeholder : placeholders_) {
        if (!placeholder.list) {
            values[placeholder.name] = placeholder.example;
            continue;
        }
        if (placeholder.examples) {
            values[placeholder.name] = *placeholder.examples;
            continue;
        }
        json::array items;
        for (int i = 0; i < kItems; ++i) {
            json::object item;
            for (const Placeholder& field : placeholder.fields) item[field.name] = field.example;
            items.push_back(std::move(item));
        }
        values[placeholder.name] = std::move(items);
    }
    return values;
}

}  // namespace kaigong::layout
