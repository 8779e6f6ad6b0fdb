// Loads the class files of a jar file, damaged at random, links what loads, and prints what became of each. Words: the jar file, how many.
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

public class Damaged {
  static int state = 1;
  static int random(int bound) { state = state * 1103515245 + 12345; return (state >>> 8) % bound; }
  static class Loader extends ClassLoader {
    Class<?> define(byte[] b) { return defineClass(null, b, 0, b.length); }
  }
  public static void main(String[] args) throws Exception {
    List<byte[]> classes = new ArrayList<>();
    try (JarFile jar = new JarFile(args[0])) {
      for (JarEntry entry : Collections.list(jar.entries()))
        if (entry.getName().endsWith(".class"))
          try (InputStream in = jar.getInputStream(entry)) { classes.add(in.readAllBytes()); }
    }
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      byte[] b = classes.get(random(classes.size())).clone();
      if (i % 5 == 0) b = Arrays.copyOf(b, random(b.length));
      else for (int k = random(3); k >= 0; k--) b[random(b.length)] = (byte) random(256);
      String what;
      try {
        Class<?> c = new Loader().define(b);
        try { c.getDeclaredMethods(); what = "linked"; }
        catch (LinkageError e) { what = "not linked"; }
      } catch (LinkageError e) { what = e.getClass().getName(); }
      all.append(what).append('\n');
    }
    System.out.print(all);
  }
}
