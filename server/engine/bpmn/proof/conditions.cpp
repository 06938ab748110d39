#include "engine/bpmn/proof/conditions.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "engine/bpmn/expression.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// More cases than this are not tried: the conditions are free then.
constexpr std::size_t kCasesMax = 4'096;

struct Word {
    enum class Kind { name, number, text, compare, between, in, both, logic, bracket };
    Kind kind = Kind::name;
    std::string text;
};

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80U) != 0 || c == '_';
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

Word::Kind kind_of_word(const std::string& text) {
    if (text == "true" || text == "false" || text == "null") return Word::Kind::text;
    if (text == "and" || text == "or" || text == "not") return Word::Kind::logic;
    if (text == "between") return Word::Kind::between;
    return text == "in" ? Word::Kind::in : Word::Kind::name;
}

/// Cuts a condition into words; nothing when there is one that is not understood.
class Words {
  public:
    explicit Words(const std::string& text) : text_(text) {}

    std::optional<std::vector<Word>> cut() {
        while (at_ < text_.size()) {
            if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
                ++at_;
            } else if (!cut_one()) {
                return std::nullopt;
            }
        }
        return std::move(words_);
    }

  private:
    bool cut_one() {
        const char c = text_[at_];
        if (c == '"') return cut_text();
        if (is_letter(c)) return cut_name();
        if (is_digit(c) || c == '-') return cut_number();
        for (const std::string_view sign : {"<=", ">=", "!=", "<", ">", "="}) {
            if (text_.compare(at_, sign.size(), sign) == 0) return add(Word::Kind::compare, sign.size());
        }
        if (text_.compare(at_, 2, "..") == 0) return add(Word::Kind::both, 2);
        if (c == ',') return add(Word::Kind::both, 1);
        return (c == '(' || c == ')' || c == '[' || c == ']') && add(Word::Kind::bracket, 1);
    }

    bool add(Word::Kind kind, std::size_t size) {
        words_.push_back({kind, text_.substr(at_, size)});
        at_ += size;
        return true;
    }

    bool cut_text() {
        const std::size_t end = text_.find('"', at_ + 1);
        if (end == std::string::npos) return false;
        const std::size_t size = end + 1 - at_;
        return text_.substr(at_, size).find('\\') == std::string::npos && add(Word::Kind::text, size);
    }

    bool cut_name() {
        std::size_t size = 1;
        while (at_ + size < text_.size() && (is_letter(text_[at_ + size]) || is_digit(text_[at_ + size]))) ++size;
        return add(kind_of_word(text_.substr(at_, size)), size);
    }

    /// A minus sign belongs to a number only where no operand stands before it.
    bool cut_number() {
        const bool is_negative = text_[at_] == '-';
        const bool follows = !words_.empty() && (words_.back().kind == Word::Kind::name ||
                                                 words_.back().kind == Word::Kind::number || words_.back().text == ")");
        if (is_negative && follows) return false;
        std::size_t size = is_negative ? 1 : 0;
        const std::size_t first = size;
        const auto at = [&](std::size_t i) { return at_ + i < text_.size() ? text_[at_ + i] : ' '; };
        while (is_digit(at(size)) || (at(size) == '.' && is_digit(at(size + 1)))) ++size;
        return size > first && add(Word::Kind::number, size);
    }

    const std::string& text_;
    std::size_t at_ = 0;
    std::vector<Word> words_;
};

bool is_value(const Word& word) {
    return word.kind == Word::Kind::number || word.kind == Word::Kind::text;
}

bool is_operand(const Word& word) {
    return is_value(word) || word.kind == Word::Kind::name;
}

/// Values that a variable is compared with, as they are written; `true` where it stands alone.
using Compared = std::map<std::string, std::set<std::string>>;

/// The words of a condition that compares each variable with values only.
class Reading {
  public:
    explicit Reading(std::vector<Word> words) {
        for (Word& word : words) {
            if (word.kind == Word::Kind::name) names_.insert(word.text);
            calls_ = calls_ || (word.text == "(" && !all_.empty() && all_.back().kind == Word::Kind::name);
            all_.push_back(word);
            if (word.kind != Word::Kind::bracket) words_.push_back(std::move(word));
        }
    }

    bool add_to(Compared& compared) const {
        if (calls_) return false;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            if (!fits(i)) return false;
        }
        for (const std::string& name : names_) {
            std::set<std::string>& values = compared[name];
            // Which value belongs to which variable does not matter: one region more is no harm.
            for (const Word& word : words_) {
                if (is_value(word)) values.insert(word.text);
            }
            if (stands_alone(name)) values.insert("true");
        }
        return true;
    }

  private:
    const Word* at(std::size_t index) const { return index < words_.size() ? &words_[index] : nullptr; }

    bool fits(std::size_t index) const {
        const Word* next = at(index + 1);
        const Word* before = index == 0 ? nullptr : at(index - 1);
        switch (words_[index].kind) {
            case Word::Kind::compare:
            case Word::Kind::in:
                return before != nullptr && next != nullptr && is_operand(*before) && is_operand(*next) &&
                       (is_value(*before) || is_value(*next));
            case Word::Kind::both: return before != nullptr && next != nullptr && is_value(*before) && is_value(*next);
            case Word::Kind::between: {
                const Word* high = at(index + 3);
                return next != nullptr && high != nullptr && is_value(*next) && is_value(*high);
            }
            default: return next == nullptr || !is_operand(words_[index]) || !is_operand(*next);
        }
    }

    bool stands_alone(const std::string& name) const {
        for (std::size_t i = 0; i < words_.size(); ++i) {
            const auto compares = [](const Word* word) {
                return word != nullptr && (word->kind == Word::Kind::compare || word->kind == Word::Kind::in ||
                                           word->kind == Word::Kind::between);
            };
            if (words_[i].text == name && !compares(at(i + 1)) && (i == 0 || !compares(at(i - 1)))) return true;
        }
        return false;
    }

    std::vector<Word> all_;
    /// Without brackets.
    std::vector<Word> words_;
    std::set<std::string> names_;
    bool calls_ = false;
};

feel::Value value_of(const std::string& text) {
    const auto compiled = Expression::compile(text);
    return compiled ? (*compiled)->evaluate({}, 0, nullptr) : feel::Value();
}

/// One value of each region; null is always one.
std::vector<feel::Value> candidates_of(const std::set<std::string>& values) {
    std::vector<feel::Value> candidates{feel::Value()};
    std::vector<std::string> numbers;
    bool has_text = false;
    bool has_boolean = false;
    for (const std::string& text : values) {
        if (text.front() == '"') {
            has_text = true;
            candidates.push_back(value_of(text));
            // The next text in order.
            candidates.emplace_back(text.substr(1, text.size() - 2) + '\x01');
        } else if (text == "true" || text == "false") {
            has_boolean = true;
        } else if (text != "null") {
            numbers.push_back(text);
        }
    }
    if (has_text) candidates.emplace_back("");
    if (has_boolean) candidates.insert(candidates.end(), {feel::Value(true), feel::Value(false)});
    // Between any two numbers lies their middle; most of these fall into a region that is there already.
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        for (const std::string& text : {numbers[i], numbers[i] + " + 1", numbers[i] + " - 1"}) {
            candidates.push_back(value_of(text));
        }
        for (std::size_t j = i + 1; j < numbers.size(); ++j) {
            candidates.push_back(value_of("((" + numbers[i] + ") + (" + numbers[j] + ")) / 2"));
        }
    }
    return candidates;
}

class Cases {
  public:
    explicit Cases(const Compared& compared) {
        for (const auto& [name, values] : compared) {
            names_.emplace_back(name);
            candidates_.push_back(candidates_of(values));
            chosen_.push_back(0);
            count_ = std::min(count_ * candidates_.back().size(), kCasesMax + 1);
        }
    }

    std::size_t count() const { return count_; }

    feel::Context context() const {
        feel::Context context;
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const feel::Value& value = candidates_[i][chosen_[i]];
            if (!value.is_null()) context.put(feel::Key(names_[i]), value);
        }
        return context;
    }

    /// False after the last.
    bool next() {
        for (std::size_t i = 0; i < chosen_.size(); ++i) {
            if (++chosen_[i] < candidates_[i].size()) return true;
            chosen_[i] = 0;
        }
        return false;
    }

  private:
    std::vector<std::string> names_;
    std::vector<std::vector<feel::Value>> candidates_;
    std::vector<std::size_t> chosen_;
    std::size_t count_ = 1;
};

std::optional<bool> truth_of(const Feel& condition, const feel::Context& context) {
    if (condition == nullptr) return true;
    const feel::Value value = condition->evaluate(context, 0, nullptr);
    if (value.kind() != feel::Kind::boolean) return std::nullopt;
    return value.as_bool();
}

bool is_readable(const Feel& condition, Compared& compared) {
    if (condition == nullptr || is_constant(condition->text())) return true;
    auto words = Words(condition->text()).cut();
    return words && Reading(std::move(*words)).add_to(compared);
}

}  // namespace

bool is_constant(const std::string& text) {
    static constexpr std::array<std::string_view, 5> kWords{"true", "false", "and", "or", "not"};
    bool quoted = false;
    std::string word;
    for (const char c : text + " ") {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (is_letter(c)) {
            word += c;
            continue;
        }
        if (!word.empty() && std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return false;
        word.clear();
    }
    return true;
}

Truths possible_truths(const std::vector<Feel>& conditions) {
    Truths truths;
    Compared compared;
    for (const Feel& condition : conditions) {
        Compared more = compared;
        const bool readable = is_readable(condition, more);
        const bool fits = readable && Cases(more).count() <= kCasesMax;
        if (fits) compared = std::move(more);
        truths.known.push_back(fits);
    }
    std::set<std::vector<std::optional<bool>>> rows;
    Cases cases(compared);
    do {
        const feel::Context context = cases.context();
        std::vector<std::optional<bool>> row(conditions.size());
        for (std::size_t i = 0; i < conditions.size(); ++i) {
            if (truths.known[i]) row[i] = truth_of(conditions[i], context);
        }
        rows.insert(std::move(row));
    } while (cases.next());
    truths.rows.assign(rows.begin(), rows.end());
    return truths;
}

}  // namespace kaigong::bpmn::proof
