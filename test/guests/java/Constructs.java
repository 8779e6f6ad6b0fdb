// Every construct that a trace must get right, twice: at the second time all is resolved and initialised, and a debugger's single
// steps, which skip whatever runs inside a resolution, show the same instructions as the trace.
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;

public class Constructs {
  static long mark = 5;
  static int sink;

  interface Shape { double area(); default String label() { return "shape " + area(); } }
  record Circle(double r) implements Shape { public double area() { return Math.PI * r * r; } }
  record Square(double side) implements Shape { public double area() { return side * side; } }
  enum Colour { RED, GREEN, BLUE }
  static class Failure extends Exception { Failure(String m) { super(m); } }

  static int deep(int n) throws Failure { if (n == 0) throw new Failure("deep"); return deep(n - 1) + 1; }
  static int implicit(int kind, Object o, int[] a) {
    switch (kind) {
      case 0: return a[a.length];
      case 1: return ((String) o).length();
      case 2: return 7 / sink;
      case 3: return a[0] + ((int[]) null).length;
      case 4: return new int[-1 - sink].length;
      case 5: o = new Integer[1]; ((Object[]) o)[0] = "x"; return 1;
      case 6: return own(null);
      default: throw new IllegalStateException("kind");
    }
  }
  int size() { return 8; }
  static int own(Constructs c) { return c.size(); }
  static int outer(int kind, Object o) {
    int before = sink;
    try { return implicit(kind, o, new int[] {1, 2}); }
    finally { sink = before; }
  }
  static void exceptions() {
    sink = 0;
    int caught = own(new Constructs());
    for (int kind = 0; kind < 8; kind++) {
      try { outer(kind, 5); }
      catch (ArithmeticException | ClassCastException e) { caught += 10; }
      catch (RuntimeException e) { caught++; }
    }
    try { deep(6); } catch (Failure f) { caught += f.getMessage().length(); }
    try { recurse(1); } catch (IllegalArgumentException e) { caught += 100; }
    System.out.println("caught " + caught);
  }
  static int recurse(int n) { if (n > 20) throw new IllegalArgumentException(); try { return recurse(n + 1); } finally { sink++; } }

  static void lambdas() {
    IntBinaryOperator plus = (a, b) -> a + b;
    int base = sink;
    IntBinaryOperator shifted = (a, b) -> a + b + base;
    Supplier<List<String>> make = ArrayList::new;
    List<String> words = make.get();
    for (String w : "one two three four five six".split(" ")) words.add(w);
    words.sort(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()));
    System.out.println(words + " " + plus.applyAsInt(2, 3) + shifted.applyAsInt(1, 1));
    System.out.println(words.stream().filter(w -> w.length() > 3).mapToInt(String::length).sum());
  }
  static int named(String s) { switch (s) { case "Aa": return 1; case "BB": return 2; case "C": return 3; default: return 0; } }
  static int coloured(Colour c) { switch (c) { case RED: return 1; case BLUE: return 3; default: return 9; } }
  static int sparse(int n) { switch (n) { case -5: return 1; case 1000: return 2; case 1 << 20: return 3; default: return 4; } }
  static void switches() {
    int sum = 0;
    for (String s : new String[] {"Aa", "BB", "C", "AaBB"}) sum = sum * 10 + named(s);
    for (Colour c : Colour.values()) sum = sum * 10 + coloured(c);
    for (int n : new int[] {-5, 0, 1000, 1 << 20}) sum = sum * 10 + sparse(n);
    System.out.println("switches " + sum);
  }
  static void shapes() {
    Map<Shape, String> names = new HashMap<>();
    for (int i = 0; i < 4; i++) { Shape s = i % 2 == 0 ? new Circle(i) : new Square(i); names.put(s, s.label()); }
    System.out.println(names.get(new Square(3)) + names.size() + new Circle(2));
  }
  public static int called(int n) { return n * 3; }
  public static void throwing() { throw new IllegalStateException("reflected"); }
  static void reflection() throws Exception {
    int sum = 0;
    for (int i = 0; i < 20; i++) sum += (Integer) Constructs.class.getMethod("called", int.class).invoke(null, i);
    try { Constructs.class.getMethod("throwing").invoke(null); }
    catch (InvocationTargetException e) { sum += e.getCause().getMessage().length(); }
    System.out.println("reflected " + sum);
  }
  static synchronized long arithmetic() {
    long l = 12345678901L; float f = 1.5f; double d = 2.25;
    for (int i = 1; i < 10; i++) { l = l * i ^ (l >>> 3); f += i / 3f; d = Math.sqrt(d * i) + Math.abs(-d) % 7; }
    Object lock = new Object();
    synchronized (lock) { l += (long) f; }
    int[][] grid = new int[3][4]; grid[2][3] = (int) d;
    char c = (char) (grid[2][3] + 'a'); byte b = (byte) c; short s = (short) (b << 4);
    return l + c + b + s + (lock instanceof String ? 1 : 2);
  }
  static void work() throws Exception {
    exceptions(); lambdas(); switches(); shapes(); reflection();
    System.out.println(arithmetic());
    System.out.println(String.format("%d %s %.2f", 5, "x", 1.25));
  }
  static void mark() { mark = -(-(-mark)); }
  public static void main(String[] args) throws Exception {
    int times = args.length == 0 ? 1 : Integer.parseInt(args[0]);
    for (int i = 0; i < times; i++) work();
    mark();
    work();
  }
}
