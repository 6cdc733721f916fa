// The card beside a cluster: it stays when pointed at, and Escape closes it (WCAG 1.4.13).
import type { Cluster } from './types';

export class Card {
  private timer = 0;

  constructor(private readonly box: HTMLElement, private readonly words: Record<string, string>, private readonly simulated: boolean) {
    box.addEventListener('pointerenter', () => window.clearTimeout(this.timer));
    box.addEventListener('pointerleave', () => this.leave());
  }

  get open(): boolean {
    return !this.box.hidden;
  }

  show(one: Cluster | null, x: number, y: number): void {
    window.clearTimeout(this.timer);
    this.box.textContent = '';
    if (one) this.fill(one);
    else this.add('span', this.words.noise);
    this.box.hidden = false;
    const room = this.box.parentElement as HTMLElement;
    const left = Math.max(8, Math.min(x + 14, room.clientWidth - this.box.offsetWidth - 8));
    const top = Math.max(8, Math.min(y + 14, room.clientHeight - this.box.offsetHeight - 8));
    this.box.style.setProperty('left', `${left}px`);
    this.box.style.setProperty('top', `${top}px`);
  }

  leave(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.close(), 350);
  }

  close(): void {
    window.clearTimeout(this.timer);
    this.box.hidden = true;
  }

  private fill(one: Cluster): void {
    const title = this.add('b', '');
    title.append(`${one.rank}\u2002`);
    const name = document.createElement('bdi');
    name.textContent = one.name;
    title.append(name);
    this.add('span', one.economy);
    const list = this.add('dl', '');
    const facts: [string, string][] = [[this.words.pct, one.pct], [this.words.sci, one.sci], [this.words.total, one.total]];
    for (const [word, value] of facts) {
      if (!value) continue;
      const term = document.createElement('dt');
      term.textContent = word;
      const said = document.createElement('dd');
      said.textContent = value;
      list.append(term, said);
    }
    if (one.file) {
      const link = document.createElement('a');
      link.href = one.file;
      link.textContent = this.words.brief;
      this.box.append(link);
    }
    if (this.simulated) this.add('small', this.words.simulated);
  }

  private add(tag: string, text: string): HTMLElement {
    const element = document.createElement(tag);
    element.textContent = text;
    this.box.append(element);
    return element;
  }
}
