// A real OpenID Connect provider for the tests: node provider.mjs [seconds]; prints its issuer once
// it serves. Whoever types a login is that person; PKCE is demanded. With seconds its clock is wrong.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const PEOPLE = {
  1001: { preferred_username: "olga", name: "Olga", groups: ["desk", "cooks"] },
  1002: { preferred_username: "otto", name: "Otto", groups: ["cooks"] },
  1003: { name: "No Name" },
};
const REDIRECTS = ["http://localhost/sign-on", "http://127.0.0.1/sign-on"].flatMap((each) =>
  ["company", "elsewhere", "late"].map((id) => `${each}/${id}/answer`),
);
const DAY_S = 86_400;
const now = Date.now;
Date.now = () => now() + Number(process.argv[2] ?? 0) * 1000;

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "nearcrew",
        client_secret: "a secret of the tests",
        redirect_uris: REDIRECTS,
        post_logout_redirect_uris: ["http://localhost/sign-in", "http://127.0.0.1/sign-in"],
        application_type: "native", // then any port of the loopback will do
      },
    ],
    claims: { profile: ["preferred_username", "name", "groups"] },
    pkce: { required: () => true },
    cookies: { keys: ["a key of the tests"] },
    ttl: { IdToken: 3600, Interaction: DAY_S, Session: DAY_S, Grant: DAY_S, AccessToken: 3600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile");
      await grant.save();
      return grant;
    },
  });
  provider.on("server_error", (_context, error) => console.error(error));
  server.on("request", provider.callback());
  console.log(issuer);
});
