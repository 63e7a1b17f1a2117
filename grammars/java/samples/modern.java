// Valid code of Java 8 to 25 that must give no finding.
package demo;

import module java.base;
import static java.util.stream.Collectors.*;

public sealed interface Modern<@NonNull T> permits Modern.A, Modern.B {
    record A<T>(int x, @Deprecated String... rest) implements Modern<T> { A { x = Math.abs(x); } }
    record B<T>() implements Modern<T> {}
    enum Level { LOW, HIGH { @Override void run() {} }; void run() {} }

    private static <R extends Comparable<? super R>> R pick(Object o, int[]... grid) throws Exception {
        var text = """
            "quoted" \
            text ${x}
            """;
        String kind = switch (o) {
            case null, default -> "none";
            case Integer i when i > 3 && i < 10 -> "int" + i;
            case A(int x, var _) -> { yield "a" + x; }
            case Level l -> switch (l) { case LOW, HIGH: yield "l"; };
        };
        if (!(o instanceof final String s) || s.isEmpty()) return null;
        outer:
        for (int i = 0, j = 1; ; i++, j--) { if (i > j) break outer; else continue outer; }
        try (var in = open(); in) { throw new Error(); } catch (final RuntimeException | Error _) { } finally { }
        Function<? super A<?>, int[]> f = int[]::new;
        Runnable r = () -> {}, q = Modern.super::toString;
        int mask = 0b1010_1010 >>> 2, hex = 0xFF_FF, array[] = {1, 2,}, c = (char) 'x' + '\u0041';
        synchronized (o) { assert mask > 0 : "positive"; }
        List<@NonNull String>[] lists = (List<String>[]) new List[3];
        for (var _ : lists) { do { mask <<= 1; } while (mask < 100); }
        return (R) (Comparable<R> & java.io.Serializable) o;
    }

    @interface Mark { Class<? extends Number>[] value() default {Integer.class, Long.class}; int n() default 1; }
}

abstract non-sealed class C<T> extends D.E<T>.F implements G {
    transient volatile int x = 1, y[];
    static { x(); }
    { y = null; }
    C(int a) { if (a < 0) throw new IllegalArgumentException(); super(a); }
    C() { int b = 1; this(b); }
    native void n();
    final strictfp synchronized <T> void m(C<T> this, final int... xs) { new <String>C<>(1) { int z; }.<T>m(); }
}

void main() { IO.println("hello"); }
