import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

interface Grant {
  nonce: string;
  challenge: string;
}

/** A small OpenID Connect provider that asks nobody and vouches for whom it is told. */
export class Provider {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  private readonly grants = new Map<string, Grant>();
  /** The claims of whoever comes next; null refuses him. */
  user: Record<string, unknown> | null = null;

  private constructor(
    private readonly http: Server,
    readonly issuer: string,
  ) {
    http.on('request', (request, answer) => void this.answer(request, answer));
  }

  static start(): Promise<Provider> {
    return new Promise((started) => {
      const http = createServer();
      http.listen(0, '127.0.0.1', () => {
        const address = http.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        started(new Provider(http, `http://127.0.0.1:${port}`));
      });
    });
  }

  stop(): void {
    this.http.close();
    this.http.closeAllConnections();
  }

  private async answer(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(answer, {
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/keys':
        return json(answer, {
          keys: [{ ...this.keys.publicKey.export({ format: 'jwk' }), kid: '1', use: 'sig', alg: 'RS256' }],
        });
      case '/authorize':
        return this.authorize(url.searchParams, answer);
      case '/token':
        return this.token(new URLSearchParams(await bodyOf(request)), answer);
      default:
        answer.writeHead(404).end();
    }
  }

  private authorize(asked: URLSearchParams, answer: ServerResponse): void {
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    if (this.user) {
      const code = randomUUID();
      this.grants.set(code, {
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
      });
      back.searchParams.set('code', code);
    } else {
      back.searchParams.set('error', 'access_denied');
    }
    answer.writeHead(302, { location: back.href }).end();
  }

  private token(form: URLSearchParams, answer: ServerResponse): void {
    const grant = this.grants.get(form.get('code') ?? '');
    this.grants.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || proof !== grant.challenge) {
      json(answer, { error: 'invalid_grant' }, 400);
      return;
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: 'keytrail',
      iat: now,
      exp: now + 60,
      nonce: grant.nonce,
      ...this.user,
    };
    json(answer, { access_token: randomUUID(), token_type: 'Bearer', id_token: this.sign(claims) });
  }

  private sign(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', kid: '1' })}.${part(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.keys.privateKey, 'base64url')}`;
  }
}

function json(answer: ServerResponse, value: unknown, status = 200): void {
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
