import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay in front of a server whose connections can be cut, as a bad network would. */
export class Gate {
  private readonly open = new Set<Socket>();
  cuts = 0;

  private constructor(
    private readonly relay: Server,
    readonly port: number,
  ) {}

  static start(target: number): Promise<Gate> {
    return new Promise((started) => {
      const relay = createServer();
      relay.listen(0, '127.0.0.1', () => {
        const address = relay.address();
        const gate = new Gate(relay, typeof address === 'object' && address ? address.port : 0);
        relay.on('connection', (client) => gate.join(client, connect(target, '127.0.0.1')));
        started(gate);
      });
    });
  }

  /** Cuts every connection at once, without a goodbye. */
  cut(): void {
    this.cuts++;
    for (const socket of this.open) socket.destroy();
  }

  stop(): void {
    this.relay.close();
    for (const socket of this.open) socket.destroy();
  }

  private join(client: Socket, server: Socket): void {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
