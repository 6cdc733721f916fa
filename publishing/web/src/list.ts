// The list beside the map: the same clusters as buttons, its accessible form, and the search for clusters and cities.
import type { City, Cluster } from './types';

const CITIES = 8;

export function fold(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/ø/gi, 'o').replace(/ł/gi, 'l').replace(/ß/g, 'ss').replace(/[–—]/g, '-').toLowerCase();
}

export class List {
  private readonly items: { item: HTMLLIElement; button: HTMLButtonElement; text: string; ranked: boolean }[];
  private readonly cities: { text: string; city: City }[];

  constructor(
    private readonly list: HTMLElement,
    private readonly found: HTMLElement,
    search: HTMLInputElement,
    private readonly count: HTMLElement,
    clusters: Cluster[],
    cities: City[],
    private readonly words: Record<string, string>,
    choose: (number: number) => void,
    private readonly visit: (city: City) => void,
  ) {
    const anyRanked = clusters.some((one) => one.ranked);
    this.items = clusters.map((one, number) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      const rank = document.createElement('span');
      rank.textContent = String(one.rank);
      const name = document.createElement('bdi');
      name.textContent = one.name;
      const total = document.createElement('span');
      total.textContent = one.total;
      button.append(rank, name, total);
      button.addEventListener('click', () => choose(number));
      item.append(button);
      item.hidden = anyRanked && !one.ranked;
      return { item, button, text: fold(`${one.name} ${one.economy}`), ranked: one.ranked || !anyRanked };
    });
    this.cities = cities.map((city) => ({ text: fold(city[0]), city }));
    list.append(...this.items.map((one) => one.item));
    search.addEventListener('input', () => this.filter(fold(search.value.trim())));
    search.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const first = this.items.findIndex((one) => !one.item.hidden);
      const city = this.found.querySelector('button');
      if (first >= 0) choose(first);
      else if (city) city.click();
    });
  }

  mark(number: number): void {
    this.items.forEach((one, at) => {
      if (at === number) one.button.setAttribute('aria-current', 'true');
      else one.button.removeAttribute('aria-current');
    });
    if (number < 0) return;
    const { item } = this.items[number];
    item.hidden = false;
    const { list } = this;
    if (item.offsetTop < list.scrollTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = item.offsetTop - list.clientHeight / 3;
  }

  private filter(words: string): void {
    let number = 0;
    for (const one of this.items) {
      const seen = words ? one.text.includes(words) : one.ranked;
      one.item.hidden = !seen;
      if (seen) number++;
    }
    const cities = words.length < 2 ? [] : this.cities.filter((one) => one.text.startsWith(words)).slice(0, CITIES);
    this.found.textContent = '';
    this.found.hidden = cities.length === 0;
    for (const { city } of cities) {
      const button = document.createElement('button');
      button.type = 'button';
      const name = document.createElement('bdi');
      name.textContent = city[0];
      const where = document.createElement('span');
      where.textContent = city[1];
      button.append(name, where);
      button.addEventListener('click', () => this.visit(city));
      const item = document.createElement('li');
      item.append(button);
      this.found.append(item);
    }
    this.count.textContent = words ? (number === 1 ? this.words.one : this.words.many).replace('{number}', String(number)) : '';
  }
}
