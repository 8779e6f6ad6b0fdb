// Where blocks begin in a method's code.
package bplab.agent;

import java.util.Set;
import jdk.internal.org.objectweb.asm.ConstantDynamic;
import jdk.internal.org.objectweb.asm.Handle;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.Type;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.JumpInsnNode;
import jdk.internal.org.objectweb.asm.tree.LabelNode;
import jdk.internal.org.objectweb.asm.tree.LdcInsnNode;
import jdk.internal.org.objectweb.asm.tree.LookupSwitchInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodNode;
import jdk.internal.org.objectweb.asm.tree.TableSwitchInsnNode;
import jdk.internal.org.objectweb.asm.tree.TryCatchBlockNode;
import jdk.internal.org.objectweb.asm.tree.VarInsnNode;

final class Blocks {
  /** HotSpot's interpreter has native code for these: it executes no instruction of theirs. Of abs it has that of double alone. */
  private static final Set<String> MATH =
      Set.of("sin(D)D", "cos(D)D", "tan(D)D", "abs(D)D", "sqrt(D)D", "log(D)D", "log10(D)D", "exp(D)D", "pow(DD)D", "fma(DDD)D", "fma(FFF)F");

  private static final Set<String> CHECKSUMS = Set.of("update", "updateBytes", "updateBytes0", "updateByteBuffer", "updateByteBuffer0", "updateDirectByteBuffer");

  /**
   * Marks labels where control arrives. Not a set of them: it would take identity hash codes of the thread that the program runs in,
   * whose own objects would get others, and lie elsewhere in its tables.
   */
  private static final Object ENTERED = new Object();

  private static void enter(LabelNode label) {
    label.getLabel().info = ENTERED;
  }

  /** Whether checksums are bytecode, as in Zero. */
  static boolean asZero;

  private Blocks() {}

  static boolean runsNatively(String type, String method, String descriptor) {
    switch (type) {
      case "java/lang/Math":
        return MATH.contains(method + descriptor);
      case "java/lang/ref/Reference":
        return method.equals("get");
      case "java/util/zip/CRC32":
      case "java/util/zip/CRC32C":
        return !asZero && CHECKSUMS.contains(method);
      default:
        return false;
    }
  }

  /** The instructions that begin blocks, counted from 0. */
  static int[] of(MethodNode method) {
    boolean ownThis = (method.access & Opcodes.ACC_STATIC) == 0;
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof JumpInsnNode) enter(((JumpInsnNode) node).label);
      if (node instanceof TableSwitchInsnNode) {
        enter(((TableSwitchInsnNode) node).dflt);
        for (LabelNode label : ((TableSwitchInsnNode) node).labels) enter(label);
      }
      if (node instanceof LookupSwitchInsnNode) {
        enter(((LookupSwitchInsnNode) node).dflt);
        for (LabelNode label : ((LookupSwitchInsnNode) node).labels) enter(label);
      }
      if (node.getOpcode() == Opcodes.ASTORE && ((VarInsnNode) node).var == 0) ownThis = false;
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) enter(block.handler);
    int[] starts = new int[method.instructions.size()];
    int count = 0;
    int ordinal = 0;
    boolean begins = true;
    AbstractInsnNode before = null;
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof LabelNode && ((LabelNode) node).getLabel().info == ENTERED) begins = true;
      if (node.getOpcode() < 0) continue;
      if (begins) starts[count++] = ordinal;
      ordinal++;
      // a field of this object: it exists, and so does its class
      boolean ofThis = ownThis && node.getOpcode() == Opcodes.GETFIELD && before != null && isThis(before);
      begins = !ofThis && mayLeave(node);
      before = node;
    }
    return java.util.Arrays.copyOf(starts, count);
  }

  private static boolean isThis(AbstractInsnNode node) {
    return node.getOpcode() == Opcodes.ALOAD && ((VarInsnNode) node).var == 0;
  }

  /** Whether an instruction may be followed by another than the next: it transfers control, may fail, or may run other code. */
  private static boolean mayLeave(AbstractInsnNode node) {
    int opcode = node.getOpcode();
    if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.MONITOREXIT) return true;
    if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) return true;
    if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) return true;
    switch (opcode) {
      case Opcodes.IDIV:
      case Opcodes.LDIV:
      case Opcodes.IREM:
      case Opcodes.LREM:
      case Opcodes.MULTIANEWARRAY:
      case Opcodes.IFNULL:
      case Opcodes.IFNONNULL:
        return true;
      case Opcodes.LDC:
        Object constant = ((LdcInsnNode) node).cst;
        return constant instanceof Type || constant instanceof Handle || constant instanceof ConstantDynamic;
      default:
        return false;
    }
  }
}
