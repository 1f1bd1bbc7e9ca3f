// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import en from './en.json';
import { createTranslator } from './i18n';
import { isolate } from './isolate';
import lv from './lv.json';

type Tree = { [name: string]: string | Tree };

function flattened(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[prefix + name, value] as const]
        : [...flattened(value, `${prefix}${name}.`)],
    ),
  );
}

const plural = /_(zero|one|two|few|many|other)$/;
const stems = (keys: Iterable<string>) =>
  [...new Set([...keys].map((key) => key.replace(plural, '')))].sort();
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

const english = flattened(en);
const latvian = flattened(lv);

describe('the texts', () => {
  it('exist in both languages', () => {
    expect(stems(latvian.keys())).toEqual(stems(english.keys()));
  });

  it.each([
    ['en', english],
    ['lv', latvian],
  ] as const)('have every plural form that %s needs', (language, texts) => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const given = new Map<string, string[]>();
    for (const key of texts.keys()) {
      const form = plural.exec(key)?.[1];
      const stem = key.replace(plural, '');
      if (form) given.set(stem, [...(given.get(stem) ?? []), form]);
    }
    for (const [stem, forms] of given) expect([stem, ...forms.toSorted()]).toEqual([stem, ...needed]);
  });

  it('have the same placeholders in every form', () => {
    const byStem = (texts: Map<string, string>, stem: string) =>
      [...texts]
        .filter(([key]) => key.replace(plural, '') === stem)
        .flatMap(([, text]) => placeholders(text))
        .sort();
    for (const stem of stems(english.keys())) {
      expect([stem, ...new Set(byStem(latvian, stem))]).toEqual([stem, ...new Set(byStem(english, stem))]);
    }
  });

  it('are never empty', () => {
    for (const [key, text] of [...english, ...latvian]) expect([key, text.trim()]).not.toEqual([key, '']);
  });

  it('choose the Latvian form for 0, 1, 2, 11 and 21', () => {
    const { t } = createTranslator('lv');
    expect([0, 1, 2, 11, 21].map((count) => t('people.keys', { count }))).toEqual([
      '0 atslēgu',
      '1 atslēga',
      '2 atslēgas',
      '11 atslēgu',
      '21 atslēga',
    ]);
  });

  it('say one entry where there is one, however its number is shown', () => {
    const { t } = createTranslator('en');
    expect(t('overview.cell', { when: 'Mon', count: 1, total: '1' })).toBe('Mon: 1 entry');
    expect(t('timeline.bar', { when: 'Mon', count: 1, total: '1' })).toBe('Mon: 1 entry. Show only this');
    expect(t('integrity.entries', { count: 26_246, shown: '26,246' })).toBe('26,246 entries');
  });

  it('open Latvian quotes as Latvian does', () => {
    for (const [key, text] of latvian) expect([key, text]).toEqual([key, text.replaceAll('“', '„')]);
  });
});

describe('what somebody else wrote', () => {
  const { t } = createTranslator('en');
  const sentence = (comment: string) => t('movement.quoted', { comment });

  it.each([
    'Jānis Bērziņš',
    '<b>&amp;</b> "quoted" / it\'s',
    'Z\u0300\u0327',
    '👩‍👩‍👧‍👦 🇱🇻',
    'a\u200bb',
    '{{name}} $t(movement.due)',
    '$& $1',
  ])('stands in its sentence as it is: %j', (text) => {
    expect(sentence(text)).toBe(sentence('x').replace('x', () => text));
  });

  it.each(['\u202egpj.exe', 'a\u200fb', 'محمد', 'כהן', '𞤀𞤁'])(
    'does not turn its sentence around: %j',
    (text) => {
      expect(sentence(text)).toBe(sentence('x').replace('x', `\u2068${text}\u2069`));
    },
  );

  it('cannot end its isolation or leave one open', () => {
    expect(isolate('a\u2069\u202eb\u2067c')).toBe('\u2068a\u202ebc\u2069');
  });
});
