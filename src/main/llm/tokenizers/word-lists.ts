/** No list, or the end of one. */
export const EMPTY_LIST = -1;

/**
 * Many short lists of word numbers in one growing arena, as singly linked nodes that are used again once a list is
 * freed. A list is the number of its first node.
 */
export class WordLists {
  private words = new Int32Array(1024);
  private nexts = new Int32Array(1024);
  private used = 0;
  private free = EMPTY_LIST;

  /** The list with this word in front; the list itself when that word is in front already. */
  prepend(list: number, word: number): number {
    if (list !== EMPTY_LIST && this.words[list] === word) return list;
    let node = this.free;
    if (node === EMPTY_LIST) {
      if (this.used === this.words.length) this.grow();
      node = this.used++;
    } else {
      this.free = this.nexts[node]!;
    }
    this.words[node] = word;
    this.nexts[node] = list;
    return node;
  }

  word(node: number): number {
    return this.words[node]!;
  }

  /** Frees the first node of a list and gives the rest of the list. */
  release(node: number): number {
    const rest = this.nexts[node]!;
    this.nexts[node] = this.free;
    this.free = node;
    return rest;
  }

  private grow(): void {
    const words = new Int32Array(this.used * 2);
    words.set(this.words);
    this.words = words;
    const nexts = new Int32Array(this.used * 2);
    nexts.set(this.nexts);
    this.nexts = nexts;
  }
}
