// chess: counts chess positions and searches for good moves by alpha-beta, without castling and en passant.
#include "lab.h"

enum { EMPTY, PAWN, KNIGHT, BISHOP, ROOK, QUEEN, KING, BLACK = 8 };
typedef struct { short from, to, taken, becomes; int value; } Move;

/** Squares are rank * 16 + file: a step over the edge sets one of the bits of 0x88. */
static u8 board[128];
static Move moves[4096];
static u32 nodes;
static const int worth[8] = { 0, 100, 320, 330, 500, 900, 20000 };
static const signed char steps[8][8] = {
  {}, {}, { 33, 31, 18, 14, -33, -31, -18, -14 }, { 17, 15, -15, -17 }, { 16, 1, -1, -16 },
  { 17, 15, -15, -17, 16, 1, -1, -16 }, { 17, 15, -15, -17, 16, 1, -1, -16 },
};

static int move_count;
static void add(int from, int to, int becomes) {
  int taken = board[to];
  int value = taken ? 10 * worth[taken & 7] - worth[board[from] & 7] + 1000 : 0;
  moves[move_count++] = (Move){ from, to, taken, becomes, value + worth[becomes & 7] - worth[board[from] & 7] };
}
static void add_pawn(int from, int to, int side) {
  if ((to >> 4) % 7 != 0) return add(from, to, PAWN | side);
  for (int piece = QUEEN; piece >= KNIGHT; piece--) add(from, to, piece | side);
}
/** The moves of a side, from an index of `moves` on; returns where they end. */
static int generate(int side, int first, int only_taking) {
  move_count = first;
  for (int from = 0; from < 120; from++) {
    int piece = board[from];
    if (from & 0x88 || !piece || (piece & BLACK) != side) continue;
    int kind = piece & 7;
    if (kind == PAWN) {
      int ahead = side ? -16 : 16, to = from + ahead;
      if (!only_taking && !board[to]) {
        add_pawn(from, to, side);
        if (from >> 4 == (side ? 6 : 1) && !board[to + ahead]) add(from, to + ahead, piece);
      }
      for (int step = -1; step <= 1; step += 2) {
        to = from + ahead + step;
        if (!(to & 0x88) && board[to] && (board[to] & BLACK) != side) add_pawn(from, to, side);
      }
      continue;
    }
    for (int i = 0; i < 8 && steps[kind][i]; i++)
      for (int to = from + steps[kind][i]; !(to & 0x88); to += steps[kind][i]) {
        if (board[to] ? (board[to] & BLACK) != side : !only_taking) add(from, to, piece);
        if (board[to] || kind == KNIGHT || kind == KING) break;
      }
  }
  return move_count;
}
static int attacked(int square, int by) {
  for (int kind = KNIGHT; kind <= QUEEN; kind++)
    for (int i = 0; i < 8 && steps[kind][i]; i++) {
      int step = steps[kind][i], to = square + step;
      if (kind == QUEEN && !(to & 0x88) && board[to] == (KING | by)) return 1;
      while (kind != KNIGHT && !(to & 0x88) && !board[to]) to += step;
      if (!(to & 0x88) && board[to] == (kind | by)) return 1;
    }
  int behind = square + (by ? 16 : -16);
  return (!(behind + 1 & 0x88) && board[behind + 1] == (PAWN | by)) || (!(behind - 1 & 0x88) && board[behind - 1] == (PAWN | by));
}
/** Makes a move; whether the king is safe after it. */
static int make(const Move *move, int side) {
  board[move->to] = move->becomes;
  board[move->from] = EMPTY;
  for (int square = 0; square < 120; square++)
    if (board[square] == (KING | side)) return !attacked(square, side ^ BLACK);
  return 0;
}
static void take_back(const Move *move, int piece) {
  board[move->from] = piece;
  board[move->to] = move->taken;
}

static u32 positions(int depth, int side, int first) {
  if (depth == 0) return 1;
  u32 sum = 0;
  for (int i = first, end = generate(side, first, 0); i < end; i++) {
    int piece = board[moves[i].from];
    if (make(&moves[i], side)) sum += positions(depth - 1, side ^ BLACK, end);
    take_back(&moves[i], piece);
  }
  return sum;
}

/** Material, and pieces near the centre. */
static int evaluate(int side) {
  int sum = 0;
  for (int square = 0; square < 120; square++) {
    int piece = board[square];
    if (square & 0x88 || !piece) continue;
    int file = square & 7, rank = square >> 4;
    int value = worth[piece & 7] + (file < 4 ? file : 7 - file) * 3 + (rank < 4 ? rank : 7 - rank) * ((piece & 7) == KING ? -5 : 4);
    sum += (piece & BLACK) == side ? value : -value;
  }
  return sum;
}
static Move best_move;
static int search(int depth, int alpha, int beta, int side, int first, int root) {
  nodes++;
  if (depth <= 0) {
    int value = evaluate(side);
    if (value >= beta || depth < -3) return value;
    if (value > alpha) alpha = value;
  }
  int end = generate(side, first, depth <= 0);
  for (int i = first; i < end; i++) {
    int best = i;
    for (int j = i + 1; j < end; j++) if (moves[j].value > moves[best].value) best = j;
    Move move = moves[best];
    moves[best] = moves[i];
    moves[i] = move;
    int piece = board[move.from];
    int value = make(&move, side) ? -search(depth - 1, -beta, -alpha, side ^ BLACK, end, 0) : -30000;
    take_back(&move, piece);
    if (value <= alpha) continue;
    alpha = value;
    if (root) best_move = move;
    if (alpha >= beta) break;
  }
  return alpha;
}

static void print_square(int square) {
  print_char('a' + (square & 7));
  print_char('1' + (square >> 4));
}
static void run(int full) {
  static const u8 back[8] = { ROOK, KNIGHT, BISHOP, QUEEN, KING, BISHOP, KNIGHT, ROOK };
  for (int file = 0; file < 8; file++) {
    board[file] = back[file];
    board[16 + file] = PAWN;
    board[96 + file] = PAWN | BLACK;
    board[112 + file] = back[file] | BLACK;
  }
  for (int depth = 1; depth <= (full ? 3 : 1); depth++) report("positions", positions(depth, 0, 0));
  for (int ply = 0, side = 0; ply < (full ? 6 : 1); ply++, side ^= BLACK) {
    nodes = 0;
    int value = search(full ? 2 : 1, -30000, 30000, side, 0, 1);
    make(&best_move, side);
    print_square(best_move.from);
    print_square(best_move.to);
    report(": value + 30000", value + 30000);
    report("searched", nodes);
  }
}
