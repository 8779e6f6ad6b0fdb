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
  readonly wordlist: number;
}

/** Where MARKER goes back to. */
export interface DictionaryMark {
  readonly words: number;
  readonly wordlists: number;
  readonly order: readonly number[];
  readonly current: number;
}

export const FORTH_WORDLIST = 1;

export class Dictionary {
  readonly words: Word[] = [];
  /** Word list ids count from 1. */
  readonly #lists: Map<string, Word[]>[] = [new Map()];
  readonly names = new Map<number, string>([[FORTH_WORDLIST, "Forth"]]);
  order: number[] = [FORTH_WORDLIST];
  current = FORTH_WORDLIST;
  latest: Word | undefined;

  newWordlist(): number {
    this.#lists.push(new Map());
    return this.#lists.length;
  }

  #list(wid: number): Map<string, Word[]> {
    const list = this.#lists[wid - 1];
    if (list === undefined) throw new ForthException(-12, `${wid} is not a word list`);
    return list;
  }

  add(name: string, xt: number, hidden = false): Word {
    const word: Word = { name, xt, nt: this.words.length + 1, immediate: false, hidden, wordlist: this.current };
    this.words.push(word);
    const list = this.#list(this.current);
    const key = name.toLowerCase();
    const same = list.get(key);
    if (same === undefined) list.set(key, [word]);
    else same.push(word);
    this.latest = word;
    return word;
  }

  findIn(wid: number, name: string): Word | undefined {
    return this.#list(wid)
      .get(name.toLowerCase())
      ?.findLast((word) => !word.hidden);
  }

  find(name: string): Word | undefined {
    for (const wid of this.order) {
      const word = this.findIn(wid, name);
      if (word !== undefined) return word;
    }
    return undefined;
  }

  /** The words of a list, newest first. */
  wordsOf(wid: number): Word[] {
    this.#list(wid);
    return this.words.filter((word) => word.wordlist === wid && !word.hidden).reverse();
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
      this.#lists[word.wordlist - 1].get(word.name.toLowerCase())?.pop();
    }
    this.#lists.length = mark.wordlists;
    this.order = mark.order.filter((wid) => wid <= mark.wordlists);
    this.current = mark.current;
    this.latest = this.words.at(-1);
  }
}
