import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { Server } from './server';

declare module 'vitest' {
  export interface ProvidedContext {
    prepared: Prepared;
  }
}

/** Data of servers that were stopped after their first start: one with nothing in it, and one with the sample. */
export interface Prepared {
  empty: string;
  sample: string;
}

/**
 * Starts two servers once for all test files, which then start on copies of their data: migrating a database and
 * recording the sample's year take several times as long as copying both.
 */
export default async function prepare(project: TestProject): Promise<() => Promise<void>> {
  const servers = await Promise.all([Server.first(), Server.first({ KEYTRAIL_SAMPLE: '1' })]);
  await Promise.all(servers.map((each) => each.stop()));
  const [empty, sample] = servers.map(({ data }) => data) as [string, string];
  project.provide('prepared', { empty, sample });
  return async () => {
    for (const data of [empty, sample]) await rm(data, { recursive: true, force: true });
  };
}
