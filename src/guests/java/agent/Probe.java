// What instrumented code calls: takes the numbers of the blocks that the traced thread executes, and sends them.
package bplab.agent;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;

public final class Probe {
  /** Numbers that are sent at once. */
  private static final int CHUNK = 1 << 14;
  /** Room for numbers while there is too little stack to send any. */
  private static final int ROOM = 1 << 20;

  private static final int[] ring = new int[ROOM];
  private static int held;
  /** The thread whose blocks count at this moment: null outside the traced part, and while the agent itself is at work. */
  private static Thread owner;
  /** The thread that is traced, from its first instruction to its last. */
  private static Thread traced;
  private static boolean ended;
  private static boolean lost;
  /** How many calls of the traced method are running. */
  private static int calls;
  /** How many brackets are open in which nothing counts. */
  private static int paused;
  /** Threads that the traced one started. */
  private static int started;
  /** The thread to trace: by name, or the one that runs the premain method. */
  static String threadName;
  static Thread launcher;

  /** Numbers above 32767 come in two parts: this many bits, which are these, and the rest. */
  static final int LOW_BITS = 15;
  static final int LOW_PART = (1 << LOW_BITS) - 1;

  private Probe() {}

  /** A block is executed. C1 inlines it: jdk.ts says up to which length. Without an owner there is no call: the interpreter's is slow. */
  public static void push(int block) {
    if (owner != null && Thread.currentThread() == owner) {
      int at = held;
      ring[at] = block;
      if ((held = at + 1) >= CHUNK) send();
    }
  }

  /** The same. */
  public static void push(int high, int low) {
    push(high << LOW_BITS | low);
  }

  /** Sends what is held. Where the stack ends here, the next block tries again. */
  private static void send() {
    Thread thread = owner;
    owner = null;
    try {
      Channel.blocks(ring, held);
      held = 0;
    } catch (StackOverflowError error) {
      if (held == ROOM) {
        lost = true;
        held = 0;
      }
    }
    owner = thread;
  }

  /** The main method begins. */
  public static void begin() {
    Thread thread = Thread.currentThread();
    if (thread == traced) calls++;
    else if (threadName == null && thread == launcher) start(thread);
  }

  /** The main method returns, or an exception leaves it. */
  public static void end() {
    if (Thread.currentThread() == traced && --calls == 0) finish();
  }

  /** A thread is about to be started. */
  public static void starting(Thread thread) {
    if (Thread.currentThread() == owner) started++;
    if (threadName != null && thread.getName().equals(threadName)) start(thread);
  }

  private static void start(Thread thread) {
    if (traced != null || ended) return;
    calls = 1;
    traced = thread;
    owner = thread;
  }

  /** A thread ends. */
  public static void exiting(Thread thread) {
    if (thread == traced && threadName != null) finish();
  }

  /** The trace ends here: also when the virtual machine is about to end. */
  public static synchronized void finish() {
    if (ended || traced == null) return;
    owner = null;
    ended = true;
    traced = null;
    Channel.blocks(ring, held);
    held = 0;
    Channel.end(lost || paused != 0, started);
  }

  /** From here on the traced thread executes what it would not execute without the agent. */
  public static void pause() {
    if (Thread.currentThread() == traced && paused++ == 0) owner = null;
  }

  public static void resume() {
    if (Thread.currentThread() == traced && --paused == 0) owner = traced;
  }

  /** By name, then by parameters and result. */
  private static final class Order implements Comparator<Method> {
    @Override
    public int compare(Method one, Method other) {
      int byName = one.getName().compareTo(other.getName());
      return byName != 0 ? byName : signature(one).compareTo(signature(other));
    }

    private static String signature(Method method) {
      StringBuilder text = new StringBuilder();
      for (Class<?> type : method.getParameterTypes()) text.append(type.getName()).append(',');
      return text.append(method.getReturnType().getName()).toString();
    }
  }

  private static final Order ORDER = new Order();

  /** Methods as reflection finds them: the virtual machine orders them by addresses, which differ from run to run. */
  public static Method[] sorted(Method[] methods) {
    pause();
    try {
      Arrays.sort(methods, ORDER);
      return methods;
    } finally {
      resume();
    }
  }

  /** A hidden class is about to be defined: the virtual machine shows those to no agent. */
  public static byte[] hidden(Class<?> host, byte[] bytes) {
    pause();
    try {
      byte[] changed = Agent.instrument(host.getClassLoader(), null, bytes);
      return changed == null ? bytes : changed;
    } finally {
      resume();
    }
  }
}
