package shop.orders;

import java.util.List;
import java.util.Map.Entry;
import static java.lang.Math.max;
import java.io.*;

/** A shop and its orders. */
@Service("shop")
public sealed abstract class Shop<T extends Item & Comparable<T>> extends Store implements Closeable, Named permits Kiosk {
    public static final int MAX = 10, MIN = 1;
    private final List<? extends T> items;
    protected String name = "shop";

    static {
        int seed = MAX;
    }

    public Shop(List<T> items, String... names) {
        super(items);
        this.items = items;
        this.name = names[0];
    }

    @Override
    public <R> R visit(Visitor<R> visitor, final int depth) throws IOException {
        for (T item : items) {
            if (item instanceof Book(String title, var pages) && pages > depth) {
                return visitor.visit(title);
            }
        }
        for (int i = 0, j = 1; i < items.size(); i++) {
            System.out.println(items.get(i).name);
        }
        try (var reader = new BufferedReader(new FileReader(name)); stream) {
            String line = reader.readLine();
        } catch (IOException | IllegalStateException error) {
            throw new RuntimeException(error);
        } finally {
            close();
        }
        Function<T, String> label = (T each) -> each.toString();
        BiFunction<Integer, Integer, Integer> add = (a, b) -> a + b;
        Supplier<List<T>> make = ArrayList::new;
        items.forEach(entry -> { int size = entry.size(); });
        return switch (depth) {
            case 0 -> null;
            case int n when n > MIN -> { yield visitor.none(); }
            default -> this.<R>cast(label);
        };
    }

    abstract void close();

    record Point(int x, int y) implements Shape {
        Point {
            if (x < 0) throw new IllegalArgumentException("x");
        }
        static Point origin() { return new Point(0, 0); }
    }

    enum Status implements Coded {
        OPEN(1) { int code() { return 2; } },
        CLOSED(0);

        private final int code;

        Status(int code) { this.code = code; }
    }

    interface Visitor<R> {
        int LIMIT = 3;
        R visit(String title);
        default R none() { return null; }
    }

    @interface Marker {
        String value() default "x";
    }
}
