// Forth's dictionary: words by name, in word lists, searched in an order that programs change.
import { ForthException } from "./exceptions.ts";

export interface Word {
  readonly name: string;
  readonly xt: number;
  /** The name token: position in `words`, plus one. */
  readonly nt: number;
  immediate: boolean;
  /** Not found while its definition is being compiled. */
  hidden: boolean;
  /** Has no interpretation semantics. */
  compileOnly: boolean;
  /** Its compilation semantics, if different (INTERPRET/COMPILE:). */
  compilation?: number;
  readonly wordlist: number;
  /** HERE when it was defined, for FORGET. */
  readonly dp: number;
}

/** Where MARKER goes back to. */
export interface DictionaryMark {
  readonly words: number;
  readonly wordlists: number;
  readonly order: readonly number[];
  readonly current: number;
}

/** Words by name; `exact` if names are case-sensitive (Gforth's TABLE). */
interface WordList {
  readonly words: Map<string, Word[]>;
  readonly exact: boolean;
}

export const FORTH_WORDLIST = 1;

/** Words that are found in every search order, to change it again (Gforth's vocabulary Root). */
const ROOT = new Set([
  "forth",
  "only",
  "also",
  "previous",
  "definitions",
  "order",
  "get-order",
  "set-order",
  "forth-wordlist",
  "wordlist",
  "vocabulary",
  "words",
  "bye",
]);

/** The cell that holds the compilation word list. */
export interface CurrentCell {
  fetch(): number;
  store(wid: number): void;
}

export class Dictionary {
  readonly words: Word[] = [];
  /** Word list ids count from 1. */
  readonly #lists: WordList[] = [{ words: new Map(), exact: false }];
  readonly names = new Map<number, string>([[FORTH_WORDLIST, "Forth"]]);
  /** Twice, as in Gforth: a vocabulary that takes the top place does not hide the rest. */
  order: number[] = [FORTH_WORDLIST, FORTH_WORDLIST];
  latest: Word | undefined;
  /** HERE. */
  dp: () => number = () => 0;
  /** Called for an unknown name; returns true if it has defined a word. */
  missing: (name: string) => boolean = () => false;

  readonly #currentCell: CurrentCell;
  #root: number | undefined;

  /** The compilation word list is a cell of Forth's memory, because programs use CURRENT as a variable. */
  constructor(currentCell: CurrentCell) {
    this.#currentCell = currentCell;
    this.current = FORTH_WORDLIST;
  }

  get current(): number {
    return this.#currentCell.fetch();
  }
  set current(wid: number) {
    this.#currentCell.store(wid);
  }

  /** ROOT: only the words are found that every search order finds, and what is next in the order. */
  searchRoot(): void {
    this.#root ??= this.newWordlist();
    this.names.set(this.#root, "Root");
    if (this.order.length === 0) throw new ForthException(-50);
    this.order[0] = this.#root;
  }

  newWordlist(exact = false): number {
    this.#lists.push({ words: new Map(), exact });
    return this.#lists.length;
  }

  /** @throws ForthException -12 unless this is a word list */
  check(wid: number): void {
    if (this.#lists[wid - 1] === undefined) throw new ForthException(-12, `${wid} is not a word list`);
  }

  /** The words of this name in a list, oldest first. */
  #named(wid: number, name: string): Word[] | undefined {
    const list = this.#lists[wid - 1];
    return list.words.get(list.exact ? name : name.toLowerCase());
  }

  add(name: string, xt: number, hidden = false): Word {
    this.check(this.current);
    const word: Word = {
      name,
      xt,
      nt: this.words.length + 1,
      immediate: false,
      hidden,
      compileOnly: false,
      wordlist: this.current,
      dp: this.dp(),
    };
    this.words.push(word);
    const same = this.#named(this.current, name);
    if (same !== undefined) same.push(word);
    else {
      const { words, exact } = this.#lists[this.current - 1];
      words.set(exact ? name : name.toLowerCase(), [word]);
    }
    this.latest = word;
    return word;
  }

  findIn(wid: number, name: string): Word | undefined {
    this.check(wid);
    return this.#named(wid, name)?.findLast((word) => !word.hidden);
  }

  find(name: string): Word | undefined {
    return this.#inOrder(name) ?? (this.missing(name) ? this.#inOrder(name) : undefined);
  }
  #inOrder(name: string): Word | undefined {
    for (const wid of this.order) {
      const word = this.findIn(wid, name);
      if (word !== undefined) return word;
    }
    return ROOT.has(name.toLowerCase()) && this.order.length > 0 ? this.findIn(FORTH_WORDLIST, name) : undefined;
  }

  /** The words of a list, newest first. */
  wordsOf(wid: number): Word[] {
    this.check(wid);
    return this.words.filter((word) => word.wordlist === wid && !word.hidden).reverse();
  }

  /** A word of the system's own. */
  byName(name: string): Word | undefined {
    return this.findIn(FORTH_WORDLIST, name);
  }

  byToken(nt: number): Word {
    const word = this.words[nt - 1];
    if (word === undefined) throw new ForthException(-12, `${nt} is not a name token`);
    return word;
  }

  /** The newest word with this execution token. */
  nameOf(xt: number): Word | undefined {
    return this.words.findLast((word) => word.xt === xt);
  }

  mark(): DictionaryMark {
    return { words: this.words.length, wordlists: this.#lists.length, order: [...this.order], current: this.current };
  }

  forget(mark: DictionaryMark): void {
    for (const word of this.words.splice(mark.words).reverse()) {
      this.#named(word.wordlist, word.name)?.pop();
    }
    this.#lists.length = mark.wordlists;
    this.order = mark.order.filter((wid) => wid <= mark.wordlists);
    this.current = mark.current;
    this.latest = this.words.at(-1);
  }
}
