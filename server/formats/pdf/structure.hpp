// The structure of a tagged PDF: what a screen reader walks through (ISO 32000-1, 14.7 and 14.8).
#pragma once

#include "formats/layout/document.hpp"
#include "formats/pdf/pdf_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kaigong::pdf {

class StructureTree {
  public:
    explicit StructureTree(FileWriter& file);

    /// What follows stands on this page. Returns its /StructParents.
    int begin_page(int page_object);
    void open(layout::Tag tag);
    void close();
    /// The innermost open element of the page; none: what is drawn now is decoration.
    std::optional<std::size_t> current() const;
    /// The structure type of an element: `H1`, `TD`.
    const char* type_of(std::size_t element) const { return elements_[element].type; }
    /// A new piece of content of the element, on the page begun last. Returns its number on the page (MCID).
    int add_content(std::size_t element);
    /// A form field as an element of its own. Returns its /StructParent.
    int add_field(int widget_object, int page_object);
    /// Writes everything. The root's object is for /StructTreeRoot of the catalogue.
    int write();

  private:
    struct Element {
        const char* type = "";
        int object = 0;
        int parent_object = 0;
        int page_object = 0;
        std::string kids;
    };
    FileWriter& file_;
    int root_ = 0;
    std::vector<Element> elements_;
    std::vector<std::size_t> open_;
    int page_object_ = 0;
    int contents_ = 0;
    /// By /StructParents: the elements of the page's pieces in order, or the one element of a field.
    std::vector<std::string> parents_;

    std::size_t add(const char* type, std::size_t parent);
};

}  // namespace kaigong::pdf
