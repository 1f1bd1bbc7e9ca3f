import type { Page } from 'playwright-core';
import en from '../../src/lib/i18n/en.json';
import lv from '../../src/lib/i18n/lv.json';

type Tree = { [name: string]: string | Tree };

/** Words that are English and nothing else; a text with one of them is not Latvian. Names of settings, with underscores, are no words. */
const words =
  /(?<![\p{L}_])(the|and|of|with|from|this|that|your|you|is|are|was|not|for|by|all|any|none|more|close|clear|search|loading|key|keys|today|since|ago|day|days|hour|hours|minute|minutes|second|seconds|name|issued|returned|reserved|overdue|lost|available|retired|due|member|custodian|auditor|manager)(?![\p{L}_])/iu;

const fileNames = /[\w-]+\.(csv|xlsx|pdf|json|zip)\b/g;

/** Finds what is said in English where Latvian is wanted. */
export class EnglishFinder {
  private readonly texts = new Map<string, RegExp>();
  private readonly told = new Set<string>();
  /** What was looked at before and is no English: most of a page stands on the next one, too. */
  private readonly fine = new Set<string>();

  /** @param page is where it looks, and whose answers from the server it listens to: names and comments are as they are. */
  constructor(private readonly page: Page) {
    const latvian = flattened(lv);
    const alsoLatvian = new Set(latvian.values());
    for (const text of flattened(en).values()) {
      if (!alsoLatvian.has(text) && /\p{L}{3}/u.test(text.replace(/{{.*?}}/g, ''))) {
        this.texts.set(text, asPattern(text));
      }
    }
    page.on('response', async (response) => {
      if (!response.url().endsWith('/graphql')) return;
      const answer = await response.json().catch(() => null);
      collect(answer?.data, this.told);
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        const frame = JSON.parse(payload.toString());
        collect(frame.payload?.data, this.told);
      });
    });
  }

  /** What a person sees, or hears from a screen reader, in English now. */
  async find(): Promise<string[]> {
    const shown = new Set(await this.page.evaluate(everythingSaid));
    const longestFirst = [...this.told].sort((a, b) => b.length - a.length);
    const english = [...shown].filter((text) => !this.fine.has(text) && this.isEnglish(text, longestFirst));
    for (const text of shown) if (!english.includes(text)) this.fine.add(text);
    return english;
  }

  private isEnglish(text: string, told: string[]): boolean {
    if (this.told.has(text)) return false;
    let own = text.replace(fileNames, ' '); // without what people wrote: a room may be called what a button is
    for (const each of told) {
      if (own.includes(each)) own = own.replace(wholeWords(each), ' '); // not what "serveris" begins with
    }
    return words.test(own) || [...this.texts.values()].some((pattern) => pattern.test(own));
  }
}

function everythingSaid(): string[] {
  const said = [document.title];
  const seen = (element: Element) =>
    element.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) &&
    !element.closest('script,style,code,[lang]:not(html)'); // hashes and codes are no words
  for (const element of document.body.querySelectorAll('*')) {
    if (!seen(element)) continue;
    for (const name of [
      'aria-label',
      'aria-description',
      'aria-roledescription',
      'title',
      'placeholder',
      'alt',
    ]) {
      said.push(element.getAttribute(name) ?? '');
    }
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) said.push(node.textContent ?? '');
    }
  }
  return said.map((text) => text.replace(/[\u2066-\u2069]/g, '').trim()).filter((text) => text !== '');
}

/** Fields in which the server itself says something, in the language that the app asks for. */
const saidByServer = new Set(['message', 'problem']);

/** Remembers what a person or a program wrote; words of the schema and messages are the app's to translate. */
function collect(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') {
    for (const line of value.split('\n')) {
      if (!/^[A-Z_]+$/.test(line) && line.length > 1) into.add(line.trim()); // a page may have each line by itself
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      if (!saidByServer.has(name)) collect(each, into);
    }
  }
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function asPattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split(/{{.*?}}/)
      .map(literally)
      .join('.*')}$`,
    'su',
  );
}

function wholeWords(text: string): RegExp {
  return new RegExp(`(?<!\\p{L})${literally(text)}(?!\\p{L})`, 'gu');
}

function flattened(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[prefix + name, value] as const]
        : [...flattened(value, `${prefix}${name}.`)],
    ),
  );
}
