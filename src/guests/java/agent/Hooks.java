// Calls of the agent in certain methods: where the trace begins and ends, and where the virtual machine works for the agent alone.
package bplab.agent;

import java.util.Set;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.FrameNode;
import jdk.internal.org.objectweb.asm.tree.InsnList;
import jdk.internal.org.objectweb.asm.tree.InsnNode;
import jdk.internal.org.objectweb.asm.tree.LabelNode;
import jdk.internal.org.objectweb.asm.tree.MethodInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodNode;
import jdk.internal.org.objectweb.asm.tree.TryCatchBlockNode;
import jdk.internal.org.objectweb.asm.tree.VarInsnNode;

final class Hooks {
  /** Implements JavaLangAccess, whose defineClass defines hidden classes. */
  private static final String DEFINES_HIDDEN = "java/lang/System$2";

  private static final Set<String> HOOKED =
      Set.of(
          DEFINES_HIDDEN,
          "java/lang/Class",
          "java/lang/Shutdown",
          "java/lang/Thread",
          "sun/instrument/InstrumentationImpl",
          "jdk/internal/module/Modules");

  private Hooks() {}

  static boolean isHooked(String type) {
    return HOOKED.contains(type);
  }

  /** @param main whether it is a method of the main class */
  static void put(String type, boolean main, MethodNode method) {
    if (main && method.name.equals("main") && method.desc.equals("([Ljava/lang/String;)V")) bracket(method, "begin", "end");
    switch (type + "." + method.name) {
      case "sun/instrument/InstrumentationImpl.transform":
      case "jdk/internal/module/Modules.transformedByAgent":
        bracket(method, "pause", "resume");
        break;
      case "java/lang/Class.privateGetDeclaredMethods":
        afterCall(method, "getDeclaredMethods0", Rewriter.call("sorted", "([Ljava/lang/reflect/Method;)[Ljava/lang/reflect/Method;"));
        break;
      case "java/lang/Shutdown.halt":
      case "java/lang/Shutdown.shutdown":
        atEntry(method, Rewriter.call("finish", "()V"));
        break;
      case "java/lang/Thread.start":
        if (method.desc.equals("()V")) atEntry(method, new VarInsnNode(Opcodes.ALOAD, 0), Rewriter.call("starting", "(Ljava/lang/Thread;)V"));
        break;
      case "java/lang/Thread.exit":
        atEntry(method, new VarInsnNode(Opcodes.ALOAD, 0), Rewriter.call("exiting", "(Ljava/lang/Thread;)V"));
        break;
      case DEFINES_HIDDEN + ".defineClass":
        if (method.desc.startsWith("(Ljava/lang/ClassLoader;Ljava/lang/Class;Ljava/lang/String;[B"))
          atEntry(
              method,
              new VarInsnNode(Opcodes.ALOAD, 2),
              new VarInsnNode(Opcodes.ALOAD, 4),
              Rewriter.call("hidden", "(Ljava/lang/Class;[B)[B"),
              new VarInsnNode(Opcodes.ASTORE, 4));
        break;
      default:
    }
  }

  private static void atEntry(MethodNode method, AbstractInsnNode... nodes) {
    InsnList list = new InsnList();
    for (AbstractInsnNode node : nodes) list.add(node);
    method.instructions.insert(list);
    method.maxStack = Math.max(method.maxStack, 3);
  }

  private static void afterCall(MethodNode method, String callee, AbstractInsnNode added) {
    for (AbstractInsnNode node : method.instructions.toArray())
      if (node instanceof MethodInsnNode && ((MethodInsnNode) node).name.equals(callee)) method.instructions.insert(node, added);
  }

  /** Calls one method of Probe at the beginning, another at every end, also when an exception leaves the method. */
  private static void bracket(MethodNode method, String before, String after) {
    LabelNode from = new LabelNode();
    LabelNode to = new LabelNode();
    for (AbstractInsnNode node : method.instructions.toArray()) {
      int opcode = node.getOpcode();
      if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) method.instructions.insertBefore(node, Rewriter.call(after, "()V"));
    }
    InsnList list = new InsnList();
    list.add(Rewriter.call(before, "()V"));
    list.add(from);
    method.instructions.insert(list);
    method.instructions.add(to);
    method.instructions.add(new FrameNode(Opcodes.F_FULL, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"}));
    method.instructions.add(Rewriter.call(after, "()V"));
    method.instructions.add(new InsnNode(Opcodes.ATHROW));
    method.tryCatchBlocks.add(new TryCatchBlockNode(from, to, to, null));
    method.maxStack = Math.max(method.maxStack, 1);
  }
}
