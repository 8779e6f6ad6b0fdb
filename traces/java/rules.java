// rules: a forward-chaining rule engine that matches patterns against facts and solves two puzzles (the kind of SPECjvm98's jess).
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class Rules {
  /** A fact or pattern: a relation and its slots. */
  static final class Fact {
    final int number;
    final String relation;
    final Object[] slots;

    Fact(int number, String relation, Object[] slots) {
      this.number = number;
      this.relation = relation;
      this.slots = slots;
    }

    boolean same(String otherRelation, Object[] others) {
      if (!relation.equals(otherRelation) || slots.length != others.length) return false;
      for (int i = 0; i < slots.length; i++) if (!slots[i].equals(others[i])) return false;
      return true;
    }
  }

  /** Values of a rule's variables; the last set is undone first. */
  static final class Bindings {
    private final Object[] values;
    private final int[] trail;
    private int depth;

    Bindings(int variables) {
      values = new Object[variables];
      trail = new int[variables];
    }

    Object get(int variable) {
      return values[variable];
    }

    int number(int variable) {
      return (Integer) values[variable];
    }

    void set(int variable, Object value) {
      values[variable] = value;
      trail[depth++] = variable;
    }

    int mark() {
      return depth;
    }

    void undo(int mark) {
      while (depth > mark) values[trail[--depth]] = null;
    }
  }

  /** What stands in a slot of a pattern. */
  interface Term {
    boolean matches(Object value, Bindings bindings);

    Object value(Bindings bindings);
  }

  static final class Constant implements Term {
    private final Object constant;

    Constant(Object constant) {
      this.constant = constant;
    }

    @Override
    public boolean matches(Object value, Bindings bindings) {
      return constant.equals(value);
    }

    @Override
    public Object value(Bindings bindings) {
      return constant;
    }
  }

  static final class Variable implements Term {
    private final int index;

    Variable(int index) {
      this.index = index;
    }

    @Override
    public boolean matches(Object value, Bindings bindings) {
      Object bound = bindings.get(index);
      if (bound != null) return bound.equals(value);
      bindings.set(index, value);
      return true;
    }

    @Override
    public Object value(Bindings bindings) {
      return bindings.get(index);
    }
  }

  /** A variable's number and some more. */
  static final class Plus implements Term {
    private final int index;
    private final int more;

    Plus(int index, int more) {
      this.index = index;
      this.more = more;
    }

    @Override
    public boolean matches(Object value, Bindings bindings) {
      return value(bindings).equals(value);
    }

    @Override
    public Object value(Bindings bindings) {
      return bindings.number(index) + more;
    }
  }

  /** A condition of a rule. */
  interface Condition {
    /** Calls the rest of the rule for every way to meet the condition; true if one of them fired. */
    boolean meet(Memory memory, Bindings bindings, Rule rule, int next);
  }

  static final class Pattern implements Condition {
    final String relation;
    final Term[] terms;

    Pattern(String relation, Term... terms) {
      this.relation = relation;
      this.terms = terms;
    }

    boolean matches(Fact fact, Bindings bindings) {
      if (fact.slots.length != terms.length) return false;
      for (int i = 0; i < terms.length; i++) if (!terms[i].matches(fact.slots[i], bindings)) return false;
      return true;
    }

    @Override
    public boolean meet(Memory memory, Bindings bindings, Rule rule, int next) {
      List<Fact> facts = memory.of(relation);
      for (int i = facts.size() - 1; i >= 0; i--) {
        int mark = bindings.mark();
        if (matches(facts.get(i), bindings) && rule.from(next, memory, bindings)) return true;
        bindings.undo(mark);
      }
      return false;
    }
  }

  static final class Absent implements Condition {
    private final Pattern pattern;

    Absent(Pattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public boolean meet(Memory memory, Bindings bindings, Rule rule, int next) {
      for (Fact fact : memory.of(pattern.relation)) {
        int mark = bindings.mark();
        boolean found = pattern.matches(fact, bindings);
        bindings.undo(mark);
        if (found) return false;
      }
      return rule.from(next, memory, bindings);
    }
  }

  /** Compares the numbers of two variables. */
  abstract static class Comparison implements Condition {
    private final int left;
    private final int right;

    Comparison(int left, int right) {
      this.left = left;
      this.right = right;
    }

    abstract boolean holds(int a, int b);

    @Override
    public boolean meet(Memory memory, Bindings bindings, Rule rule, int next) {
      return holds(bindings.number(left), bindings.number(right)) && rule.from(next, memory, bindings);
    }
  }

  static final class Different extends Comparison {
    Different(int left, int right) {
      super(left, right);
    }

    @Override
    boolean holds(int a, int b) {
      return a != b;
    }
  }

  static final class Greater extends Comparison {
    Greater(int left, int right) {
      super(left, right);
    }

    @Override
    boolean holds(int a, int b) {
      return a > b;
    }
  }

  /** No place has been reached in as few steps. */
  static final class Closer implements Condition {
    private final Term[] place;
    private final Term steps;

    Closer(Term x, Term y, Term steps) {
      place = new Term[] {x, y};
      this.steps = steps;
    }

    @Override
    public boolean meet(Memory memory, Bindings bindings, Rule rule, int next) {
      int reached = (Integer) steps.value(bindings);
      for (Fact fact : memory.of("reached")) {
        boolean same = fact.slots[0].equals(place[0].value(bindings)) && fact.slots[1].equals(place[1].value(bindings));
        if (same && (Integer) fact.slots[2] <= reached) return false;
      }
      return rule.from(next, memory, bindings);
    }
  }

  /** What a rule does. */
  interface Action {
    void run(Memory memory, Bindings bindings);
  }

  /** Adds a fact, or takes it back. */
  static final class Change implements Action {
    private final boolean add;
    private final String relation;
    private final Term[] terms;

    Change(boolean add, String relation, Term... terms) {
      this.add = add;
      this.relation = relation;
      this.terms = terms;
    }

    @Override
    public void run(Memory memory, Bindings bindings) {
      Object[] slots = new Object[terms.length];
      for (int i = 0; i < slots.length; i++) slots[i] = terms[i].value(bindings);
      if (add) memory.add(relation, slots);
      else memory.remove(relation, slots);
    }
  }

  static final class Rule {
    final String name;
    private final int variables;
    private final Condition[] conditions;
    private final Action action;
    int fired;

    Rule(String name, int variables, Action action, Condition... conditions) {
      this.name = name;
      this.variables = variables;
      this.action = action;
      this.conditions = conditions;
    }

    boolean from(int next, Memory memory, Bindings bindings) {
      if (next < conditions.length) return conditions[next].meet(memory, bindings, this, next + 1);
      int before = memory.changes;
      action.run(memory, bindings);
      if (memory.changes == before) return false;
      fired++;
      return true;
    }

    boolean fire(Memory memory) {
      return from(0, memory, new Bindings(variables));
    }
  }

  /** The working memory. */
  static final class Memory {
    private final Map<String, List<Fact>> facts = new HashMap<>();
    private int asserted;
    int changes;

    List<Fact> of(String relation) {
      List<Fact> found = facts.get(relation);
      if (found == null) {
        found = new ArrayList<>();
        facts.put(relation, found);
      }
      return found;
    }

    /** Adds a fact unless it is there. */
    void add(String relation, Object... slots) {
      List<Fact> others = of(relation);
      for (Fact fact : others) if (fact.same(relation, slots)) return;
      others.add(new Fact(asserted++, relation, slots));
      changes++;
    }

    void remove(String relation, Object... slots) {
      List<Fact> others = of(relation);
      for (int i = 0; i < others.size(); i++) {
        if (others.get(i).same(relation, slots)) {
          others.remove(i);
          changes++;
          return;
        }
      }
    }
  }

  static final class Engine {
    final Memory memory = new Memory();
    private final List<Rule> rules = new ArrayList<>();

    void rule(Rule rule) {
      rules.add(rule);
    }

    /** Fires the first rule that changes something, again and again; returns how many fired. */
    int run() {
      int fired = 0;
      boolean changed = true;
      while (changed) {
        changed = false;
        for (Rule rule : rules) {
          if (rule.fire(memory)) {
            fired++;
            changed = true;
            break;
          }
        }
      }
      return fired;
    }

    void report() {
      for (Rule rule : rules) System.out.println("  " + rule.name + " " + rule.fired);
    }
  }

  private static Term is(Object constant) {
    return new Constant(constant);
  }

  private static Action add(String relation, Term... terms) {
    return new Change(true, relation, terms);
  }

  private static Term any(int variable) {
    return new Variable(variable);
  }

  /** Who is related to whom, by three rules over a family of several generations. */
  private static void family(int people) {
    Engine engine = new Engine();
    for (int child = 2; child <= people; child++) engine.memory.add("parent", child / 2, child);
    engine.rule(
        new Rule(
            "grandparent", 3, add("grandparent", any(0), any(2)),
            new Pattern("parent", any(0), any(1)), new Pattern("parent", any(1), any(2))));
    engine.rule(
        new Rule(
            "sibling", 3, add("sibling", any(1), any(2)),
            new Pattern("parent", any(0), any(1)), new Pattern("parent", any(0), any(2)),
            new Different(1, 2)));
    engine.rule(
        new Rule(
            "childless", 2, add("childless", any(1)),
            new Pattern("parent", any(0), any(1)), new Absent(new Pattern("parent", any(1), any(0)))));
    int fired = engine.run();
    System.out.println("family of " + people + ": " + fired + " rules fired");
    engine.report();
  }

  /** A search for the shortest way through a field with walls, by rules that assert distances and take worse ones back. */
  private static void field(int size) {
    Engine engine = new Engine();
    for (int x = 0; x < size; x++)
      for (int y = 0; y < size; y++) if ((x * 7 + y * 3) % 5 != 4 || x == y) engine.memory.add("free", x, y);
    engine.memory.add("reached", 0, 0, 0);
    for (int direction = 0; direction < 4; direction++) {
      int dx = direction == 0 ? 1 : direction == 1 ? -1 : 0;
      int dy = direction == 2 ? 1 : direction == 3 ? -1 : 0;
      engine.rule(
          new Rule(
              "step " + dx + " " + dy, 3,
              add("reached", new Plus(0, dx), new Plus(1, dy), new Plus(2, 1)),
              new Pattern("reached", any(0), any(1), any(2)), new Pattern("free", new Plus(0, dx), new Plus(1, dy)),
              new Closer(new Plus(0, dx), new Plus(1, dy), new Plus(2, 1))));
    }
    engine.rule(
        new Rule(
            "at the start", 1, add("started", any(0)),
            new Pattern("reached", is(0), is(0), any(0))));
    engine.rule(
        new Rule(
            "worse", 4,
            new Change(false, "reached", any(0), any(1), any(3)),
            new Pattern("reached", any(0), any(1), any(2)), new Pattern("reached", any(0), any(1), any(3)),
            new Greater(3, 2)));
    int fired = engine.run();
    int sum = 0;
    for (Fact fact : engine.memory.of("reached")) sum += (Integer) fact.slots[2];
    System.out.println("field of " + size + ": " + fired + " rules fired, distances " + sum);
    engine.report();
  }

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    family(full ? 34 : 4);
    field(full ? 5 : 2);
  }
}
