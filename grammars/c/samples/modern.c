// Valid code of C17 and C23; the grammar rejects part of it, so its findings stay silent.
#include <stddef.h>
#embed "data.bin"
#ifdef __cplusplus
extern "C" {
#endif
#define EXPORT __attribute__((visibility("default")))
EXPORT int exported(void);
DECLARE_LIST(name, type)
enum Small : unsigned char { ONE = 0b1, TWO = 1'000 };
constexpr int limit = 10;
[[nodiscard]] static inline int pick(int count, int cells[static count]) {
    auto x = nullptr;
    typeof(x) y = (typeof(x)){0};
    _Static_assert(sizeof(int) >= 2, "int");
    struct { union { int a; float b; }; int flex[]; } z = { .a = 1 };
#if limit > 5
    if (count > 3) {
#else
    if (count) {
#endif
        return _Generic(count, int: 1, default: 2);
    }
    return ((int (*)(int))y)(1) ?: z.a;
}
#ifdef __cplusplus
}
#endif
