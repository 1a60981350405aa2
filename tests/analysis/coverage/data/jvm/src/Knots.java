package com.shop;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.function.Supplier;

/** Every knot that the flow of control can be tied in. */
abstract class Knots {
    static long wide(long from) {
        long sum = from;
        for (int i = 0; i < 70000; i += 1000) {
            if (i % 3 == 0) continue;
            if (i > 50000) break;
            sum += i % 2 == 0 ? i : -i;
        }
        return sum;
    }

    int guarded(String text) throws IOException {
        try (StringReader one = new StringReader(text); StringReader two = new StringReader(text)) {
            int sign = one.read();
            while (sign != -1 && two.read() != 'x') {
                sign = one.read();
            }
            return sign;
        } catch (IllegalStateException | IndexOutOfBoundsException wrong) {
            throw new IOException(wrong);
        } finally {
            close();
        }
    }

    abstract void close();

    native void far();

    synchronized String named(Object what) {
        outer:
        for (int i = 0; ; i++) {
            synchronized (what) {
                do {
                    if (what.hashCode() == i) break outer;
                    if (what.equals("again")) continue outer;
                } while (i++ < 10);
            }
        }
        assert what != null : "no " + what;
        return what instanceof String ? ((String) what).isEmpty() ? "empty" : "text" : "other";
    }

    static int dense(int n) {
        switch (n) {
            case 1:
            case 2:
                n++;
            case 3:
                return n;
            case 1000:
                break;
            default:
                throw new IllegalArgumentException();
        }
        return -1;
    }

    Supplier<Supplier<Integer>> nested(List<Integer> all) {
        Runnable none = () -> { };
        none.run();
        return () -> all.isEmpty()
            ? () -> 1
            : all::size;
    }

    interface Plain {
        int SIZE = Integer.parseInt("3");

        default int twice() {
            return SIZE * 2;
        }
    }

    class Inner {
        private int seen = wide(3) > 0 ? 1 : 2;

        Inner() {
            this(1);
            { int x = seen; seen = x > 1 ? x : 0; }
        }

        Inner(int n) { seen += n; }
    }
}
