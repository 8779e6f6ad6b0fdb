// The pipe to bplab, open as file 3. A message is its kind, the length of what follows in bytes, and that, in words of 32 bits.
//
//   1 blocks   numbers, in the order of execution
//   2 class    see Rewriter
//   3 end      1 if blocks were lost, otherwise 0; how many threads the program started
//   4 note     text: something that is not traced
package bplab.agent;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import sun.misc.Unsafe;

final class Channel {
  private static final Unsafe UNSAFE = Agent.UNSAFE;
  private static final int HEAD = 8;
  private static FileOutputStream out;
  private static byte[] bytes = new byte[1 << 17];
  private static int length;

  private Channel() {}

  static void open() throws IOException {
    out = new FileOutputStream("/dev/fd/3");
  }

  static synchronized void blocks(int[] numbers, int count) {
    // as many as fit at once
    for (int done = 0; done < count; ) {
      int part = Math.min(count - done, 1 << 14);
      begin(1);
      UNSAFE.copyMemory(
          numbers,
          Unsafe.ARRAY_INT_BASE_OFFSET + 4L * done,
          bytes,
          Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) HEAD,
          4L * part);
      length = HEAD + 4 * part;
      send();
      done += part;
    }
  }

  static synchronized void end(boolean lost, int threads) {
    begin(3);
    word(lost ? 1 : 0);
    word(threads);
    send();
  }

  static synchronized void note(String text) {
    begin(4);
    bytes(text.getBytes(StandardCharsets.UTF_8));
    send();
  }

  // the parts of a message: callers hold this class's lock from its beginning to its end

  static void begin(int kind) {
    length = 0;
    word(kind);
    word(0);
  }

  private static void room(int more) {
    if (length + more > bytes.length) bytes = java.util.Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
  }

  static void word(int word) {
    room(4);
    UNSAFE.putInt(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) length, word);
    length += 4;
  }

  /** Their number, the bytes, and as many zeros as fill the last word. */
  static void bytes(byte[] more) {
    word(more.length);
    room(more.length + 3);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
    while (length % 4 != 0) bytes[length++] = 0;
  }

  static void send() {
    UNSAFE.putInt(bytes, Unsafe.ARRAY_BYTE_BASE_OFFSET + 4L, length - HEAD);
    try {
      out.write(bytes, 0, length);
    } catch (IOException gone) {
      // bplab has stopped reading: nobody wants the rest
      Runtime.getRuntime().halt(0);
    }
  }
}
