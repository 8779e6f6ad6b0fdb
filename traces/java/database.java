// database: adds, finds, changes, removes and sorts addresses in a table held in memory (the kind of SPECjvm98's db).
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

final class Database {
  /** A row: texts by column. */
  static final class Entry {
    private final String[] columns;

    Entry(String[] columns) {
      this.columns = columns;
    }

    String get(int column) {
      return columns[column];
    }

    void set(int column, String value) {
      columns[column] = value;
    }
  }

  /** Orders rows by a column. */
  static final class ByColumn implements Comparator<Entry> {
    private final int column;

    ByColumn(int column) {
      this.column = column;
    }

    @Override
    public int compare(Entry a, Entry b) {
      return a.get(column).compareTo(b.get(column));
    }
  }

  /** Says which rows are wanted. */
  interface Filter {
    boolean wants(Entry entry);
  }

  /** The table: rows in an order, and an index of one column for as long as that order holds. */
  static final class Table {
    private final String[] names;
    private final List<Entry> entries = new ArrayList<>();
    private int sortedBy = -1;

    Table(String... names) {
      this.names = names;
    }

    int size() {
      return entries.size();
    }

    Entry at(int row) {
      return entries.get(row);
    }

    int column(String name) {
      for (int i = 0; i < names.length; i++) if (names[i].equals(name)) return i;
      throw new IllegalArgumentException("no column " + name);
    }

    void add(String... columns) {
      if (columns.length != names.length) throw new IllegalArgumentException("expected " + names.length + " columns");
      entries.add(new Entry(columns));
      sortedBy = -1;
    }

    /** Sorts by merging, so that equal rows stay in order. */
    void sort(String name) {
      int column = column(name);
      if (sortedBy == column) return;
      Comparator<Entry> order = new ByColumn(column);
      Entry[] from = entries.toArray(new Entry[0]);
      Entry[] to = new Entry[from.length];
      for (int run = 1; run < from.length; run *= 2) {
        for (int start = 0; start < from.length; start += 2 * run) merge(from, to, start, run, order);
        Entry[] other = from;
        from = to;
        to = other;
      }
      for (int i = 0; i < from.length; i++) entries.set(i, from[i]);
      sortedBy = column;
    }

    private static void merge(Entry[] from, Entry[] to, int start, int run, Comparator<Entry> order) {
      int left = start;
      int middle = Math.min(start + run, from.length);
      int right = middle;
      int end = Math.min(start + 2 * run, from.length);
      for (int i = start; i < end; i++) {
        boolean takeLeft = left < middle && (right == end || order.compare(from[left], from[right]) <= 0);
        to[i] = takeLeft ? from[left++] : from[right++];
      }
    }

    /** The first row with a value: by halving where the table is sorted by the column, else one by one; -1 if there is none. */
    int find(String name, String value) {
      int column = column(name);
      if (sortedBy != column) {
        for (int i = 0; i < entries.size(); i++) if (entries.get(i).get(column).equals(value)) return i;
        return -1;
      }
      int low = 0;
      int high = entries.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (entries.get(middle).get(column).compareTo(value) < 0) low = middle + 1;
        else high = middle;
      }
      return low < entries.size() && entries.get(low).get(column).equals(value) ? low : -1;
    }

    void change(int row, String name, String value) {
      int column = column(name);
      entries.get(row).set(column, value);
      if (sortedBy == column) sortedBy = -1;
    }

    void remove(int row) {
      entries.remove(row);
    }

    int count(Filter filter) {
      int count = 0;
      for (Entry entry : entries) if (filter.wants(entry)) count++;
      return count;
    }

    int checksum() {
      int sum = 0;
      for (Entry entry : entries) for (int i = 0; i < names.length; i++) sum = sum * 31 + entry.get(i).hashCode();
      return sum;
    }
  }

  /** An operation on the table, as a user would type it. */
  abstract static class Operation {
    private int times;

    final void execute(Table table, Source source) {
      times++;
      run(table, source);
    }

    abstract String name();

    abstract void run(Table table, Source source);

    int times() {
      return times;
    }
  }

  static final class Add extends Operation {
    @Override
    String name() {
      return "added";
    }

    @Override
    void run(Table table, Source source) {
      table.add(source.word(2), source.word(3), source.word(2) + " street", Integer.toString(10_000 + source.number(90_000)));
    }
  }

  static final class Find extends Operation {
    int found;

    @Override
    String name() {
      return "looked up";
    }

    @Override
    void run(Table table, Source source) {
      String name = source.number(4) == 0 ? source.word(3) : table.at(source.number(table.size())).get(1);
      if (table.find("name", name) >= 0) found++;
    }
  }

  static final class Change extends Operation {
    @Override
    String name() {
      return "changed";
    }

    @Override
    void run(Table table, Source source) {
      table.change(source.number(table.size()), "street", source.word(2) + " road");
    }
  }

  static final class Remove extends Operation {
    @Override
    String name() {
      return "removed";
    }

    @Override
    void run(Table table, Source source) {
      table.remove(source.number(table.size()));
    }
  }

  static final class Sort extends Operation {
    private final String column;

    Sort(String column) {
      this.column = column;
    }

    @Override
    String name() {
      return "sorted by " + column;
    }

    @Override
    void run(Table table, Source source) {
      table.sort(column);
    }
  }

  static final class Count extends Operation {
    int sum;

    @Override
    String name() {
      return "counted";
    }

    @Override
    void run(Table table, Source source) {
      char first = (char) ('a' + source.number(26));
      sum += table.count(
          new Filter() {
            @Override
            public boolean wants(Entry entry) {
              return entry.get(0).charAt(0) == first || entry.get(3).startsWith("12");
            }
          });
    }
  }

  /** Pseudo-random numbers and words. */
  static final class Source {
    private static final String[] SYLLABLES = {"an", "be", "cor", "di", "el", "fa", "go", "hu", "is", "ka", "lo", "mi", "no", "per", "ro", "sa", "tu"};
    private int state = 7_001;

    int number(int below) {
      state = state * 1_103_515_245 + 12_345;
      return (state >>> 16) % below;
    }

    String word(int syllables) {
      StringBuilder word = new StringBuilder();
      for (int i = 0; i < syllables; i++) word.append(SYLLABLES[number(SYLLABLES.length)]);
      return word.toString();
    }
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    Table table = new Table("first name", "name", "street", "code");
    Source source = new Source();
    Add add = new Add();
    Find find = new Find();
    Count count = new Count();
    Operation[] operations = {add, find, new Change(), find, new Remove(), find, count, find};
    Operation[] sorts = {new Sort("name"), new Sort("code"), new Sort("first name")};
    for (int i = 0; i < (full ? 400 : 14); i++) add.execute(table, source);
    for (int round = 0; round < (full ? 16 : 2); round++) {
      sorts[round % sorts.length].execute(table, source);
      for (int i = 0; i < (full ? 120 : 5); i++) operations[source.number(operations.length)].execute(table, source);
    }
    for (Operation operation : operations) if (operation != find) System.out.println(operation.name() + " " + operation.times());
    for (Operation operation : sorts) System.out.println(operation.name() + " " + operation.times());
    System.out.println("found " + find.found + " of " + find.times());
    System.out.println("counted rows " + count.sum);
    System.out.println("rows " + table.size() + ", checksum " + table.checksum());
  }
}
