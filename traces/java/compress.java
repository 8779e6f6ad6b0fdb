// compress: packs text by LZW with codes of 9 to 16 bits, unpacks it and compares (the kind of SPECjvm98's compress).

final class Compress {
  private static final int CLEAR = 256;
  private static final int FIRST_FREE = 257;
  private static final int LEAST_BITS = 9;

  /** Codes of growing width in a row of bytes, the least significant bits first. */
  static final class Bits {
    private byte[] bytes = new byte[1024];
    private int length;
    private int held;
    private int heldBits;
    private int readAt;

    void put(int code, int width) {
      held |= code << heldBits;
      heldBits += width;
      while (heldBits >= 8) {
        append((byte) held);
        held >>>= 8;
        heldBits -= 8;
      }
    }

    void finish() {
      if (heldBits > 0) append((byte) held);
      held = heldBits = 0;
    }

    /** The next code, or -1 at the end. */
    int get(int width) {
      while (heldBits < width) {
        if (readAt == length) return -1;
        held |= (bytes[readAt++] & 255) << heldBits;
        heldBits += 8;
      }
      int code = held & ((1 << width) - 1);
      held >>>= width;
      heldBits -= width;
      return code;
    }

    int length() {
      return length;
    }

    private void append(byte value) {
      if (length == bytes.length) {
        byte[] larger = new byte[2 * length];
        System.arraycopy(bytes, 0, larger, 0, length);
        bytes = larger;
      }
      bytes[length++] = value;
    }
  }

  /** Strings by their prefix and last byte, found by open addressing with a second hash. */
  static final class Dictionary {
    private final int[] keys;
    private final char[] codes;
    private final int size;

    Dictionary(int size) {
      this.size = size;
      keys = new int[size];
      codes = new char[size];
    }

    void clear() {
      for (int i = 0; i < size; i++) keys[i] = -1;
    }

    /** The slot of a string: its own, or the free one where it belongs. */
    int slotOf(int prefix, int last) {
      int key = prefix << 8 | last;
      int slot = (last << 7 ^ prefix) % size;
      int step = slot == 0 ? 1 : size - slot;
      while (keys[slot] != -1 && keys[slot] != key) {
        slot -= step;
        if (slot < 0) slot += size;
      }
      return slot;
    }

    boolean has(int slot) {
      return keys[slot] != -1;
    }

    int codeAt(int slot) {
      return codes[slot];
    }

    void put(int slot, int prefix, int last, int code) {
      keys[slot] = prefix << 8 | last;
      codes[slot] = (char) code;
    }
  }

  /** What packing and unpacking share: the width of codes, and when the dictionary begins anew. */
  abstract static class Coder {
    final int mostBits;
    int width = LEAST_BITS;
    int next = FIRST_FREE;

    Coder(int mostBits) {
      this.mostBits = mostBits;
    }

    boolean full() {
      return next >= 1 << mostBits;
    }

    void widen() {
      if (next >= 1 << width && width < mostBits) width++;
    }

    void restart() {
      width = LEAST_BITS;
      next = FIRST_FREE;
    }
  }

  static final class Packer extends Coder {
    private final Dictionary dictionary;

    Packer(int mostBits, int slots) {
      super(mostBits);
      dictionary = new Dictionary(slots);
    }

    Bits pack(byte[] text) {
      Bits packed = new Bits();
      dictionary.clear();
      int prefix = text[0] & 255;
      for (int i = 1; i < text.length; i++) {
        int last = text[i] & 255;
        int slot = dictionary.slotOf(prefix, last);
        if (dictionary.has(slot)) {
          prefix = dictionary.codeAt(slot);
          continue;
        }
        packed.put(prefix, width);
        if (full()) {
          packed.put(CLEAR, width);
          dictionary.clear();
          restart();
        } else {
          dictionary.put(slot, prefix, last, next++);
          widen();
        }
        prefix = last;
      }
      packed.put(prefix, width);
      packed.finish();
      return packed;
    }
  }

  static final class Unpacker extends Coder {
    private final char[] prefixes;
    private final byte[] lasts;
    private final byte[] stack;

    Unpacker(int mostBits) {
      super(mostBits);
      prefixes = new char[1 << mostBits];
      lasts = new byte[1 << mostBits];
      stack = new byte[1 << mostBits];
      for (int i = 0; i < 256; i++) lasts[i] = (byte) i;
    }

    byte[] unpack(Bits packed, int length) {
      byte[] text = new byte[length];
      int at = 0;
      int previous = -1;
      byte first = 0;
      for (int code = packed.get(width); code >= 0; code = packed.get(width)) {
        if (code == CLEAR) {
          restart();
          previous = -1;
          continue;
        }
        int depth = 0;
        int walk = code;
        if (code >= next && previous >= 0) {
          // a string that ends as it begins: its code is used before it is known
          stack[depth++] = first;
          walk = previous;
        }
        while (walk >= FIRST_FREE) {
          stack[depth++] = lasts[walk];
          walk = prefixes[walk];
        }
        first = lasts[walk];
        stack[depth++] = first;
        while (depth > 0) text[at++] = stack[--depth];
        if (previous >= 0 && !full()) {
          prefixes[next] = (char) previous;
          lasts[next++] = first;
        }
        // the packer is one string ahead
        if (next + 1 >= 1 << width && width < mostBits) width++;
        previous = code;
      }
      return text;
    }
  }

  private static int seed = 20_001;

  private static int random(int below) {
    seed = seed * 1_103_515_245 + 12_345;
    return (seed >>> 16) % below;
  }

  /** Sentences of made-up words, the short ones more often. */
  private static byte[] text(int length) {
    byte[][] words = new byte[40][];
    for (int i = 0; i < words.length; i++) {
      words[i] = new byte[2 + i / 5 + random(3)];
      for (int k = 0; k < words[i].length; k++) words[i][k] = (byte) ((k % 2 == 0 ? "bcdfglmnprst" : "aeiouaeioeae").charAt(random(12)));
    }
    byte[] text = new byte[length];
    int at = 0;
    while (at < length) {
      byte[] word = words[random(1 + random(words.length))];
      for (int k = 0; k < word.length && at < length; k++) text[at++] = word[k];
      if (at < length) text[at++] = (byte) (random(9) == 0 ? '.' : ' ');
    }
    return text;
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    int rounds = full ? 7 : 1;
    int checksum = 0;
    int differences = 0;
    int packedBytes = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] text = text(full ? 24_000 : 500);
      int mostBits = full ? 12 + round % 4 : 10;
      Bits packed = new Packer(mostBits, full ? 69_001 : 2_503).pack(text);
      byte[] unpacked = new Unpacker(mostBits).unpack(packed, text.length);
      packedBytes += packed.length();
      for (int i = 0; i < text.length; i++) {
        if (text[i] != unpacked[i]) differences++;
        checksum = checksum * 31 + unpacked[i];
      }
    }
    System.out.println("packed bytes " + packedBytes);
    System.out.println("differences " + differences);
    System.out.println("checksum " + checksum);
  }
}
