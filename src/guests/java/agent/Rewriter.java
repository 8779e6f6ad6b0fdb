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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodTooLargeException;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.FrameNode;
import jdk.internal.org.objectweb.asm.tree.IntInsnNode;
import jdk.internal.org.objectweb.asm.tree.InsnNode;
import jdk.internal.org.objectweb.asm.tree.LabelNode;
import jdk.internal.org.objectweb.asm.tree.LdcInsnNode;
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

  static byte[] rewrite(String name, byte[] bytes, boolean probes, boolean main) {
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
        boolean left = !probes || without.contains(method + descriptor) || Blocks.runsNatively(Rewriter.this.name, method);
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
    method.maxStack++;
    Map<Object, LabelNode> probed = new IdentityHashMap<>();
    int ordinal = 0;
    int at = 0;
    for (AbstractInsnNode node : method.instructions.toArray()) {
      if (node.getOpcode() < 0) continue;
      if (at < starts.length && starts[at] == ordinal) {
        at++;
        method.instructions.insertBefore(node, constant(next++));
        method.instructions.insertBefore(node, call("push", "(I)V"));
        if (node.getOpcode() == Opcodes.NEW) moveLabels(method, node, probed);
      }
      ordinal++;
    }
    if (!probed.isEmpty()) {
      for (AbstractInsnNode node : method.instructions.toArray()) {
        if (!(node instanceof FrameNode)) continue;
        rename(((FrameNode) node).local, probed);
        rename(((FrameNode) node).stack, probed);
      }
    }
  }

  /** Objects that are not initialised are known in frames by the label of their NEW, which is after the probe. */
  private static void moveLabels(MethodNode method, AbstractInsnNode made, Map<Object, LabelNode> probed) {
    LabelNode label = new LabelNode();
    AbstractInsnNode before = made.getPrevious().getPrevious().getPrevious();
    method.instructions.insertBefore(made, label);
    for (; before != null && before.getOpcode() < 0; before = before.getPrevious())
      if (before instanceof LabelNode) probed.put(before, label);
  }

  private static void rename(List<Object> types, Map<Object, LabelNode> probed) {
    for (int i = 0; types != null && i < types.size(); i++)
      if (probed.containsKey(types.get(i))) types.set(i, probed.get(types.get(i)));
  }

  private static AbstractInsnNode constant(int number) {
    if (number <= 5) return new InsnNode(Opcodes.ICONST_0 + number);
    if (number <= Byte.MAX_VALUE) return new IntInsnNode(Opcodes.BIPUSH, number);
    if (number <= Short.MAX_VALUE) return new IntInsnNode(Opcodes.SIPUSH, number);
    return new LdcInsnNode(number);
  }

  static MethodInsnNode call(String method, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, PROBE, method, descriptor, false);
  }

  static boolean isHooked(String name) {
    return Hooks.isHooked(name);
  }
}
