import { describe, expect, test } from 'vitest';
import type { TimelineSearch } from '@/lib/paths';
import { parse, piecesOf, type Vocabulary, write } from './grammar';

const vocabulary: Vocabulary = {
  names: {
    person: 'persona',
    actor: 'rīkojās',
    action: 'darbība',
    module: 'modulis',
    entityType: 'veids',
    entity: 'objekts',
    keyNumber: 'atslēga',
    source: 'avots',
    outcome: 'iznākums',
    streams: 'daļa',
    review: 'pārskats',
    from: 'no',
    to: 'līdz',
  },
  values: { outcome: { FAILURE: 'Neizdevās' }, streams: { KEY: 'Atslēgas', AUTH: 'Pieslēgšanās' } },
  actions: { 'key.issued': 'Izsniegta', 'key.updated': 'Mainīts', 'person.updated': 'Mainīts' },
  days: { 0: 'šodien', 1: 'vakar' },
  today: '2026-03-29',
  zone: 'Europe/Riga',
};

function asked(text: string): TimelineSearch {
  const { search, problems } = parse(text, vocabulary);
  expect(problems).toEqual([]);
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

describe('a typed filter', () => {
  test.each<[string, TimelineSearch]>([
    ['', {}],
    ['  broken   window ', { text: 'broken window' }],
    ['persona:"Jānis B." darbība:key.issued', { person: 'Jānis B.', action: 'key.issued' }],
    ['rikojas:"Jānis B." persona:Anna', { actor: 'Jānis B.', person: 'Anna' }],
    ['person:Anna ACTION:entity.updated', { person: 'Anna', action: 'entity.updated' }],
    ['daļa:Atslēgas,auth daļa:KEY', { streams: ['KEY', 'AUTH'] }],
    ['iznākums:neizdevās', { outcome: 'FAILURE' }],
    ['no:2026-03-01 līdz:"2026-03-02 08:15"', { from: '2026-03-01', to: '2026-03-02T08:15' }],
    ['no:-7d', { from: '2026-03-22' }],
    ['no:Vakar lidz:šodien', { from: '2026-03-28', to: '2026-03-29' }],
    ['darbiba:izsniegta iznakums:neizdevas', { action: 'key.issued', outcome: 'FAILURE' }],
    ['no:2026-03-01T08:00 līdz:2026-03-01', { from: '2026-03-01T08:00', to: '2026-03-01' }],
    ['"total:5" https://example.org/a', { text: 'total:5 https://example.org/a' }],
    ['objekts:inv:77', { entity: 'inv:77' }],
    ['modulis:"not closed', { module: 'not closed' }],
    ['"say \\"hi\\""', { text: 'say "hi"' }],
  ])('%s asks for what it says', (text, search) => expect(asked(text)).toEqual(search));

  test.each([
    ['persn:Anna', 'unknown', 'persn'],
    ['persona:', 'empty', 'persona:'],
    ['persona: Anna', 'empty', 'persona:'],
    ['modulis:a modulis:b', 'twice', 'modulis:b'],
    ['iznākums:good', 'value', 'iznākums:good'],
    ['daļa:KEY,', 'value', 'daļa:KEY,'],
    ['no:2026-02-30', 'day', 'no:2026-02-30'],
    ['līdz:soon', 'day', 'līdz:soon'],
    ['darbība:mainīts', 'value', 'darbība:mainīts'],
    ['no:2026-03-02 līdz:2026-03-01', 'order', 'līdz:2026-03-01'],
    ['no:2026-03-01T08:00 līdz:2026-03-01T07:59', 'order', 'līdz:2026-03-01T07:59'],
  ])('%s is told as wrong', (text, reason, piece) =>
    expect(parse(text, vocabulary).problems).toEqual([{ reason, piece }]),
  );

  test.each<TimelineSearch>([
    {},
    { person: 'Jānis "the key" B.', actor: 'Anna B.', text: 'a:b c\\d' },
    { streams: ['KEY', 'ACTIVITY'], outcome: 'FAILURE', review: 'FLAGGED' },
    {
      from: '2026-03-01',
      to: '2026-03-02T08:15',
      entity: 'x y',
      keyNumber: '007',
      source: 'till',
      entityType: 'Invoice',
    },
  ])('that is written is read the same: %o', (search) =>
    expect(asked(write(search, vocabulary))).toEqual(search),
  );

  test('says where its pieces stand', () => {
    const text = 'a persona:"b c"  d:';
    expect(piecesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'a',
      'persona:"b c"',
      'd:',
    ]);
  });
});
