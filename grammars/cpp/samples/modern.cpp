// Valid code of C++17 to C++26; the grammar rejects part of it, so its findings stay silent.
export module shop;
import std;
import :part;
class EXPORT_API Widget final : public Base { operator bool() const = delete; };
template <typename... Bs> struct Merged : Bs... { using Bs::operator()...; };
template <typename T> requires std::integral<T> auto twice(T x) { return x * 2; }
auto pick(auto... xs) { return xs...[0]; }
consteval int square(int n) { if consteval { return n * n; } else { return 0; } }
int spaceship(auto const &a, auto const &b) { return (a <=> b) == 0 ? 1'000 : 0b11; }
auto lambda = []<typename T>(this auto self, T &&x) noexcept -> decltype(auto) { co_return std::forward<T>(x); };
struct Point { int x, y; auto operator<=>(const Point &) const = default; };
static_assert(Point{.x = 1, .y = 2}.x == 1);
auto raw = R"(a "raw" text)"sv;
[[likely]] constinit int value = 3;
