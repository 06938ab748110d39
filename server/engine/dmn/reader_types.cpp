// Item definitions: the types that a model names, with the values it allows.
#include "engine/dmn/reader.hpp"
#include "engine/dmn/xml.hpp"

namespace kaigong::dmn {

namespace {

constexpr std::size_t kTypesInARowMax = 100;

ItemTypePtr plain(std::shared_ptr<const feel::Type> type) {
    auto item = std::make_shared<ItemType>();
    item->type = std::move(type);
    return item;
}

const std::shared_ptr<const feel::Type>& feel_type(const ItemTypePtr& type) {
    static const auto kAny = feel::Type::simple(feel::Type::Kind::any);
    return type ? type->type : kAny;
}

ItemTypePtr list_of(const ItemTypePtr& element) {
    auto item = std::make_shared<ItemType>();
    item->type = feel::Type::list_of(feel_type(element));
    item->element = element;
    return item;
}

}  // namespace

void Reader::read_types() {
    for (const pugi::xml_node& node : children(root_, "itemDefinition")) {
        definitions_.emplace(attribute(node, "name"), node);
    }
    for (const ImportedModel& import : data_->imports) {
        const std::string prefix = import.name.empty() ? "" : import.name + ".";
        for (const auto& [name, type] : import.model->types) data_->types.emplace(prefix + name, type);
    }
    for (const auto& [name, node] : definitions_) type_named(name);
    for (const auto& [name, type] : data_->types) scope_.types.emplace(name, feel_type(type));
    scope_.member_names = data_->member_names;
}

ItemTypePtr Reader::type_named(std::string name) {
    if (name.starts_with("feel:")) name.erase(0, 5);
    if (name.empty()) return nullptr;
    if (const auto known = data_->types.find(name); known != data_->types.end()) return known->second;
    if (const auto definition = definitions_.find(name); definition != definitions_.end()) {
        // A type that contains itself (a tree) is Any at the place where it comes round again.
        if (in_progress_.contains(name)) return nullptr;
        if (in_progress_.size() >= kTypesInARowMax) {
            problem(name, error(Errc::too_large, "dmn.limit_depth", "类型一个套一个，层次太多，请减少层数。"), {});
            return nullptr;
        }
        in_progress_.insert(name);
        ItemTypePtr type = item_type(definition->second);
        in_progress_.erase(name);
        data_->types.emplace(name, type);
        return type;
    }
    const auto builtin = feel::Type::by_name(name);
    return builtin && builtin->kind != feel::Type::Kind::any ? plain(builtin) : nullptr;
}

ItemTypePtr Reader::type_of(const pugi::xml_node& node) {
    return type_named(attribute(node, "typeRef"));
}

ItemTypePtr Reader::item_type(const pugi::xml_node& definition) {
    ItemTypePtr type = constrained(base_type(definition), child(definition, "allowedValues"));
    if (attribute(definition, "isCollection") == "true") type = list_of(type);
    return constrained(type, child(definition, "typeConstraint"));
}

ItemTypePtr Reader::base_type(const pugi::xml_node& definition) {
    const auto components = children(definition, "itemComponent");
    if (!components.empty()) return context_type(components);
    if (const auto function = child(definition, "functionItem")) return function_type(function);
    // `typeRef` is an element here; in the oldest models it stood as an attribute.
    const pugi::xml_node reference = child(definition, "typeRef");
    return reference ? type_named(reference.text().as_string()) : type_of(definition);
}

ItemTypePtr Reader::context_type(const std::vector<pugi::xml_node>& components) {
    auto item = std::make_shared<ItemType>();
    feel::Type type;
    type.kind = feel::Type::Kind::context;
    for (const pugi::xml_node& component : components) {
        const std::string name = attribute(component, "name");
        ItemTypePtr field = item_type(component);
        type.fields.emplace_back(name, feel_type(field));
        item->fields.emplace_back(name, std::move(field));
    }
    item->type = std::make_shared<const feel::Type>(std::move(type));
    return item;
}

ItemTypePtr Reader::function_type(const pugi::xml_node& function) {
    feel::Type type;
    type.kind = feel::Type::Kind::function;
    for (const pugi::xml_node& parameter : children(function, "parameters")) {
        type.parameters.push_back(feel_type(type_of(parameter)));
    }
    type.result = feel_type(type_named(attribute(function, "outputTypeRef")));
    return plain(std::make_shared<const feel::Type>(std::move(type)));
}

ItemTypePtr Reader::constrained(ItemTypePtr type, const pugi::xml_node& constraint) {
    if (!constraint) return type;
    const std::string text = text_of(constraint);
    if (text.empty()) return type;
    feel::ParseFailure place;
    auto tests = feel::parse_unary_tests(text, scope_, &place);
    if (!tests) {
        problem(text, tests.error(), place);
        return type;
    }
    auto item = type ? std::make_shared<ItemType>(*type) : std::make_shared<ItemType>();
    if (!item->type) item->type = feel::Type::simple(feel::Type::Kind::any);
    item->allowed = std::move(*tests);
    return item;
}

/// The names behind dots and in filters: fields of types, context entries, and what imported models contain.
void Reader::collect_member_names() {
    std::set<std::string> names;
    std::vector<pugi::xml_node> open{root_};
    while (!open.empty()) {
        const pugi::xml_node node = open.back();
        open.pop_back();
        const std::string_view local = local_name(node);
        if (local == "itemComponent" || local == "variable" || local == "output" || local == "column") {
            names.insert(attribute(node, "name"));
        }
        for (const pugi::xml_node& inner : node.children()) {
            if (inner.type() == pugi::node_element) open.push_back(inner);
        }
    }
    for (const ImportedModel& import : data_->imports) {
        names.insert(import.model->member_names.begin(), import.model->member_names.end());
        for (const Element& element : import.model->elements) names.insert(element.variable);
        for (const ImportedModel& inner : import.model->imports) names.insert(inner.name);
    }
    names.erase("");
    data_->member_names.assign(names.begin(), names.end());
}

}  // namespace kaigong::dmn
