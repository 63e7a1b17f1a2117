// A shop with templates, lambdas and friends.
#include <vector>
#include "item.hpp"

using std::string;
using namespace std::chrono;
using Price = double;
template <typename T> using List = std::vector<T>;

namespace shop::orders {

namespace fs = std::filesystem;
constexpr int limit = 10;

template <typename T, int Size = 4, typename... Rest>
concept Named = requires(T value) { value.name(); };

enum class Status : unsigned { Open, Closed = 4 };

template <Named T>
class Store : public Base<T>, private virtual Logged {
public:
    Store() = default;
    explicit Store(string name, int size = 1) : name_{std::move(name)}, size_(size) {}
    virtual ~Store();
    Store &operator=(const Store &other) = delete;
    bool operator==(const Store &) const = default;
    explicit operator bool() const { return size_ > 0; }
    [[nodiscard]] virtual auto find(const string &key) const -> T * = 0;
    static int count;
    int size() const noexcept { return size_; }
    template <typename U> void add(U &&item, Args &&...rest);
    friend std::ostream &operator<<(std::ostream &out, const Store &store);

private:
    struct Slot { int index; T value; };
    string name_;
    int size_ = 0, spare_[2];
    mutable std::map<string, Slot> slots_;
};

template <typename T>
T *Store<T>::find(const string &key) const
{
    if (auto found = slots_.find(key); found != slots_.end())
        return &found->second.value;
    for (const auto &[name, slot] : slots_) {
        std::cout << name << slot.index;
    }
    for (auto it = slots_.begin(); it != slots_.end(); ++it) use(*it);
    try {
        throw std::runtime_error("missing");
    } catch (const std::exception &error) {
        log(error.what());
    } catch (...) {
    }
    auto add = [this, total = 0, &key](int left, auto right) mutable { return left + right + total; };
    auto [a, b] = std::pair{1, 2};
    auto *fresh = new Slot{a, T()};
    delete fresh;
    using Local = int;
    std::sort(slots_.begin(), slots_.end(), [](auto &x, auto &y) { return x < y; });
    return static_cast<T *>(nullptr);
}

Store<int>::~Store() { size_ = limit; }

union Bits { int whole; float part; };

extern "C" int c_entry(int argc);

int operator""_km(unsigned long long value) { return int(value); }

} // namespace shop::orders

int main(int argc, char *argv[])
{
    shop::orders::Store<int> store("x", 2), *other = &store;
    Price total{1.5};
    int &reference = argc;
    int grid[2][3] = {};
    store.template add<int>(1);
    co_await other->load(total);
    return shop::orders::limit + store.size();
}
