#include "formats/pdf/structure.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

const char* structure_type(layout::Tag tag) {
    using layout::Tag;
    switch (tag) {
        case Tag::heading: return "H1";
        case Tag::paragraph: return "P";
        case Tag::table: return "Table";
        case Tag::table_row: return "TR";
        case Tag::table_heading: return "TH";
        case Tag::table_cell: return "TD";
    }
    throw std::logic_error("unknown tag");
}

}  // namespace

StructureTree::StructureTree(FileWriter& file) : file_(file), root_(file.reserve()) {
    elements_.push_back({"Document", file.reserve(), root_, 0, {}});
}

std::size_t StructureTree::add(const char* type, std::size_t parent) {
    const int object = file_.reserve();
    elements_[parent].kids += reference(object) + " ";
    elements_.push_back({type, object, elements_[parent].object, page_object_, {}});
    return elements_.size() - 1;
}

int StructureTree::begin_page(int page_object) {
    if (!open_.empty()) throw std::logic_error("layout leaves a tag open at the end of a page");
    page_object_ = page_object;
    contents_ = 0;
    parents_.emplace_back("[");
    return static_cast<int>(parents_.size()) - 1;
}

void StructureTree::open(layout::Tag tag) {
    open_.push_back(add(structure_type(tag), open_.empty() ? 0 : open_.back()));
}

void StructureTree::close() {
    if (open_.empty()) throw std::logic_error("layout closes a tag that is not open");
    open_.pop_back();
}

std::optional<std::size_t> StructureTree::current() const {
    return open_.empty() ? std::nullopt : std::optional(open_.back());
}

int StructureTree::add_content(std::size_t element) {
    parents_.back() += reference(elements_[element].object) + " ";
    elements_[element].kids += fmt::format("{} ", contents_);
    return contents_++;
}

int StructureTree::add_field(int widget_object, int page_object) {
    page_object_ = page_object;
    const std::size_t form = add("Form", 0);
    elements_[form].kids =
        fmt::format("<< /Type /OBJR /Obj {} /Pg {} >>", reference(widget_object), reference(page_object));
    parents_.push_back(reference(elements_[form].object));
    return static_cast<int>(parents_.size()) - 1;
}

int StructureTree::write() {
    for (const Element& element : elements_) {
        const std::string page = element.page_object == 0 ? std::string() : " /Pg " + reference(element.page_object);
        file_.put(element.object, fmt::format("<< /Type /StructElem /S /{} /P {}{} /K [{}] >>", element.type,
                                              reference(element.parent_object), page, element.kids));
    }
    std::string numbers;
    for (std::size_t i = 0; i < parents_.size(); ++i) {
        numbers += fmt::format("{} {}{} ", i, parents_[i], parents_[i].starts_with('[') ? "]" : "");
    }
    file_.put(root_, fmt::format("<< /Type /StructTreeRoot /K [{}] /ParentTree << /Nums [{}] >> "
                                 "/ParentTreeNextKey {} >>",
                                 reference(elements_[0].object), numbers, parents_.size()));
    return root_;
}

}  // namespace kaigong::pdf
