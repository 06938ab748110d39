// A set of small numbers: the pieces of a column that a cell covers, the rules that cover a piece.
#pragma once

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace kaigong::dmn {

/// All sets that meet in an operation were made for the same count.
class Bits {
  public:
    Bits() = default;
    explicit Bits(std::size_t count, bool all = false) : count_(count), words_((count + 63) / 64) {
        if (all) set_range(0, count);
    }

    std::size_t count() const { return count_; }
    bool test(std::size_t at) const { return (words_[at / 64] >> (at % 64) & 1U) != 0; }
    void set(std::size_t at) { words_[at / 64] |= std::uint64_t{1} << (at % 64); }
    void reset(std::size_t at) { words_[at / 64] &= ~(std::uint64_t{1} << (at % 64)); }
    /// From `from` up to but not `to`.
    void set_range(std::size_t from, std::size_t to) {
        for (; from < to && from % 64 != 0; ++from) set(from);
        for (; from + 64 <= to; from += 64) words_[from / 64] = ~std::uint64_t{0};
        for (; from < to; ++from) set(from);
    }

    Bits& operator&=(const Bits& other) {
        for (std::size_t at = 0; at < words_.size(); ++at) words_[at] &= other.words_[at];
        return *this;
    }
    Bits& operator|=(const Bits& other) {
        for (std::size_t at = 0; at < words_.size(); ++at) words_[at] |= other.words_[at];
        return *this;
    }
    Bits& subtract(const Bits& other) {
        for (std::size_t at = 0; at < words_.size(); ++at) words_[at] &= ~other.words_[at];
        return *this;
    }
    friend Bits operator&(Bits left, const Bits& right) { return left &= right; }
    friend Bits operator|(Bits left, const Bits& right) { return left |= right; }
    Bits complement() const { return Bits(count_, true).subtract(*this); }

    bool none() const {
        for (const std::uint64_t word : words_) {
            if (word != 0) return false;
        }
        return true;
    }
    bool meets(const Bits& other) const {
        for (std::size_t at = 0; at < words_.size(); ++at) {
            if ((words_[at] & other.words_[at]) != 0) return true;
        }
        return false;
    }
    bool is_within(const Bits& other) const {
        for (std::size_t at = 0; at < words_.size(); ++at) {
            if ((words_[at] & ~other.words_[at]) != 0) return false;
        }
        return true;
    }
    /// The first one at or behind `from`; `count()` when there is none.
    std::size_t next(std::size_t from) const {
        for (std::size_t word = from / 64; word < words_.size(); ++word) {
            const std::uint64_t rest = word == from / 64 ? words_[word] >> (from % 64) << (from % 64) : words_[word];
            if (rest != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        }
        return count_;
    }
    std::size_t words() const { return words_.size(); }
    /// How many it holds.
    std::size_t size() const {
        std::size_t size = 0;
        for (const std::uint64_t word : words_) size += static_cast<std::size_t>(std::popcount(word));
        return size;
    }

    auto operator<=>(const Bits&) const = default;

  private:
    std::size_t count_ = 0;
    std::vector<std::uint64_t> words_;
};

}  // namespace kaigong::dmn
