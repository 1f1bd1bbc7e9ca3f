import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, cp, mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';

const inMemory = '/dev/shm';
const enoughMemory = 4 * 2 ** 30;

/** Where data lie that nobody keeps: in memory where there is enough of it, so that nothing waits for a disk. */
async function fastDirectory(): Promise<string> {
  try {
    await access(inMemory, constants.W_OK);
    const { bavail, bsize } = await statfs(inMemory);
    return bavail * bsize >= enoughMemory ? inMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Root's password on every server that the tests start. */
export const ROOT = { username: 'root', password: 'end-to-end-root-password' };

const patienceMs = 60_000;

/** A keytrail process of the built program, on a data directory of its own that outlives restarts. */
export class Server {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** Starts a server on a copy of data that were prepared, with the sample or empty, and waits until it is ready. */
  static async start(environment: Record<string, string> = {}, port?: number): Promise<Server> {
    const { empty, sample } = inject('prepared');
    const server = await Server.on(environment, port);
    await cp(environment.KEYTRAIL_SAMPLE ? sample : empty, server.data, { recursive: true });
    await server.run();
    return server;
  }

  /** Starts a server for the first time on an empty data directory and waits until it is ready. */
  static async first(environment: Record<string, string> = {}): Promise<Server> {
    const server = await Server.on(environment);
    await server.run();
    return server;
  }

  private static async on(environment: Record<string, string>, port?: number): Promise<Server> {
    const data = await mkdtemp(join(await fastDirectory(), 'keytrail-e2e-'));
    return new Server(port ?? (await freePort()), data, environment);
  }

  /** A port that nobody listens on, for what must be known of a server before it starts. */
  static freePort(): Promise<number> {
    return freePort();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts the process and waits until it is ready. */
  async run(): Promise<void> {
    const binary = process.env.KEYTRAIL_BIN ?? resolve(import.meta.dirname, '../../../bin/keytrail');
    const child = spawn(binary, ['serve'], {
      env: {
        ...process.env,
        KEYTRAIL_LISTEN: `127.0.0.1:${this.port}`,
        KEYTRAIL_DATA: this.data,
        KEYTRAIL_ROOT_PASSWORD: ROOT.password,
        KEYTRAIL_TIME_ZONE: 'Europe/Riga',
        ...this.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output = (this.output + text.toString()).slice(-8000);
      });
    }
    await this.ready();
  }

  /** Stops the process cleanly. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }

  /** Kills the private database, which the server has to start again by itself. */
  async killDatabase(): Promise<void> {
    for (const name of await readdir('/proc')) {
      const command = /^\d+$/.test(name)
        ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
        : '';
      if (command.includes('mariadbd') && command.includes(this.data)) process.kill(Number(name), 'SIGKILL');
    }
  }

  /** Stops the process and removes its data. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      if (this.child?.exitCode !== null) throw new Error(`keytrail ended:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((again) => setTimeout(again, 50));
    }
    throw new Error(`keytrail is not ready:\n${this.output}`);
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => found(port));
    });
  });
}
