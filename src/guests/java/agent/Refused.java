// Whether the virtual machine refuses a class for its format. It must see the class as it is: ASM leaves out or mends what is damaged,
// and the class with probes would load.
package bplab.agent;

final class Refused extends ClassLoader {
  private static final ClassNotFoundException NOT_HERE = new ClassNotFoundException();
  /** One for all: each that is made takes an identity hash code of the thread in which it is. */
  private static final Refused loader = new Refused();
  /** The thread in which a class is tried, which shows it to the transformer, too. */
  private static Thread trying;

  private Refused() {
    super(null);
  }

  /** No superclass is found, so that nothing is ever defined: the format is checked before superclasses are looked for. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    throw NOT_HERE;
  }

  static boolean isTrying() {
    return trying == Thread.currentThread();
  }

  static synchronized boolean isRefused(byte[] bytes) {
    trying = Thread.currentThread();
    try {
      loader.defineClass(null, bytes, 0, bytes.length);
      return false;
    } catch (ClassFormatError error) {
      return true;
    } catch (Throwable notOfFormat) {
      return false;
    } finally {
      trying = null;
    }
  }
}
