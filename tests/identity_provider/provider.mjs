// A real provider of identities (panva's oidc-provider), once shaped as FranceConnect and once as ProConnect.
//
//   node provider.mjs FOLDER_OF_NODE_MODULES      prints {"port": …} once it listens on the loopback
//
// Clients register themselves at /<shape>/api/v2/reg. Facts of both shapes: docs/operators/sign-in.md.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const library = join(process.argv[2], 'node_modules', 'oidc-provider', 'lib', 'index.js');
const { default: Provider } = await import(pathToFileURL(library).href);

const REGISTER = {
  angelique: { given_name: 'Angélique Marie', given_name_array: ['Angélique', 'Marie'], family_name: 'Durand',
    birthdate: '1962-08-24', gender: 'female', birthplace: '75107', birthcountry: '99100', email: 'angelique@exemple.test' },
  amadou: { given_name: 'Amadou', given_name_array: ['Amadou'], family_name: 'Traoré', birthdate: '1962-00-00',
    gender: 'male', birthplace: '', birthcountry: '99335', email: 'amadou@exemple.test' },
  camille: { given_name: 'Camille', usual_name: 'Martin', email: 'camille@mairie.exemple.test', uid: 'camille',
    siret: '21000001700012', idp_id: 'idp', organizational_unit: 'État civil' },
  dominique: { given_name: 'Dominique', usual_name: 'Petit', email: 'dominique@autre.exemple.test', uid: 'dominique',
    siret: '21000002500019', idp_id: 'idp' },
};
const SINGLE = ['given_name', 'given_name_array', 'family_name', 'usual_name', 'birthdate', 'gender', 'birthplace',
  'birthcountry', 'email', 'uid', 'siret', 'idp_id', 'organizational_unit'];
const ASKED = ['client_id', 'scope', 'response_type', 'redirect_uri', 'state', 'nonce'];
const SHAPES = {
  franceconnect: {
    acr: ['eidas1'],
    forgets: [],
    // Compulsory and at least 22 characters of nonce: FranceConnect v2.
    wrong: (q) => [...ASKED, 'acr_values'].find((name) => !q.get(name)) ?? (q.get('nonce').length < 22 ? 'nonce' : undefined)
      ?? (q.get('acr_values') !== 'eidas1' ? 'acr_values' : undefined),
  },
  proconnect: {
    acr: ['eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'],
    forgets: ['code_challenge_methods_supported'],
    // At least 32 characters of state and nonce, and nothing that it does not know (Y000400): ProConnect.
    wrong: (q) => ASKED.find((name) => !q.get(name))
      ?? ['state', 'nonce'].find((name) => q.get(name).length < 32)
      ?? [...q.keys()].find((name) => ![...ASKED, 'claims', 'prompt', 'idp_hint', 'login_hint', 'siret_hint'].includes(name)),
  },
};

function made(shape, origin) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...privateKey.export({ format: 'jwk' }), kid: `${shape}-1`, alg: 'ES256', use: 'sig' };
  const prefix = `/${shape}/api/v2`;
  const provider = new Provider(`${origin}${prefix}`, {
    jwks: { keys: [key] },
    acrValues: SHAPES[shape].acr,
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, account, client) =>
      `${createHash('sha256').update(`${client.sectorIdentifier}|${account}|secret`).digest('hex')}v1`,
    claims: {
      acr: null, amr: null, auth_time: null, iss: null, sid: null, openid: ['sub'],
      ...Object.fromEntries(SINGLE.map((name) => [name, [name]])),
      profile: ['given_name', 'given_name_array', 'family_name', 'birthdate', 'gender'],
      birth: ['birthplace', 'birthcountry'],
      identite_pivot: ['given_name', 'given_name_array', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'],
    },
    clientDefaults: {
      grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'ES256', token_endpoint_auth_method: 'client_secret_post', subject_type: 'pairwise',
    },
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], userinfoSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['ES256', 'RS256'] },
    pkce: { required: () => false },
    ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Interaction: 1800, Session: 1800, Grant: 1800 },
    cookies: { keys: ['a secret of the tests'] },
    scopes: ['openid'],
    features: {
      devInteractions: { enabled: false }, registration: { enabled: true }, jwtUserinfo: { enabled: true },
      claimsParameter: { enabled: true }, rpInitiatedLogout: { enabled: true },
    },
    routes: { authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks', end_session: '/session/end', registration: '/reg' },
    interactions: { url: (_ctx, interaction) => `${prefix}/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => REGISTER[id] && { accountId: id, claims: () => ({ sub: id, ...REGISTER[id] }) },
    // Everything that is asked is granted: neither shape shows a page of consent of this kind.
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope(ctx.oidc.params.scope);
      grant.addOIDCClaims(['acr', 'amr']);
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery') for (const name of SHAPES[shape].forgets) delete ctx.body[name];
  });
  const answer = provider.callback();
  return async (request, response) => {
    const url = new URL(request.url, origin);
    const path = url.pathname.slice(prefix.length);
    if (path === '/authorize') {
      const wrong = SHAPES[shape].wrong(url.searchParams);
      if (wrong) {
        response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error: 'Y000400', wrong }));
        return;
      }
    }
    if (path.startsWith('/interaction/')) {
      await interaction(provider, request, response);
      return;
    }
    Object.assign(request, { url: request.url.slice(prefix.length), baseUrl: prefix });
    answer(request, response);
  };
}

// The page where one says who one is: account, acr and amr come with the form; `error` gives up.
async function interaction(provider, request, response) {
  if (request.method === 'GET') {
    const { uid } = await provider.interactionDetails(request, response);
    const options = Object.keys(REGISTER).map((name) => `<option>${name}</option>`).join('');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(
      `<!doctype html><html lang="fr"><title>Qui êtes-vous ?</title><main><h1>Qui êtes-vous ?</h1>
       <form method="post" action="${uid}"><label>Personne <select name="account">${options}</select></label>
       <input type="hidden" name="acr" value=""><button>Continuer</button>
       <button name="error" value="access_denied">Renoncer</button></form></main></html>`);
    return;
  }
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const result = form.get('error') ? { error: form.get('error'), error_description: 'User auth aborted' } : {
    login: { accountId: form.get('account'), acr: form.get('acr') || 'eidas1', amr: (form.get('amr') || 'pwd').split(' '), remember: false },
  };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const shapes = Object.fromEntries(Object.keys(SHAPES).map((shape) => [shape, made(shape, origin)]));
  server.on('request', (request, response) => {
    const shape = request.url.match(/^\/(\w+)\/api\/v2\//)?.[1];
    if (!shapes[shape]) { response.writeHead(404).end(); return; }
    shapes[shape](request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  console.log(JSON.stringify({ port: server.address().port }));
});
process.stdin.resume().on('end', () => process.exit(0)); // whoever started it is gone
