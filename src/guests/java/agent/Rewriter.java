// Puts probes into a class, and tells bplab what they mean. A block here begins where control may arrive, and after every
// instruction that may fail or run other code (a class initialiser): so whatever happens, the instructions of the blocks that were
// reported are those that ran. bplab joins blocks that follow each other.
//
// The message: the number of the first block; the class's name; its bytes without probes; and for each method with code, in the
// file's order, how many blocks it has and which instruction each begins with, counted from 0.
package bplab.agent;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodTooLargeException;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.FrameNode;
import jdk.internal.org.objectweb.asm.tree.InsnList;
import jdk.internal.org.objectweb.asm.tree.IntInsnNode;
import jdk.internal.org.objectweb.asm.tree.InsnNode;
import jdk.internal.org.objectweb.asm.tree.LabelNode;
import jdk.internal.org.objectweb.asm.tree.MethodInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodNode;

final class Rewriter extends ClassVisitor {
  private static final int API = constant("ASM9", Opcodes.ASM8);
  private static final String PROBE = "bplab/agent/Probe";

  private static int known;

  private final String name;
  private final boolean probes;
  private final boolean main;
  /** A method that has no room for probes; null if none is known. */
  private final List<String> without;
  private final int first;
  private int next;
  private final List<int[]> blocks = new ArrayList<>();

  private Rewriter(ClassVisitor to, String name, boolean probes, boolean main, List<String> without) {
    super(API, to);
    this.name = name;
    this.probes = probes;
    this.main = main;
    this.without = without;
    first = known;
    next = known;
    takeSealedClasses();
  }

  /** One of ASM's constants, or another value where the JDK does not have it. By reflection its package is closed. */
  private static int constant(String name, int other) {
    try {
      Field field = Opcodes.class.getField(name);
      return Agent.UNSAFE.getInt(Agent.UNSAFE.staticFieldBase(field), Agent.UNSAFE.staticFieldOffset(field));
    } catch (ReflectiveOperationException absent) {
      return other;
    }
  }

  /** Sealed classes are a trial in Java 17, which only classes compiled with previews may ask for when they are made. */
  private void takeSealedClasses() {
    try {
      long at = Agent.UNSAFE.objectFieldOffset(ClassVisitor.class.getDeclaredField("api"));
      Agent.UNSAFE.putInt(this, at, constant("ASM9_EXPERIMENTAL", API));
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
  }

  /** The name that a class gives itself, where its loader gives none; null if it cannot be read. */
  static String nameIn(byte[] bytes) {
    try {
      return new ClassReader(bytes).getClassName();
    } catch (RuntimeException unreadable) {
      return null;
    }
  }

  /** @param checked whether the class may be damaged where ASM does not look */
  static byte[] rewrite(String name, byte[] bytes, boolean probes, boolean main, boolean checked) {
    synchronized (Channel.class) {
      List<String> without = new ArrayList<>();
      while (true) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        Rewriter rewriter = new Rewriter(writer, name == null ? reader.getClassName() : name, probes, main, without);
        reader.accept(rewriter, 0);
        byte[] changed;
        try {
          changed = writer.toByteArray();
        } catch (MethodTooLargeException error) {
          without.add(error.getMethodName() + error.getDescriptor());
          continue;
        }
        if (checked && Refused.isRefused(changed)) throw new ClassFormatError("damaged");
        if (probes) rewriter.tell(name == null, bytes);
        return changed;
      }
    }
  }

  private void tell(boolean hidden, byte[] bytes) {
    known = next;
    Channel.begin(2);
    Channel.word(first);
    Channel.bytes(hidden ? new byte[0] : name.getBytes(StandardCharsets.UTF_8));
    Channel.bytes(bytes);
    Channel.word(blocks.size());
    for (int[] starts : blocks) {
      Channel.word(starts.length);
      for (int start : starts) Channel.word(start);
    }
    Channel.send();
    for (String method : without) Channel.note(name.replace('/', '.') + "." + method.substring(0, method.indexOf('(')));
  }

  @Override
  public MethodVisitor visitMethod(int access, String method, String descriptor, String signature, String[] exceptions) {
    MethodVisitor to = super.visitMethod(access, method, descriptor, signature, exceptions);
    if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) != 0) return to;
    return new MethodNode(API, access, method, descriptor, signature, exceptions) {
      @Override
      public void visitEnd() {
        boolean left = !probes || without.contains(method + descriptor) || Blocks.runsNatively(Rewriter.this.name, method, descriptor);
        int[] starts = left ? new int[0] : Blocks.of(this);
        blocks.add(starts);
        put(this, starts);
        Hooks.put(Rewriter.this.name, main, this);
        accept(to);
      }
    };
  }

  /** Puts a probe before each instruction that begins a block. */
  private void put(MethodNode method, int[] starts) {
    if (starts.length == 0) return;
    method.maxStack += 2;
    boolean moved = false;
    int ordinal = 0;
    int at = 0;
    for (AbstractInsnNode node : method.instructions.toArray()) {
      if (node.getOpcode() < 0) continue;
      if (at < starts.length && starts[at] == ordinal) {
        at++;
        AbstractInsnNode before = node.getPrevious();
        method.instructions.insertBefore(node, probe(next++));
        if (node.getOpcode() == Opcodes.NEW) moved |= moveLabels(method, before, node);
      }
      ordinal++;
    }
    if (moved) {
      for (AbstractInsnNode node : method.instructions.toArray()) {
        if (!(node instanceof FrameNode)) continue;
        rename(((FrameNode) node).local);
        rename(((FrameNode) node).stack);
      }
    }
  }

  /**
   * Objects that are not initialised are known in frames by the label of their NEW, which is after the probe.
   *
   * @return whether there are labels of this one, which now lead to the new label
   */
  private static boolean moveLabels(MethodNode method, AbstractInsnNode before, AbstractInsnNode made) {
    LabelNode label = new LabelNode();
    method.instructions.insertBefore(made, label);
    boolean found = false;
    for (AbstractInsnNode node = before; node != null && node.getOpcode() < 0; node = node.getPrevious()) {
      if (!(node instanceof LabelNode)) continue;
      ((LabelNode) node).getLabel().info = label;
      found = true;
    }
    return found;
  }

  private static void rename(List<Object> types) {
    for (int i = 0; types != null && i < types.size(); i++) {
      if (!(types.get(i) instanceof LabelNode)) continue;
      Object label = ((LabelNode) types.get(i)).getLabel().info;
      if (label instanceof LabelNode) types.set(i, label);
    }
  }

  /**
   * Reports a block. Larger numbers come in two parts: each would be a constant of the class, and when a class is changed HotSpot
   * compares every new constant with all old ones (35 % of the CPU time of a start).
   */
  private static InsnList probe(int number) {
    InsnList list = new InsnList();
    if (number > Short.MAX_VALUE) {
      list.add(constant(number >> Probe.LOW_BITS));
      list.add(constant(number & Probe.LOW_PART));
      list.add(call("push", "(II)V"));
    } else {
      list.add(constant(number));
      list.add(call("push", "(I)V"));
    }
    return list;
  }

  private static AbstractInsnNode constant(int number) {
    if (number <= 5) return new InsnNode(Opcodes.ICONST_0 + number);
    if (number <= Byte.MAX_VALUE) return new IntInsnNode(Opcodes.BIPUSH, number);
    return new IntInsnNode(Opcodes.SIPUSH, number);
  }

  static MethodInsnNode call(String method, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, PROBE, method, descriptor, false);
  }

  static boolean isHooked(String name) {
    return Hooks.isHooked(name);
  }
}
