// compiler: compiles a small language with functions and loops to code for a stack machine, improves it and runs it.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class Compiler {
  enum Op { CONSTANT, LOAD, STORE, ADD, SUBTRACT, MULTIPLY, DIVIDE, REST, LESS, EQUAL, NOT, JUMP, JUMP_IF_FALSE, CALL, RETURN, DROP, PRINT, ADD_CONSTANT, NONE }

  /** An instruction of the stack machine. */
  static final class Instruction {
    Op op;
    int operand;

    Instruction(Op op, int operand) {
      this.op = op;
      this.operand = operand;
    }
  }

  static final class CompileError extends RuntimeException {
    private static final long serialVersionUID = 1;

    CompileError(String message) {
      super(message);
    }
  }

  /** The machine's code as it is made, and who calls what. */
  static final class Code {
    final List<Instruction> instructions = new ArrayList<>();
    final Map<String, Function> functions = new HashMap<>();
    final List<Function> inOrder = new ArrayList<>();

    int emit(Op op, int operand) {
      instructions.add(new Instruction(op, operand));
      return instructions.size() - 1;
    }

    int here() {
      return instructions.size();
    }

    Function function(String name) {
      Function function = functions.get(name);
      if (function == null) throw new CompileError("no function " + name);
      return function;
    }
  }

  static final class Function {
    final int number;
    final List<String> variables = new ArrayList<>();
    int parameters;
    int entry;
    Node body;

    Function(int number) {
      this.number = number;
    }

    int slot(String name) {
      int found = variables.indexOf(name);
      if (found < 0) throw new CompileError("no variable " + name);
      return found;
    }
  }

  /** A node of the syntax tree. */
  abstract static class Node {
    abstract void compile(Code code, Function in);

    /** The same with what is known computed. */
    Node folded() {
      return this;
    }
  }

  static final class Number extends Node {
    final int value;

    Number(int value) {
      this.value = value;
    }

    @Override
    void compile(Code code, Function in) {
      code.emit(Op.CONSTANT, value);
    }
  }

  static final class Variable extends Node {
    private final String name;

    Variable(String name) {
      this.name = name;
    }

    @Override
    void compile(Code code, Function in) {
      code.emit(Op.LOAD, in.slot(name));
    }
  }

  static final class Binary extends Node {
    private final Op op;
    private final Node left;
    private final Node right;

    Binary(Op op, Node left, Node right) {
      this.op = op;
      this.left = left;
      this.right = right;
    }

    @Override
    Node folded() {
      Node newLeft = left.folded();
      Node newRight = right.folded();
      if (newLeft instanceof Number && newRight instanceof Number)
        return new Number(Machine.calculate(op, ((Number) newLeft).value, ((Number) newRight).value));
      return new Binary(op, newLeft, newRight);
    }

    @Override
    void compile(Code code, Function in) {
      left.compile(code, in);
      right.compile(code, in);
      code.emit(op, 0);
    }
  }

  static final class Call extends Node {
    private final String name;
    private final List<Node> arguments;

    Call(String name, List<Node> arguments) {
      this.name = name;
      this.arguments = arguments;
    }

    @Override
    Node folded() {
      List<Node> folded = new ArrayList<>();
      for (Node argument : arguments) folded.add(argument.folded());
      return new Call(name, folded);
    }

    @Override
    void compile(Code code, Function in) {
      Function function = code.function(name);
      if (function.parameters != arguments.size()) throw new CompileError(name + " takes " + function.parameters + " arguments");
      for (Node argument : arguments) argument.compile(code, in);
      code.emit(Op.CALL, function.number);
    }
  }

  static final class Assign extends Node {
    private final String name;
    private final Node value;

    Assign(String name, Node value) {
      this.name = name;
      this.value = value;
    }

    @Override
    Node folded() {
      return new Assign(name, value.folded());
    }

    @Override
    void compile(Code code, Function in) {
      value.compile(code, in);
      code.emit(Op.STORE, in.slot(name));
    }
  }

  /** An expression whose value is printed, returned or dropped. */
  static final class Use extends Node {
    private final Op op;
    private final Node value;

    Use(Op op, Node value) {
      this.op = op;
      this.value = value;
    }

    @Override
    Node folded() {
      return new Use(op, value.folded());
    }

    @Override
    void compile(Code code, Function in) {
      value.compile(code, in);
      code.emit(op, 0);
    }
  }

  static final class Block extends Node {
    private final List<Node> nodes;

    Block(List<Node> nodes) {
      this.nodes = nodes;
    }

    @Override
    Node folded() {
      List<Node> folded = new ArrayList<>();
      for (Node node : nodes) folded.add(node.folded());
      return new Block(folded);
    }

    @Override
    void compile(Code code, Function in) {
      for (Node node : nodes) node.compile(code, in);
    }
  }

  static final class Branch extends Node {
    private final boolean loop;
    private final Node condition;
    private final Node body;
    private final Node otherwise;

    Branch(boolean loop, Node condition, Node body, Node otherwise) {
      this.loop = loop;
      this.condition = condition;
      this.body = body;
      this.otherwise = otherwise;
    }

    @Override
    Node folded() {
      return new Branch(loop, condition.folded(), body.folded(), otherwise == null ? null : otherwise.folded());
    }

    @Override
    void compile(Code code, Function in) {
      int start = code.here();
      condition.compile(code, in);
      int skip = code.emit(Op.JUMP_IF_FALSE, 0);
      body.compile(code, in);
      if (loop) code.emit(Op.JUMP, start);
      int over = otherwise == null ? -1 : code.emit(Op.JUMP, 0);
      code.instructions.get(skip).operand = code.here();
      if (otherwise == null) return;
      otherwise.compile(code, in);
      code.instructions.get(over).operand = code.here();
    }
  }

  /** Recursive descent over characters. */
  static final class Parser {
    private final String text;
    private final Code code;
    private int at;
    private String word = "";
    private Function in;

    Parser(String text, Code code) {
      this.text = text;
      this.code = code;
      next();
    }

    private void next() {
      while (at < text.length() && text.charAt(at) <= ' ') at++;
      int start = at;
      if (at < text.length()) {
        char first = text.charAt(at++);
        if (Character.isLetterOrDigit(first)) while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) at++;
        else if (first == '=' && at < text.length() && text.charAt(at) == '=') at++;
      }
      word = text.substring(start, at);
    }

    private boolean take(String expected) {
      if (!word.equals(expected)) return false;
      next();
      return true;
    }

    private void expect(String expected) {
      if (!take(expected)) throw new CompileError("expected " + expected + ", got " + word + " at " + at);
    }

    private String name() {
      String name = word;
      if (name.isEmpty() || !Character.isLetter(name.charAt(0))) throw new CompileError("expected a name, got " + name);
      next();
      return name;
    }

    void program() {
      while (!word.isEmpty()) {
        expect("def");
        String name = name();
        in = new Function(code.inOrder.size());
        code.functions.put(name, in);
        code.inOrder.add(in);
        expect("(");
        while (!take(")")) {
          in.variables.add(name());
          take(",");
        }
        in.parameters = in.variables.size();
        in.body = block();
      }
    }

    private Node block() {
      List<Node> nodes = new ArrayList<>();
      expect("{");
      while (!take("}")) nodes.add(statement());
      return new Block(nodes);
    }

    private Node statement() {
      if (take("while")) return new Branch(true, expression(), block(), null);
      if (take("if")) {
        Node condition = expression();
        Node body = block();
        return new Branch(false, condition, body, take("else") ? block() : null);
      }
      Node statement;
      if (take("return")) statement = new Use(Op.RETURN, expression());
      else if (take("print")) statement = new Use(Op.PRINT, expression());
      else if (take("let")) {
        String name = name();
        if (!in.variables.contains(name)) in.variables.add(name);
        expect("=");
        statement = new Assign(name, expression());
      } else statement = new Use(Op.DROP, expression());
      expect(";");
      return statement;
    }

    private Node expression() {
      Node left = sum();
      if (take("<")) return new Binary(Op.LESS, left, sum());
      if (take("==")) return new Binary(Op.EQUAL, left, sum());
      return left;
    }

    private Node sum() {
      Node left = product();
      while (true) {
        if (take("+")) left = new Binary(Op.ADD, left, product());
        else if (take("-")) left = new Binary(Op.SUBTRACT, left, product());
        else return left;
      }
    }

    private Node product() {
      Node left = factor();
      while (true) {
        if (take("*")) left = new Binary(Op.MULTIPLY, left, factor());
        else if (take("/")) left = new Binary(Op.DIVIDE, left, factor());
        else if (take("%")) left = new Binary(Op.REST, left, factor());
        else return left;
      }
    }

    private Node factor() {
      if (take("(")) {
        Node inner = expression();
        expect(")");
        return inner;
      }
      if (!word.isEmpty() && Character.isDigit(word.charAt(0))) {
        int value = Integer.parseInt(word);
        next();
        return new Number(value);
      }
      String name = name();
      if (!take("(")) return new Variable(name);
      List<Node> arguments = new ArrayList<>();
      while (!take(")")) {
        arguments.add(expression());
        take(",");
      }
      return new Call(name, arguments);
    }
  }

  /** A rule that rewrites two instructions in a row. */
  interface Peephole {
    boolean improve(Instruction first, Instruction second);
  }

  static final class AddConstant implements Peephole {
    @Override
    public boolean improve(Instruction first, Instruction second) {
      if (first.op != Op.CONSTANT || second.op != Op.ADD && second.op != Op.SUBTRACT) return false;
      first.op = Op.ADD_CONSTANT;
      if (second.op == Op.SUBTRACT) first.operand = -first.operand;
      second.op = Op.NONE;
      return true;
    }
  }

  static final class AddOnce implements Peephole {
    @Override
    public boolean improve(Instruction first, Instruction second) {
      if (first.op != Op.ADD_CONSTANT || second.op != Op.ADD_CONSTANT) return false;
      first.operand += second.operand;
      second.op = Op.NONE;
      return true;
    }
  }

  static final class DropConstant implements Peephole {
    @Override
    public boolean improve(Instruction first, Instruction second) {
      if (first.op != Op.CONSTANT || second.op != Op.DROP) return false;
      first.op = Op.NONE;
      second.op = Op.NONE;
      return true;
    }
  }

  private static final Peephole[] PEEPHOLES = {new AddConstant(), new AddOnce(), new DropConstant()};

  /** Improves code in place and takes out what became nothing; returns how many rules applied. */
  private static int improve(Code code) {
    int applied = 0;
    boolean[] target = new boolean[code.here() + 1];
    for (Instruction instruction : code.instructions)
      if (instruction.op == Op.JUMP || instruction.op == Op.JUMP_IF_FALSE) target[instruction.operand] = true;
    for (int i = 0; i + 1 < code.here(); i++) {
      if (target[i + 1]) continue;
      for (Peephole peephole : PEEPHOLES) if (peephole.improve(code.instructions.get(i), code.instructions.get(i + 1))) applied++;
    }
    int[] moved = new int[code.here() + 1];
    List<Instruction> kept = new ArrayList<>();
    for (int i = 0; i < code.here(); i++) {
      moved[i] = kept.size();
      if (code.instructions.get(i).op != Op.NONE) kept.add(code.instructions.get(i));
    }
    moved[code.here()] = kept.size();
    for (Instruction instruction : kept)
      if (instruction.op == Op.JUMP || instruction.op == Op.JUMP_IF_FALSE) instruction.operand = moved[instruction.operand];
    for (Function function : code.inOrder) function.entry = moved[function.entry];
    code.instructions.clear();
    code.instructions.addAll(kept);
    return applied;
  }

  private static Code compile(String text) {
    Code code = new Code();
    new Parser(text, code).program();
    for (Function function : code.inOrder) {
      function.entry = code.here();
      function.body.folded().compile(code, function);
      code.emit(Op.CONSTANT, 0);
      code.emit(Op.RETURN, 0);
    }
    return code;
  }

  /** The stack machine: its frames hold variables, then values. */
  static final class Machine {
    private final Code code;
    private final int[] stack = new int[4_096];
    final StringBuilder printed = new StringBuilder();
    int executed;

    Machine(Code code) {
      this.code = code;
    }

    static int calculate(Op op, int left, int right) {
      switch (op) {
        case ADD:
          return left + right;
        case SUBTRACT:
          return left - right;
        case MULTIPLY:
          return left * right;
        case DIVIDE:
          return right == 0 ? 0 : left / right;
        case REST:
          return right == 0 ? 0 : left % right;
        case LESS:
          return left < right ? 1 : 0;
        default:
          return left == right ? 1 : 0;
      }
    }

    /** Runs a function whose arguments lie from `base`; returns its result. */
    int run(Function function, int base) {
      int sp = base + function.variables.size();
      int ip = function.entry;
      while (true) {
        Instruction instruction = code.instructions.get(ip++);
        executed++;
        switch (instruction.op) {
          case CONSTANT:
            stack[sp++] = instruction.operand;
            break;
          case LOAD:
            stack[sp++] = stack[base + instruction.operand];
            break;
          case STORE:
            stack[base + instruction.operand] = stack[--sp];
            break;
          case ADD_CONSTANT:
            stack[sp - 1] += instruction.operand;
            break;
          case JUMP:
            ip = instruction.operand;
            break;
          case JUMP_IF_FALSE:
            if (stack[--sp] == 0) ip = instruction.operand;
            break;
          case CALL:
            Function called = code.inOrder.get(instruction.operand);
            sp -= called.parameters;
            stack[sp] = run(called, sp);
            sp++;
            break;
          case RETURN:
            return stack[sp - 1];
          case DROP:
            sp--;
            break;
          case PRINT:
            printed.append(stack[--sp]).append(' ');
            break;
          default:
            sp--;
            stack[sp - 1] = calculate(instruction.op, stack[sp - 1], stack[sp]);
        }
      }
    }
  }

  private static final String PROGRAM =
      "def fib(n) { if n < 2 { return n; } return fib(n - 1) + fib(n - 2); }"
          + "def prime(n) { let d = 2; while d * d < n + 1 { if n % d == 0 { return 0; } let d = d + 1; } return 1; }"
          + "def primes(limit) { let n = 2; let count = 0; while n < limit { if prime(n) { let count = count + 1; } let n = n + 1; } return count; }"
          + "def collatz(n) { let steps = 0; while 1 < n { if n % 2 == 0 { let n = n / 2; } else { let n = 3 * n + 1; } let steps = steps + 1; } return steps; }"
          + "def longest(limit) { let n = 1; let best = 0; while n < limit { let s = collatz(n); if best < s { let best = s; } let n = n + 1; } return best; }"
          + "def gcd(a, b) { while 0 < b { let t = a % b; let a = b; let b = t; } return a; }"
          + "def main(size) { print fib(size / 2 + 2 * 2 - 1); print primes(size * 3); print longest(size * 2); print gcd(1071 * size, 462 + size + 3 - 3); 1 + 2; return 7; }";

  public static void main(String[] words) {
    boolean full = words.length > 0 && words[0].equals("full");
    int checksum = 0;
    for (int round = 0; round < (full ? 20 : 1); round++) {
      Code code = compile(PROGRAM);
      int before = code.here();
      int applied = improve(code);
      Machine machine = new Machine(code);
      Function start = code.function("main");
      machine.stack[0] = full ? 12 + round : 2;
      int result = machine.run(start, 0);
      checksum = (checksum * 31 + machine.printed.toString().hashCode()) * 31 + result + machine.executed;
      if (round == 0) System.out.println("instructions " + before + ", improved " + code.here() + " by " + applied + " rules");
      if (round == 0) System.out.println("printed " + machine.printed);
    }
    for (String wrong : new String[] {"def f( { }", "def f() { let = 3; }", "def f() { g(1); }", "def f(a) { return f(); }"}) {
      try {
        compile(wrong);
        System.out.println("compiled: " + wrong);
      } catch (CompileError error) {
        System.out.println(error.getMessage());
      }
    }
    System.out.println("checksum " + checksum);
  }
}
