// parser-generator: reads a grammar, makes SLR(1) tables, and parses with them, its own grammar first (the kind of SPECjvm98's jack).
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class ParserGenerator {
  /** A text that does not follow its grammar. */
  static final class SyntaxError extends Exception {
    private static final long serialVersionUID = 1;

    SyntaxError(String message) {
      super(message);
    }
  }

  static final class Token {
    final String kind;
    final String text;

    Token(String kind, String text) {
      this.kind = kind;
      this.text = text;
    }
  }

  /** Splits a text: names, numbers, quoted texts, and single characters, which are kinds of their own. */
  static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    List<Token> all() throws SyntaxError {
      List<Token> tokens = new ArrayList<>();
      while (true) {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        if (at == text.length()) break;
        tokens.add(next());
      }
      tokens.add(new Token("$", ""));
      return tokens;
    }

    private Token next() throws SyntaxError {
      int start = at;
      char first = text.charAt(at++);
      if (Character.isLetter(first)) {
        while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) at++;
        return new Token("name", text.substring(start, at));
      }
      if (Character.isDigit(first)) {
        while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
        return new Token("number", text.substring(start, at));
      }
      if (first == '\'') {
        int end = text.indexOf('\'', at);
        if (end < 0) throw new SyntaxError("a quote is open at " + start);
        at = end + 1;
        return new Token("quoted", text.substring(start + 1, end));
      }
      String character = text.substring(start, at);
      return new Token(character, character);
    }
  }

  /** A symbol of a grammar; non-terminals have productions. */
  static final class Symbol {
    final String name;
    final int number;
    final List<Production> productions = new ArrayList<>();
    boolean terminal = true;
    boolean empty;
    final BitSet first = new BitSet();
    final BitSet follow = new BitSet();

    Symbol(String name, int number) {
      this.name = name;
      this.number = number;
    }
  }

  static final class Production {
    final int number;
    final Symbol left;
    final Symbol[] right;

    Production(int number, Symbol left, Symbol[] right) {
      this.number = number;
      this.left = left;
      this.right = right;
    }
  }

  static final class Grammar {
    final Map<String, Symbol> symbols = new LinkedHashMap<>();
    final List<Production> productions = new ArrayList<>();

    Symbol symbol(String name) {
      Symbol symbol = symbols.get(name);
      if (symbol == null) {
        symbol = new Symbol(name, symbols.size());
        symbols.put(name, symbol);
      }
      return symbol;
    }

    void add(String left, List<String> right) {
      Symbol symbol = symbol(left);
      Symbol[] symbolsOfRight = new Symbol[right.size()];
      for (int i = 0; i < symbolsOfRight.length; i++) symbolsOfRight[i] = symbol(right.get(i));
      Production production = new Production(productions.size(), symbol, symbolsOfRight);
      symbol.terminal = false;
      symbol.productions.add(production);
      productions.add(production);
    }

    /** What each symbol can begin with and be followed by, until nothing more comes in. */
    void complete() {
      for (Symbol symbol : symbols.values()) if (symbol.terminal) symbol.first.set(symbol.number);
      productions.get(0).left.follow.set(symbol("$").number);
      boolean changed = true;
      while (changed) {
        changed = false;
        for (Production production : productions) {
          boolean empty = true;
          BitSet after = production.left.follow;
          for (Symbol symbol : production.right) {
            if (empty) changed |= grow(production.left.first, symbol.first);
            empty &= symbol.empty;
          }
          if (empty && !production.left.empty) {
            production.left.empty = true;
            changed = true;
          }
          for (int i = production.right.length - 1; i >= 0; i--) {
            Symbol symbol = production.right[i];
            changed |= grow(symbol.follow, after);
            BitSet here = symbol.first;
            if (symbol.empty) {
              here = (BitSet) after.clone();
              here.or(symbol.first);
            }
            after = here;
          }
        }
      }
    }

    private static boolean grow(BitSet set, BitSet more) {
      int before = set.cardinality();
      set.or(more);
      return set.cardinality() != before;
    }
  }

  /** A place in a production. */
  static final class Item {
    final Production production;
    final int dot;

    Item(Production production, int dot) {
      this.production = production;
      this.dot = dot;
    }

    Symbol next() {
      return dot < production.right.length ? production.right[dot] : null;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Item && ((Item) other).production == production && ((Item) other).dot == dot;
    }

    @Override
    public int hashCode() {
      return production.number * 31 + dot;
    }
  }

  /** What a parser does in a state at a token. */
  interface Action {
    /** True at the end. */
    boolean apply(Parser parser, Token token) throws SyntaxError;
  }

  static final class Shift implements Action {
    private final int state;

    Shift(int state) {
      this.state = state;
    }

    @Override
    public boolean apply(Parser parser, Token token) {
      parser.push(state, token);
      parser.advance();
      return false;
    }
  }

  static final class Reduce implements Action {
    private final Production production;

    Reduce(Production production) {
      this.production = production;
    }

    @Override
    public boolean apply(Parser parser, Token token) {
      Object[] parts = parser.pop(production.right.length);
      parser.reduced(production, parser.actions.reduce(production, parts));
      return false;
    }
  }

  static final class Accept implements Action {
    @Override
    public boolean apply(Parser parser, Token token) {
      return true;
    }
  }

  static final class Tables {
    final List<Action[]> actions = new ArrayList<>();
    final List<int[]> gotos = new ArrayList<>();
    final Grammar grammar;
    int conflicts;

    Tables(Grammar grammar) {
      this.grammar = grammar;
      grammar.complete();
      int symbols = grammar.symbols.size();
      List<List<Item>> kernels = new ArrayList<>();
      List<Item> start = new ArrayList<>();
      start.add(new Item(grammar.productions.get(0), 0));
      kernels.add(start);
      for (int state = 0; state < kernels.size(); state++) {
        List<Item> items = closure(kernels.get(state));
        // what follows the dot somewhere
        BitSet expected = new BitSet();
        for (Item item : items) if (item.next() != null) expected.set(item.next().number);
        Action[] row = new Action[symbols];
        int[] onward = new int[symbols];
        for (Symbol symbol : grammar.symbols.values()) {
          if (!expected.get(symbol.number)) continue;
          List<Item> moved = new ArrayList<>();
          for (Item item : items) if (item.next() == symbol) moved.add(new Item(item.production, item.dot + 1));
          int to = kernels.indexOf(moved);
          if (to < 0) {
            to = kernels.size();
            kernels.add(moved);
          }
          if (symbol.terminal) row[symbol.number] = new Shift(to);
          onward[symbol.number] = to;
        }
        for (Item item : items) if (item.next() == null) finish(row, item.production);
        actions.add(row);
        gotos.add(onward);
      }
    }

    private void finish(Action[] row, Production production) {
      Action action = production.number == 0 ? new Accept() : new Reduce(production);
      BitSet follow = production.left.follow;
      for (int i = follow.nextSetBit(0); i >= 0; i = follow.nextSetBit(i + 1)) {
        if (row[i] != null) conflicts++;
        row[i] = action;
      }
    }

    private static List<Item> closure(List<Item> items) {
      List<Item> all = new ArrayList<>(items);
      BitSet begun = new BitSet();
      for (int i = 0; i < all.size(); i++) {
        Symbol next = all.get(i).next();
        if (next == null || begun.get(next.number)) continue;
        begun.set(next.number);
        for (Production production : next.productions) all.add(new Item(production, 0));
      }
      return all;
    }
  }

  /** What productions mean. */
  interface Actions {
    Object reduce(Production production, Object[] parts);
  }

  static final class Parser {
    final Actions actions;
    private final Tables tables;
    private int[] states = new int[64];
    private Object[] values = new Object[64];
    private int depth;
    private List<Token> tokens;
    private int at;

    Parser(Tables tables, Actions actions) {
      this.tables = tables;
      this.actions = actions;
    }

    Object parse(String text) throws SyntaxError {
      tokens = new Scanner(text).all();
      at = 0;
      depth = 0;
      states[0] = 0;
      while (true) {
        Token token = tokens.get(at);
        Symbol symbol = tables.grammar.symbols.get(token.kind);
        Action action = symbol == null ? null : tables.actions.get(states[depth])[symbol.number];
        if (action == null) throw new SyntaxError("token " + at + " is unexpected: " + token.kind + " " + token.text);
        if (action.apply(this, token)) return values[depth];
      }
    }

    void advance() {
      at++;
    }

    void push(int state, Object value) {
      if (++depth == states.length) {
        int[] moreStates = new int[2 * depth];
        Object[] moreValues = new Object[2 * depth];
        System.arraycopy(states, 0, moreStates, 0, depth);
        System.arraycopy(values, 0, moreValues, 0, depth);
        states = moreStates;
        values = moreValues;
      }
      states[depth] = state;
      values[depth] = value;
    }

    Object[] pop(int count) {
      Object[] parts = new Object[count];
      for (int i = count - 1; i >= 0; i--) parts[i] = values[depth--];
      return parts;
    }

    void reduced(Production production, Object value) {
      push(tables.gotos.get(states[depth])[production.left.number], value);
    }
  }

  /** Grammars, written in themselves: a rule is a name, a colon, alternatives, and a full stop. */
  static final String OWN =
      "grammar : rules . rules : rules rule | rule . rule : name ':' alternatives '.' ."
          + " alternatives : alternatives '|' words | words . words : words word | . word : name | quoted .";

  private static List<String> list(String... words) {
    List<String> list = new ArrayList<>();
    for (String word : words) list.add(word);
    return list;
  }

  /** The grammar of grammars by hand, to begin with. */
  private static Grammar bootstrap() {
    Grammar grammar = new Grammar();
    grammar.add("grammar", list("rules"));
    grammar.add("rules", list("rules", "rule"));
    grammar.add("rules", list("rule"));
    grammar.add("rule", list("name", ":", "alternatives", "."));
    grammar.add("alternatives", list("alternatives", "|", "words"));
    grammar.add("alternatives", list("words"));
    grammar.add("words", list("words", "word"));
    grammar.add("words", list());
    grammar.add("word", list("name"));
    grammar.add("word", list("quoted"));
    return grammar;
  }

  /** Builds a grammar while its text is parsed. */
  static final class GrammarBuilder implements Actions {
    private Grammar grammar = new Grammar();
    private final List<List<String>> alternatives = new ArrayList<>();

    @Override
    @SuppressWarnings("unchecked")
    public Object reduce(Production production, Object[] parts) {
      switch (production.left.name) {
        case "word":
          return ((Token) parts[0]).text;
        case "words":
          if (parts.length == 0) return new ArrayList<String>();
          ((List<String>) parts[0]).add((String) parts[1]);
          return parts[0];
        case "alternatives":
          alternatives.add((List<String>) parts[parts.length - 1]);
          return null;
        case "rule":
          for (List<String> alternative : alternatives) grammar.add(((Token) parts[0]).text, alternative);
          alternatives.clear();
          return null;
        default:
          return null;
      }
    }

    Grammar grammar() {
      Grammar made = grammar;
      grammar = new Grammar();
      return made;
    }
  }

  /** The values of expressions. */
  static final class Calculator implements Actions {
    @Override
    public Object reduce(Production production, Object[] parts) {
      switch (production.left.name) {
        case "sum":
        case "product":
          if (parts.length == 1) return parts[0];
          return calculate(((Token) parts[1]).text.charAt(0), (Integer) parts[0], (Integer) parts[2]);
        case "factor":
          if (parts.length == 3) return parts[1];
          if (parts.length == 2) return -(Integer) parts[1];
          return Integer.valueOf(((Token) parts[0]).text);
        default:
          return parts[0];
      }
    }

    private static Integer calculate(char operator, int left, int right) {
      switch (operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        default:
          return right == 0 ? 0 : left / right;
      }
    }
  }

  private static final String EXPRESSIONS =
      "all : sum . sum : sum '+' product | sum '-' product | product ."
          + " product : product '*' factor | product '/' factor | factor . factor : number | '(' sum ')' | '-' factor .";

  private static int seed = 5;

  private static int random(int below) {
    seed = seed * 1_103_515_245 + 12_345;
    return (seed >>> 16) % below;
  }

  private static void expression(StringBuilder text, int depth) {
    int choice = depth == 0 ? 0 : random(5);
    if (choice == 0) text.append(random(100));
    else if (choice == 1) {
      text.append("-(");
      expression(text, depth - 1);
      text.append(')');
    } else {
      text.append('(');
      expression(text, depth - 1);
      text.append("+-*/".charAt(random(4)));
      expression(text, depth - 1);
      text.append(')');
    }
  }

  public static void main(String[] words) throws SyntaxError {
    boolean full = words.length > 0 && words[0].equals("full");
    GrammarBuilder builder = new GrammarBuilder();
    Tables tables = new Tables(bootstrap());
    for (int round = 0; round < (full ? 40 : 0); round++) {
      new Parser(tables, builder).parse(OWN);
      tables = new Tables(builder.grammar());
    }
    System.out.println("states of grammars " + tables.actions.size() + ", conflicts " + tables.conflicts);
    new Parser(tables, builder).parse(EXPRESSIONS);
    Tables expressions = new Tables(builder.grammar());
    System.out.println("states of expressions " + expressions.actions.size() + ", conflicts " + expressions.conflicts);
    Parser calculator = new Parser(expressions, new Calculator());
    int checksum = 0;
    int errors = 0;
    int parsed = full ? 300 : 2;
    for (int i = 0; i < parsed; i++) {
      StringBuilder text = new StringBuilder();
      expression(text, full ? 7 : 4);
      // one text in eight has a mistake somewhere
      if (random(8) == 0) text.insert(random(text.length() + 1), ")*");
      try {
        checksum = checksum * 31 + (Integer) calculator.parse(text.toString());
      } catch (SyntaxError error) {
        errors++;
        checksum = checksum * 31 + error.getMessage().length();
      }
    }
    System.out.println("parsed " + parsed + ", errors " + errors + ", checksum " + checksum);
  }
}
