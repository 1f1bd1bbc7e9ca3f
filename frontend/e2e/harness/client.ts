/** A GraphQL client with a session cookie, for what a test does beside the browser. */
export class Client {
  private constructor(
    readonly url: string,
    readonly cookie: string,
  ) {}

  static async signIn(url: string, who: { username: string; password: string }): Promise<Client> {
    const anonymous = new Client(url, '');
    const answer = await anonymous.post(
      'mutation($input: SignInInput!) { signIn(input: $input) { viewer { roles } } }',
      { input: who },
    );
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    await read(answer);
    return new Client(url, cookie);
  }

  async ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    return read<T>(await this.post(query, variables));
  }

  private post(query: string, variables: Record<string, unknown>): Promise<Response> {
    return fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(this.cookie ? { Cookie: this.cookie } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(10_000),
    });
  }
}

async function read<T>(answer: Response): Promise<T> {
  const { data, errors } = (await answer.json()) as {
    data: T;
    errors?: { message: string; extensions?: { code?: string } }[];
  };
  if (errors?.[0]) throw new Error(`${errors[0].extensions?.code}: ${errors[0].message}`);
  return data;
}

/** A holder and keys to move. */
export interface Stock {
  holder: string;
  keys: string[];
}

export async function makeStock(client: Client, keys: number): Promise<Stock> {
  const { createPerson } = await client.ask<{ createPerson: { person: { id: string } } }>(
    'mutation { createPerson(input: { name: "Jānis Bērziņš", department: "Maintenance" }) { person { id } } }',
  );
  const stock: Stock = { holder: createPerson.person.id, keys: [] };
  for (let n = 0; n < keys; n++) {
    const { createKey } = await client.ask<{ createKey: { key: { id: string } } }>(
      'mutation($number: String!) { createKey(input: { number: $number, label: "Meeting room" }) { key { id } } }',
      { number: String(101 + n) },
    );
    stock.keys.push(createKey.key.id);
  }
  return stock;
}

/** Issues the keys and takes them back, in turn; each call is one movement of every key. */
export async function moveAll(client: Client, stock: Stock, step: number): Promise<void> {
  if (step % 2 === 0) {
    await client.ask(
      'mutation($keys: [ID!]!, $holder: ID!) { issueKeys(input: { keys: $keys, holder: $holder }) { entries { id } } }',
      { keys: stock.keys, holder: stock.holder },
    );
  } else {
    await client.ask('mutation($keys: [ID!]!) { returnKeys(input: { keys: $keys }) { entries { id } } }', {
      keys: stock.keys,
    });
  }
}

/** Settles what the sample organisation leaves waiting, for tests that count what waits. */
export async function settleSample(admin: Client): Promise<void> {
  const { approvals, handovers } = await admin.ask<
    Record<'approvals' | 'handovers', { edges: { node: { id: string } }[] }>
  >(
    '{ approvals(filter: { states: [PENDING] }) { edges { node { id } } } handovers(filter: { state: PENDING }) { edges { node { id } } } }',
  );
  for (const { node } of approvals.edges)
    await admin.ask(
      'mutation($id: ID!) { decideApproval(input: { approval: $id, approve: false }) { approval { id } } }',
      { id: node.id },
    );
  for (const { node } of handovers.edges)
    await admin.ask('mutation($id: ID!) { cancelHandover(input: { handover: $id }) { handover { id } } }', {
      id: node.id,
    });
}
