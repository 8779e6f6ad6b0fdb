// The agent in the Java virtual machine: instruments every class that is loaded, those of the JDK included unless they are left out.
// Its argument: four lines, the main class, "on" or "off" for classes of the JDK, the name of the thread to trace or nothing,
// and "zero" where checksums are bytecode, as in HotSpot's interpreter in C++.
package bplab.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import sun.misc.Unsafe;

public final class Agent {
  static final Unsafe UNSAFE = unsafe();
  private static String mainClass = "";
  private static boolean jdk;
  /** Internal names of classes that the transformer has been shown. A plain set: another one needs classes to grow. */
  private static final Set<String> seen = new HashSet<>(1 << 13);

  private Agent() {}

  public static void premain(String argument, Instrumentation instrumentation) throws Exception {
    String[] lines = argument.split("\n", -1);
    jdk = lines[1].equals("on");
    Blocks.asZero = lines[3].equals("zero");
    Probe.threadName = lines[2].isEmpty() ? null : lines[2];
    Probe.launcher = Thread.currentThread();
    openPackages();
    Channel.open();
    fixIterationOrder();
    // loads what the transformer needs: it cannot be asked about its own superclass
    Rewriter.isHooked("");
    Refused.isRefused(new byte[0]);
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              Module module, ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
            return instrument(loader, name == null ? Rewriter.nameIn(bytes) : name, bytes);
          }
        },
        true);
    // the virtual machine shows an agent no class that the agent itself causes to be loaded: so look again until there is none
    for (List<Class<?>> missing = missing(instrumentation); !missing.isEmpty(); missing = missing(instrumentation)) {
      // in one call: 1.4 s for 687 classes, against 3 to 13 s one by one
      instrumentation.retransformClasses(missing.toArray(new Class<?>[0]));
    }
    // not before: what runs here may define hidden classes, which would have no probes
    mainClass = (lines[0].endsWith(".jar") ? mainOf(lines[0]) : lines[0]).replace('.', '/');
  }

  /**
   * Makes packages of the JDK accessible to the agent. The option --add-exports and Instrumentation.redefineModule would do the same,
   * but they run lambda expressions, whose hidden classes would then have no probes.
   */
  private static void openPackages() throws Exception {
    Method export = accessible(Module.class.getDeclaredMethod("addExportsToAllUnnamed0", Module.class, String.class));
    for (String name : new String[] {"jdk.internal.org.objectweb.asm", "jdk.internal.org.objectweb.asm.tree"})
      export.invoke(null, Object.class.getModule(), name);
  }

  private static Method accessible(Method method) throws Exception {
    UNSAFE.putBoolean(method, UNSAFE.objectFieldOffset(Accessible.class.getDeclaredField("override")), true);
    return method;
  }

  /** Its field lies where that of java.lang.reflect.AccessibleObject does. */
  private static final class Accessible {
    boolean override;
  }

  private static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Whether a class is seen for the first time. */
  private static boolean see(String name) {
    synchronized (seen) {
      return seen.add(name);
    }
  }

  /** Classes that were loaded without the transformer; each is listed only once. */
  private static List<Class<?>> missing(Instrumentation instrumentation) {
    List<Class<?>> missing = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type.getName().replace('.', '/');
      boolean wanted = jdk || Rewriter.isHooked(name);
      if (wanted && instrumentation.isModifiableClass(type) && !name.startsWith("bplab/agent/") && see(name)) missing.add(type);
    }
    return missing;
  }

  /** The main class of a jar file; none for one that does not name it. */
  private static String mainOf(String path) throws Exception {
    try (JarFile jar = new JarFile(path)) {
      Manifest manifest = jar.getManifest();
      String name = manifest == null ? null : manifest.getMainAttributes().getValue("Main-Class");
      return name == null ? "" : name.trim();
    }
  }

  /**
   * @param name internal name; null for a hidden class, or one that names itself nowhere
   * @return the class with probes; null if it stays as it is
   */
  static byte[] instrument(ClassLoader loader, String name, byte[] bytes) {
    if (Refused.isTrying() || (name != null && name.startsWith("bplab/agent/"))) return null;
    if (name != null) see(name);
    boolean probes = jdk || !isOfJdk(loader);
    if (!probes && (name == null || !Rewriter.isHooked(name))) return null;
    // what is refused without probes is refused in the virtual machine's own words; classes of the JDK are not damaged
    if (!isOfJdk(loader) && Refused.isRefused(bytes)) return null;
    try {
      return Rewriter.rewrite(name, bytes, probes, mainClass.equals(name), !isOfJdk(loader));
    } catch (Throwable error) {
      Channel.note((name == null ? "a class without a name" : name.replace('/', '.')) + " (" + error + ")");
      return null;
    }
  }

  private static boolean isOfJdk(ClassLoader loader) {
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  /**
   * Set.of and Map.of iterate in an order that depends on the time at which the virtual machine started: not here. What was entered
   * into tables of the module system in such an order before is entered again, sorted.
   */
  private static void fixIterationOrder() throws Exception {
    Class<?> collections = Class.forName("java.util.ImmutableCollections");
    Object base = UNSAFE.staticFieldBase(collections.getDeclaredField("SALT32L"));
    UNSAFE.putLong(base, UNSAFE.staticFieldOffset(collections.getDeclaredField("SALT32L")), 0x5DEECE66L);
    UNSAFE.putBoolean(base, UNSAFE.staticFieldOffset(collections.getDeclaredField("REVERSE")), false);
    Class<?> loader = Class.forName("jdk.internal.loader.BuiltinClassLoader");
    Field packages = loader.getDeclaredField("packageToModule");
    sort(UNSAFE.getObject(UNSAFE.staticFieldBase(packages), UNSAFE.staticFieldOffset(packages)));
    for (ClassLoader one = ClassLoader.getSystemClassLoader(); one != null; one = one.getParent())
      if (loader.isInstance(one)) sortField(one, loader, "nameToModule");
    ModuleLayer boot = ModuleLayer.boot();
    for (Module module : boot.modules()) {
      sortField(module, Module.class, "exportedPackages");
      sortField(module, Module.class, "openPackages");
    }
    sortField(boot, ModuleLayer.class, "nameToModule");
    sortField(boot.configuration(), boot.configuration().getClass(), "nameToModule");
  }

  private static void sortField(Object holder, Class<?> type, String name) throws Exception {
    // reflection hides fields of modules
    Method fields = accessible(Class.class.getDeclaredMethod("getDeclaredFields0", boolean.class));
    for (Field field : (Field[]) fields.invoke(type, false))
      if (field.getName().equals(name)) sort(UNSAFE.getObject(holder, UNSAFE.objectFieldOffset(field)));
  }

  /** Enters again what a table holds, by name. What cannot be changed has an order of its own. */
  @SuppressWarnings("unchecked")
  private static void sort(Object table) {
    if (!(table instanceof HashMap || table instanceof ConcurrentHashMap)) return;
    Map<String, Object> map = (Map<String, Object>) table;
    Map<String, Object> sorted = new TreeMap<>(map);
    map.clear();
    map.putAll(sorted);
  }
}
