// filter-bank: an audio decoder: bits, dequantised subbands, inverse cosine transform and a synthesis window (SPECjvm98's mpegaudio).

final class FilterBank {
  static final int BANDS = 32;
  static final int TAPS = 512;

  /** Writes and reads numbers of a few bits. */
  static final class BitStream {
    private final int[] words;
    private int at;

    BitStream(int words) {
      this.words = new int[words];
    }

    void rewind() {
      at = 0;
    }

    void put(int value, int bits) {
      for (int i = bits - 1; i >= 0; i--, at++) {
        int bit = 31 - (at & 31);
        words[at >> 5] = words[at >> 5] & ~(1 << bit) | (value >> i & 1) << bit;
      }
    }

    int get(int bits) {
      int value = 0;
      int left = bits;
      while (left > 0) {
        int room = 32 - (at & 31);
        int take = Math.min(room, left);
        int part = words[at >> 5] >>> room - take & (1 << take) - 1;
        value = value << take | part;
        at += take;
        left -= take;
      }
      return value;
    }
  }

  /** How samples of a subband are coded: none, by a uniform scale, or by a fine one. */
  interface Quantiser {
    int bits();

    int quantise(float sample, float scale);

    float value(int code, float scale);
  }

  static final class Silence implements Quantiser {
    @Override
    public int bits() {
      return 0;
    }

    @Override
    public int quantise(float sample, float scale) {
      return 0;
    }

    @Override
    public float value(int code, float scale) {
      return 0;
    }
  }

  static final class Uniform implements Quantiser {
    private final int bits;
    private final float half;

    Uniform(int bits) {
      this.bits = bits;
      half = (1 << bits - 1) - 0.5f;
    }

    @Override
    public int bits() {
      return bits;
    }

    @Override
    public int quantise(float sample, float scale) {
      int code = (int) ((sample / scale + 1) * half + 0.5f);
      return code < 0 ? 0 : Math.min(code, (1 << bits) - 1);
    }

    @Override
    public float value(int code, float scale) {
      return (code / half - 1) * scale;
    }
  }

  private static final Quantiser[] QUANTISERS = {new Silence(), new Uniform(3), new Uniform(5), new Uniform(8), new Uniform(12)};

  /** A cosine by its series: the same on every machine. */
  private static double cosine(double angle) {
    double turn = 2 * Math.PI;
    double x = angle - Math.floor(angle / turn + 0.5) * turn;
    double term = 1;
    double sum = 1;
    for (int i = 2; i <= 24; i += 2) {
      term *= -x * x / (i * (i - 1));
      sum += term;
    }
    return sum;
  }

  /** The window of a prototype low-pass filter, over which 16 blocks of samples overlap. */
  private static float[] window() {
    float[] window = new float[TAPS];
    for (int i = 0; i < TAPS / 2; i++) {
      double hann = 0.5 - 0.5 * cosine(2 * Math.PI * (i + 0.5) / TAPS);
      double x = Math.PI * (i - TAPS / 2 + 0.5) / 64;
      double sinc = cosine(x - Math.PI / 2) / x;
      window[i] = (float) (hann * sinc / 16) * ((i >> 6 & 1) == 0 ? 1 : -1);
      // the window is symmetric; its blocks of 64 taps alternate in sign
      window[TAPS - 1 - i] = -window[i];
    }
    return window;
  }

  /** Turns 32 subband samples into 32 sound samples. */
  static final class Synthesis {
    private static final float[][] COSINES = new float[2 * BANDS][BANDS];
    private static final float[] WINDOW = window();
    private final float[] shift = new float[2 * TAPS];
    private int offset;

    static {
      float[] once = new float[128];
      for (int i = 0; i < once.length; i++) once[i] = (float) cosine(i * Math.PI / 64);
      for (int i = 0; i < 2 * BANDS; i++) for (int k = 0; k < BANDS; k++) COSINES[i][k] = once[(16 + i) * (2 * k + 1) & 127];
    }

    void synthesise(float[] bands, float[] sound) {
      offset = offset - 64 & 1023;
      for (int i = 0; i < 2 * BANDS; i++) {
        float[] row = COSINES[i];
        float sum = 0;
        for (int k = 0; k < BANDS; k++) sum += row[k] * bands[k];
        shift[offset + i & 1023] = sum;
      }
      for (int j = 0; j < BANDS; j++) {
        float sum = 0;
        for (int i = 0; i < 8; i++) {
          sum += shift[offset + i * 128 + j & 1023] * WINDOW[i * 64 + j];
          sum += shift[offset + i * 128 + 96 + j & 1023] * WINDOW[i * 64 + 32 + j];
        }
        sound[j] = sum;
      }
    }
  }

  private static int seed = 99;

  private static int random(int below) {
    seed = seed * 1_103_515_245 + 12_345;
    return (seed >>> 16) % below;
  }

  /** A frame as a coder would write it: for each band how it is coded and its scale, then the samples in groups. */
  private static void encode(BitStream stream, int frame, int groups) {
    int[] chosen = new int[BANDS];
    float[] scales = new float[BANDS];
    for (int band = 0; band < BANDS; band++) {
      chosen[band] = band > 20 ? 0 : random(QUANTISERS.length);
      int scale = random(32);
      scales[band] = scaleOf(scale);
      stream.put(chosen[band], 3);
      if (chosen[band] != 0) stream.put(scale, 6);
    }
    for (int group = 0; group < groups; group++) {
      for (int band = 0; band < BANDS; band++) {
        Quantiser quantiser = QUANTISERS[chosen[band]];
        float sample = (float) cosine((frame * groups + group) * 0.07 * (band + 1)) * scales[band] * 0.9f;
        if (quantiser.bits() > 0) stream.put(quantiser.quantise(sample, scales[band]), quantiser.bits());
      }
    }
  }

  private static float scaleOf(int index) {
    float scale = 1;
    for (int i = 0; i < index; i++) scale *= 0.84f;
    return scale;
  }

  /** Decodes one frame into sound of 16 bits; returns a checksum of the sound. */
  private static int decode(BitStream stream, int groups, Synthesis synthesis, int checksum, int[] peaks) {
    Quantiser[] quantisers = new Quantiser[BANDS];
    float[] scales = new float[BANDS];
    for (int band = 0; band < BANDS; band++) {
      quantisers[band] = QUANTISERS[stream.get(3)];
      if (quantisers[band].bits() > 0) scales[band] = scaleOf(stream.get(6));
    }
    float[] bands = new float[BANDS];
    float[] sound = new float[BANDS];
    int sum = checksum;
    for (int group = 0; group < groups; group++) {
      for (int band = 0; band < BANDS; band++) {
        Quantiser quantiser = quantisers[band];
        int bits = quantiser.bits();
        bands[band] = quantiser.value(bits == 0 ? 0 : stream.get(bits), scales[band]);
      }
      synthesis.synthesise(bands, sound);
      for (int i = 0; i < BANDS; i++) {
        int sample = Math.round(sound[i] * 8_000);
        if (sample > 32_767) sample = 32_767;
        else if (sample < -32_768) sample = -32_768;
        if (Math.abs(sample) > peaks[i & 1]) peaks[i & 1] = Math.abs(sample);
        sum = sum * 31 + sample;
      }
    }
    return sum;
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    int frames = full ? 50 : 1;
    int groups = full ? 12 : 3;
    BitStream stream = new BitStream(frames * 200);
    for (int frame = 0; frame < frames; frame++) encode(stream, frame, groups);
    stream.rewind();
    Synthesis synthesis = new Synthesis();
    int[] peaks = new int[2];
    int checksum = 0;
    for (int frame = 0; frame < frames; frame++) checksum = decode(stream, groups, synthesis, checksum, peaks);
    System.out.println("samples " + frames * groups * BANDS);
    System.out.println("peaks " + peaks[0] + " " + peaks[1]);
    System.out.println("checksum " + checksum);
  }
}
